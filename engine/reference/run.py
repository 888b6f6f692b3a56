"""One data set being asked: its places, and how deep the asking has gone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.reference.places import CohortPlace, Meaning, Place, TooDeep
from engine.reference.ways import Ways, by_number


class Run(dict[tuple[str, int], Place]):
    """Places by (level or cohort, number); cohorts are numbered by their first member. ``depth``: meanings being computed inside each
    other."""

    __slots__ = ("_children", "_cohorts", "dataset", "depth", "ways")

    def __init__(self, dataset: Dataset, ways: Ways) -> None:
        self.dataset = dataset
        self.ways = ways
        self.depth = 0
        self._children: dict[tuple[str, str], tuple[NDArray[np.intp], NDArray[np.intp]]] = {}
        self._cohorts: dict[str, list[CohortPlace]] = {}

    def __missing__(self, key: tuple[str, int]) -> Place:
        level, number = key
        place = self[key] = self.cohorts(level)[number] if self.ways.topology.is_cohort(level) else Place(self, level, number)
        return place

    def ask(self, place: Place, meaning: Meaning) -> Any:
        """What a meaning is at a place. What lies too deep below it is asked first, by itself."""
        pending = [(place, meaning)]
        found = None
        while pending:
            place, meaning = pending[-1]
            self.depth = 0
            try:
                found = place[meaning]
                pending.pop()
            except TooDeep as deep:
                pending += deep.waiting
        return found

    def children(self, lower: str, upper: str, number: int) -> list[Place]:
        """Places of ``lower`` directly below a place of ``upper``, in the order of the data."""
        key = (lower, upper)
        if key not in self._children:
            table = self.dataset.tables.get(lower)
            parents = np.empty(0, np.int32) if table is None else table.parents[upper]
            order = np.argsort(parents, kind="stable")
            self._children[key] = order, np.searchsorted(parents[order], np.arange(self.dataset.count(upper) + 1))
        order, edges = self._children[key]
        return [self[lower, child] for child in order[edges[number] : edges[number + 1]].tolist()]

    def cohorts(self, code: str) -> list[CohortPlace]:
        """All cohorts of a declaration."""
        if code not in self._cohorts:
            inside, formed = self.ways.topology.cohort_in[code], self.ways.formed[code]
            places = [self[inside, number] for number in range(self.dataset.count(inside))]
            found = [cohort for place in places for cohort in self.ask(place, formed).cohorts]
            self._cohorts[code] = sorted(found, key=by_number)
        return self._cohorts[code]

    def count(self, level: str) -> int:
        """Number of places of a level, or of cohorts."""
        return len(self.cohorts(level)) if self.ways.topology.is_cohort(level) else self.dataset.count(level)

    def number(self, place: Place) -> int:
        """The number under which a place is found here."""
        if isinstance(place, CohortPlace):
            return next(number for number, cohort in enumerate(self.cohorts(place.level)) if cohort is place)
        return place.number
