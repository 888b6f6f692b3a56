"""Pools: a function over a fixed set of values of one level. What has no value or is not admitted is skipped; coverage is not carried."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.arithmetic import add
from engine.columns.batches import picked
from engine.columns.extremes import SURE, told_apart
from engine.columns.settling import Run, Task, settle_numbers
from engine.columns.totals import counted
from engine.columns.value import LIMIT, ColumnValue, closed, either, error_of, flag, largest, real, usual
from engine.values import NOT_APPLICABLE

Found = ColumnValue | None


def pool(task: Task, run: Run, values: Found, where: Found) -> ColumnValue:
    """``task.fixed`` = (function, number of members). ``values`` and ``where`` have one line a member."""
    function, members = task.fixed
    admitted = _admitted(values, where, members)
    many = np.add.reduce(admitted, 0, np.int32)
    if function == "count" or values is None:
        return counted(many)
    if function == "distinct":
        return _distinct(task, run, values, admitted)
    empty = many == 0
    bits, seen = (None, 0) if function == "sum" else closed(flag(empty, NOT_APPLICABLE))
    if function in ("min", "max"):
        return _extreme(values, admitted, function == "max").with_bits(bits, seen)
    total = _sum(values, admitted, members)
    if function == "sum":
        return total
    return real(total.approx / np.maximum(many, 1), error_of(total), bits, seen)


def _admitted(values: Found, where: Found, members: int) -> Any:
    """(members, places) mask."""
    mask: Any = np.True_ if where is None else where.values
    if values is not None:
        mask = mask & (True if values.present is None else values.present)
        mask = np.broadcast_to(mask, np.broadcast_shapes(np.shape(mask), np.shape(values.values), (members, 1)))
    return mask


def _extreme(values: ColumnValue, admitted: Any, greatest: bool) -> ColumnValue:
    ufunc: Any = np.maximum if greatest else np.minimum
    size = largest(values.approx) + 1
    if values.sure is not None:
        return _mixed(values, admitted, greatest, size)
    floats = either(admitted, values.approx, -size if greatest else size)
    best = ufunc.reduce(floats, 0)
    if not (values.exact and (values.den is None or isinstance(values.den, int) or told_apart(values)) and size < 2**50):
        return real(best, error_of(values), None, 0)
    den = 1 if values.den is None else np.maximum.reduce(values.den * (floats == best), 0)
    num = np.rint(best * den)
    bound, below = int(largest(num)) + 1, int(largest(den)) or 1
    num = num.astype(usual(-bound, bound))
    return ColumnValue(num, None, 0, None if values.den is None else den, -bound, bound, below)


def _mixed(values: ColumnValue, admitted: Any, greatest: bool, size: float) -> ColumnValue:
    """Some lines are exact, some are floats: the extreme is known exactly where an exact one wins clearly."""
    assert values.sure is not None
    num, den = values.sure
    sign = 1.0 if greatest else -1.0
    floats = either(admitted, values.approx * sign, -size)
    lines = np.maximum.reduce(den, 1, initial=0) > 0
    exact, inexact = floats[lines], np.maximum.reduce(floats[~lines], 0, initial=-size)
    if not len(exact):
        return real(inexact * sign, error_of(values), None, 0)
    best = np.maximum.reduce(exact, 0)
    made = real(np.maximum(best, inexact) * sign, error_of(values), None, 0)
    most = max(int(largest(den)), 1)
    if float(most) ** 2 * (size + 1) < SURE:
        winner = exact.argmax(0)[np.newaxis]
        clear = best - inexact > made.err * 2
        made.sure = (np.take_along_axis(num[lines], winner, 0)[0], np.take_along_axis(den[lines], winner, 0)[0] * clear)
    return made


def _sum(values: ColumnValue, admitted: Any, members: int) -> ColumnValue:
    if values.exact and not isinstance(values.den, np.ndarray) and values.size * members < LIMIT:
        sums = np.add.reduce(values.values * admitted, 0, np.int64)
        bound = int(largest(sums)) + 1
        return ColumnValue(sums, None, 0, values.den, -bound, bound, values.below)
    total = ColumnValue(0)
    for member in range(members):
        line = picked(values, member).with_bits(None, 0)
        total = add(total, _blanked(line, admitted[member]))
    return total


def _blanked(line: ColumnValue, admitted: Any) -> ColumnValue:
    low, high = min(line.low, 0), max(line.high, 0)
    kept = line.values * admitted
    return ColumnValue(kept, None, 0, line.den, low, high, line.below, line.exact, line.err)


def _distinct(task: Task, run: Run, values: ColumnValue, admitted: Any) -> ColumnValue:
    """Number of different values: a value counts where no earlier member has it."""
    size = largest(values.approx) + 1
    ordered = np.sort(either(admitted, values.approx, size), 0)
    fresh = ordered < size
    fresh[1:] &= ordered[1:] != ordered[:-1]
    found = counted(np.add.reduce(fresh, 0, np.int32))
    sure = values.exact and (values.den is None or isinstance(values.den, int) or told_apart(values))
    return found if sure else settle_numbers(run, task, found, found.values > 1)


def distinct_groups(task: Task, run: Run, where: ColumnValue) -> ColumnValue:
    """distinct of constants: members with the same constant lie together, from ``task.fixed[0]`` on."""
    return counted(np.add.reduce(np.logical_or.reduceat(where.values, task.fixed[0], 0), 0, np.int32))
