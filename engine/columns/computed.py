"""What a plan gives: its targets as lines of a few batches, and the results of several parts put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from engine.columns.batches import picked
from engine.columns.comparing import one_vocabulary
from engine.columns.schedule import Line
from engine.columns.value import Array, ColumnValue, error_of, usual
from engine.formula.tree import Node


class Computed(Mapping[Node, ColumnValue]):
    """Values by node, each taken out of its batch when it is asked for."""

    __slots__ = ("batches", "known", "lines")

    def __init__(self, batches: Sequence[ColumnValue], lines: Mapping[Node, Line], known: Mapping[Node, ColumnValue]) -> None:
        self.batches = batches
        self.lines = lines
        self.known = known

    def __getitem__(self, node: Node) -> ColumnValue:
        line = self.lines.get(node)
        if line is None:
            return self.known[node]
        batch = self.batches[line.slot]
        return batch if line.row < 0 else picked(batch, line.row)

    def __iter__(self) -> Iterator[Node]:
        yield from self.lines
        yield from self.known

    def __len__(self) -> int:
        return len(self.lines) + len(self.known)


def joined(parts: Sequence[Computed], counts: Sequence[Sequence[int]]) -> Computed:
    """The results of parts of the places, one after the other; ``counts``: for each part, how many places each batch has."""
    first = parts[0]
    if len(parts) == 1:
        return first
    batches = [end_to_end([part.batches[number] for part in parts], [many[number] for many in counts]) for number in range(len(first.batches))]
    return Computed(batches, first.lines, first.known)


def end_to_end(values: Sequence[ColumnValue], counts: Sequence[int]) -> ColumnValue:
    """Columns of different places as one; exact where all are."""
    values = one_vocabulary(*values) if values[0].vocabulary is not None else values
    seen = 0
    for value in values:
        seen |= value.seen
    bits = _along([0 if value.bits is None else value.bits for value in values], counts, np.uint8) if seen else None
    if not all(value.exact for value in values):
        floats = _along([value.approx for value in values], counts, np.float64)
        high, err = max(float(value.high) for value in values), max(error_of(value) for value in values)
        made = ColumnValue(floats, bits, seen, None, 0, high, 1, False, err)
        if any(value.sure is not None for value in values):
            known = [_sure(value) for value in values]
            made.sure = (_along([num for num, _ in known], counts, np.int64), _along([den for _, den in known], counts, np.int64))
        return made
    low, high, below = min(v.low for v in values), max(v.high for v in values), max(v.below for v in values)
    den: Any = values[0].den
    if isinstance(den, np.ndarray) or any(isinstance(value.den, np.ndarray) or value.den != den for value in values):
        den = _along([1 if value.den is None else value.den for value in values], counts, usual(1, below))
    whole = _along([value.values for value in values], counts, None)
    return ColumnValue(whole, bits, seen, den, low, high, below, vocabulary=values[0].vocabulary)


def _sure(value: ColumnValue) -> tuple[Any, Any]:
    if value.exact:
        return value.values, 1 if value.den is None else value.den
    return (0, 0) if value.sure is None else value.sure


def _along(parts: Sequence[Any], counts: Sequence[int], dtype: Any) -> Array:
    """Arrays end to end along their last axis, each spread over its places."""
    heads = np.broadcast_shapes(*(np.shape(part)[:-1] for part in parts))
    spread = [np.broadcast_to(part, (*heads, count)) for part, count in zip(parts, counts, strict=True)]
    return np.concatenate(spread, -1, dtype=dtype, casting="unsafe")
