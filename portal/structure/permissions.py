"""Who may look at, correct and import what: the acts ``edit_place`` and ``import_network`` of the workflow, asked of places without a round."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.accounts.models import Membership, User
from portal.accounts.roles import with_included
from portal.collection.refusals import Refused
from portal.collection.standing import Actor, Chain, Decision, Stand, Windows
from portal.collection.workflow import decide
from portal.network.models import Level, Place

ALWAYS = datetime.min.replace(tzinfo=UTC)
NO_ROUND = Windows("", *[ALWAYS] * 6)
"""The network is kept at any time: its acts ask no window."""


def allowed(user: User, act: str, place: Place) -> Decision:
    """Whether a person may do something to a place of the network."""
    above = [int(part) for part in reversed(place.path.split("/")) if part]
    levels = dict(Place.objects.filter(pk__in=above).values_list("pk", "level"))
    held: dict[str, set[str]] = {}
    for where, role in Membership.objects.held().filter(user=user, place__in=above).values_list("place", "role"):
        held.setdefault(levels[where], set()).add(role)
    actor = Actor({level: with_included(frozenset(roles)) for level, roles in held.items()})
    chain = Chain(NO_ROUND, tuple(Stand(levels[pk]) for pk in above))
    return decide(act, actor, chain, ALWAYS)


def require(user: User, act: str, place: Place) -> None:
    """Raises ``Refused``: the page says why."""
    decision = allowed(user, act, place)
    if not decision:
        raise Refused(decision)


def scope_of(place: Place | None) -> frozenset[str] | None:
    """The counties that an import for a place may touch; None for all."""
    return frozenset({place.code}) if place is not None and place.level == Level.COUNTY else None
