"""Cohorts: who shares what, numbered by their first members. Formed once a run, from values."""

from __future__ import annotations

import numpy as np

from engine.columns.places import Link, linked
from engine.columns.settling import Run, Task
from engine.columns.value import Array, ColumnValue, everywhere, has_value, spread
from engine.values import NOT_APPLICABLE

MAX_DENSE = 1 << 22
FEW_KEYS = 64


class Formed:
    """The cohorts of one declaration: the links of members to them and of them to the place they lie in, and how many there are."""

    __slots__ = ("inside", "members")

    def __init__(self, of_place: Array, inside: Array, count: int, places: int) -> None:
        self.members = linked(of_place, count, NOT_APPLICABLE)
        self.inside = Link(inside, places, None)


def formed(task: Task, run: Run, link: Link, where: ColumnValue | None, *by: ColumnValue) -> Formed:
    """Places of one place above that share every value of ``by``; numbered by their first member."""
    count = len(link.raw)
    admitted = np.ones(count, np.bool_) if link.lost is None else link.lost == 0
    for value in by:
        if value.bits is not None:
            admitted &= has_value(value.bits, value.seen)
    if where is not None:
        admitted &= where.values
    places = None if everywhere(admitted) else admitted.nonzero()[0]
    key, width = link.raw if places is None else link.raw[places], link.count
    for value in by:
        part, size = coded(value, count, places)
        key, width = key * size + part, width * size
        if width > MAX_DENSE + 8 * count:
            key, width = np.unique(key, return_inverse=True)[1], count + 1
    number, firsts = numbered(key, width)
    of_place = number if places is None else np.full(count, -1, np.intp)
    if places is not None:
        of_place[places] = number
        firsts = places[firsts]
    return Formed(of_place, link.raw[firsts].astype(np.intp), len(firsts), link.count)


def coded(value: ColumnValue, count: int, places: Array | None) -> tuple[Array, int]:
    """(small whole numbers that are equal exactly where the values are, how many there may be)."""
    values, den = spread(value.values, count), value.den
    values = values if places is None else values[places]
    if den is not None and not isinstance(den, int):
        den = spread(den, count)
        den = den if places is None else den[places]
        shared = np.gcd(values, den)
        pairs = np.stack((values // shared, den // shared))
        found = np.unique(pairs, axis=1, return_inverse=True)[1].reshape(-1)
        return found, len(values) + 1
    if values.dtype.kind in "bui" and values.dtype.itemsize <= 8 and len(values):
        low, high = int(np.minimum.reduce(values)), int(np.maximum.reduce(values))
        if high - low < max(4096, 4 * len(values)):
            return values.astype(np.intp) - low, high - low + 1
    found = np.unique(values, return_inverse=True)[1].reshape(-1)
    return found, len(values) + 1


def numbered(key: Array, width: int) -> tuple[Array, Array]:
    """(number of each key in order of first appearance, position of each first appearance). No sorting."""
    if len(key) <= FEW_KEYS:
        numbers: dict[int, int] = {}
        listed = [numbers.setdefault(one, len(numbers)) for one in key.tolist()]
        return np.array(listed, np.intp), np.array([listed.index(number) for number in range(len(numbers))], np.intp)
    first = np.zeros(width, np.intp)
    positions = np.arange(len(key))
    first[key[::-1]] = positions[::-1]
    owner = first[key]
    is_first = owner == positions
    rank = np.cumsum(is_first) - 1
    return rank[owner], is_first.nonzero()[0]


def cohort_link(task: Task, run: Run, cohort: Formed) -> Link:
    """Members to their cohort, or (``task.fixed[0]``) cohorts to the place they lie in."""
    return cohort.inside if task.fixed[0] else cohort.members
