"""What a board shows: the places below one, with the counts that lead to them and the deeds that are possible. Read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, User
from portal.accounts.roles import ROLES
from portal.collection import conditions
from portal.collection.completeness import Tally, left_out, rows_below, sums, tally_of, up
from portal.collection.models import CLASS, Collection, Extension, Result
from portal.collection.permissions import actor_of, chain_of, chain_rows, held_at, windows_of
from portal.collection.standing import Stand
from portal.collection.workflow import decide
from portal.network.models import Level
from portal.network.ordering import folded, sort_key

UNIT, SCHOOL, COUNTY = Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value
NONE = Tally()
BELOW = {Level.NATIONAL.value: COUNTY, COUNTY: SCHOOL, SCHOOL: UNIT, UNIT: CLASS}
LISTS = {Level.NATIONAL.value: (COUNTY,), COUNTY: (SCHOOL, UNIT), SCHOOL: (UNIT,)}
"""The lists of a board, by level; the first is shown where no other is asked for."""
DEEDS = (
    "remind", "block", "unblock", "reopen", "return_section", "return_extended", "exempt", "withdraw_exemption", "extend", "request_extended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the units at and below a place that are expected. ``begun``: units that somebody has worked on."""

    units: Tally = NONE
    tables: Tally = NONE
    begun: int = 0
    pupils: int = 0
    at_risk: int = 0
    requested: int = 0


class Row(NamedTuple):
    """What a list reads of a place, by names of ``Collection``: a model a place would take most of the time of a large board."""

    pk: int
    level: str
    parent_id: int
    place_id: int
    path: str
    code: str
    name: str
    sort_key: str
    state: str
    reopened: bool
    blocked: bool
    exempt: bool
    progress: str


Read = TypeVar("Read", Row, Collection)


@dataclass(frozen=True, slots=True)
class Line(Generic[Read]):
    """One place of the list. ``state``: its word; ``leader``: who leads it, '' when nobody has an account; ``deeds`` only where asked for, and
    then the place is read whole."""

    row: Read
    state: str
    late: bool
    counts: Counts
    leader: str
    deeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaits:
    """A number that leads to exactly the list it counts."""

    level: str
    code: str
    label: str | Promise
    count: int


Filter = Callable[[Line[Any]], bool]
FILTERS: dict[str, tuple[str | Promise, Filter]] = {
    "intarziat": (_("întârziate"), lambda line: line.late),
    "neinceput": (_("neîncepute"), lambda line: line.state == "not_started"),
    "redeschis": (_("redeschise"), lambda line: line.row.reopened and line.row.state != Collection.State.FINALISED),
    "la-risc": (_("la risc, de analizat"), lambda line: line.counts.at_risk > 0),
    "cerut": (_("cu monitorizare extinsă cerută, neprimită"), lambda line: line.counts.requested > 0),
    "fara-cont": (_("fără cont încă"), lambda line: not line.leader),
    "in-lucru": (_("în lucru"), lambda line: line.state in ("in_progress", "reopened", "complete")),
    "finalizat": (_("finalizate"), lambda line: line.state == "finalised"),
    "blocat": (_("blocate"), lambda line: line.row.blocked),
    "exceptat": (_("exceptate"), lambda line: line.row.exempt),
}
AWAITED = ("intarziat", "neinceput", "redeschis", "la-risc", "cerut", "fara-cont")
"""What asks for something to be done."""
AWAITED_OF_A_COUNTY = {UNIT: ("intarziat", "redeschis", "la-risc", "cerut"), SCHOOL: ("neinceput", "fara-cont")}
STATES = ("not_started", "in_progress", "reopened", "complete", "finalised", "blocked", "exempt")
"""In the order in which places go through them."""


def state_of(row: Collection | Row, begun: int) -> str:
    """The word of a place, in the order in which it matters. ``begun``: how much below it somebody has begun (of a unit: tables sent)."""
    if row.exempt:
        return "exempt"
    if row.blocked:
        return "blocked"
    if row.state == Collection.State.FINALISED:
        return "finalised"
    if row.reopened:
        return "reopened"
    if row.progress == Collection.Progress.NOT_STARTED and begun:
        return "in_progress"
    return row.progress


# ---- lines -----------------------------------------------------------------------------------------------


def listed(place: Collection, level: str, at: datetime | None = None) -> list[Line[Row]]:
    """Every place of a level below one, in order of name. As many queries for many as for few."""
    rows = [Row(*values) for values in rows_below(place, level).order_by("sort_key", "pk").values_list(*Row._fields)]
    counts, leaders, late = _counts(place, level), _leaders(place, level), _late(place, rows, at or timezone.now())
    found = []
    for row in rows:
        own = counts.get(row.pk, Counts())
        found.append(Line(row, _state(row, own), row.pk in late, own, leaders.get(row.place_id, "")))
    return found


def _state(row: Row, counts: Counts) -> str:
    """A place above units is begun when one of them is, and complete when all of them are final."""
    if row.level == UNIT:
        return state_of(row, counts.tables.received)
    state = state_of(row, counts.begun + counts.tables.received)
    return "complete" if state == "in_progress" and not counts.units.missing else state


def _late(place: Collection, rows: Sequence[Row], now: datetime) -> set[int]:
    """The places, all of one level below one, whose own limit has passed without their being final."""
    windows = windows_of(place.round)
    if windows.state != "open" or not rows or now < windows.close_of(rows[0].level):
        return set()
    given = Extension.objects.filter(collection__path__startswith=place.path, collection__level=rows[0].level, section="")
    until = dict(given.values_list("collection").annotate(Max("until")))
    if any(row.exempt for row in chain_rows(place)):
        return set()
    left_out = set(Collection.objects.filter(pk__in={row.parent_id for row in rows}, exempt=True).values_list("pk", flat=True))
    waited_for = (row for row in rows if row.state != Collection.State.FINALISED and not row.exempt and row.parent_id not in left_out)
    stands = ((row.pk, Stand(row.level, reopened=row.reopened, until=until.get(row.pk))) for row in waited_for)
    return {pk for pk, one in stands if now >= conditions.limit_of(one, windows, frozenset())}


def _counts(place: Collection, level: str) -> dict[int, Counts]:
    """By place of the list."""
    key, expected = up(UNIT, level), ~left_out(UNIT)
    risks = Result.objects.filter(collection=OuterRef("pk"), superseded_at=None, at_risk=True)
    begun = ~Q(progress=Collection.Progress.NOT_STARTED) | Q(classes_submitted__gt=0)
    summed = rows_below(place, UNIT).order_by().values(key).annotate(
        **sums(UNIT, place.round),
        _begun=Count("pk", filter=expected & begun),
        _pupils=Sum("pupils", filter=expected, default=0),
        _at_risk=Count("pk", filter=expected & Q(Exists(risks))),
        _requested=Count("pk", filter=expected & Q(extended=Collection.Extended.REQUESTED)),
    )  # fmt: skip
    return {
        one[key]: Counts(tally_of(one, UNIT), tally_of(one, CLASS), one["_begun"], one["_pupils"], one["_at_risk"], one["_requested"])
        for one in summed
    }


def _leaders(place: Collection, level: str) -> dict[int, str]:
    """Who leads each place, by place; places without an account are absent."""
    leading = [code for code, role in ROLES.items() if role.leading]
    held = Membership.objects.filter(place__in=rows_below(place, level).values("place"), role__in=leading, ended_at=None)
    return dict(held.order_by("since").values_list("place", "user__full_name"))


def with_deeds(user: User, place: Collection, lines: Sequence[Line[Row]], at: datetime | None = None) -> list[Line[Collection]]:
    """The same lines, each read whole with its place above, and with what the person may do to it now."""
    now, above = at or timezone.now(), chain_rows(place)
    whole = Collection.objects.prefetch_related("extensions")
    rows = whole.in_bulk([line.row.pk for line in lines])
    chains = {pk: [row, *above] for pk, row in whole.in_bulk({line.row.parent_id for line in lines} - {place.pk}).items()} | {place.pk: above}
    held = held_at(user, [row for chain in chains.values() for row in chain])
    actors = {pk: actor_of(user, chain, held) for pk, chain in chains.items()}
    found = []
    for line in lines:
        row, pk = rows[line.row.pk], line.row.parent_id
        row.round, row.parent = place.round, chains[pk][0]
        stands = chain_of(row, [row, *chains[pk]])
        deeds = tuple(act for act in DEEDS if decide(act, actors[pk], stands, now))
        found.append(Line(row, line.state, line.late, line.counts, line.leader, deeds))
    return found


def lines(user: User, place: Collection, at: datetime | None = None) -> list[Line[Collection]]:
    """Every place directly below one, with the deeds that are possible."""
    return with_deeds(user, place, listed(place, BELOW[place.level], at), at)


# ---- the board -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a board, as it stands in the address."""

    level: str
    state: str = ""
    query: str = ""
    order: str = "nume"

    @classmethod
    def of(cls, place: Collection, parameters: Mapping[str, str]) -> Asked:
        lists, order = LISTS[place.level], parameters.get("ordine", "")
        level = next((level for level in lists if LEVEL_WORDS[level] == parameters.get("nivel")), lists[0])
        state = parameters.get("stare", "")
        query = " ".join(parameters.get("q", "")[:100].split())
        return cls(level, state if state in FILTERS else "", query, order if order.removeprefix("-") in SORTS else "nume")


LEVEL_WORDS = {COUNTY: "inspectorate", SCHOOL: "scoli", UNIT: "unitati"}
"""The levels as addresses name them."""


def awaiting(place: Collection, lists: Mapping[str, Sequence[Line[Row]]]) -> list[Awaits]:
    """What waits for the people of a place, each number by the list and the filter it leads to."""
    codes = AWAITED_OF_A_COUNTY if place.level == COUNTY else dict.fromkeys(lists, AWAITED)
    return [Awaits(level, code, FILTERS[code][0], sum(map(FILTERS[code][1], lists[level]))) for level, own in codes.items() for code in own]


def filtered(listed: Iterable[Line[Row]], state: str, query: str) -> list[Line[Row]]:
    """The lines of one filter whose name or code holds the words searched for."""
    admits = FILTERS[state][1] if state in FILTERS else lambda line: True
    words = folded(query).split()
    return [line for line in listed if admits(line) and all(word in f"{folded(line.row.name)} {line.row.code}" for word in words)]


def chosen(user: User, place: Collection, parameters: QueryDict) -> list[Line[Collection]]:
    """The lines that somebody marked (``loc``), or all those of the list as it is asked for (``toate``), with the deeds that are possible."""
    asked = Asked.of(place, parameters.dict())  # type: ignore[arg-type]
    every = listed(place, asked.level)
    marked = set(parameters.getlist("loc"))
    picked = filtered(every, asked.state, asked.query) if "toate" in parameters else [line for line in every if str(line.row.pk) in marked]
    return with_deeds(user, place, picked)


def _rate(tally: Tally) -> Fraction:
    """Where nothing is expected stands before where nothing has come."""
    return Fraction(-1) if tally.rate is None else tally.rate


SORTS: dict[str, Callable[[Line[Row]], Any]] = {
    "nume": lambda line: line.row.sort_key,
    "stare": lambda line: STATES.index(line.state),
    "unitati": lambda line: _rate(line.counts.units),
    "tabele": lambda line: _rate(line.counts.tables),
    "elevi": lambda line: line.counts.pupils,
    "risc": lambda line: line.counts.at_risk,
    "conduce": lambda line: sort_key(line.leader),
}


def ordered(listed: Iterable[Line[Row]], order: str) -> list[Line[Row]]:
    """By a column; from its end with a minus before its code. Equal ones stay in the order of names."""
    return sorted(listed, key=SORTS[order.removeprefix("-")], reverse=order.startswith("-"))
