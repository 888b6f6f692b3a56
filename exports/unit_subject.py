"""Whom a unit report is about, with everything that is printed of it: frozen figures, answers, classes, counts. Read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.methodology import Methodology
from exports import figures
from exports.answers import Answered, answers_of
from exports.counts import Counted, counts_of, tables_of
from exports.figures import Published
from portal.collection import freezing
from portal.collection.comparing import YearBefore, compare
from portal.collection.computing import Computed, compute
from portal.collection.models import CLASS, Collection, Result
from portal.collection.permissions import chain_rows
from portal.network.models import Level
from portal.rounds import methodologies

UNIT = Level.UNIT.value


class Changed(Exception):
    """The data are no longer those that the figures were frozen from."""


@dataclass
class Subject:
    """``chain``: the unit and what it lies in, lowest first; ``place``: of the unit in the data set."""

    unit: Collection
    chain: list[Collection]
    computed: Computed
    published: Published
    _answered: dict[str, list[Answered]] = field(default_factory=dict)

    @property
    def methodology(self) -> Methodology:
        return self.computed.methodology

    @property
    def declared(self) -> Mapping[str, Any]:
        """The head of the methodology."""
        return self.methodology.declared["methodology"]  # type: ignore[no-any-return]

    @cached_property
    def place(self) -> int:
        return self.computed.place_of(self.unit)

    @property
    def frozen(self) -> bool:
        return self.published.number is not None

    @cached_property
    def before(self) -> YearBefore | None:
        """The published figures beside those of last year."""
        return compare(self.unit, self.methodology, self.published.figures)

    def answered(self, level: str) -> list[Answered]:
        """The questions of a level, over the whole scope; ``inside`` gives the places of this unit."""
        if level not in self._answered:
            self._answered[level] = answers_of(self.methodology, self.computed.dataset, level)
        return self._answered[level]

    def inside(self, level: str) -> list[int]:
        """The places of a level that lie in this unit, in the order of their names."""
        if level == UNIT:
            return [self.place]
        link: NDArray[np.int32] = self.computed.dataset.link(level, UNIT)
        return [int(place) for place in np.flatnonzero(link == self.place)]

    @cached_property
    def classes(self) -> list[tuple[int, Collection]]:
        """(place, class) of this unit."""
        return [(place, self.computed.rows[CLASS][place]) for place in self.inside(CLASS)]

    @cached_property
    def counted(self) -> list[Counted]:
        return [one for table in tables_of(self.methodology) for one in counts_of(self.methodology, self.computed.dataset, table)]

    def name_of(self, level: str, key: str) -> str:
        """What people call a class, a building or the unit itself."""
        if level == CLASS:
            return next((row.name for _place, row in self.classes if row.code == key), key)
        return self.unit.name if level == UNIT else key


def of_now(unit: Collection) -> Subject:
    """A unit as it stands: with its frozen figures where it is final, else with what its data give now."""
    computed = compute(unit)
    result = unit.results.filter(superseded_at=None).first() if unit.state == Collection.State.FINALISED else None
    published = figures.of_result(result) if result is not None else figures.current_with_checks(computed, unit)
    return Subject(unit, chain_rows(unit), computed, published)


def of_result(result: Result) -> Subject:
    """A unit with the figures of one freeze. Raises ``Changed`` when its data are others by now."""
    unit = Collection.objects.select_related("round__methodology", "parent").get(pk=result.collection_id)
    methodology = methodologies.of(unit.round.methodology)
    if freezing.data_digest(methodology, unit) != result.data_digest:
        raise Changed
    return Subject(unit, chain_rows(unit), compute(unit), figures.of_result(result))
