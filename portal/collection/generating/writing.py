"""What was invented into the database, in bulk: classes with their paths, documents, tables, counters, and the history of sending."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from engine.methodology import Methodology, table_of
from portal.collection import completeness
from portal.collection.generating.answering import InventedClass, answer
from portal.collection.generating.county import UNTOUCHED, County, InventedUnit
from portal.collection.models import CLASS, ClassTable, Collection, Event, Response
from portal.collection.services import taking
from portal.network.ordering import sort_key
from portal.rounds.models import Round

BATCH = 2000
SUBMITTED, NOT_STARTED = Collection.Progress.SUBMITTED, Collection.Progress.NOT_STARTED


@transaction.atomic
def write(county: County) -> int:
    """Writes a county; gives the number of classes filled in it."""
    invented = list(answer(county))
    at = _moments(county, len(invented))
    rows = [_class(one, moment) for one, moment in zip(invented, at, strict=True)]
    taking.create_with_paths([row for row in rows if row.pk is None])
    taking.overwrite([row for one, row in zip(invented, rows, strict=True) if one.plan.row is not None], ["progress", "submitted_at", "received_at"])
    _answer(_responses(county.units, invented, rows, at))
    _count(county.units, rows, county.collection.round)
    filled = [(one, row) for one, row in zip(invented, rows, strict=True) if row.progress != NOT_STARTED]
    ClassTable.objects.bulk_create(_tables(county.methodology, filled), batch_size=BATCH)
    if county.order.events:
        Event.objects.bulk_create(_events(filled), batch_size=BATCH)
    return len(rows)


def _answer(responses: Iterator[Response]) -> None:
    """Documents of sections; those that hold what the network said of a class are there already."""
    kept = ["values", "revision", "saved_at"]
    Response.objects.bulk_create(responses, BATCH, update_conflicts=True, unique_fields=["collection", "section"], update_fields=kept)


def _moments(county: County, many: int) -> list[datetime]:
    """When each table was saved: from the opening of the round until now, most of them late."""
    start = county.collection.round.opens_at
    length = max(timedelta(hours=1), min(timezone.now(), county.collection.round.class_close) - start)
    return [start + share * length for share in county.chance.beta(3, 1, many).tolist()]


def _class(one: InventedClass, at: datetime) -> Collection:
    unit, sent = one.unit.row, one.progress == SUBMITTED
    row = one.plan.row or Collection(
        round_id=unit.round_id, level=CLASS, parent=unit, code=one.plan.code, name=one.plan.name, sort_key=sort_key(one.plan.name),
        attributes=unit.attributes, pupils=one.plan.pupils,
    )  # fmt: skip
    row.progress, row.submitted_at, row.received_at = one.progress, at if sent else None, at if sent else None
    return row


def _responses(
    units: Sequence[InventedUnit], invented: Sequence[InventedClass], rows: Sequence[Collection], at: Sequence[datetime]
) -> Iterator[Response]:
    last: dict[int, datetime] = {}
    for one, row, moment in zip(invented, rows, at, strict=True):
        last[one.unit.row.pk] = max(moment, last.get(one.unit.row.pk, moment))
        for section, values in one.documents.items():
            yield Response(collection=row, section=section, values=values, revision=1, saved_at=moment)
    for unit in units:
        for section, values in unit.documents.items():
            yield Response(collection=unit.row, section=section, values=values, revision=1, saved_at=last[unit.row.pk])


def _count(units: Sequence[InventedUnit], rows: Sequence[Collection], round_: Round) -> None:
    """The counters of the units, as acts on their classes would have left them."""
    sent = Counter(row.parent_id for row in rows if row.progress == SUBMITTED)
    on_time = Counter(row.parent_id for row in rows if row.progress == SUBMITTED and completeness.in_time(row, round_))
    for unit in units:
        unit.row.classes, unit.row.pupils = len(unit.classes), unit.pupils
        unit.row.classes_submitted, unit.row.classes_on_time = sent[unit.row.pk], on_time[unit.row.pk]
        unit.row.progress = NOT_STARTED if unit.begun == UNTOUCHED else Collection.Progress.IN_PROGRESS
    taking.overwrite([unit.row for unit in units], ["classes", "classes_submitted", "classes_on_time", "pupils", "progress"])


def _tables(methodology: Methodology, filled: Sequence[tuple[InventedClass, Collection]]) -> Iterator[ClassTable]:
    """A table that is still being filled has had its first questions looked at, one that was sent all of them."""
    table, now = table_of(methodology, CLASS), timezone.now()
    asked = [column.code for column in table.columns if column.code != table.number and not column.readonly]
    for number, (one, row) in enumerate(filled):
        confirmed = asked if row.submitted_at else asked[: 1 + number % (len(asked) - 1)]
        yield ClassTable(collection=row, content=one.table, rows=row.pupils, revision=1, confirmed=confirmed, saved_at=row.submitted_at or now)


def _events(filled: Sequence[tuple[InventedClass, Collection]]) -> Iterator[Event]:
    for one, row in filled:
        if row.submitted_at is not None:
            detail = {"revision": 1, "table": base64.b64encode(one.table).decode()}
            by = {"action": "submit_class", "through": Event.Through.COMMAND}
            yield Event(collection=row, at=row.submitted_at, before=NOT_STARTED, after=SUBMITTED, detail=detail, **by)
