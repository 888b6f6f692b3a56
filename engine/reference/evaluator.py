"""One methodology over one data set: what can be asked from outside, by numbers of places."""

from __future__ import annotations

from collections.abc import Iterable

from engine.dataset import Dataset
from engine.formula.quantities import Quantity
from engine.formula.tree import Node
from engine.methodology import Indicator, Methodology
from engine.reference.meanings import meanings_of
from engine.reference.places import TooDeep
from engine.reference.run import Run
from engine.reference.ways import NOWHERE
from engine.values import Known, Number, Value, exact


class Reference:
    """Exact values of one methodology over one data set. Values are remembered: asking for everything costs each value once."""

    __slots__ = ("_meanings", "_run", "dataset", "methodology")

    def __init__(self, methodology: Methodology, dataset: Dataset) -> None:
        self.methodology = methodology
        self.dataset = dataset
        self._meanings = meanings_of(methodology)
        self._run = Run(dataset, self._meanings.ways)

    def __del__(self) -> None:
        """Places know their run and the run its places: let go of them now, not when the collector comes by."""
        self._run.clear()

    def value(self, node: Node, place: int) -> Value:
        """The value of a node at a place of its level; a number is a ``Fraction``."""
        found = self._run.ask(self._run[node.at, place], self._meanings.nodes[node])
        return Value(exact(found.value), found.bits, found.known, found.expected) if isinstance(found, Value) else Value(exact(found))

    def quantity(self, quantity: Quantity, place: int) -> Value:
        """The value of a named quantity at a place of its level, after its conditions and its rule for missing; a number is a ``Number``,
        as it is computed with."""
        run = self._run
        at, meaning = run[quantity.level, place], self._meanings.quantities[quantity]
        run.depth = 0
        try:
            found = at[meaning]
        except TooDeep:
            found = run.ask(at, meaning)
        return found if type(found) is Value else Value(found)

    def know(self, node: Node, values: Iterable[Known]) -> None:
        """What a named value or an aggregate is at every place of its level, from somebody who has worked it out already; its coverage is
        not told."""
        run, level, meaning = self._run, node.at, self._meanings.remembered(node)
        for place, value in enumerate(values):
            run[level, place][meaning] = value

    def band(self, indicator: Indicator, value: Number) -> str:
        """Published band of a value of an indicator with a scale."""
        return self._meanings.band(indicator, value)

    def count(self, level: str) -> int:
        """Number of places of a level, or of cohorts."""
        return self._run.count(level)

    def ancestor(self, lower: str, upper: str, place: int) -> tuple[int, Value]:
        """(place at ``upper``, or -1 with the value that a look-up through the missing link has)."""
        found = self._run.ask(self._run[lower, place], self._meanings.ways.up[lower, upper])
        return (-1, found) if isinstance(found, Value) else (self._run.number(found), NOWHERE)

    def inside(self, over: str, at: str, place: int) -> list[int]:
        """Places of ``over`` whose way up leads to ``place``, in the order of the data."""
        members = self._run.ask(self._run[at, place], self._meanings.ways.down[over, at])
        return [self._run.number(member) for member in members]
