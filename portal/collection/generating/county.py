"""One county before anything is answered: its untouched units with their classes, and the chance that everything in it is drawn with."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from engine.methodology import Methodology
from portal.collection.generating import classes, magnitudes
from portal.collection.generating.classes import PlannedClass
from portal.collection.models import Collection
from portal.network.models import ClassRecord, Level
from portal.rounds import methodologies

COMPLETE, BEGUN, UNTOUCHED = "complete", "begun", "untouched"


@dataclass(frozen=True, slots=True)
class Order:
    """``filled``: the share of units that have answered everything; of the others most have begun. ``events``: with the history of sending."""

    seed: int = 1
    filled: float = 0.9
    events: bool = False


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
    """The units of a county that nobody has touched and whose classes are recorded or can be told from their pupils."""
    seed = f"{order.seed} {collection.code}"
    # Not for secrets: the same seed has to give the same answers.
    random = Random(seed)  # noqa: S311
    chance = np.random.default_rng(list(hashlib.sha256(seed.encode()).digest()))
    rows = Collection.objects.filter(path__startswith=collection.path, level=Level.UNIT, progress=Collection.Progress.NOT_STARTED)
    rows = rows.filter(exempt=False, children=None, responses=None).select_related("parent").order_by("code")
    recorded = _recorded(collection.round.school_year, [row.place_id for row in rows if row.place_id])
    units = []
    for row in rows:
        listed = recorded.get(row.place_id or 0) or classes.split(row.attributes, random)
        if listed:
            units.append(InventedUnit(row, listed, _begun(order.filled, random), random.random() < magnitudes.read()["extended"]))
    return County(collection, order, methodologies.of(collection.round.methodology), random, chance, units)


def _recorded(school_year: str, places: Sequence[int]) -> dict[int, list[PlannedClass]]:
    grouped: dict[int, list[ClassRecord]] = defaultdict(list)
    records = ClassRecord.objects.filter(school_year=school_year, unit__in=places)
    for record in records.order_by("unit_id", "sort_key", "code"):
        grouped[record.unit_id].append(record)
    return {place: classes.recorded(listed) for place, listed in grouped.items()}


def _begun(filled: float, random: Random) -> str:
    if random.random() < filled:
        return COMPLETE
    return BEGUN if random.random() < 0.6 else UNTOUCHED
