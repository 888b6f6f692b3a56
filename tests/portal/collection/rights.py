"""An independent statement of who may do what, when: ``tests/fixtures/rights.md`` read as data, and the meaning of its words.

Nothing here looks at how the program decides. A situation is written as people say it (which place is final, which is blocked, what time it
is); ``chain_of`` and ``actor_of`` turn it into what the program is asked with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from portal.collection.standing import Actor, Chain, LinkState, Obstacles, Stand, Windows

TABLE = Path(__file__).resolve().parents[2] / "fixtures" / "rights.md"
LEVELS = ("class", "unit", "school", "county", "national")
ZONE = ZoneInfo("Europe/Bucharest")
OPENS, CLASS_CLOSE, UNIT_CLOSE, SCHOOL_CLOSE, COUNTY_CLOSE, AMEND = (
    datetime(2025, 11, 3, tzinfo=ZONE), datetime(2025, 12, 13, tzinfo=ZONE), datetime(2025, 12, 20, tzinfo=ZONE),
    datetime(2026, 1, 17, tzinfo=ZONE), datetime(2026, 1, 31, tzinfo=ZONE), datetime(2026, 2, 28, tzinfo=ZONE),
)  # fmt: skip
CLOSES = {"class": CLASS_CLOSE, "unit": UNIT_CLOSE, "school": SCHOOL_CLOSE, "county": COUNTY_CLOSE, "national": AMEND}
SECOND = timedelta(seconds=1)
MOMENTS = [moment - step for moment in (OPENS, *list(CLOSES.values())[:-1], AMEND) for step in (SECOND, timedelta(0))]
NOON = datetime(2025, 11, 20, 12, tzinfo=ZONE)


# ---- the country and its people --------------------------------------------------------------------------

ABOVE = {
    "A": "nation", "B": "nation", "A1": "A", "A2": "A", "B1": "B", "A1x": "A1", "A1y": "A1", "A2x": "A2", "B1x": "B1",
    "A1x-V": "A1x", "A1x-VI": "A1x", "A1y-V": "A1y",
}  # fmt: skip
"""A place and the one above it."""
ROLES = {
    "national": ("national_member", "methodologist", "analyst"), "county": ("general_inspector", "inspector", "analyst"),
    "school": ("director",), "unit": ("unit_manager", "operator"),
}  # fmt: skip
TARGETS = {"class": "A1x-V", "unit": "A1x", "school": "A1", "county": "A", "national": "nation"}
"""The place that is asked about, of each level."""


def way_up(place: str) -> list[str]:
    """A place and everything above it, lowest first."""
    return [place, *way_up(ABOVE[place])] if place in ABOVE else [place]


def level_of(place: str) -> str:
    return LEVELS[5 - len(way_up(place))]


@dataclass(frozen=True)
class Person:
    """A role at a place; ``link`` at a class; nobody in particular without a role."""

    role: str
    place: str

    def has(self, right: str, target: str) -> bool:
        """Whether the person has what the column „who” names, for a target."""
        if right == "link":
            return self.role == "link" and self.place == target
        role, level = right.split("@")
        held = {self.role, "inspector"} if self.role == "general_inspector" else {self.role}
        return role in held and self.place in way_up(target) and level_of(self.place) == level


def people() -> list[Person]:
    """Everybody: each role at every place that has it, the links of two classes, and somebody without any role."""
    places = ["nation", *ABOVE]
    found = [Person(role, place) for place in places for role in ROLES.get(level_of(place), ())]
    return [*found, Person("link", "A1x-V"), Person("link", "A1x-VI"), Person("nobody", "nation")]


# ---- a situation -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """How one place of the chain stands, as people say it."""

    final: bool = False
    blocked: bool = False
    exempt: bool = False
    reopened: bool = False
    sent: bool = False
    extension: datetime | None = None
    sections_extended: Mapping[str, datetime] = field(default_factory=dict)
    extended: str = "optional"
    extended_until: datetime | None = None
    sent_back: str = ""


@dataclass(frozen=True)
class Situation:
    """``sections``: what is asked about (None: anything); ``missing``: what stands in the way of finalising or sending."""

    places: Mapping[str, Place] = field(default_factory=dict)
    round: str = "open"
    now: datetime = NOON
    sections: frozenset[str] | None = None
    missing: str = ""
    link: LinkState = field(default_factory=LinkState)

    def at(self, level: str) -> Place:
        return self.places.get(level, Place())

    def up(self, target: str) -> list[Place]:
        return [self.at(level) for level in LEVELS[LEVELS.index(target) :]]

    def limit(self, level: str) -> datetime:
        """The first moment that is too late for a place of a level."""
        place = self.at(level)
        moments = [CLOSES[level]]
        if place.reopened:
            moments.append(AMEND)
        if place.extension:
            moments.append(place.extension)
        moments += [until for section, until in place.sections_extended.items() if self.sections is None or section in self.sections]
        return max(moments)


Need = Callable[[Situation, str, Person], bool]


def _extended_open(one: Situation, target: str, who: Person) -> bool:
    """Until the date of the request; without a request with the rest of the unit."""
    unit = one.at("unit")
    if unit.extended == "requested":
        later = [until for section, until in unit.sections_extended.items() if one.sections is None or section in one.sections]
        return unit.extended_until is None or one.now < max([unit.extended_until, *later])
    return not any(place.final for place in one.up(target)) and _time_to_write(one, target, who) and _section_not_frozen(one, target, who)


def _time_to_write(one: Situation, target: str, who: Person) -> bool:
    """Links until the classes close, whatever was given to anybody; units until the units close, class tables included."""
    if who.role == "link":
        return one.now < CLASS_CLOSE
    return one.now < one.limit("unit" if target == "class" else target)


def _section_not_frozen(one: Situation, target: str, who: Person) -> bool:
    back = one.at("unit").sent_back
    return not back or one.sections is None or back in one.sections


def _link_alive(one: Situation, target: str, who: Person) -> bool:
    if who.role != "link":
        return True
    end = one.link.grace_until or one.link.expires_at
    return not one.link.revoked and (end is None or one.now < end)


NEEDS: dict[str, tuple[Need, frozenset[str]]] = {
    "round open": (lambda one, t, w: one.round == "open" and one.now >= OPENS, frozenset({"round_not_open", "round_closed"})),
    "chain not final": (lambda one, t, w: not any(p.final for p in one.up(t)), frozenset({"finalised_here", "finalised_above"})),
    "chain not exempt": (lambda one, t, w: not any(p.exempt for p in one.up(t)), frozenset({"exempt"})),
    "chain not blocked": (lambda one, t, w: not any(p.blocked for p in one.up(t)), frozenset({"blocked_here", "blocked_above"})),
    "above not final": (lambda one, t, w: not any(p.final for p in one.up(t)[1:]), frozenset({"finalised_above"})),
    "above not blocked": (lambda one, t, w: not any(p.blocked for p in one.up(t)[1:]), frozenset({"blocked_above"})),
    "county not final": (lambda one, t, w: not one.at("county").final, frozenset({"finalised_above"})),
    "final": (lambda one, t, w: one.at(t).final, frozenset({"not_finalised"})),
    "frozen": (lambda one, t, w: one.at(t).final or bool(one.at(t).sent_back), frozenset({"not_finalised"})),
    "not final": (lambda one, t, w: not one.at(t).final, frozenset({"finalised_here"})),
    "blocked": (lambda one, t, w: one.at(t).blocked, frozenset({"not_blocked"})),
    "not blocked": (lambda one, t, w: not one.at(t).blocked, frozenset({"blocked_here"})),
    "exempt": (lambda one, t, w: one.at(t).exempt, frozenset({"not_exempt"})),
    "not exempt": (lambda one, t, w: not one.at(t).exempt, frozenset({"exempt"})),
    "sent": (lambda one, t, w: one.at(t).sent, frozenset({"not_submitted"})),
    "not sent": (lambda one, t, w: not one.at(t).sent, frozenset({"submitted"})),
    "ready": (lambda one, t, w: not one.missing, frozenset({"sections", "classes", "children", "must_fix", "explain"})),
    "section not frozen": (_section_not_frozen, frozenset({"rest_frozen"})),
    "nothing sent back": (lambda one, t, w: not one.at("unit").sent_back, frozenset({"rest_frozen"})),
    "extended final": (lambda one, t, w: one.at("unit").extended == "finalised", frozenset({"extended_not_finalised"})),
    "extended not final": (lambda one, t, w: one.at("unit").extended != "finalised", frozenset({"extended_finalised"})),
    "extended open": (_extended_open, frozenset({"window_closed", "finalised_here", "finalised_above", "rest_frozen"})),
    "time to write": (_time_to_write, frozenset({"window_closed"})),
    "time to finalise": (lambda one, t, w: one.now < one.limit(t), frozenset({"window_closed"})),
    "time of classes": (lambda one, t, w: one.now < CLASS_CLOSE, frozenset({"window_closed"})),
    "time of corrections": (lambda one, t, w: one.now < AMEND, frozenset({"window_closed"})),
    "link alive": (_link_alive, frozenset({"link_revoked", "link_expired"})),
}
"""A need, and the codes of the reasons that may be given when it does not hold."""


# ---- the table -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Right:
    """One row of the table for one level: who may, and what it needs."""

    act: str
    on: str
    who: tuple[str, ...]
    needs: tuple[str, ...]

    def admits(self, person: Person) -> bool:
        return any(person.has(right, TARGETS[self.on]) for right in self.who)

    def failing(self, one: Situation, person: Person) -> list[str]:
        return [need for need in self.needs if not NEEDS[need][0](one, self.on, person)]


@cache
def table() -> tuple[Right, ...]:
    rows = [line.strip().strip("|").split("|") for line in TABLE.read_text("utf-8").splitlines() if line.startswith("|")][2:]
    return tuple(Right(act.strip(), level, _words(who), _words(needs)) for act, on, who, needs in rows for level in _words(on))


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(",") if word.strip())


# ---- as the program is asked -----------------------------------------------------------------------------


def chain_of(one: Situation, target: str) -> Chain:
    windows = Windows(one.round, OPENS, CLASS_CLOSE, UNIT_CLOSE, SCHOOL_CLOSE, COUNTY_CLOSE, AMEND)
    stands = tuple(_stand(level, one.at(level)) for level in LEVELS[LEVELS.index(target) :])
    return Chain(windows, stands, Obstacles(**({one.missing: 3} if one.missing else {})), one.sections)


def _stand(level: str, place: Place) -> Stand:
    return Stand(
        level, finalised=place.final, reopened=place.reopened, blocked=place.blocked, exempt=place.exempt,
        progress="submitted" if place.sent else "in_progress", extended=place.extended, extended_until=place.extended_until,
        until=place.extension, section_until=place.sections_extended, returned=place.sent_back,
    )  # fmt: skip


def actor_of(person: Person, target: str, link: LinkState) -> Actor:
    """The roles on the way up from the target, by the level where they are held; a link is a link only for its own class."""
    if person.role == "link":
        return Actor(link=link) if person.place == target else Actor()
    if person.place not in way_up(target) or person.role == "nobody":
        return Actor()
    included = {"inspector"} if person.role == "general_inspector" else set()
    return Actor({level_of(person.place): frozenset({person.role} | included)})


# ---- situations ------------------------------------------------------------------------------------------

LATER, PAST, AFTER_ALL = NOON + timedelta(days=5), NOON - timedelta(days=5), AMEND + timedelta(days=5)
Change = Callable[[Situation], Situation]


def _place(level: str, **changed: object) -> tuple[str, Change]:
    return level, lambda one: replace(one, places={**one.places, level: replace(one.at(level), **changed)})  # type: ignore[arg-type]


def _whole(**changed: object) -> tuple[str, Change]:
    return "national", lambda one: replace(one, **changed)  # type: ignore[arg-type]


def changes(target: str) -> list[Change]:
    """Everything that can be otherwise than in a quiet round, one by one, as far as a target of this level can feel it."""
    return [change for level, change in _changes() if LEVELS.index(level) >= LEVELS.index(target)]


def _changes() -> Iterator[tuple[str, Change]]:
    for level in LEVELS:
        for flag in ("final", "blocked", "exempt", "reopened"):
            yield _place(level, **{flag: True})
        yield _place(level, extension=AFTER_ALL)
        yield _place(level, extension=PAST)
    yield _place("class", sent=True)
    for until in (None, LATER, PAST):
        yield _place("unit", extended="requested", extended_until=until)
    yield _place("unit", extended="finalised")
    for section in ("basic", "extended"):
        yield _place("unit", sent_back=section, reopened=True)
        yield _place("unit", sections_extended={section: AFTER_ALL})
        yield _whole(sections=frozenset({section}))
    yield _whole(sections=frozenset({"table"}))
    for missing in ("sections", "classes", "children", "must_fix", "explain"):
        yield _whole(missing=missing)
    yield _whole(round="draft")
    yield _whole(round="closed")
    yield _whole(link=LinkState(revoked=True))
    yield _whole(link=LinkState(expires_at=PAST))
    yield _whole(link=LinkState(expires_at=PAST, grace_until=LATER))


@cache
def situations(target: str) -> tuple[tuple[Situation, Chain], ...]:
    """With the chain as the program sees it: a quiet round and every change alone at every boundary of a window; every two changes together."""
    every, quiet = changes(target), Situation()
    alone = [replace(change(quiet), now=now) for now in (NOON, *MOMENTS) for change in (lambda one: one, *every)]
    paired = [replace(second(first(quiet)), now=now) for now in (NOON, UNIT_CLOSE) for first, second in combinations(every, 2)]
    return tuple((one, chain_of(one, target)) for one in [*alone, *paired])
