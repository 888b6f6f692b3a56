"""Aggregates that need the single values: median and distinct. One node at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.arithmetic import add, divide
from engine.columns.extremes import told_apart
from engine.columns.forming import coded
from engine.columns.places import Grouping
from engine.columns.settling import Run, Task, settle_numbers
from engine.columns.totals import counted
from engine.columns.value import Array, ColumnValue, everywhere, real, spread

Found = ColumnValue | None


def owners(members: Grouping, usable: Found, count: int) -> tuple[Array, Array]:
    """(usable members, the place of each)."""
    chosen = np.arange(count) if members.order is None else members.order
    places = np.repeat(np.arange(members.count), members.sizes)
    if usable is not None:
        keep = spread(usable.values, count)[chosen]
        chosen, places = chosen[keep], places[keep]
    return chosen, places


def distinct(task: Task, run: Run, members: Grouping, usable: Found, value: ColumnValue) -> ColumnValue:
    """Number of different usable values in each place."""
    count = members.below
    chosen, places = owners(members, usable, count)
    codes, width = coded(value, count, chosen)
    found = np.unique(places * width + codes) // width
    result = counted(np.bincount(found.astype(np.intp), minlength=members.count))
    return result if value.exact else settle_numbers(run, task, result, result.values > 0)


def median(task: Task, run: Run, members: Grouping, usable: Found, value: ColumnValue) -> ColumnValue:
    """The middle usable value, or the mean of the two middle ones; anything where there is none."""
    count = members.below
    chosen, places = owners(members, usable, count)
    ordered = chosen[np.lexsort((spread(value.approx, count)[chosen], places))]
    many = np.bincount(places, minlength=members.count)
    starts = np.cumsum(many) - many
    if not len(ordered):
        return ColumnValue(np.zeros(members.count, np.int32))
    last = len(ordered) - 1
    lower = ordered[np.minimum(starts + np.maximum(many - 1, 0) // 2, last)]
    upper = ordered[np.minimum(starts + many // 2, last)]
    one, two = _taken(_sure(value), lower, count), _taken(_sure(value), upper, count)
    if everywhere(lower == upper):
        return one
    return divide(add(one, two), ColumnValue(2, low=2, high=2))[0]


def _sure(value: ColumnValue) -> ColumnValue:
    """Fractions that floats may have put in the wrong order are floats from here on."""
    if not value.exact or not isinstance(value.den, np.ndarray) or told_apart(value):
        return value
    return real(value.approx, 0.0, None, 0)


def _taken(value: ColumnValue, places: Array, count: int) -> ColumnValue:
    den: Any = value.den
    if isinstance(den, np.ndarray):
        den = spread(den, count)[places]
    values = spread(value.values, count)[places]
    return ColumnValue(values, None, 0, den, value.low, value.high, value.below, value.exact, value.err)
