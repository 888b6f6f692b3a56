"""The end of an aggregate: from sums to its value, with the bits of its coverage.

Of ``usable`` members and the reasons of those not known: nothing expected gives 0, false, true or not_applicable; all missing gives
absent with the reasons; some missing gives a partial value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.missing import Met, masked
from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import (
    FEW,
    LIMIT,
    Array,
    ColumnValue,
    anywhere,
    as_floats,
    closed,
    either,
    error_of,
    fit,
    flag,
    largest,
    real,
    spread,
    usual,
)
from engine.values import NOT_APPLICABLE, PARTIAL

Found = ColumnValue | None
SURE = 2.0**51
"""Fractions whose denominators, squared, times their size stay below this are told apart by float64."""


def coverage(usable: ColumnValue, reasons: Found, nothing: int) -> Met:
    """Bits of a result; ``nothing``: those of a place where nothing is expected."""
    if reasons is None and not nothing:
        return None, 0
    empty = usable.values == 0
    if reasons is None:
        return (flag(empty, nothing), nothing) if anywhere(empty) else (None, 0)
    missed = reasons.values != 0
    bits: Any = reasons.values | flag(missed & ~empty, PARTIAL)
    if nothing:
        bits = bits | flag(empty & ~missed, nothing)
    return closed(bits)


def number(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """count and sum (``task.fixed[0]`` 0), min and max (not_applicable of nothing)."""
    return value.with_bits(*coverage(usable, reasons, task.fixed[0]))


def ratio(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """avg and share: an exact fraction where the sum is exact."""
    bits, seen = coverage(usable, reasons, NOT_APPLICABLE)
    many = usable.values if bits is None and reasons is None else np.maximum(usable.values, 1)
    if value.exact and usable.high * value.below < LIMIT:
        den = many if value.den is None else fit(many, 1, usable.high * value.below) * value.den
        return ColumnValue(value.values, bits, seen, den, value.low, value.high, max(usable.high, 1) * value.below)
    return real(value.approx / many, error_of(value), bits, seen)


def some(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """any."""
    return ColumnValue(value.values > 0, *coverage(usable, reasons, 0))


def every(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """all."""
    bits, seen = coverage(usable, reasons, 0)
    return ColumnValue(masked(value.values == usable.values, bits, seen), bits, seen)


# ---- least and greatest ------------------------------------------------------------------------------------------


def extreme(task: Task, run: Run, members: Grouping, usable: Found, value: ColumnValue) -> ColumnValue:
    """Greatest (``task.fixed[0]`` 'max') or least usable value of each place; anything where there is none."""
    greatest = task.fixed[0] == "max"
    ufunc = np.maximum if greatest else np.minimum
    if value.exact and not isinstance(value.den, np.ndarray):
        low, high = min(value.low, 0), max(value.high, 0)
        found = members.reduce(ufunc, _blanked(value.values, usable, value.low if greatest else value.high))
        return ColumnValue(found, None, 0, value.den, low, high, value.below)
    if usable is not None and usable.values.size > FEW and members.order is None and 2 * np.count_nonzero(usable.values) < usable.values.size:
        return _of_some(members, usable.values, value, ufunc)
    size = largest(value.approx)
    floats = _blanked(value.approx, usable, -size - 1 if greatest else size + 1)
    if value.exact and told_apart(value, size):
        return _fraction(members, floats, value.den, ufunc)
    return real(members.reduce(ufunc, floats), error_of(value), None, 0)


def _of_some(members: Grouping, usable: Array, value: ColumnValue, ufunc: np.ufunc) -> ColumnValue:
    """The extreme where fewer than half of the members are usable: the others are left out first."""
    shape = np.broadcast_shapes(usable.shape, np.shape(value.values))
    lines = np.broadcast_to(usable, shape).reshape(-1, shape[-1])
    places = lines.reshape(-1).nonzero()[0]
    line = np.arange(len(lines)).repeat([np.count_nonzero(part) for part in lines])
    group = line * members.count + members.raw[places - line * shape[-1]]
    starts = np.concatenate(([0], np.flatnonzero(group[1:] != group[:-1]) + 1)) if len(group) else group
    values, den = (_taken(part, shape, places) for part in (value.values, value.den))
    floats = values if not value.exact else as_floats(values, den)
    made = np.zeros((*shape[:-1], members.count))
    if not len(group):
        return ColumnValue(np.zeros(made.shape, np.int32))
    best = ufunc.reduceat(floats, starts)
    if not value.exact or not told_apart(value, largest(floats)):
        made.reshape(-1)[group[starts]] = best
        return real(made, error_of(value), None, 0)
    winners = (floats == best.repeat(np.diff(starts, append=len(floats)))).nonzero()[0]
    num, below, group = np.zeros(made.size, values.dtype), np.ones(made.size, den.dtype), group[winners]
    num[group], below[group] = values[winners], den[winners]
    return ColumnValue(num.reshape(made.shape), None, 0, below.reshape(made.shape), value.low, value.high, value.below)


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


def indexed(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """A distribution index: not_applicable where it is not defined, whatever its coverage."""
    bits, seen = coverage(usable, reasons, NOT_APPLICABLE)
    if value.bits is None:
        return value.with_bits(bits, seen)
    if bits is None:
        return value
    undefined = (value.bits != 0) & ((usable.values > 0) | (bits == 0))
    return value.with_bits(*closed(either(undefined, np.uint8(NOT_APPLICABLE), bits)))
