"""Corrections of single places, and the invented network. Each writes at once; who did it is kept by the room that asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.network import synthetic
from portal.network.expectation import expected
from portal.network.importing import applying, classes, places
from portal.network.importing.columns import columns_of
from portal.network.importing.plan import state_of
from portal.network.importing.problems import Problems
from portal.network.importing.records import Reading, Record
from portal.network.importing.tree import merged
from portal.network.models import ABOVE, Level, Place

Changes = dict[str, list[Any]]
"""Field → [from, to]."""


class CannotChange(Exception):
    """A correction that would break the network; ``sentence`` says why."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def lock() -> None:
    """Until the end of the transaction nobody else changes the network: imports and corrections wait for each other."""
    list(Place.objects.select_for_update().filter(level=Level.NATIONAL).values_list("pk"))


# ---- single places ---------------------------------------------------------------------------------------


@transaction.atomic
def add(parent: Place, level: str, code: str, name: str, attributes: dict[str, Any]) -> Place:
    """A new school of a county or unit of a school. A school gets its own unit of the same code."""
    lock()
    if ABOVE.get(level) != parent.level or parent.closed_on is not None:
        raise CannotChange(_("Aici nu se poate adăuga un loc nou."))
    if Place.objects.filter(level=level, code=code).exists():
        raise CannotChange(_("Codul este deja al altui loc din rețea."))
    facts = {} if level == Level.SCHOOL else merged({}, attributes)
    place = Place.objects.create(level=level, parent=parent, code=code, name=name, attributes=facts)
    if level == Level.SCHOOL:
        add(place, Level.UNIT, code, name, attributes | {"unit_status": "pj"})
    settle(place)
    return place


def correct(place: Place, name: str, attributes: dict[str, Any]) -> Changes:
    """Another name or other facts; a fact that is None is taken out."""
    return _change(place, name=name, attributes=merged(place.attributes, attributes))


@transaction.atomic
def move(place: Place, parent: Place) -> Changes:
    """A unit to another school of the same county."""
    if place.level != Level.UNIT or parent.level != Level.SCHOOL or place.parent is None or place.parent.parent_id != parent.parent_id:
        raise CannotChange(_("O unitate se mută numai la altă școală din același județ."))
    if place.parent.code == place.code:
        raise CannotChange(_("Unitatea proprie a unei școli cu personalitate juridică nu se mută; întâi primește alt cod, ca structură."))
    before = place.parent
    changes = _change(place, parent=parent)
    settle(before)
    return changes


@transaction.atomic
def close(place: Place, on: date) -> Changes:
    """From a day on the place is no longer in the network; it and everything kept of it stays. Everything below is closed with it."""
    for below in Place.objects.filter(path__startswith=place.path, closed_on=None).exclude(pk=place.pk):
        _change(below, closed_on=on)
    return _change(place, closed_on=on)


def reopen(place: Place) -> Changes:
    """Back in the network; what is above has to be open."""
    if place.parent is not None and place.parent.closed_on is not None:
        raise CannotChange(_("Locul de deasupra este închis; întâi se redeschide acela."))
    return _change(place, closed_on=None)


@transaction.atomic
def _change(place: Place, **wanted: Any) -> Changes:
    lock()
    before = state_of(place)
    for name, value in wanted.items():
        setattr(place, name, value)
    place.save()
    settle(place)
    return {name: [before[name], value] for name, value in state_of(place).items() if before[name] != value}


def settle(place: Place) -> None:
    """Makes the place, and every place above it, say rightly whether it takes part in a round."""
    rightly: Callable[[Place], bool] = _teaching if place.level == Level.UNIT else _over_teaching
    if place.level != Level.NATIONAL and place.collects != rightly(place):
        place.collects = not place.collects
        place.save(update_fields=["collects"])
    if place.parent is not None:
        settle(place.parent)


def _teaching(unit: Place) -> bool:
    return expected(unit.attributes)


def _over_teaching(place: Place) -> bool:
    return place.children.filter(collects=True, closed_on=None).exists()


# ---- the invented network --------------------------------------------------------------------------------


@transaction.atomic
def seed(counties: Iterable[int], size: synthetic.Size, number: int, school_year: str) -> dict[str, int]:
    """Writes an invented network with its classes. The same number writes the same; a second time changes nothing."""
    written = {"places": 0, "classes": 0}
    for index in counties:
        units, made_classes = synthetic.county(index, size, number)
        plan = places.plan(_reading("network", units))
        applying.write_places(plan)
        class_plan = classes.plan(_reading("classes", made_classes), school_year)
        applying.write_classes(class_plan)
        written["places"] += len(plan.created)
        written["classes"] += len(class_plan.created)
    return written


def _reading(kind: str, rows: list[dict[str, Any]]) -> Reading:
    records = [Record(number, values) for number, values in enumerate(rows, 1)]
    return Reading(columns_of(kind), records, Problems())
