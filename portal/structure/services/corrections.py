"""Corrections of single places, each kept with its author: adding, correcting, moving, closing, reopening. Each gives what open rounds took over."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.collection.models import Event
from portal.collection.services.following import Change
from portal.network import services as network
from portal.network.models import Place
from portal.structure.models import Correction
from portal.structure.services import reaching
from portal.structure.services.reaching import Told

Act = Correction.Act


@transaction.atomic
def add(parent: Place, level: str, code: str, name: str, attributes: dict[str, Any], *, by: User, at: datetime | None = None) -> tuple[Place, Told]:
    place = network.add(parent, level, code, name, attributes)
    return place, _keep(place, Act.ADDED, {"code": ["", code], "name": ["", name]}, by, at)


@transaction.atomic
def correct(place: Place, name: str, attributes: dict[str, Any], *, by: User, at: datetime | None = None) -> Told:
    return _keep(place, Act.CORRECTED, network.correct(place, name, attributes), by, at)


@transaction.atomic
def move(place: Place, parent: Place, *, by: User, at: datetime | None = None) -> Told:
    return _keep(place, Act.MOVED, network.move(place, parent), by, at)


@transaction.atomic
def close(place: Place, on: date, *, by: User, at: datetime | None = None) -> Told:
    return _keep(place, Act.CLOSED, network.close(place, on), by, at)


@transaction.atomic
def reopen(place: Place, *, by: User, at: datetime | None = None) -> Told:
    return _keep(place, Act.REOPENED, network.reopen(place), by, at)


def _keep(place: Place, act: str, changes: dict[str, list[Any]], by: User, at: datetime | None) -> Told:
    """Nothing is kept of a correction that changed nothing; any other reaches the open rounds as an import does."""
    if not changes:
        return []
    Correction.objects.create(place=place, act=act, changes=changes, by=by, at=at or timezone.now())
    left = [pk for pk in changes.get("parent_id", ()) if pk is not None]
    return reaching.reach(Change(frozenset([place.pk, *left])), by, Event.Through.PAGE)
