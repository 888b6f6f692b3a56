"""Writing a plan: everything or nothing, and the difference by which it can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models, transaction
from django.db.models import F, OuterRef, ProtectedError, Subquery, Value
from django.db.models.functions import Cast, Concat

from portal.network.importing.plan import Plan, state_of
from portal.network.models import ClassRecord, Level, Place

BATCH = 500
LEVELS = (Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT)
PLACE_COLUMNS = ["code", "name", "sort_key", "search_text", "parent", "attributes", "collects", "closed_on"]
CLASS_COLUMNS = ["name", "sort_key", "pupils", "attributes"]

Difference = dict[str, Any]
"""``created``: ids; ``changed``: [id, field → [from, to]]; ``removed``: whole classes."""


class CannotUndo(Exception):
    """An import that is not undone: what it touched has changed since (``names``: some of it), or other data stand on it."""

    def __init__(self, code: str, names: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code, self.names = code, tuple(names)


# ---- places ----------------------------------------------------------------------------------------------


@transaction.atomic
def write_places(plan: Plan) -> Difference:
    """Makes and changes the places of a plan."""
    for level in LEVELS:
        made = [place for place in plan.created if place.level == level]
        for place in made:
            place.parent = place.parent  # the parent has its id only now
            place.derive()
        Place.objects.bulk_create(made, batch_size=BATCH)
    for update in plan.updated:
        update.subject.parent = update.subject.parent
        update.subject.derive()
        if "parent_id" in update.changes:
            update.changes["parent_id"][1] = update.subject.parent_id
    _save(Place, [update.subject for update in plan.updated], PLACE_COLUMNS)
    build_paths()
    return {"created": [place.pk for place in plan.created], "changed": [[update.subject.pk, update.changes] for update in plan.updated]}


def build_paths() -> None:
    """Makes every path say where its place is, from the top down; only wrong ones are written."""
    above = Place.objects.filter(pk=OuterRef("parent")).values("path")[:1]
    for level in LEVELS:
        start = Value("/") if level == Level.NATIONAL else Subquery(above)
        right = Concat(start, Cast("pk", models.CharField()), Value("/"), output_field=models.CharField())
        Place.objects.filter(level=level).annotate(right=right).exclude(path=F("right")).update(path=right)


@transaction.atomic
def undo_places(difference: Difference) -> None:
    """Sets everything back as it was before. Raises ``CannotUndo``."""
    changes = dict(difference["changed"])
    places = _current(Place, changes)
    for place in places:
        for name, (before, _after) in changes[place.pk].items():
            setattr(place, name, date.fromisoformat(before) if name == "closed_on" and before else before)
        place.derive()
    _save(Place, places, PLACE_COLUMNS)
    build_paths()
    for level in reversed(LEVELS):
        _delete(Place.objects.filter(level=level), difference["created"])


# ---- classes ---------------------------------------------------------------------------------------------


@transaction.atomic
def write_classes(plan: Plan) -> Difference:
    """Makes, changes and takes out the classes of a plan."""
    for record in (*plan.created, *(update.subject for update in plan.updated)):
        record.derive()
    removed = [_whole(record) for record in plan.removed]
    _delete(ClassRecord.objects.all(), [record.pk for record in plan.removed])
    ClassRecord.objects.bulk_create(plan.created, batch_size=BATCH)
    _save(ClassRecord, [update.subject for update in plan.updated], CLASS_COLUMNS)
    changed = [[update.subject.pk, update.changes] for update in plan.updated]
    return {"created": [record.pk for record in plan.created], "changed": changed, "removed": removed}


@transaction.atomic
def undo_classes(difference: Difference) -> None:
    """Sets everything back as it was before. Raises ``CannotUndo``."""
    changes = dict(difference["changed"])
    records = _current(ClassRecord, changes)
    for record in records:
        for name, (before, _after) in changes[record.pk].items():
            setattr(record, name, before)
        record.derive()
    _save(ClassRecord, records, CLASS_COLUMNS)
    _delete(ClassRecord.objects.all(), difference["created"])
    back = [ClassRecord(**values) for values in difference["removed"]]
    for record in back:
        record.derive()
    ClassRecord.objects.bulk_create(back, batch_size=BATCH)


def _whole(record: ClassRecord) -> dict[str, Any]:
    names = ("unit_id", "school_year", "code", "name", "pupils", "attributes")
    return {name: getattr(record, name) for name in names}


# ---- both ------------------------------------------------------------------------------------------------


def _save(model: Any, rows: list[Any], columns: list[str]) -> None:
    """Writes many rows by upsert: several times faster than a CASE a column."""
    if rows:
        model.objects.bulk_create(rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns)


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    every = list(ids)
    return (every[start : start + BATCH] for start in range(0, len(every), BATCH))


def _current(model: Any, changes: dict[int, dict[str, list[Any]]]) -> list[Any]:
    """The rows that were changed, if they still are as the import left them."""
    rows = [row for batch in _batches(changes) for row in model.objects.filter(pk__in=batch)]
    differ = [row for row in rows if any(state_of(row)[name] != after for name, (_before, after) in changes[row.pk].items())]
    if differ or len(rows) < len(changes):
        raise CannotUndo("changed_since", [str(row) for row in differ[:5]])
    return rows


def _delete(rows: models.QuerySet[Any], ids: list[int]) -> None:
    try:
        for batch in _batches(ids):
            rows.filter(pk__in=batch).delete()
    except ProtectedError as error:
        raise CannotUndo("in_use") from error
