"""What changed in the network, and what a round took over of it: plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from portal.collection.models import Collection

ClassKey = tuple[int, str]
"""A class: the id of its unit's place, its code."""
NAMED = 100
"""Places that stay as they are and are named; all are counted."""


@dataclass(frozen=True, slots=True)
class Change:
    """Ids of places that were made, changed or closed, and classes of a school year that were made, changed or taken out."""

    places: frozenset[int] = frozenset()
    classes: frozenset[ClassKey] = frozenset()
    school_year: str = ""


@dataclass(slots=True)
class Followed:
    """Counts by level. ``moves``: (place, from where, to where). ``frozen`` and ``begun``: names, by what identifies them, of what the network says
    otherwise of, but which is final, or which somebody has worked on."""

    made: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    moves: list[tuple[Collection, str, str]] = field(default_factory=list)
    frozen: dict[Hashable, str] = field(default_factory=dict)
    begun: dict[Hashable, str] = field(default_factory=dict)

    @property
    def anything(self) -> bool:
        return bool(self.made.total() or self.changed.total() or self.dropped.total() or self.moves)

    def as_data(self) -> dict[str, Any]:
        counts = {"made": self.made, "changed": self.changed, "dropped": self.dropped}
        kept = {"frozen": self.frozen, "begun": self.begun}
        return {
            **{what: {level: many for level, many in found.items() if many} for what, found in counts.items()},
            **{why: {"many": len(found), "named": list(found.values())[:NAMED]} for why, found in kept.items()},
            "moved": len(self.moves),
        }
