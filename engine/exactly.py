"""Exact values over data of any size, one at a time: the reference, on no more of the data than a value depends on.

The reference looks at everything that lies inside the places it is asked about, and remembers it. Over a few places it is asked as it is;
over many, the data is cut at the level inside whose single places everything lies that a node needs, and each such place has a reference
of its own. The last ones are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from engine.columns.lowering import highest
from engine.dataset import Dataset
from engine.formula import tree
from engine.formula.quantities import Quantity
from engine.formula.tree import Node
from engine.methodology import Methodology
from engine.partition import Partition
from engine.reference import Reference
from engine.values import Value

KEPT = 64


@dataclass(slots=True, repr=False)
class Exactly:
    """``reference`` is the one over all the data, which is not cut when its longest level has no more than ``few`` elements."""

    few: ClassVar[int] = 5_000
    methodology: Methodology
    dataset: Dataset
    reference: Reference = field(init=False)
    _levels: dict[Node, str] = field(default_factory=dict)
    _partitions: dict[str, Partition | None] = field(default_factory=dict)
    _references: dict[tuple[str, int], Reference] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reference = Reference(self.methodology, self.dataset)

    def quantity(self, quantity: Quantity, place: int) -> Value:
        """The value of a named quantity at a place of its level."""
        return self.value(self.methodology.forest.make(tree.Column, quantity.level, quantity.kind, quantity), place)

    def value(self, node: Node, place: int) -> Value:
        """The value of a node at a place of its level."""
        if max((table.count for table in self.dataset.tables.values()), default=0) <= self.few:
            return self.reference.value(node, place)
        partition = self._partition(self._level(node))
        if partition is None or node.at not in partition.edges:
            return self.reference.value(node, place)
        whole, inside = partition.place_of(node.at, place)
        return self._reference(partition, whole).value(node, inside)

    def _level(self, node: Node) -> str:
        """The level inside whose single places everything lies that a node needs; '' when there is none."""
        if node not in self._levels:
            self._levels[node] = highest(self.methodology, [node])
        return self._levels[node]

    def _partition(self, level: str) -> Partition | None:
        if level not in self._partitions:
            owners = {one.code: one.owner for one in self.methodology.levels.values() if one.owner}
            self._partitions[level] = Partition.of(self.dataset, level, owners) if level else None
        return self._partitions[level]

    def _reference(self, partition: Partition, whole: int) -> Reference:
        key = (partition.level, whole)
        found = self._references.pop(key, None)
        if found is None:
            found = Reference(self.methodology, partition.part(whole, whole + 1))
            if len(self._references) >= KEPT:
                del self._references[next(iter(self._references))]
        self._references[key] = found
        return found
