"""One county before anything is answered: its untouched units with their classes, and the chance that everything in it is drawn with."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np
from django.db.models import QuerySet

from engine.methodology import Methodology
from portal.collection.generating import classes, magnitudes
from portal.collection.generating.classes import PlannedClass
from portal.collection.models import CLASS, Collection, Response
from portal.network.models import Level
from portal.rounds import methodologies

COMPLETE, BEGUN, UNTOUCHED = "complete", "begun", "untouched"


@dataclass(frozen=True, slots=True)
class Order:
    """``filled``: the share of units that have answered everything; of the others most have begun. ``events``: with the history of sending.

    ``begun``: how far some units have come, by code; nothing is planted in them. ``blank``: leave two benches of one class blank, which its
    unit has to mend before it can be final.
    """

    seed: int = 1
    filled: float = 0.9
    events: bool = False
    begun: Mapping[str, str] = field(default_factory=dict)
    blank: bool = True


@dataclass(slots=True)
class InventedUnit:
    """A unit with what it answers, by section. ``begun``: how far it has come; ``extended``: whether it fills the part nobody has asked for."""

    row: Collection
    classes: Sequence[PlannedClass]
    begun: str
    extended: bool
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def facts(self) -> Mapping[str, Any]:
        return self.row.attributes  # type: ignore[no-any-return]

    @property
    def locality(self) -> str:
        return str(self.facts.get("siruta") or self.facts.get("locality") or "")

    @property
    def pupils(self) -> int:
        return sum(one.pupils for one in self.classes)


@dataclass(slots=True)
class County:
    """``planted``: case → code of the unit in which it was planted."""

    collection: Collection
    order: Order
    methodology: Methodology
    random: Random
    chance: np.random.Generator
    units: list[InventedUnit]
    planted: dict[str, str] = field(default_factory=dict)

    @property
    def classes(self) -> list[PlannedClass]:
        return [one for unit in self.units for one in unit.classes]

    @property
    def of_unit(self) -> list[int]:
        """The unit of each class."""
        return [number for number, unit in enumerate(self.units) for _ in unit.classes]


def gather(collection: Collection, order: Order) -> County:
    """The units of a county that nobody has touched and whose classes are there or can be told from their pupils."""
    seed = f"{order.seed} {collection.code}"
    # Not for secrets: the same seed has to give the same answers.
    random = Random(seed)  # noqa: S311
    chance = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()))
    rows, touched = _untouched(collection), _touched(collection)
    there = _classes(collection)
    units = []
    for row in rows:
        listed = classes.taken_over(there[row.pk]) if row.pk in there else classes.split(row.attributes, random)
        if listed and row.pk not in touched:
            begun = order.begun.get(row.code) or _begun(order.filled, random)
            units.append(InventedUnit(row, listed, begun, random.random() < magnitudes.read()["extended"]))
    return County(collection, order, methodologies.of(collection.round.methodology), random, chance, units)


def _untouched(county: Collection) -> QuerySet[Collection]:
    units = Collection.objects.filter(path__startswith=county.path, level=Level.UNIT, progress=Collection.Progress.NOT_STARTED)
    return units.filter(exempt=False, responses=None).select_related("parent").order_by("code")


def _touched(county: Collection) -> set[int | None]:
    """Units of which somebody has begun a class."""
    begun = Collection.objects.filter(path__startswith=county.path, level=CLASS).exclude(progress=Collection.Progress.NOT_STARTED)
    return set(begun.values_list("parent", flat=True))


def _classes(county: Collection) -> dict[int, list[tuple[Collection, dict[str, Any]]]]:
    """The classes that are there already, with their parameters, by unit."""
    rows = Collection.objects.filter(path__startswith=county.path, level=CLASS).order_by("sort_key", "code")
    known: dict[int, dict[str, Any]] = defaultdict(dict)
    for pk, values in Response.objects.filter(collection__in=rows).values_list("collection", "values"):
        known[pk] |= values
    grouped: dict[int, list[tuple[Collection, dict[str, Any]]]] = defaultdict(list)
    for row in rows:
        grouped[row.parent_id or 0].append((row, known[row.pk]))
    return grouped


def _begun(filled: float, random: Random) -> str:
    if random.random() < filled:
        return COMPLETE
    return BEGUN if random.random() < 0.6 else UNTOUCHED
