"""Adding up: from members to the place they lie in. Integers stay exact; counts above an owner are sums of its counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import INT32, LIMIT, ROUNDING, Array, ColumnValue, either, error_of, largest, real, spread, usual

Found = ColumnValue | None
FEW_ROWS = 4096
BYTE = 255


def counted(values: Array) -> ColumnValue:
    """Non-negative whole numbers with their measured bound."""
    return ColumnValue(values, None, 0, None, 0, int(np.maximum.reduce(values, axis=None, initial=0)))


def total(task: Task, run: Run, members: Grouping, value: ColumnValue | None) -> ColumnValue:
    """Sum over the members of each place; of flags: how many are set; of None: how many members there are."""
    if value is None:
        return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
    if np.asarray(value.values).dtype == np.bool_:
        return counted(members.sum(value.values.view(np.uint8), INT32))
    many = max(members.largest, 1)
    bound = value.size * many
    if value.exact and (value.den is None or isinstance(value.den, int)) and bound < LIMIT:
        return _whole(members.sum(value.values, usual(-bound, bound)), value.den)
    sums = members.reduce(np.add, value.approx)
    return real(sums, many * (error_of(value) + many * largest(value.approx) * ROUNDING), None, 0)


def _whole(sums: Array, den: Any) -> ColumnValue:
    low = int(np.minimum.reduce(sums, axis=None, initial=0))
    high = int(np.maximum.reduce(sums, axis=None, initial=0))
    return ColumnValue(sums, None, 0, den, low, high, den or 1)


def summand(task: Task, run: Run, usable: Found, value: ColumnValue) -> ColumnValue:
    """The numbers, 0 for members that do not count."""
    if usable is None:
        return value
    low, high = min(value.low, 0), max(value.high, 0)
    values = value.values * usable.values if value.exact else either(usable.values, value.values, 0.0)
    return ColumnValue(values, None, 0, value.den, low, high, value.below, value.exact, value.err)


def reasons_above(task: Task, run: Run, members: Grouping, found: Found) -> Found:
    """Reasons met among the members of each place."""
    if found is None or found.values.ndim < 2:
        return None if found is None else ColumnValue(members.reduce(np.bitwise_or, found.values))
    some = found.values.any(-1)
    made = np.zeros((len(some), members.count), np.uint8)
    made[some] = members.reduce(np.bitwise_or, found.values[some])
    return ColumnValue(made)


# ---- many counts of rows in one pass ---------------------------------------------------------------------------


def row_totals(task: Task, run: Run, members: Grouping, *masks: Found) -> ColumnValue:
    """How many rows of each owner are in each mask (None: all of them): one line a mask, or one line when all are the same."""
    asked = [mask for mask in masks if mask is not None]
    if not asked:
        return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
    lines = count_rows(members, [spread(mask.values, members.below).view(np.uint8) for mask in asked])
    if len(asked) < len(masks):
        found = iter(lines)
        lines = np.stack([members.sizes if mask is None else next(found) for mask in masks])
    return counted(lines if len(masks) > 1 else lines[0])


def row_reasons(task: Task, run: Run, members: Grouping, *found: Found) -> Found:
    """Reasons met among the rows of each owner: one line for each of ``found``. Eight yes/no of a row go through in one byte."""
    planes = [(line, bit, reasons.values) for line, reasons in enumerate(found) if reasons is not None for bit in (1, 2, 4, 8) if reasons.high & bit]
    if not planes:
        return None
    made = np.zeros((len(found), members.count), np.uint8)
    for start in range(0, len(planes), 8):
        some = planes[start : start + 8]
        packed = np.zeros(members.below, np.uint8)
        for _, bit, values in reversed(some):
            np.add(packed, packed, out=packed)
            np.bitwise_or(packed, (values & bit != 0).view(np.uint8), out=packed)
        met = members.reduce(np.bitwise_or, packed)
        for position, (line, bit, _) in enumerate(some):
            made[line] |= (met >> position & 1) * np.uint8(bit)
    return ColumnValue(made if len(found) > 1 else made[0])


def count_rows(members: Grouping, masks: Sequence[Array]) -> Array:
    """(masks, owners) counts."""
    if len(masks) == 1:
        return members.sum(masks[0], INT32)[np.newaxis]
    if len(masks[0]) * len(masks) <= FEW_ROWS * 8:
        together = np.concatenate(masks).reshape(len(masks), -1)
        return members.reduce(np.add, together, INT32)
    if members.largest > BYTE:
        return np.stack([members.sum(mask, INT32) for mask in masks])
    lines = np.empty((len(masks), members.count), np.int32)
    for start in range(0, len(masks), 8):
        _count_eight(members, masks[start : start + 8], lines[start : start + 8])
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
