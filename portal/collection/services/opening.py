"""Opening a round: every place that collects gets its collection, with a snapshot of the place; classes come from the imported list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, User
from portal.collection.models import CLASS, Collection, Event, Response
from portal.collection.refusals import Refused
from portal.collection.standing import Decision
from portal.network.models import ClassRecord, Level, Place
from portal.outbox import services as outbox
from portal.rounds import methodologies, permissions
from portal.rounds.models import Round, RoundEvent

TOP_DOWN = (Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT)
BATCH = 2000


def open_round(round_: Round, by: User | None = None) -> int:
    """Create the collections of all places with their imported classes, open the round, send the letter; gives how many places are new.

    Opening again adds only what has come meanwhile. ``by`` None: a command at the server itself.
    """
    permissions.require_manager(by)
    with transaction.atomic():
        held = Round.objects.select_for_update().get(pk=round_.pk)
        if held.state == Round.State.CLOSED:
            raise Refused(Decision(False, "round_closed", _("Campania este închisă; ea nu se mai deschide.")))
        made = create_collections(held)
        take_classes(held)
        first = held.state == Round.State.DRAFT
        held.state, held.opened_at = Round.State.OPEN, held.opened_at or timezone.now()
        held.save()
        nation = Collection.objects.filter(round=held, level=Level.NATIONAL).first()
        if nation is not None:
            Event.objects.create(collection=nation, action="open_round", by=by, detail={"made": made})
        if first:
            RoundEvent.objects.create(round=held, action="opened", by=by)
            _send_letters(held)
    return made


def _send_letters(round_: Round) -> None:
    """The letter to everybody who leads or works in an inspectorate of the round; one mail a person."""
    members = Membership.objects.filter(role__in=("general_inspector", "inspector"), ended_at=None, place__collections__round=round_)
    for pk in members.values_list("pk", flat=True).distinct():
        outbox.enqueue("round_letter", f"{round_.pk}:{pk}", {"round": round_.pk, "membership": pk})


def take_classes(round_: Round) -> int:
    """The classes that the network knows of the round's school year, as collections with their parameters; those there already stay."""
    methodology = methodologies.of(round_.methodology)
    section, fields = methodology.sections[0].code, methodology.fields.get(CLASS, {})
    units = {row.place_id: row for row in Collection.objects.filter(round=round_, level=Level.UNIT)}
    known = set(Collection.objects.filter(round=round_, level=CLASS).values_list("parent", "code"))
    records = ClassRecord.objects.filter(school_year=round_.school_year, unit__in=units).order_by("sort_key")
    wanted = [record for record in records if (units[record.unit_id].pk, record.code) not in known]
    rows = [_class(round_, units[record.unit_id], record) for record in wanted]
    create_with_paths(rows)
    parameters = [{code: value for code, value in record.parameters.items() if code in fields} for record in wanted]
    responses = [Response(collection=row, section=section, values=values, revision=1) for row, values in zip(rows, parameters, strict=True)]
    Response.objects.bulk_create(responses, batch_size=BATCH)
    _count_classes(round_)
    return len(rows)


def _class(round_: Round, unit: Collection, record: ClassRecord) -> Collection:
    return Collection(
        round=round_, level=CLASS, parent=unit, code=record.code, name=record.name, sort_key=record.sort_key, pupils=record.pupils,
        attributes=unit.attributes,
    )  # fmt: skip


def _count_classes(round_: Round) -> None:
    """The counters of all units, from their classes."""
    counted = Collection.objects.filter(round=round_, level=CLASS).values("parent").annotate(many=Count("pk"), total=Sum("pupils"))
    by_unit = {row["parent"]: row for row in counted if row["parent"] is not None}
    units = list(Collection.objects.filter(pk__in=by_unit))
    for unit in units:
        unit.classes, unit.pupils = by_unit[unit.pk]["many"], by_unit[unit.pk]["total"] or 0
    overwrite(units, ["classes", "pupils"])


def overwrite(rows: Sequence[Collection], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there: rows that meet themselves, which is much quicker than a case for every row."""
    Collection.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns)


def create_collections(round_: Round) -> int:
    """Collections of places that have none yet, level by level; a school takes part when one of its units does."""
    places = list(expected_places())
    by_place = {row.place_id: row for row in Collection.objects.filter(round=round_).exclude(place=None)}
    made = 0
    for level in TOP_DOWN:
        wanted = [place for place in places if place.level == level and place.pk not in by_place]
        rows = [_collection(round_, place, by_place.get(place.parent_id)) for place in wanted]
        create_with_paths(rows)
        by_place |= {row.place_id: row for row in rows}
        made += len(rows)
    return made


def expected_places() -> Iterator[Place]:
    """The places that collect: units that are expected, and whatever lies above one of them."""
    open_places = Place.objects.filter(closed_on=None).order_by("sort_key")
    units = list(open_places.filter(level=Level.UNIT, collects=True))
    needed = {int(part) for unit in units for part in unit.path.split("/")[1:-2]}
    above = open_places.exclude(level=Level.UNIT)
    yield from (place for place in above if place.pk in needed or place.level == Level.NATIONAL)
    yield from units


def _collection(round_: Round, place: Place, parent: Collection | None) -> Collection:
    return Collection(
        round=round_, level=place.level, place=place, parent=parent, code=place.code, name=place.name,
        sort_key=place.sort_key, attributes=place.attributes,
    )  # fmt: skip


def create_with_paths(rows: Sequence[Collection]) -> None:
    """Insert collections of one level whose parents are there, with their paths, in bulk."""
    if rows:
        Collection.objects.bulk_create(rows, batch_size=BATCH)
        set_paths(Collection.objects.filter(round=rows[0].round, level=rows[0].level))


def set_paths(collections: QuerySet[Collection]) -> None:
    """The paths of those collections that have none yet, from their parents', in one statement."""
    above = Collection.objects.filter(pk=OuterRef("parent")).values("path")[:1]
    own = Concat(Coalesce(Subquery(above), Value("/")), Cast("pk", CharField()), Value("/"), output_field=CharField())
    collections.filter(path="").update(path=own)
