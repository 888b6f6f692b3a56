"""The frame of every deed that changes a state: lock → decide → change → event."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.collection.authors import Author
from portal.collection.locking import chain_locked
from portal.collection.models import CLASS, Collection, Event
from portal.collection.permissions import chain_of
from portal.collection.refusals import Refused
from portal.collection.standing import Obstacles
from portal.collection.workflow import decide


@dataclass(slots=True)
class Deed:
    """A deed under way: the locked chain (lowest first), and what its event will say besides."""

    rows: list[Collection]
    now: datetime
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> Collection:
        return self.rows[0]


def state_word(row: Collection) -> str:
    """The state of a collection in one code, for history."""
    flags = [word for word, there in (("exempt", row.exempt), ("blocked", row.blocked)) if there]
    own = row.progress if row.level == CLASS else "reopened" if row.reopened and row.state == row.State.OPEN else row.state
    return "+".join([own, *flags])


@contextmanager
def deed(
    act: str,
    collection: Collection,
    by: Author,
    *,
    reason: str = "",
    at: datetime | None = None,
    obstacles: Callable[[Collection], Obstacles] | None = None,
    request_id: str = "",
) -> Iterator[Deed]:
    """Gives the locked target to change; saves it and appends the event afterwards. Raises ``Refused``, and then nothing has changed."""
    with chain_locked(collection, exclusive=True) as rows:
        now = at or timezone.now()
        target = rows[0]
        chain = chain_of(target, rows, obstacles(target) if obstacles is not None else None)
        decision = decide(act, by.actor(rows), chain, now)
        if not decision:
            raise Refused(decision)
        before = state_word(target)
        under_way = Deed(rows, now)
        yield under_way
        target.save()
        Event.objects.create(
            collection=target, at=now, action=act, by=by.user, link=by.link, through=by.through, before=before, after=state_word(target),
            reason=reason, detail=under_way.detail, request_id=request_id,
        )  # fmt: skip
