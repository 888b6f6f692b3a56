"""Opening a round: every place that collects gets its collection, with a snapshot of the place; classes come from the imported list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from portal.collection.models import Collection
from portal.network.models import Level, Place
from portal.rounds.models import Round

TOP_DOWN = (Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT)
BATCH = 2000


def open_round(round_: Round) -> int:
    """Create the collections of all places and open the round; gives how many there are. Opening twice adds only what is missing."""
    with transaction.atomic():
        round_ = Round.objects.select_for_update().get(pk=round_.pk)
        made = create_collections(round_)
        round_.state = Round.State.OPEN
        round_.opened_at = round_.opened_at or timezone.now()
        round_.save()
    return made


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
