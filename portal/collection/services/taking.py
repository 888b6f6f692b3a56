"""What a round takes from the network: a collection for every place that is expected, and for every class recorded of its school year.

Each statement makes all rows of a level, and only those that are not there yet, so that doing it again does nothing. Nothing is taken below a
place that is final. The caller holds the network (``network.lock``).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, Count, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from engine.methodology import Methodology
from portal.collection.bulk import insert
from portal.collection.models import CLASS, Collection, Response
from portal.network.models import ABOVE, ClassRecord, Level, Place
from portal.rounds import methodologies
from portal.rounds.models import Round

TOP_DOWN = (Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT)
BATCH = 2000
OPEN = ~Q(state=Collection.State.FINALISED) & ~Q(parent__state=Collection.State.FINALISED)
"""Places that are not final, nor what lies above them, up to the county."""

Made = dict[str, int]
"""How many collections were made, by level."""


# ---- places ----------------------------------------------------------------------------------------------


def expected(level: str) -> QuerySet[Place]:
    """The places of a level that take part in a round: open units with pupils, and whatever lies open above one."""
    units = Place.objects.filter(level=Level.UNIT, collects=True, closed_on=None, parent__closed_on=None, parent__parent__closed_on=None)
    below = {Level.UNIT: "pk", Level.SCHOOL: "parent", Level.COUNTY: "parent__parent"}
    places = Place.objects.filter(level=level)
    return places if level == Level.NATIONAL else places.filter(Exists(units.filter(**{below[Level(level)]: OuterRef("pk")})))


def take_all(round_: Round) -> None:
    """Takes the whole country."""
    take_nation(round_)
    for county in expected(Level.COUNTY):
        take(round_, county)


def take_nation(round_: Round) -> None:
    _take_places(round_, Level.NATIONAL, Place.objects.get(level=Level.NATIONAL))


def take(round_: Round, below: Place) -> Made:
    """Takes a place with everything below it and all classes; what lies above it is there already."""
    return take_places(round_, below) | {CLASS: take_classes(round_, below)}


def take_places(round_: Round, below: Place) -> Made:
    return {level.value: _take_places(round_, level, below) for level in TOP_DOWN[TOP_DOWN.index(Level(below.level)) :]}


def untaken(round_: Round, level: str) -> QuerySet[Place]:
    """The expected places of a level that the round does not have."""
    return expected(level).exclude(Exists(Collection.objects.filter(round=round_, place=OuterRef("pk"))))


def _take_places(round_: Round, level: Level, below: Place) -> int:
    there = Collection.objects.filter(round=round_)
    places = expected(level).filter(path__startswith=below.path).exclude(Exists(there.filter(place=OuterRef("pk"))))
    above = there.filter(OPEN, place=OuterRef("parent"))
    if level in ABOVE:
        places = places.filter(Exists(above))
    many = insert(
        Collection, places, round=Value(round_.pk), level=F("level"), place=F("pk"), parent=Subquery(above.values("pk")[:1]),
        code=F("code"), name=F("name"), sort_key=F("sort_key"), attributes=F("attributes"),
    )  # fmt: skip
    set_paths()
    return many


# ---- classes ---------------------------------------------------------------------------------------------


def take_classes(round_: Round, below: Place, only: Q | None = None) -> int:
    """The recorded classes of the units at and below a place, with their parameters; those there already stay. ``only``: which records."""
    top = Collection.objects.filter(round=round_, place=below).first()
    if top is None:
        return 0
    here = FilteredRelation("unit__collections", condition=Q(unit__collections__round=round_))
    known = Collection.objects.filter(parent=OuterRef("here__pk"), level=CLASS, code=OuterRef("code"))
    records = ClassRecord.objects.filter(only or Q(), school_year=round_.school_year, unit__path__startswith=below.path).annotate(here=here)
    open_ = {"here__state": Collection.State.OPEN, "here__parent__state": Collection.State.OPEN}
    many = insert(
        Collection, records.filter(**open_).exclude(Exists(known)), round=Value(round_.pk), level=Value(CLASS), parent=F("here__pk"),
        attributes=F("here__attributes"), code=F("code"), name=F("name"), sort_key=F("sort_key"), pupils=F("pupils"),
    )  # fmt: skip
    if many:
        set_paths()
        _answer(round_, below, top)
        count_classes(Collection.objects.filter(path__startswith=top.path, level=Level.UNIT))
    return many


def _answer(round_: Round, below: Place, top: Collection) -> None:
    """What the network knows of classes that have no answers yet, as their first answers."""
    methodology = methodologies.of(round_.methodology)
    records = ClassRecord.objects.filter(school_year=round_.school_year, unit__path__startswith=below.path)
    known = {(record.unit_id, record.code): parameters(record, methodology) for record in records.iterator(BATCH)}
    classes = Collection.objects.filter(path__startswith=top.path, level=CLASS, responses=None)
    section, now = methodology.sections[0].code, timezone.now()
    found = ((pk, known.get((place, code))) for pk, place, code in classes.values_list("pk", "parent__place", "code"))
    rows = (Response(collection_id=pk, section=section, values=values, revision=1, saved_at=now) for pk, values in found if values is not None)
    Response.objects.bulk_create(rows, batch_size=BATCH)


def parameters(record: ClassRecord, methodology: Methodology) -> dict[str, object]:
    """What the network knows of a class, as far as the methodology asks for it."""
    fields = methodology.fields.get(CLASS, {})
    return {code: value for code, value in record.parameters.items() if code in fields}


def count_classes(units: QuerySet[Collection]) -> None:
    """Sets the counters of units from their classes."""
    classes = Collection.objects.filter(parent=OuterRef("pk"), level=CLASS).order_by().values("parent")
    sent = Q(progress=Collection.Progress.SUBMITTED)
    on_time = sent & Q(received_at__lt=F("round__class_close"))
    units.update(
        classes=Coalesce(Subquery(classes.annotate(many=Count("pk")).values("many")), 0),
        classes_submitted=Coalesce(Subquery(classes.annotate(many=Count("pk", filter=sent)).values("many")), 0),
        classes_on_time=Coalesce(Subquery(classes.annotate(many=Count("pk", filter=on_time)).values("many")), 0),
        pupils=Coalesce(Subquery(classes.annotate(many=Sum("pupils")).values("many")), 0),
    )


# ---- rows in bulk ----------------------------------------------------------------------------------------


def create_with_paths(rows: Sequence[Collection]) -> None:
    """Insert collections of one level whose parents are there, with their paths, in bulk."""
    if rows:
        Collection.objects.bulk_create(rows, batch_size=BATCH)
        set_paths()


def set_paths() -> None:
    """The paths of collections that have none yet, from their parents', in one statement."""
    above = Collection.objects.filter(pk=OuterRef("parent")).values("path")[:1]
    own = Concat(Coalesce(Subquery(above), Value("/")), Cast("pk", CharField()), Value("/"), output_field=CharField())
    Collection.objects.filter(path="").update(path=own)


def overwrite(rows: Sequence[Collection], columns: Sequence[str]) -> None:
    """Write some columns of rows that are there: rows that meet themselves, which is much quicker than a case for every row."""
    Collection.objects.bulk_create(rows, BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=columns)
