"""Lines of batches: picking some, putting several under each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns.comparing import one_vocabulary
from engine.columns.settling import Run, Task
from engine.columns.value import INT32, INT64, Array, ColumnValue, error_of, largest, smallest, usual

Rows = int | slice | Array | None
"""Which lines of a batch: one, some in a row, some in any order, or (None) the only one or all."""
Found = ColumnValue | None
Span = slice
UINT8, FLOAT64 = np.dtype(np.uint8), np.dtype(np.float64)
NO_BITS = np.zeros(1, np.uint8)


def lines(part: Any, rows: Rows) -> Any:
    """The lines of one array; what is the same for all lines stays as it is."""
    if rows is None or type(part) is not np.ndarray or part.ndim < 2:
        return part
    return part.take(rows, 0) if type(rows) is np.ndarray else part[rows]


def pick(task: Task, run: Run, value: Found) -> Found:
    """Some lines of a batch: ``task.fixed`` = (rows,)."""
    return None if value is None else picked(value, task.fixed[0])


def picked(value: ColumnValue, rows: Rows) -> ColumnValue:
    values, bits, den = value.values, value.bits, value.den
    if bits is not None:
        bits = lines(bits, rows)
    if den is not None:
        den = lines(den, rows)
    made = ColumnValue(lines(values, rows), bits, value.seen, den, value.low, value.high, value.below, value.exact, value.err, value.vocabulary)
    if value.sure is not None:
        made.sure = (lines(value.sure[0], rows), lines(value.sure[1], rows))
    return made


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


def bundle(task: Task, run: Run, *values: Found) -> Found:
    """The same, and which of the lines are exact although others are not."""
    made = stack(task, run, *values)
    if made is None or made.exact or made.vocabulary is not None:
        return made
    rows, spans, _ = task.fixed
    nums = [value.values if value is not None and value.exact else 0 for value in values]
    dens = [0 if value is None or not value.exact else 1 if value.den is None else value.den for value in values]
    made.sure = (_joined(nums, rows, spans, INT64), _joined(dens, rows, spans, INT64))
    return made


def stacked(values: Sequence[ColumnValue], rows: Sequence[Rows], spans: Sequence[Span]) -> ColumnValue:
    """Values under each other: ``rows`` of each into the lines ``spans``."""
    first = values[0]
    exact, fractions, seen, words = True, False, 0, first.vocabulary
    low, high, below = first.low, first.high, 1
    for value in values:
        seen |= value.seen
        exact = exact and value.exact
        fractions = fractions or value.den is not None
        if value.vocabulary is not words and value.vocabulary != words:
            return stacked(one_vocabulary(*values), rows, spans)
        low = value.low if value.low < low else low
        high = value.high if value.high > high else high
        below = value.below if value.below > below else below
    bits = _joined([NO_BITS if v.bits is None else v.bits for v in values], rows, spans, UINT8) if seen else None
    if not exact:
        floats = _joined([value.approx for value in values], rows, spans, FLOAT64)
        err = max(error_of(value) for value in values)
        return ColumnValue(floats, bits, seen, None, 0, largest(floats), 1, False, err)
    den = _joined([1 if v.den is None else v.den for v in values], rows, spans, usual(1, below)) if fractions else None
    parts = [value.values for value in values]
    joined = _joined(parts, rows, spans, _type(parts, low, high))
    return ColumnValue(joined, bits, seen, den, low, high, below, vocabulary=words)


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
    found = []
    width = 1
    for part, row in zip(parts, rows, strict=True):
        array = part if type(part) is np.ndarray else np.asarray(part)
        if array.ndim < 2:
            array = array.reshape(1, -1)
        elif row is not None:
            array = array[row]
        found.append(array)
        if array.shape[1] != 1:
            width = array.shape[1]
    shapes = {array.shape[1] for array in found}
    if shapes == {width} and sum([len(array) for array in found]) == spans[-1].stop:
        return np.concatenate(found, 0, dtype=dtype, casting="unsafe")
    made = np.empty((spans[-1].stop, width), dtype)
    for array, span in zip(found, spans, strict=True):
        made[span] = array
    return made


def constants(values: Sequence[ColumnValue]) -> ColumnValue:
    """Different constants of one form, one a line."""
    made = stacked(values, [None] * len(values), [slice(i, i + 1) for i in range(len(values))])
    if made.values.dtype == INT32 and made.high == made.low == 0:
        made.values = made.values.astype(smallest(0, int(made.values.max())))
    return made
