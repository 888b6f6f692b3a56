"""What a board shows: the places below one, with the counts that lead to them and the deeds that are possible. Read only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership, User
from portal.accounts.roles import ROLES
from portal.collection.models import CLASS, Collection
from portal.collection.permissions import actor_of, chain_of, chain_rows
from portal.collection.workflow import decide
from portal.network.models import Level
from portal.network.ordering import folded, sort_key

UNIT, SCHOOL, COUNTY = Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value
BELOW = {Level.NATIONAL.value: COUNTY, COUNTY: SCHOOL, SCHOOL: UNIT, UNIT: CLASS}
LEFT_OUT = Q(exempt=True) | Q(parent__exempt=True) | Q(parent__parent__exempt=True)
"""Units that are exempt, or whose school or county is."""
DEEDS = (
    "remind", "block", "unblock", "reopen", "return_section", "return_extended", "exempt", "withdraw_exemption", "extend", "request_extended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One place of the list. ``state``: its word; the counts are sums over its units; ``leader``: who leads it, '' when nobody has an account."""

    row: Collection
    state: str
    units: int
    units_final: int
    classes: int
    submitted: int
    pupils: int
    leader: str
    deeds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Awaits:
    """A number that leads to exactly the list it counts."""

    code: str
    label: str | Promise
    count: int


FILTERS: dict[str, tuple[str | Promise, Callable[[Line], bool]]] = {
    "neinceput": (_("neîncepute"), lambda line: line.state == "not_started"),
    "in-lucru": (_("în lucru"), lambda line: line.state in ("in_progress", "reopened", "complete")),
    "finalizat": (_("finalizate"), lambda line: line.state == "finalised"),
    "blocat": (_("blocate"), lambda line: line.row.blocked),
    "exceptat": (_("exceptate"), lambda line: line.row.exempt),
    "fara-cont": (_("fără cont încă"), lambda line: not line.leader),
}


def state_of(row: Collection, submitted: int) -> str:
    """The word of a place, in the order in which it matters."""
    if row.exempt:
        return "exempt"
    if row.blocked:
        return "blocked"
    if row.state == Collection.State.FINALISED:
        return "finalised"
    if row.reopened:
        return "reopened"
    if row.progress == Collection.Progress.NOT_STARTED and submitted:
        return "in_progress"
    return row.progress


def lines(user: User, parent: Collection, at: datetime | None = None) -> list[Line]:
    """Every place directly below one, in order of name."""
    now = at or timezone.now()
    children = list(parent.children.exclude(level=CLASS).prefetch_related("extensions").select_related("place").order_by("sort_key"))
    counts = _counts(parent)
    leaders = _leaders(children)
    chain = chain_rows(parent)
    actor = actor_of(user, chain)
    found = []
    for row in children:
        row.round = parent.round
        units, final, classes, submitted, pupils = counts.get(row.pk, (0, 0, 0, 0, 0))
        stands = chain_of(row, [row, *chain])
        deeds = tuple(act for act in DEEDS if decide(act, actor, stands, now))
        leader = leaders.get(row.place_id, "") if row.place_id else ""
        found.append(Line(row, state_of(row, submitted), units, final, classes, submitted, pupils, leader, deeds))
    return found


def _counts(parent: Collection) -> dict[int, tuple[int, int, int, int, int]]:
    """Sums over the units of each place directly below: units, final ones, classes, tables sent, pupils. Exempt units count nowhere."""
    depth = len(parent.chain_ids)
    units = Collection.objects.filter(path__startswith=parent.path, level=UNIT).exclude(LEFT_OUT)
    found: dict[int, list[int]] = {}
    for path, state, classes, submitted, pupils in units.values_list("path", "state", "classes", "classes_submitted", "pupils"):
        key = int(path.split("/")[depth + 1])
        sums = found.setdefault(key, [0, 0, 0, 0, 0])
        for index, value in enumerate((1, state == Collection.State.FINALISED, classes, submitted, pupils)):
            sums[index] += value
    return {key: (sums[0], sums[1], sums[2], sums[3], sums[4]) for key, sums in found.items()}


def _leaders(rows: Sequence[Collection]) -> dict[int, str]:
    """Who leads each place, by place; places without an account are absent."""
    leading = [code for code, role in ROLES.items() if role.leading]
    places = [row.place_id for row in rows if row.place_id]
    held = Membership.objects.filter(place__in=places, role__in=leading, ended_at=None).select_related("user").order_by("since")
    return {membership.place_id: membership.user.full_name for membership in held}


def awaiting(listed: Iterable[Line]) -> list[Awaits]:
    """The counts over a list, each by the filter it leads to."""
    rows = list(listed)
    return [Awaits(code, label, sum(1 for line in rows if admits(line))) for code, (label, admits) in FILTERS.items()]


def filtered(listed: Iterable[Line], state: str, query: str) -> list[Line]:
    """The lines of one filter whose name or code holds the words searched for."""
    admits = FILTERS[state][1] if state in FILTERS else lambda line: True
    words = folded(query).split()
    return [line for line in listed if admits(line) and all(word in f"{folded(line.row.name)} {line.row.code}" for word in words)]


def chosen(user: User, parent: Collection, asked: QueryDict) -> list[Line]:
    """The lines that somebody marked (``loc``), or all those of the filter (``toate``, ``stare``, ``q``)."""
    listed = lines(user, parent)
    if "toate" in asked:
        return filtered(listed, asked.get("stare", ""), asked.get("q", ""))
    marked = set(asked.getlist("loc"))
    return [line for line in listed if str(line.row.pk) in marked]


SORTS: dict[str, Callable[[Line], object]] = {
    "nume": lambda line: sort_key(line.row.name),
    "stare": lambda line: (line.state, line.row.sort_key),
    "tabele": lambda line: (line.submitted / line.classes if line.classes else -1, line.row.sort_key),
    "elevi": lambda line: (-line.pupils, line.row.sort_key),
}


def totals(collections: QuerySet[Collection]) -> dict[str, int]:
    """Expected, exempt, final units; classes and tables sent, over a set of units. The same numbers wherever they are shown."""
    found = collections.filter(level=UNIT).aggregate(
        _units=Count("pk", filter=~LEFT_OUT),
        _exempt=Count("pk", filter=LEFT_OUT),
        _final=Count("pk", filter=~LEFT_OUT & Q(state=Collection.State.FINALISED)),
        _classes=Sum("classes", filter=~LEFT_OUT, default=0),
        _submitted=Sum("classes_submitted", filter=~LEFT_OUT, default=0),
        _pupils=Sum("pupils", filter=~LEFT_OUT, default=0),
    )
    return {name.removeprefix("_"): value for name, value in found.items()}
