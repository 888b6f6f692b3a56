"""What an import or a correction of the network does to the rounds that go with it."""

from __future__ import annotations

from typing import Any

from portal.accounts.models import User
from portal.collection.services import following
from portal.collection.services.following import Change
from portal.network.importing.applying import Difference
from portal.network.importing.plan import Plan
from portal.network.models import ClassRecord, Place
from portal.structure.models import NetworkImport

Told = list[dict[str, Any]]
"""By round, what it took over (``following.Followed``)."""


def of_plan(plan: Plan, school_year: str) -> Change:
    """What has been written of a plan."""
    touched = [*plan.created, *(update.subject for update in plan.updated), *plan.removed]
    places = frozenset(one.pk for one in touched if isinstance(one, Place))
    classes = frozenset((one.unit_id, one.code) for one in touched if isinstance(one, ClassRecord))
    return Change(places, classes, school_year)


def of_difference(record: NetworkImport) -> Change:
    """What will be set back when an import is undone."""
    difference: Difference = record.difference
    ids = frozenset((*difference["created"], *(pk for pk, _changes in difference["changed"])))
    if record.kind != NetworkImport.Kind.CLASSES:
        return Change(ids)
    written = ClassRecord.objects.filter(school_year=record.school_year).values_list("pk", "unit_id", "code")
    removed = ((one["unit_id"], one["code"]) for one in difference["removed"])
    return Change(classes=frozenset((*((unit, code) for pk, unit, code in written if pk in ids), *removed)), school_year=record.school_year)


def release(record: NetworkImport) -> None:
    """Takes the places that an import has made out of open rounds, where nobody has worked on them."""
    if record.kind != NetworkImport.Kind.CLASSES:
        following.release(record.difference["created"])


def reach(change: Change, by: User | None, through: str) -> Told:
    return following.follow_everywhere(change, by, through)
