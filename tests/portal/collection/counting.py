"""Completeness counted by hand: place by place over plain rows, knowing nothing of the product's own arithmetic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.collection.models import Collection

LIMITS = {"class": "class_close", "unit": "unit_close", "school": "school_close", "county": "county_close"}
BELOW = {"unit": ["class"], "school": ["class", "unit"], "county": ["class", "unit", "school"], "national": ["class", "unit", "school", "county"]}
Counted = tuple[int, int, int, int]
"""Expected, exempt, received, on time."""


@dataclass(frozen=True)
class Country:
    """Every row of a round, and when each was first received."""

    rows: dict[int, Collection]
    first: dict[int, datetime]
    round: Any

    def exempt(self, row: Collection) -> bool:
        return any(self.rows[pk].exempt for pk in row.chain_ids)

    def valid(self, row: Collection) -> bool:
        return row.progress == "submitted" if row.level == "class" else row.state == "finalised"

    def counted(self, place: Collection, kind: str) -> Counted:
        expected = exempt = received = on_time = 0
        for row in self.rows.values():
            if row.level == kind and place.pk in row.chain_ids and row.pk != place.pk:
                if self.exempt(row):
                    exempt += 1
                    continue
                expected += 1
                if self.valid(row):
                    received += 1
                    on_time += self.first[row.pk] < getattr(self.round, LIMITS[kind])
        return expected, exempt, received, on_time

    def whole(self, place: Collection) -> dict[str, Counted]:
        return {kind: self.counted(place, kind) for kind in BELOW.get(place.level, [])}


def country_of(rows: Iterable[Collection], round_: Any, first: dict[int, datetime] | None = None) -> Country:
    """``first`` by collection; where it is not given, what the rows say of themselves."""
    found = {row.pk: row for row in rows}
    return Country(found, {pk: row.received_at for pk, row in found.items() if row.received_at} if first is None else first, round_)
