"""How complete a round is and how timely. This is the one place where it is counted: boards, lists, pages, exports and reports read it here.

Of every kind of thing that is waited for – class tables, units, schools, inspectorates – it says how many are exempt, how many of the others are
expected, how many of those have been received, and how many of those on time.

- *Exempt* is what is left out of the round, itself or with a place above it; the tables of an exempt unit are exempt with it. Everything else of
  the round is *expected*, so that what is expected is exactly what the level above waits for.
- *Received* is what is valid now: a table that is sent, a place that is final. What was returned or reopened is not, until it comes again.
- *On time* is what had come, for the first time, before the round's own limit for its level. What was reopened later and came again stays on time;
  what came thanks to an extension, or a table that the unit sent after the classes had closed, is late.

Each is a part of the one before, so no rate passes 100 %. Rates are cut, never rounded up: 100 % means all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from portal.collection.models import CLASS, Collection
from portal.collection.permissions import windows_of
from portal.network.models import Level
from portal.rounds.models import Round

UNIT, SCHOOL, COUNTY, NATIONAL = (level.value for level in (Level.UNIT, Level.SCHOOL, Level.COUNTY, Level.NATIONAL))
KINDS: Mapping[str, tuple[str, ...]] = {
    CLASS: (), UNIT: (CLASS,), SCHOOL: (CLASS, UNIT), COUNTY: (CLASS, UNIT, SCHOOL), NATIONAL: (CLASS, UNIT, SCHOOL, COUNTY),
}  # fmt: skip
"""What a place of each level waits for, by the level of the thing, lowest first."""
PLACES = (UNIT, SCHOOL, COUNTY, NATIONAL)
"""Levels of places, lowest first: each step upwards is one ``parent``."""
PARTS = 100
"""Of a percent: two decimals are kept."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one kind of thing: those expected, of them those received, of them those on time; and those exempt, which are none of them."""

    expected: int = 0
    exempt: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def late(self) -> int:
        return self.received - self.on_time

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def rate(self) -> Fraction | None:
        """Percent of those expected that have been received; None where nothing is expected."""
        return percent(self.received, self.expected)

    @property
    def timely(self) -> Fraction | None:
        """Percent of those expected that came on time; None where nothing is expected."""
        return percent(self.on_time, self.expected)


Tallies = dict[str, Tally]
"""By kind, in the order of ``KINDS``."""


def percent(part: int, whole: int) -> Fraction | None:
    """Cut to two decimals, so that less than all is never 100 %."""
    return Fraction(part * 100 * PARTS // whole, PARTS) if whole else None


def of(place: Collection) -> Tallies:
    """What a place waits for below itself."""
    return by_place(place, place.level).get(place.pk, _nothing(place.level))


def by_place(top: Collection, level: str) -> dict[int, Tallies]:
    """What each place of a level waits for, by its id: the places below ``top``, or ``top`` itself. As many queries for many as for few."""
    places = list(rows_below(top, level).values_list("pk", flat=True)) if level != top.level else [top.pk]
    found = {pk: _nothing(level) for pk in places}
    for kind in (UNIT, *KINDS[level][2:]):
        for pk, tallies in _counted(top, kind, level).items():
            found[pk] |= {each: tally for each, tally in tallies.items() if each in found[pk]}
    return found


def lines(top: Collection) -> Iterator[tuple[Collection, dict[str, Collection], Tallies]]:
    """A place and every place below it that waits for something, each with the places it lies in by level, from the top down."""
    above = {row.pk: row for row in Collection.objects.filter(pk__in=top.chain_ids)}
    for level in reversed(PLACES[: PLACES.index(top.level) + 1]):
        tallies = by_place(top, level)
        rows = rows_below(top, level).order_by("path") if level != top.level else [top]
        for row in rows:
            above[row.pk] = row
            yield row, {above[pk].level: above[pk] for pk in row.chain_ids[:-1]}, tallies[row.pk]


def pupils_of(place: Collection) -> int:
    """Pupils of the expected units at and below a place: those in the tables sent, and those declared of the other classes."""
    units = rows_below(place, UNIT) if place.level != UNIT else Collection.objects.filter(pk=place.pk)
    return int(units.exclude(left_out(UNIT)).aggregate(many=Sum("pupils", default=0))["many"])


def in_time(row: Collection, round_: Round) -> bool:
    """Whether something that has been received had come before the round's limit for its level."""
    return row.received_at is not None and row.received_at < windows_of(round_).close_of(row.level)


def rows_below(place: Collection, level: str) -> QuerySet[Collection]:
    """The places of a level below one, by ways that pass no classes: these are most of what begins with a path."""
    rows = Collection.objects.filter(level=level)
    if place.level == NATIONAL:
        return rows.filter(round=place.round_id)
    return rows.filter(**{up(level, place.level): place.pk})


def up(level: str, to: str) -> str:
    """The way from a place of a level to the one above it that it lies in: ``parent__parent``; ``pk`` for itself."""
    steps = PLACES.index(to) - PLACES.index(level)
    return "__".join(["parent"] * steps) if steps else "pk"


def left_out(level: str) -> Q:
    """Places of a level that are exempt, themselves or with a place above them."""
    found = Q(exempt=True)
    for above in PLACES[PLACES.index(level) + 1 : -1]:
        found |= Q(**{f"{up(level, above)}__exempt": True})
    return found


def sums(level: str, round_: Round) -> dict[str, Aggregate]:
    """What is counted over places of a level: ``unit_expected``, ``unit_received`` … and over units also ``class_expected`` …"""
    exempt, final = left_out(level), Q(state=Collection.State.FINALISED)
    timely = final & Q(received_at__lt=windows_of(round_).close_of(level))
    counted: dict[str, Aggregate] = {
        f"{level}_expected": Count("pk", filter=~exempt),
        f"{level}_exempt": Count("pk", filter=exempt),
        f"{level}_received": Count("pk", filter=~exempt & final),
        f"{level}_on_time": Count("pk", filter=~exempt & timely),
    }
    return counted | _sums_of_tables(exempt) if level == UNIT else counted


def _sums_of_tables(exempt: Q) -> dict[str, Aggregate]:
    """Every unit counts its own tables; above it they are added up."""
    return {
        f"{CLASS}_expected": Sum("classes", filter=~exempt, default=0),
        f"{CLASS}_exempt": Sum("classes", filter=exempt, default=0),
        f"{CLASS}_received": Sum("classes_submitted", filter=~exempt, default=0),
        f"{CLASS}_on_time": Sum("classes_on_time", filter=~exempt, default=0),
    }


def tally_of(counted: Mapping[str, Any], kind: str) -> Tally:
    """One kind among what ``sums`` has counted."""
    return Tally(*(counted[f"{kind}_{name}"] for name in ("expected", "exempt", "received", "on_time")))


def _counted(top: Collection, kind: str, level: str) -> dict[int, Tallies]:
    """Places of one kind below ``top``, counted by the place of a level that they lie in; with units come their tables."""
    kinds = (CLASS, UNIT) if kind == UNIT else (kind,)
    rows = rows_below(top, kind).order_by().values(up(kind, level)).annotate(**sums(kind, top.round))
    return {one[up(kind, level)]: {each: tally_of(one, each) for each in kinds} for one in rows}


def _nothing(level: str) -> Tallies:
    return {kind: Tally() for kind in KINDS[level]}
