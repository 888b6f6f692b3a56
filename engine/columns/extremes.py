"""The least and the greatest of members. Where no member is usable there is none: not_applicable, until reasons say more.

Fractions are compared as floats where different ones are different floats, and stay exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import FEW, Array, ColumnValue, as_floats, closed, either, error_of, flag, largest, real, spread, usual
from engine.values import NOT_APPLICABLE, PARTIAL

Found = ColumnValue | None
WORD = (1 << 16) - 1
SURE = 2.0**51
"""Fractions whose denominators, squared, times their size stay below this are told apart by float64."""


def extreme(task: Task, run: Run, members: Grouping, usable: Found, value: ColumnValue) -> ColumnValue:
    """Greatest (``task.fixed[0]`` 'max') or least usable value of each place; ``usable`` None: all members are."""
    greatest = task.fixed[0] == "max"
    ufunc: np.ufunc = np.maximum if greatest else np.minimum
    if value.exact and not isinstance(value.den, np.ndarray):
        if usable is not None and value.high - value.low < WORD:
            return _moved(members, usable.values, value, greatest)
        found = members.reduce(ufunc, _blanked(value.values, usable, value.low if greatest else value.high))
        return ColumnValue(found, *_nothing(members, usable), value.den, min(value.low, 0), max(value.high, 0), value.below)
    if usable is not None and usable.values.size > FEW and members.order is None and 2 * np.count_nonzero(usable.values) < usable.values.size:
        return _of_some(members, usable.values, value, ufunc)
    size = largest(value.approx)
    floats = _blanked(value.approx, usable, -size - 1 if greatest else size + 1)
    bits, seen = _nothing(members, usable)
    if value.exact and told_apart(value, size):
        return _fraction(members, floats, value.den, ufunc).with_bits(bits, seen)
    return real(members.reduce(ufunc, floats), error_of(value), bits, seen)


def _moved(members: Grouping, usable: Array, value: ColumnValue, greatest: bool) -> ColumnValue:
    """Small numbers in one pass: moved so that the one looked for is the greatest and all are above 0, which means not usable."""
    moved = value.values.astype(np.uint16)
    moved = moved + np.uint16(1 - value.low & WORD) if greatest else np.uint16(1 + value.high & WORD) - moved
    found = members.reduce(np.maximum, moved * usable)
    nothing = found == 0
    low, high = min(value.low, 0), max(value.high, 0)
    found = found.astype(usual(low - 1, high + 1))
    found = (found + (value.low - 1) if greatest else (value.high + 1) - found) * ~nothing
    return ColumnValue(found, *closed(flag(nothing, NOT_APPLICABLE)), value.den, low, high, value.below)


def closing(task: Task, run: Run, value: ColumnValue, reasons: Found) -> ColumnValue:
    """An extreme with the bits of its coverage."""
    if reasons is None:
        return value
    missed = reasons.values != 0
    if value.bits is None:
        return value.with_bits(*closed(reasons.values | flag(missed, PARTIAL)))
    empty = value.bits != 0
    return value.with_bits(*closed(reasons.values | flag(missed & ~empty, PARTIAL) | flag(empty & ~missed, NOT_APPLICABLE)))


def _nothing(members: Grouping, usable: Found) -> tuple[Any, int]:
    """Bits of the places without a usable member."""
    if usable is None:
        return (None, 0) if members.filled is None else closed(flag(members.sizes == 0, NOT_APPLICABLE))
    some = members.reduce(np.bitwise_or, usable.values.view(np.uint8))
    return closed(flag(some == 0, NOT_APPLICABLE))


def _of_some(members: Grouping, usable: Array, value: ColumnValue, ufunc: np.ufunc) -> ColumnValue:
    """The extreme where fewer than half of the members are usable: the others are left out first."""
    shape = np.broadcast_shapes(usable.shape, np.shape(value.values))
    lines = np.broadcast_to(usable, shape).reshape(-1, shape[-1])
    places = lines.reshape(-1).nonzero()[0]
    line = np.arange(len(lines)).repeat([np.count_nonzero(part) for part in lines])
    group = line * members.count + members.raw[places - line * shape[-1]]
    starts = np.concatenate(([0], np.flatnonzero(group[1:] != group[:-1]) + 1)) if len(group) else group
    bits = np.full((*shape[:-1], members.count), NOT_APPLICABLE, np.uint8)
    if not len(group):
        return ColumnValue(np.zeros(bits.shape, np.int32), bits, NOT_APPLICABLE)
    bits.reshape(-1)[group[starts]] = 0
    values, den = (_taken(part, shape, places) for part in (value.values, value.den))
    floats = values if not value.exact else as_floats(values, den)
    best = ufunc.reduceat(floats, starts)
    if not value.exact or not told_apart(value, largest(floats)):
        made = np.zeros(bits.shape)
        made.reshape(-1)[group[starts]] = best
        return real(made, error_of(value), *closed(bits))
    winners = (floats == best.repeat(np.diff(starts, append=len(floats)))).nonzero()[0]
    num, below, group = np.zeros(bits.size, values.dtype), np.ones(bits.size, den.dtype), group[winners]
    num[group], below[group] = values[winners], den[winners]
    return ColumnValue(num.reshape(bits.shape), *closed(bits), below.reshape(bits.shape), min(value.low, 0), max(value.high, 0), value.below)


def _taken(part: Any, shape: tuple[int, ...], places: Array) -> Any:
    """Elements of an array that may stand for all lines."""
    return np.broadcast_to(part, shape).reshape(-1)[places] if isinstance(part, np.ndarray) else part


def told_apart(value: ColumnValue, size: float | None = None) -> bool:
    """True when different fractions are different floats; ``size``: of the largest of them."""
    most = (largest(value.approx) if size is None else size) + 2
    return float(value.below) ** 2 * most < SURE or largest(value.den) ** 2 * most < SURE


def _blanked(values: Any, usable: Found, blank: Any) -> Any:
    if usable is None:
        return values
    if values.dtype.kind == "u" and blank <= 0:
        return values * usable.values
    return either(usable.values, values, np.asarray(blank, values.dtype))


def _fraction(members: Grouping, floats: Any, den: Any, ufunc: np.ufunc) -> ColumnValue:
    """The extreme as an exact fraction: equal floats are equal fractions here, and among those the largest denominator is taken."""
    den = spread(den, floats.shape[-1])
    if members.order is not None:
        floats, den = floats.take(members.order, -1), den.take(members.order, -1)
    filled = members.filled
    counts = members.sizes if filled is None else members.sizes[filled]
    if not len(counts):
        return ColumnValue(np.zeros((*floats.shape[:-1], members.count), np.int32))
    best = ufunc.reduceat(floats, members.starts, -1)
    below = np.maximum.reduceat(den * (floats == best.repeat(counts, -1)), members.starts, -1)
    exact = np.rint(best * below)
    bound = int(largest(exact)) + 1
    values = exact.astype(usual(-bound, bound))
    if filled is not None:
        values, below = members.placed(values, 0), members.placed(below, 1)
    return ColumnValue(values, None, 0, below, -bound, bound, int(np.maximum.reduce(below, axis=None, initial=1)))
