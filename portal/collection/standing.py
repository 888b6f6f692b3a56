"""How a place and everything above it stand, and who asks: the plain data that decisions are made of. No database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from portal.network.models import Level

CLASS = "class"
ORDER = (CLASS, Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value, Level.NATIONAL.value)
"""Levels from the lowest to the highest."""
TABLE = "table"
"""How a class table is named among the sections of a class."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or no because …; true in a condition when it is a yes."""

    allowed: bool
    code: str = ""
    sentence: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


@dataclass(frozen=True, slots=True)
class Stand:
    """How one place of the chain stands.

    ``until``: the end of an extension of the whole place, ``section_until`` of one section of it; ``returned``: the only section that a partial
    return has opened, '' where there was none.
    """

    level: str
    name: str = ""
    finalised: bool = False
    reopened: bool = False
    blocked: bool = False
    exempt: bool = False
    progress: str = "not_started"
    extended: str = "optional"
    extended_until: datetime | None = None
    until: datetime | None = None
    section_until: Mapping[str, datetime] = field(default_factory=dict)
    returned: str = ""


@dataclass(frozen=True, slots=True)
class Windows:
    """The round: its state, and the first moments that are too late."""

    state: str
    opens_at: datetime
    class_close: datetime
    unit_close: datetime
    school_close: datetime
    county_close: datetime
    amend_until: datetime

    def close_of(self, level: str) -> datetime:
        """When the own window of a level ends; the nation's is open as long as corrections are."""
        return self.amend_until if level == Level.NATIONAL else getattr(self, f"{level}_close")  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands between a place and its finalisation, counted. All zero: it is ready."""

    sections: int = 0
    classes: int = 0
    children: int = 0
    must_fix: int = 0
    explain: int = 0

    @property
    def any(self) -> bool:
        return self != Obstacles()


@dataclass(frozen=True, slots=True)
class Chain:
    """A place with every place above it, lowest first, and the round they are in.

    ``obstacles``: only where finalising or sending is asked about; ``sections``: those whose answers are asked about, None for any.
    """

    windows: Windows
    places: tuple[Stand, ...]
    obstacles: Obstacles = field(default_factory=Obstacles)
    sections: frozenset[str] | None = None

    @property
    def target(self) -> Stand:
        return self.places[0]

    @property
    def above(self) -> tuple[Stand, ...]:
        return self.places[1:]

    def at(self, level: str) -> Stand | None:
        """The place of the chain at a level; None below the target."""
        return next((stand for stand in self.places if stand.level == level), None)


@dataclass(frozen=True, slots=True)
class LinkState:
    """A class link as it stands. ``grace_until``: a table already open may be sent for a while after the link's own end."""

    revoked: bool = False
    expires_at: datetime | None = None
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the roles held at each level of the target's chain (rights included in others already added), or a class link."""

    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    link: LinkState | None = None

    def holds(self, level: str, roles: frozenset[str]) -> bool:
        return bool(self.roles.get(level, frozenset()) & roles)
