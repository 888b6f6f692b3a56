"""One methodology over one data set: what can be asked from outside, by numbers of places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.formula.quantities import Quantity
from engine.formula.tree import Node
from engine.methodology import Indicator, Methodology
from engine.reference.meanings import meanings_of
from engine.reference.places import CohortPlace, Made, Meaning, Place, TooDeep
from engine.reference.ways import NOWHERE, Formed, by_number
from engine.values import Number, Value


class Reference:
    """Exact values of one methodology over one data set. Values are remembered: asking for everything costs each value once."""

    __slots__ = ("_children", "_cohorts", "dataset", "depth", "meanings", "methodology", "places")

    def __init__(self, methodology: Methodology, dataset: Dataset) -> None:
        self.methodology = methodology
        self.dataset = dataset
        self.meanings = meanings_of(methodology)
        self.depth = 0
        self.places = Made(self._place)
        self._children: dict[tuple[str, str], tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        self._cohorts: dict[str, list[CohortPlace]] = {}

    def value(self, node: Node, place: int) -> Value:
        """The value of a node at a place of its level."""
        return self._value(self.places[node.at, place], self.meanings.nodes[node])

    def quantity(self, quantity: Quantity, place: int) -> Value:
        """The value of a named quantity at a place of its level, after its conditions and its rule for missing."""
        return self._value(self.places[quantity.level, place], self.meanings.quantities[quantity])

    def band(self, indicator: Indicator, value: Number) -> str:
        """Published band of a value of an indicator with a scale."""
        return self.meanings.band(indicator, value)

    def _value(self, place: Place, meaning: Meaning) -> Value:
        self.depth = 0
        try:
            found = place[meaning]
        except TooDeep:
            found = self._ask(place, meaning)
        return found if type(found) is Value else Value(found)

    def _ask(self, place: Place, meaning: Meaning) -> Any:
        """What a meaning is at a place. What lies too deep below it is asked first, by itself."""
        pending = [(place, meaning)]
        found = None
        while pending:
            self.depth = 0
            try:
                found = pending[-1][0][pending[-1][1]]
                pending.pop()
            except TooDeep as deep:
                pending.append((deep.place, deep.meaning))
        return found

    # ---- places ------------------------------------------------------------------------------------------------------

    def _place(self, key: tuple[str, int]) -> Place:
        level, number = key
        return self.cohorts(level)[number] if self.methodology.topology.is_cohort(level) else Place(self, level, number)

    def _number(self, place: Place) -> int:
        if isinstance(place, CohortPlace):
            return next(index for index, cohort in enumerate(self.cohorts(place.level)) if cohort is place)
        return place.number

    def cohorts(self, code: str) -> list[CohortPlace]:
        """All cohorts of a declaration, numbered by their first member."""
        if code not in self._cohorts:
            inside, formed = self.methodology.topology.cohort_in[code], self.meanings.ways.formed[code]
            found: list[Formed] = [self._ask(self.places[inside, number], formed) for number in range(self.dataset.count(inside))]
            self._cohorts[code] = sorted((cohort for one in found for cohort in one.cohorts), key=by_number)
        return self._cohorts[code]

    def count(self, level: str) -> int:
        """Number of places of a level, or of cohorts."""
        return len(self.cohorts(level)) if self.methodology.topology.is_cohort(level) else self.dataset.count(level)

    def ancestor(self, lower: str, upper: str, place: int) -> tuple[int, Value]:
        """(place at ``upper``, or -1 with the value that a look-up through the missing link has)."""
        found = self._ask(self.places[lower, place], self.meanings.ways.up[lower, upper])
        return (-1, found) if isinstance(found, Value) else (self._number(found), NOWHERE)

    def inside(self, over: str, at: str, place: int) -> list[int]:
        """Places of ``over`` whose way up leads to ``place``, in the order of the data."""
        return [self._number(member) for member in self._ask(self.places[at, place], self.meanings.ways.down[over, at])]

    def children(self, lower: str, upper: str, place: int) -> list[int]:
        """Places of ``lower`` directly below a place, in the order of the data."""
        key = (lower, upper)
        if key not in self._children:
            table = self.dataset.tables.get(lower)
            parents = np.empty(0, np.int32) if table is None else table.parents[upper]
            order = np.argsort(parents, kind="stable")
            self._children[key] = order, np.searchsorted(parents[order], np.arange(self.dataset.count(upper) + 1))
        order, edges = self._children[key]
        return order[edges[place] : edges[place + 1]].tolist()
