"""The network from one round to the next: what is new, gone, renamed, moved, became a structure or a school, merged, split.

Each round keeps its own snapshot of every place, so that years long closed can still be compared; the last snapshot is compared with the network as
it is now. The same school or unit is found by its code with the digit of its status masked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.collection.models import Collection
from portal.network.codes import STATUS_AT, identity
from portal.network.models import Level, Place
from portal.network.successions import successions
from portal.rounds.models import Round
from portal.structure.changes import Change

LEVELS = (Level.SCHOOL.value, Level.UNIT.value)
BECAME = {("1", "2"): "became_structure", ("2", "1"): "became_school"}
Key = tuple[str, str]
"""Level, and what stays of the code."""


@dataclass(frozen=True, slots=True)
class Known:
    """A school or unit in one year. ``school``: code and name of the one it belongs to, '' for a school."""

    level: str
    code: str
    name: str
    school: str
    school_name: str

    @property
    def key(self) -> Key:
        return self.level, identity(self.code)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two years side by side; ``after`` None: the network as it is now."""

    before: Round
    after: Round | None

    @property
    def name(self) -> str:
        return self.before.school_year


def pairs() -> list[Pair]:
    """Every round that has been opened, beside the next one; the last beside the network now. Newest first."""
    rounds = list(Round.objects.exclude(state=Round.State.DRAFT).order_by("school_year"))
    following: list[Round | None] = [*rounds[1:], None]
    return [Pair(before, after) for before, after in zip(rounds, following, strict=False)][::-1]


def of_round(round_: Round, place: Place) -> list[Known]:
    """The schools and units of a place as a round keeps them."""
    top = Collection.objects.filter(round=round_, place=place).first()
    if top is None:
        return []
    return _known(Collection.objects.filter(path__startswith=top.path, level__in=LEVELS))


def of_now(place: Place) -> list[Known]:
    """Those that the next round would take."""
    return _known(Place.objects.filter(path__startswith=place.path, level__in=LEVELS, collects=True, closed_on=None))


def _known(rows: QuerySet[Any]) -> list[Known]:
    values = rows.order_by("sort_key", "pk").values_list("level", "code", "name", "parent__code", "parent__name")
    return [Known(level, code, name, *((school, named) if level == Level.UNIT else ("", ""))) for level, code, name, school, named in values]


def difference(pair: Pair, place: Place) -> list[Change]:
    """What changed at and below a place."""
    return list(compare(of_round(pair.before, place), of_now(place) if pair.after is None else of_round(pair.after, place)))


def compare(before: Iterable[Known], after: Iterable[Known]) -> Iterator[Change]:
    """Every change, a line each; one place may have changed in several ways."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    yield from (["created", one.level, one.code, one.name, "", one.school_name] for key, one in new.items() if key not in old)
    yield from (["gone", one.level, one.code, one.name, one.school_name, ""] for key, one in old.items() if key not in new)
    both = [(old[key], new[key]) for key in old if key in new]
    for was, now in both:
        yield from _changed(was, now)
    yield from _successions(both, old, new)


def _changed(was: Known, now: Known) -> Iterator[Change]:
    about = [now.level, now.code, now.name]
    if was.code != now.code:
        yield [BECAME.get((was.code[STATUS_AT], now.code[STATUS_AT]), "recoded"), *about, was.code, now.code]
    if was.name != now.name:
        yield ["renamed", *about, was.name, now.name]
    if was.school != now.school:
        yield ["moved", *about, f"{was.school_name} ({was.school})", f"{now.school_name} ({now.school})"]


def _successions(both: list[tuple[Known, Known]], old: dict[Key, Known], new: dict[Key, Known]) -> Iterator[Change]:
    schools = {one.code: one for one in (*new.values(), *old.values()) if one.level == Level.SCHOOL}
    gone = {one.code for key, one in old.items() if one.level == Level.SCHOOL and key not in new}
    made = {one.code for key, one in new.items() if one.level == Level.SCHOOL and key not in old}
    moves = [(was.school, now.school) for was, now in both if was.level == Level.UNIT and was.school != now.school]
    for kind, found in zip(("merged", "split"), successions(moves, gone, made), strict=True):
        for one, other in found:
            school, heir = schools[one], schools[other]
            yield [kind, school.level, school.code, school.name, school.name, f"{heir.name} ({heir.code})"]
