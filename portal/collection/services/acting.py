"""The frame of every deed that changes a state: lock → decide → change → event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.collection.authors import Author
from portal.collection.locking import chain_locked
from portal.collection.models import CLASS, Collection, Event
from portal.collection.permissions import chain_of
from portal.collection.refusals import Refused, Repeated
from portal.collection.standing import Decision, Obstacles
from portal.collection.workflow import decide

REASONED = frozenset({"reopen", "return_section", "return_extended", "return_class", "exempt", "withdraw_exemption", "extend", "request_extended"})
"""Acts that are never done without a reason."""


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


def require(decision: Decision) -> None:
    if not decision:
        raise Refused(decision)


@contextmanager
def deed(
    act: str,
    collection: Collection,
    by: Author,
    *,
    reason: str = "",
    at: datetime | None = None,
    obstacles: Callable[[Collection], Obstacles] | None = None,
    sections: Iterable[str] | None = None,
    section: str = "",
    request_id: str = "",
) -> Iterator[Deed]:
    """Gives the locked target to change; saves it and appends the event afterwards.

    ``obstacles`` are counted only for who may do it at all; ``sections``: whose answers it is about; ``section``: what its event names. Raises
    ``Refused``, or ``Repeated``, and then nothing has changed.
    """
    request_id = request_id or by.request_id
    with chain_locked(collection, exclusive=True) as rows:
        target = rows[0]
        if request_id and Event.objects.filter(collection=target, request_id=request_id).exists():
            raise Repeated
        now = at or timezone.now()
        actor = by.actor(rows)
        require(decide(act, actor, chain_of(target, rows, sections=sections), now))
        if act in REASONED and not reason.strip():
            raise Refused(Decision(False, "reason", _("Scrieți motivul.")))
        if obstacles is not None:
            require(decide(act, actor, chain_of(target, rows, obstacles(target), sections), now))
        before = state_word(target)
        under_way = Deed(rows, now)
        yield under_way
        target.save()
        Event.objects.create(
            collection=target, at=now, action=act, by=by.user, link=by.link, through=by.through, before=before, after=state_word(target),
            reason=reason, section=section, detail=under_way.detail, request_id=request_id,
        )  # fmt: skip
