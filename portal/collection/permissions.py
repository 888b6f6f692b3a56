"""From the database to a decision: who somebody is along the chain of a collection, and how that chain stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.accounts.roles import with_included
from portal.collection.models import ClassLink, Collection, Extension
from portal.collection.standing import Actor, Chain, Decision, LinkState, Obstacles, Stand, Windows
from portal.collection.workflow import decide
from portal.rounds.models import Round

GRACE = timedelta(minutes=30)
Held = dict[int | None, set[str]]
"""Roles by place."""


def windows_of(round_: Round) -> Windows:
    return Windows(
        round_.state, round_.opens_at, round_.class_close, round_.unit_close, round_.school_close, round_.county_close, round_.amend_until
    )  # fmt: skip


def chain_rows(collection: Collection) -> list[Collection]:
    """The collection and everything above it, lowest first, as the database has it now.

    Every save and every page of a class begins here: three plain queries cost half of what one does that joins the round to each row.
    """
    ids = collection.chain_ids
    found = Collection.objects.in_bulk(ids)
    rows = [found[pk] for pk in reversed(ids)]
    round_ = Round.objects.select_related("methodology").get(pk=rows[0].round_id)
    extensions = list(Extension.objects.filter(collection__in=ids).values_list("collection", "section", "until"))
    for row in rows:
        row.round, row.latest = round_, latest_of((section, until) for pk, section, until in extensions if pk == row.pk)
    for row, above in pairwise(rows):
        row.parent = above
    return rows


def stand_of(row: Collection) -> Stand:
    latest = row.latest if row.latest is not None else latest_of((one.section, one.until) for one in row.extensions.all())
    return stand(row, latest.get(""), {section: until for section, until in latest.items() if section})


def latest_of(extensions: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    """The last end of the extensions of a place, by section ('' the place as a whole)."""
    latest: dict[str, datetime] = {}
    for section, until in extensions:
        latest[section] = max(until, latest.get(section, until))
    return latest


def stand(row: Collection, until: datetime | None, section_until: Mapping[str, datetime] | None = None) -> Stand:
    """How a place stands; ``until``: the end of its latest extension as a whole, ``section_until``: of those of single sections."""
    return Stand(
        level=row.level, name=row.name, finalised=row.state == Collection.State.FINALISED, reopened=row.reopened, blocked=row.blocked,
        exempt=row.exempt, progress=row.progress, extended=row.extended, extended_until=row.extended_until, until=until,
        section_until=section_until or {}, returned=row.returned_section,
    )  # fmt: skip


def chain_of(
    collection: Collection,
    rows: Iterable[Collection] | None = None,
    obstacles: Obstacles | None = None,
    sections: Iterable[str] | None = None,
) -> Chain:
    """The chain of a collection; ``rows`` where they have been read already (lowest first), ``sections`` whose answers are asked about."""
    stands = tuple(stand_of(row) for row in (rows if rows is not None else chain_rows(collection)))
    asked = frozenset(sections) if sections is not None else None
    return Chain(windows_of(collection.round), stands, obstacles or Obstacles(), asked)


def actor_of(user: User, rows: Iterable[Collection], held: Held | None = None) -> Actor:
    """The roles of a person along a chain; ``held`` where they have been read already, for many chains at once."""
    chain = [row for row in rows if row.place_id is not None]
    known = held_at(user, chain) if held is None else held
    roles: dict[str, set[str]] = {}
    for row in chain:
        if row.place_id in known:
            roles.setdefault(row.level, set()).update(known[row.place_id])
    return Actor({level: with_included(frozenset(own)) for level, own in roles.items()})


def held_at(user: User, rows: Iterable[Collection]) -> Held:
    """The roles that a person holds at places, by place."""
    found: Held = {}
    places = {row.place_id for row in rows if row.place_id is not None}
    for place, role in Membership.objects.filter(user=user, place__in=places, ended_at=None).values_list("place", "role"):
        found.setdefault(place, set()).add(role)
    return found


def link_actor(link: ClassLink, open_since: datetime | None = None) -> Actor:
    """Whoever holds a class link; a table that was open before the link's own end has some grace after it."""
    in_time = open_since is not None and open_since < link.expires_at
    return Actor(link=LinkState(link.revoked_at is not None, link.expires_at, link.expires_at + GRACE if in_time else None))


def allowed(
    user: User,
    act: str,
    collection: Collection,
    at: datetime | None = None,
    obstacles: Obstacles | None = None,
    sections: Iterable[str] | None = None,
) -> Decision:
    """Whether a person may do something to a collection now."""
    rows = chain_rows(collection)
    return decide(act, actor_of(user, rows), chain_of(collection, rows, obstacles, sections), at or timezone.now())
