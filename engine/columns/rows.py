"""Adding up rows for their owners. Rows are many: masks are counted eight at a time, and what is seldom the case by its positions.

A *line* is one thing to add up over the rows: a condition, a value that has to be there, flags. Each part has one element a row, or one
an owner when it is the same for all rows of an owner (``task.fixed[0]`` says which); None: no such part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.columns import fronts
from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, INT32, Array, ColumnValue, anywhere, has_value, spread

Found = ColumnValue | None
FEW_ROWS = 4096
BYTE = 255
CHUNK = 1 << 15
"""Rows counted together: what is made of them stays in the cache of the processor."""


class Line(NamedTuple):
    """What to count: rows set in ``mask`` (None: all) but the few at ``gaps``, times ``factor`` of the owner."""

    mask: Any = None
    gaps: Any = None
    factor: Any = None


EVERY_ROW = Line()


def counts(task: Task, run: Run, members: Grouping, *parts: Found) -> ColumnValue:
    """How many rows of each owner count: one line for each (condition, value, flags), or one line when all rows count everywhere."""
    lines = [_line(run, members, task.fixed[0], *three) for three in _threes(parts)]
    if all(line is EVERY_ROW for line in lines):
        return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
    made = np.empty((len(lines), members.count), INT32)
    masks = {id(line.mask): line.mask for line in lines if line.mask is not None}
    counted = dict(zip(masks, count_rows(members, list(masks.values())), strict=True)) if masks else {}
    gaps = {id(line.gaps): line.gaps for line in lines if line.gaps is not None}
    without = {key: members.sizes - members.count_at(found) for key, found in gaps.items()}
    for row, line in enumerate(lines):
        found = members.sizes if line.mask is None else counted[id(line.mask)]
        made[row] = found if line.gaps is None else without[id(line.gaps)]
        if line.factor is not None:
            made[row] *= line.factor
    return ColumnValue(made if len(lines) > 1 else made[0], None, 0, None, 0, members.largest)


def _threes(parts: Sequence[Found]) -> Iterator[tuple[Found, Found, Found]]:
    return zip(parts[::3], parts[1::3], parts[2::3], strict=True)


def _line(run: Run, members: Grouping, by_owner: Sequence[bool], where: Found, value: Found, flags: Found) -> Line:
    """A mask of the rows where there is anything to be true, else the gaps when they are few."""
    mask = factor = None
    for part, owned in ((where, by_owner[0]), (flags, by_owner[2])):
        if part is not None and owned:
            factor = part.values if factor is None else factor & part.values
        elif part is not None:
            given = spread(part.values, members.below)
            mask = given if mask is None else mask & given
    if value is None or value.bits is None:
        return EVERY_ROW if mask is None and factor is None else Line(mask, None, factor)
    if by_owner[1]:
        return Line(mask, None, value.present if factor is None else factor & value.present)
    bits = spread(value.bits, members.below)
    if mask is None and value.seen < ABSENT and run.gaps(bits) is not None:
        return Line(None, run.gaps(bits), factor)
    present = has_value(bits, value.seen)
    return Line(present if mask is None else mask & present, None, factor)


# ---- reasons -----------------------------------------------------------------------------------------------------


def reasons(task: Task, run: Run, members: Grouping, late: Found, *parts: Found) -> Found:
    """Why rows of each owner are not known: one line for each (condition, value); ``late``: owners whose rows have not come."""
    many = len(parts) // 2
    made = np.zeros((many, members.count), np.uint8)
    dense: list[tuple[int, ColumnValue]] = []
    for row, (where, value) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
        if (where is None or where.bits is None) and (value is None or value.bits is None):
            continue
        found = _dense(run, members, task.fixed[0], where, value, made[row])
        if found is not None:
            dense.append((row, found))
    _planes(members, dense, made)
    if late is not None:
        made |= late.values
    return ColumnValue(made if many > 1 else made[0]) if anywhere(made) else None


def _dense(run: Run, members: Grouping, by_owner: Sequence[bool], where: Found, value: Found, into: Array) -> Found:
    """Reasons of few rows go ``into`` the owners at once; those of many are given back as a column of the rows."""
    if _whole(where, by_owner[0]) and _whole(value, by_owner[1]):
        found = fronts.found_reasons(where, value)
        if found is not None:
            into |= found * (members.sizes > 0)
        return None
    where, value = (expanded(members, part, owned) for part, owned in ((where, by_owner[0]), (value, by_owner[1])))
    few = [run.gaps(part.bits) for part in (where, value) if part is not None and part.bits is not None]
    at = [found for found in few if found is not None]
    if len(at) < len(few):
        found = fronts.found_reasons(where, value)
        return None if found is None else ColumnValue(found, high=int(np.bitwise_or.reduce(found)))
    places = np.concatenate(at) if len(at) > 1 else at[0]
    found = fronts.found_reasons(_at(where, places), _at(value, places))
    if found is not None and len(places):
        members.mark_at(places, found, into)
    return None


def _whole(part: Found, owned: bool) -> bool:
    return part is None or owned


def expanded(members: Grouping, part: Found, owned: bool) -> Found:
    """A part with one element a row."""
    if part is None:
        return None
    values, bits = part.values, part.bits
    if owned:
        values, bits = (found if found is None else spread(found, members.count).repeat(members.sizes) for found in (values, bits))
    else:
        values, bits = (found if found is None else spread(found, members.below) for found in (values, bits))
    return ColumnValue(values, bits, part.seen)


def _at(part: Found, places: Array) -> Found:
    if part is None:
        return None
    return ColumnValue(part.values[places], None if part.bits is None else part.bits[places], part.seen)


def _planes(members: Grouping, dense: Sequence[tuple[int, ColumnValue]], made: Array) -> None:
    """Reasons of many rows: eight yes/no of a row go through in one byte."""
    planes = [(row, bit, found) for row, found in dense for bit in (1, 2, 4, 8) if found.high & bit]
    for start in range(0, len(planes), 8):
        some = planes[start : start + 8]
        packed = np.zeros(members.below, np.uint8)
        for _, bit, found in reversed(some):
            np.add(packed, packed, out=packed)
            set_here = found.values != 0 if found.high == bit else found.values & bit != 0
            np.bitwise_or(packed, set_here.view(np.uint8), out=packed)
        met = members.reduce(np.bitwise_or, packed)
        for position, (row, bit, _) in enumerate(some):
            made[row] |= (met >> position & 1) * np.uint8(bit)


# ---- many counts in one pass -------------------------------------------------------------------------------------


def count_rows(members: Grouping, masks: Sequence[Array]) -> Array:
    """(masks, owners) counts."""
    bytes_ = [mask.view(np.uint8) for mask in masks]
    if len(masks) == 1:
        return members.sum(bytes_[0], INT32)[np.newaxis]
    if members.below * len(masks) <= FEW_ROWS * 8:
        return members.reduce(np.add, np.concatenate(bytes_).reshape(len(masks), -1), INT32)
    if members.largest > BYTE:
        return np.stack([members.sum(mask, INT32) for mask in bytes_])
    lines = np.empty((len(masks), members.count), INT32)
    for start in range(0, len(masks), 8):
        _count_eight(members, bytes_[start : start + 8], lines[start : start + 8])
    return lines


def _count_eight(members: Grouping, masks: Sequence[Array], lines: Array) -> None:
    """Eight masks a pass: a bit each, then a byte each, then eight counts in one sum of 64 bits (owners of under 256 rows)."""
    packed = masks[-1].copy()
    for mask in reversed(masks[:-1]):
        np.add(packed, packed, out=packed)
        np.bitwise_or(packed, mask, out=packed)
    wide = np.unpackbits(packed, bitorder="little").view(np.uint64)
    sums = members.sum(wide, np.uint64).view(np.uint8).reshape(-1, 8)
    lines[:] = sums.T[: len(masks)]
