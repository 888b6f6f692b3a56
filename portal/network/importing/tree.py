"""The network as it is while an import is planned: the places of the counties concerned, and what is known of the rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from portal.network import counties
from portal.network.codes import identity
from portal.network.expectation import expected
from portal.network.importing.plan import Update, kinds_of, state_of, told_of
from portal.network.models import Level, Place

Key = tuple[str, str]
"""Level and code: what names a place."""


@dataclass(slots=True)
class Tree:
    """``places``: everything in the counties concerned, parents set. ``elsewhere``: the county of every other school and unit.

    ``change`` sets fields in memory and remembers what was there before; nothing is written.
    """

    counties: frozenset[str] = frozenset()
    places: dict[Key, Place] = field(default_factory=dict)
    elsewhere: dict[Key, str] = field(default_factory=dict)
    made: list[Place] = field(default_factory=list)
    before: dict[int, tuple[Place, dict[str, Any], Place | None]] = field(default_factory=dict)

    def at(self, level: str) -> list[Place]:
        return [place for place in self.places.values() if place.level == level]

    def get(self, level: str, code: str) -> Place | None:
        return self.places.get((level, code))

    def by_identity(self) -> dict[str, Place]:
        """Units of the database by what stays of their codes when their status changes."""
        return {identity(unit.code): unit for unit in self.at(Level.UNIT) if unit.pk}

    def county_of(self, level: str, code: str) -> str | None:
        """The county of a place anywhere in the country."""
        place = self.get(level, code)
        return county_of(place) if place else self.elsewhere.get((level, code))

    def make(self, level: str, code: str, name: str, parent: Place | None, facts: dict[str, Any]) -> Place:
        place = Place(level=level, code=code, name=name, parent=parent, attributes=merged({}, facts))
        self.places[level, code] = place
        self.made.append(place)
        return place

    def change(self, place: Place, **wanted: Any) -> None:
        if place.pk:
            self.before.setdefault(place.pk, (place, state_of(place), place.parent))
        code = wanted.get("code", place.code)
        if code != place.code:
            self.places[place.level, code] = self.places.pop((place.level, place.code))
        for name, value in wanted.items():
            setattr(place, name, value)

    def settle_expectation(self) -> None:
        """A unit takes part when it teaches and has pupils; a school or county, when something open below it does."""
        for unit in self.at(Level.UNIT):
            self._expect(unit, expected(unit.attributes))
        for level, below in ((Level.SCHOOL, Level.UNIT), (Level.COUNTY, Level.SCHOOL)):
            above = {id(place.parent) for place in self.at(below) if place.collects and place.closed_on is None}
            for place in self.at(level):
                if level != Level.COUNTY or place.code in self.counties:
                    self._expect(place, id(place) in above)

    def _expect(self, place: Place, wanted: bool) -> None:
        if place.collects != wanted:
            self.change(place, collects=wanted)

    def updates(self) -> list[Update]:
        """What has been changed on places of the database."""
        found = []
        for place, before, parent in self.before.values():
            changes = {name: [before[name], value] for name, value in state_of(place).items() if before[name] != value}
            if changes:
                moved = {"moved": (str(parent), str(place.parent))} if "parent_id" in changes else {}
                found.append(Update(place, changes, kinds_of(changes), told_of(changes) | moved))
        return found


def county_of(place: Place) -> str:
    """The code of the county that a place lies in (the nation's own code for the nation)."""
    while place.level not in (Level.COUNTY, Level.NATIONAL) and place.parent is not None:
        place = place.parent
    return place.code


def name_of(county: str) -> str:
    found = counties.all_counties().get(county)
    return found.name if found else county


def merged(attributes: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Attributes with new facts over them; a fact that is None is taken out."""
    return {code: value for code, value in (attributes | facts).items() if value is not None}


def load(county_codes: Iterable[str]) -> Tree:
    """Reads the network of some counties, in three queries whatever their size."""
    wanted = frozenset(county_codes)
    above = {place.pk: place for place in Place.objects.filter(level__in=(Level.NATIONAL, Level.COUNTY))}
    for place in above.values():
        place.parent = above.get(place.parent_id or 0)
    tree = Tree(wanted, {(place.level, place.code): place for place in above.values()})
    inside = Q(pk__in=[])
    for place in above.values():
        inside |= Q(path__startswith=place.path) if place.level == Level.COUNTY and place.code in wanted else Q(pk__in=[])
    below = Place.objects.filter(level__in=(Level.SCHOOL, Level.UNIT)).order_by("sort_key", "pk")
    found = {place.pk: place for place in below.filter(inside)}
    for place in found.values():
        place.parent = found.get(place.parent_id or 0) or above[place.parent_id or 0]
        tree.places[place.level, place.code] = place
    for pk, level, code, path in below.values_list("pk", "level", "code", "path"):
        if pk not in found:
            tree.elsewhere[level, code] = above[int(path.split("/")[2])].code
    return tree
