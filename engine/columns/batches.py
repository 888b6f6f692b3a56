"""Lines of batches: picking some, putting several under each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns.comparing import one_vocabulary
from engine.columns.settling import Run, Task
from engine.columns.value import INT32, Array, ColumnValue, error_of, smallest, usual

Rows = int | slice | Array | None
"""Which lines of a batch: one, some in a row, some in any order, or (None) the only one or all."""
Found = ColumnValue | None
Span = slice


def lines(part: Any, rows: Rows) -> Any:
    """The lines of one array; what is the same for all lines stays as it is."""
    if rows is None or not isinstance(part, np.ndarray) or part.ndim < 2:
        return part
    return part.take(rows, 0) if isinstance(rows, np.ndarray) else part[rows]


def pick(task: Task, run: Run, value: Found) -> Found:
    """Some lines of a batch: ``task.fixed`` = (rows,)."""
    return None if value is None else picked(value, task.fixed[0])


def picked(value: ColumnValue, rows: Rows) -> ColumnValue:
    return ColumnValue(
        lines(value.values, rows),
        lines(value.bits, rows),
        value.seen,
        lines(value.den, rows),
        value.low,
        value.high,
        value.below,
        value.exact,
        value.err,
        value.vocabulary,
    )


def stack(task: Task, run: Run, *values: Found) -> Found:
    """Several columns as the lines of one: ``task.fixed`` = (rows of each, lines each fills, what None stands for)."""
    rows, spans, blank = task.fixed
    missing = values.count(None)
    if missing == len(values):
        return None
    if missing:
        blanks = ColumnValue(np.array([blank]))
        values = tuple(blanks if value is None else value for value in values)
    return stacked(values, rows, spans)  # type: ignore[arg-type]


def stacked(values: Sequence[ColumnValue], rows: Sequence[Rows], spans: Sequence[Span]) -> ColumnValue:
    """Values under each other: ``rows`` of each into the lines ``spans``."""
    first = values[0]
    exact, fractions, seen = True, False, 0
    low, high, below = first.low, first.high, 1
    for value in values:
        seen |= value.seen
        exact = exact and value.exact
        fractions = fractions or value.den is not None
        if value.vocabulary is not first.vocabulary and value.vocabulary != first.vocabulary:
            return stacked(one_vocabulary(*values), rows, spans)
        low, high, below = min(low, value.low), max(high, value.high), max(below, value.below)
    bits = None
    if seen:
        bits = _joined([0 if v.bits is None else v.bits for v in values], rows, spans, np.uint8)
    if not exact:
        floats = _joined([value.approx for value in values], rows, spans, np.float64)
        err = max(error_of(value) for value in values)
        return ColumnValue(floats, bits, seen, None, 0, float(np.abs(floats).max(initial=0)), 1, False, err)
    den = None
    if fractions:
        den = _joined([1 if v.den is None else v.den for v in values], rows, spans, usual(1, below))
    parts = [value.values for value in values]
    joined = _joined(parts, rows, spans, _type(parts, low, high))
    return ColumnValue(joined, bits, seen, den, low, high, below, vocabulary=first.vocabulary)


def _type(parts: Sequence[Any], low: int, high: int) -> np.dtype[Any]:
    """One type for all parts: theirs where it is the same, else one that holds them and the bounds."""
    types = {getattr(part, "dtype", None) for part in parts}
    if len(types) == 1 and None not in types:
        return next(found for found in types if found is not None)
    known = [found for found in types if found is not None]
    if known and None not in types and all(found.itemsize == 1 for found in known):
        return np.result_type(*known)
    return np.result_type(usual(low, high), *known)


def _joined(parts: Sequence[Any], rows: Sequence[Rows], spans: Sequence[Span], dtype: Any) -> Array:
    width = 1
    for part in parts:
        if isinstance(part, np.ndarray) and part.ndim and part.shape[-1] != 1:
            width = part.shape[-1]
            break
    made = np.empty((spans[-1].stop, width), dtype)
    for part, row, span in zip(parts, rows, spans, strict=True):
        if row is None or not isinstance(part, np.ndarray) or part.ndim < 2:
            made[span] = part
        elif isinstance(row, np.ndarray):
            part.take(row, 0, made[span], "clip") if part.dtype == made.dtype and part.shape[-1] == width else _copy(part, row, made[span])
        else:
            made[span] = part[row]
    return made


def _copy(part: Array, row: Array, into: Array) -> None:
    into[:] = part.take(row, 0)


def constants(values: Sequence[ColumnValue]) -> ColumnValue:
    """Different constants of one form, one a line."""
    made = stacked(values, [None] * len(values), [slice(i, i + 1) for i in range(len(values))])
    if made.values.dtype == INT32 and made.high == made.low == 0:
        made.values = made.values.astype(smallest(0, int(made.values.max())))
    return made
