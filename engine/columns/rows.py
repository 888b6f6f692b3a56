"""Adding up rows for their owners. Rows are many: masks are counted eight at a time, and what is seldom the case by its positions.

A *line* is one thing to add up over the rows: a condition, a value that has to be there, flags. Each part has one element a row, or one
an owner when it is the same for all rows of an owner (``task.fixed`` says which, line by line); None: no such part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, INT32, Array, ColumnValue, has_value, spread

Found = ColumnValue | None
FEW_ROWS = 4096
BYTE = 255
CHUNK = 100_000
"""Rows made eight times as wide together."""


class Line(NamedTuple):
    """What to count: rows set in ``mask`` (None: all) but the few at ``gaps``, times ``factor`` of the owner."""

    mask: Any = None
    gaps: Any = None
    factor: Any = None


EVERY_ROW = Line()


def counts(task: Task, run: Run, members: Grouping, *parts: Found) -> ColumnValue:
    """How many rows of each owner count: one line for each (condition, value, flags), or one line when all rows count everywhere."""
    every = range(0, len(parts), 3)
    lines = [_line(run, members, owned, parts[start], parts[start + 1], parts[start + 2]) for owned, start in zip(task.fixed, every, strict=True)]
    if all(line is EVERY_ROW for line in lines):
        return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
    masks = {id(line.mask): line.mask for line in lines if line.mask is not None}
    found: Any = count_rows(members, list(masks.values())) if masks else ()
    if len(found) == len(lines) and all(line.factor is None for line in lines):
        return ColumnValue(found if len(lines) > 1 else found[0], None, 0, None, 0, members.largest)
    counted = dict(zip(masks, found, strict=True))
    made = np.empty((len(lines), members.count), INT32)
    for row, line in enumerate(lines):
        made[row] = members.sizes if line.mask is None else counted[id(line.mask)]
        if line.gaps is not None:
            members.leave_out(line.gaps, made[row])
        if line.factor is not None:
            made[row] *= line.factor
    return ColumnValue(made if len(lines) > 1 else made[0], None, 0, None, 0, members.largest)


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
        some = bytes_[start : start + 8]
        if len(some) > 1:
            _count_eight(members, some, lines[start : start + 8])
        else:
            lines[start] = members.reduce(np.add, some[0])
    return lines


def _count_eight(members: Grouping, masks: Sequence[Array], lines: Array) -> None:
    """Eight masks a pass: a bit each, then a byte each, then eight counts in one sum of 64 bits (owners of under 256 rows)."""
    if members.order is not None:
        masks = [mask[members.order] for mask in masks]
    sums = np.empty(len(members.starts), np.uint64)
    for first, last, begin, end in members.chunks(CHUNK):
        packed = masks[-1][begin:end].copy()
        for mask in reversed(masks[:-1]):
            np.add(packed, packed, out=packed)
            np.bitwise_or(packed, mask[begin:end], out=packed)
        wide = np.unpackbits(packed, bitorder="little").view(np.uint64)
        np.add.reduceat(wide, members.starts[first:last] - begin, out=sums[first:last])
    if members.filled is not None:
        sums = members.placed(sums, 0)
    lines[:] = sums.view(np.uint8).reshape(-1, 8).T[: len(masks)]
