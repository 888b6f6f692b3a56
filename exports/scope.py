"""What is exported: the units below a place, with the figures and answers the pages show of them, gathered part by part.

A part is a county or less: the whole country is exported county by county, so that memory does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.methodology import Methodology
from exports.figures import Published, published_of
from portal.collection.boards import state_of
from portal.collection.computing import Computed, compute
from portal.collection.models import CLASS, Collection, Exemption
from portal.network.models import Level
from portal.rounds import methodologies

COUNTY, SCHOOL, UNIT = Level.COUNTY.value, Level.SCHOOL.value, Level.UNIT.value


@dataclass(frozen=True, slots=True)
class Scope:
    """A place to export, and whether only final units are."""

    collection: Collection
    final_only: bool = False

    @property
    def methodology(self) -> Methodology:
        return methodologies.of(self.collection.round.methodology)

    @property
    def national(self) -> bool:
        return self.collection.level == Level.NATIONAL

    def units(self) -> list[Collection]:
        """Every unit that is exported, exempt ones included."""
        rows = Collection.objects.filter(path__startswith=self.collection.path, level=UNIT).select_related("parent__parent")
        return list(rows.filter(state=Collection.State.FINALISED) if self.final_only else rows)

    def attributes(self) -> list[str]:
        """What the network says of these units beyond the questions of their form."""
        asked = self.methodology.fields.get(UNIT, {})
        held = Collection.objects.filter(path__startswith=self.collection.path, level=UNIT).values_list("attributes", flat=True)
        return sorted({code for attributes in held.iterator(chunk_size=2000) for code in attributes if code not in asked})

    def parts(self) -> Iterator[Part]:
        """The counties of the country, or the place itself."""
        below = [self.collection]
        if self.national:
            below = list(self.collection.children.filter(level=COUNTY).select_related("round__methodology").order_by("sort_key"))
        for collection in below:
            yield part_of(Scope(collection, self.final_only))


@dataclass
class Part:
    """Everything of a part that was read from the database. ``places``: of the units that have figures, in the data set; ``exempt``: units
    that have none; ``above``: collections by id, to name what a unit lies in."""

    computed: Computed
    places: NDArray[np.intp]
    exempt: Sequence[Collection]
    published: Mapping[int, Published]
    exemptions: Mapping[int, Exemption] = field(default_factory=dict)
    above: Mapping[int, Collection] = field(default_factory=dict)

    @property
    def methodology(self) -> Methodology:
        return self.computed.methodology

    @property
    def dataset(self) -> Dataset:
        return self.computed.dataset  # type: ignore[no-any-return]

    @cached_property
    def units(self) -> list[Collection]:
        return [self.computed.rows[UNIT][place] for place in self.places]

    @cached_property
    def identity(self) -> dict[int, tuple[str, str, str, str, str]]:
        """What names a unit: codes of county and school, name of the school, its own code and name."""
        found = {}
        for unit in [*self.units, *self.exempt]:
            school = self.above[unit.parent_id or 0]
            county = self.above.get(school.parent_id or 0)
            found[unit.pk] = (county.code if county else "", school.code, school.name, unit.code, unit.name)
        return found

    def inside(self, level: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(places of a level that lie in the units of this part, for each the position of its unit among ``units``)."""
        link = self.dataset.link(level, UNIT)
        position = np.full(self.dataset.count(UNIT) + 1, -1, np.intp)
        position[self.places] = np.arange(len(self.places))
        of_unit = position[link] if link is not None else position[:-1]
        kept = np.flatnonzero(of_unit >= 0)
        kept = kept[np.argsort(of_unit[kept], kind="stable")]
        return kept, of_unit[kept]

    def state(self, unit: Collection) -> str:
        return state_of(unit, unit.classes_submitted) if unit.pk in self.published else "exempt"

    def exemption(self, unit: Collection) -> Exemption | None:
        """Why a unit is left out: its own exemption, else that of its school."""
        return self.exemptions.get(unit.pk) or self.exemptions.get(unit.parent_id or 0)


def part_of(scope: Scope) -> Part:
    """Reads and computes one part."""
    collection = scope.collection
    computed = compute(collection)
    wanted = {row.pk for row in scope.units()}
    places = [place for place, row in enumerate(computed.rows[UNIT]) if row.pk in wanted]
    places.sort(key=lambda place: _order(computed.rows[UNIT][place]))
    units = [computed.rows[UNIT][place] for place in places]
    inside = {row.pk for row in units}
    below = Collection.objects.filter(path__startswith=collection.path)
    exempt = [row for row in below.filter(level=UNIT).order_by("path", "code") if row.pk in wanted and row.pk not in inside]
    chain = Collection.objects.filter(pk__in=collection.chain_ids)
    above = {row.pk: row for row in [*chain, *below.filter(level__in=(COUNTY, SCHOOL))]}
    given = Exemption.objects.filter(collection__path__startswith=collection.path, withdrawn_at=None)
    return Part(computed, np.array(places, np.intp), exempt, published_of(computed, units), {one.collection_id: one for one in given}, above)


def _order(unit: Collection) -> tuple[str, str]:
    """Units of one school together, in the order of their codes."""
    return unit.path.rpartition("/")[0].rpartition("/")[0], unit.code


def classes_of(part: Part) -> list[Collection]:
    """The classes of the part, in the order of ``inside``."""
    return [part.computed.rows[CLASS][place] for place in part.inside(CLASS)[0]]
