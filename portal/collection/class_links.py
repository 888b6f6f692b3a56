"""How far every class of a unit is: its link sent, opened, its table begun, sent in, with the times. Never an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.collection.models import ClassLink, Collection
from portal.collection.selectors import classes_of
from portal.collection.services import links

WITHOUT = ("none", "expired", "revoked")
ALIVE = ("sent", "opened")


@dataclass(frozen=True, slots=True)
class Way:
    """A class between its link and its table. ``state``: of the link; ``table``: of the table, ``blocked`` before all else."""

    row: Collection
    link: ClassLink | None
    state: str
    table: str

    @property
    def linked_at(self) -> datetime | None:
        """When the link came into the state that it is in."""
        if self.link is None:
            return None
        moments = {"sent": self.link.sent_at, "opened": self.link.opened_at, "expired": self.link.expires_at, "revoked": self.link.revoked_at}
        return moments.get(self.state)

    @property
    def table_at(self) -> datetime | None:
        """When the table was sent in, or last saved."""
        if self.row.submitted_at is not None:
            return self.row.submitted_at
        table = getattr(self.row, "table", None)
        return table.saved_at if table is not None and table.rows else None

    @property
    def waits(self) -> bool:
        """Whether the table still has to come."""
        return self.row.progress != Collection.Progress.SUBMITTED

    @property
    def alive(self) -> bool:
        """Whether somebody may fill in the table through the link now."""
        return self.waits and self.state in ALIVE


def way_of(row: Collection, now: datetime) -> Way:
    link = getattr(row, "link", None)
    return Way(row, link, links.state_of(link, now), "blocked" if row.blocked else row.progress)


def ways_of(unit: Collection, now: datetime) -> Sequence[Way]:
    return [way_of(row, now) for row in classes_of(unit)]
