"""Exact settling: the few places where floats cannot tell are asked of the reference, one by one.

``Run`` is what a step may need while a plan runs; ``Task`` is what it knows beforehand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.columns.value import Array, ColumnValue, anywhere
from engine.dataset import Dataset
from engine.formula.tree import Node
from engine.values import Value

Settle = Callable[[Node, int], Value]
SELDOM = 12
"""What is found in fewer than one in so many eights of members is kept as a list of positions."""


@dataclass(slots=True)
class Run:
    """One run of a plan: the data, and how to settle (None: floats decide)."""

    dataset: Dataset
    settle: Settle | None = None
    _gaps: dict[int, tuple[Array, Array | None]] = field(default_factory=dict)

    def gaps(self, bits: Array) -> Array | None:
        """Where bits are set; None when that is not seldom. Found once for columns that share their bits."""
        found = self._gaps.get(id(bits))
        if found is None:
            found = self._gaps[id(bits)] = (bits, positions(bits))
        return found[1]


def positions(bits: Array) -> Array | None:
    """Where bytes are not 0, looked at eight at a time; None when more than one in ``SELDOM`` of these eights has any."""
    whole = len(bits) & ~7
    eights = bits[:whole].view(np.uint64) != 0
    if np.count_nonzero(eights) * SELDOM > len(eights) + SELDOM:
        return None
    some = eights.nonzero()[0]
    within = (bits[:whole].reshape(-1, 8)[some].reshape(-1) != 0).nonzero()[0]
    found = some[within >> 3] * 8 + (within & 7)
    rest = bits[whole:].nonzero()[0]
    return np.concatenate((found, rest + whole)) if len(rest) else found


@dataclass(frozen=True, slots=True)
class Task:
    """What a step knows when the plan is made: parameters, and the typed node of each member of its batch."""

    fixed: tuple[Any, ...]
    nodes: tuple[Node | None, ...]


def unsettled(near: Any, value: ColumnValue, absent_too: bool = False) -> list[tuple[int, ...]]:
    """Positions, (place,) or (member, place), where floats cannot tell and there is a value (or perhaps should be one)."""
    if near is None:
        return []
    present = None if absent_too else value.present
    doubtful = np.atleast_1d(near if present is None else near & present)
    if not anywhere(doubtful):
        return []
    shape = np.broadcast_shapes(doubtful.shape, np.shape(value.values))
    return [tuple(int(i) for i in position) for position in np.argwhere(np.broadcast_to(doubtful, shape))]


def node_of(task: Task, position: tuple[int, ...]) -> Node | None:
    return task.nodes[position[0] if len(position) > 1 else 0]


def settle_flags(run: Run, task: Task, value: ColumnValue, near: Any) -> ColumnValue:
    """A boolean column with its doubtful places settled."""
    if run.settle is None:
        return value
    values: Any = None
    for position in unsettled(near, value):
        node = node_of(task, position)
        if node is not None:
            values = np.array(value.values) if values is None else values
            values[position] = run.settle(node, position[-1]).value is True
    return value if values is None else ColumnValue(values, value.bits, value.seen)


def settle_numbers(run: Run, task: Task, value: ColumnValue, near: Any, absent_too: bool = False) -> ColumnValue:
    """A number column with its doubtful places settled, value and bits."""
    positions = unsettled(near, value, absent_too) if run.settle is not None else []
    if not positions or run.settle is None:
        return value
    shape = np.shape(value.approx)
    values = value.approx.copy()
    bits = np.zeros(shape, np.uint8) if value.bits is None else np.array(np.broadcast_to(value.bits, shape))
    for position in positions:
        node = node_of(task, position)
        if node is not None:
            settled = run.settle(node, position[-1])
            values[position] = 0.0 if settled.absent else float(settled.value)  # type: ignore[arg-type]
            bits[position] = settled.bits
    return _resettled(value, values, bits)


def _resettled(value: ColumnValue, values: Array, bits: Any) -> ColumnValue:
    seen = int(np.bitwise_or.reduce(bits, axis=None))
    if value.exact and value.den is None:
        bound = int(np.max(np.abs(values), initial=0)) + 1
        return ColumnValue(values.astype(np.int64), bits if seen else None, seen, None, -bound, bound)
    high = float(np.max(np.abs(values), initial=0))
    return ColumnValue(values, bits if seen else None, seen, None, 0, high, 1, False, value.err)
