"""Corrections of single places, each kept with its author: adding, correcting, moving, closing, reopening."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.accounts.models import User
from portal.network import services as network
from portal.network.models import Place
from portal.structure.models import Correction

Act = Correction.Act


@transaction.atomic
def add(parent: Place, level: str, code: str, name: str, attributes: dict[str, Any], *, by: User, at: datetime | None = None) -> Place:
    place = network.add(parent, level, code, name, attributes)
    _keep(place, Act.ADDED, {"code": ["", code], "name": ["", name]}, by, at)
    return place


@transaction.atomic
def correct(place: Place, name: str, attributes: dict[str, Any], *, by: User, at: datetime | None = None) -> None:
    _keep(place, Act.CORRECTED, network.correct(place, name, attributes), by, at)


@transaction.atomic
def move(place: Place, parent: Place, *, by: User, at: datetime | None = None) -> None:
    _keep(place, Act.MOVED, network.move(place, parent), by, at)


@transaction.atomic
def close(place: Place, on: date, *, by: User, at: datetime | None = None) -> None:
    _keep(place, Act.CLOSED, network.close(place, on), by, at)


@transaction.atomic
def reopen(place: Place, *, by: User, at: datetime | None = None) -> None:
    _keep(place, Act.REOPENED, network.reopen(place), by, at)


def _keep(place: Place, act: str, changes: dict[str, list[Any]], by: User, at: datetime | None) -> None:
    """Nothing is kept of a correction that changed nothing."""
    if changes:
        Correction.objects.create(place=place, act=act, changes=changes, by=by, at=at or timezone.now())
