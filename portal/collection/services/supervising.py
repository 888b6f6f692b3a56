"""What the level above does: block, unblock, exempt, extend, ask for the extended section. Nothing of it deletes anything."""

from __future__ import annotations

from datetime import datetime

from portal.collection.authors import Author
from portal.collection.models import Collection, Exemption, Extension
from portal.collection.services.acting import deed


def block(collection: Collection, by: Author, reason: str = "") -> None:
    with deed("block", collection, by, reason=reason) as acting:
        acting.target.blocked = True


def unblock(collection: Collection, by: Author, reason: str = "") -> None:
    with deed("unblock", collection, by, reason=reason) as acting:
        acting.target.blocked = False


def exempt(collection: Collection, by: Author, reason: str, text: str) -> None:
    """Leave a place out of the round. ``reason``: one of ``exemption_reasons``; ``text`` says more."""
    with deed("exempt", collection, by, reason=f"{reason}: {text}") as acting:
        acting.target.exempt = True
        Exemption.objects.create(collection=acting.target, reason=reason, text=text, given_by=by.person, given_at=acting.now)


def withdraw_exemption(collection: Collection, by: Author, reason: str = "") -> None:
    with deed("withdraw_exemption", collection, by, reason=reason) as acting:
        acting.target.exempt = False
        acting.target.exemptions.filter(withdrawn_at=None).update(withdrawn_at=acting.now)


def extend(collection: Collection, by: Author, until: datetime, reason: str, section: str = "") -> None:
    """A later limit for one place (or one section of it); it ends by itself."""
    with deed("extend", collection, by, reason=reason) as acting:
        acting.detail.update(until=until.isoformat(), section=section)
        Extension.objects.create(collection=acting.target, section=section, until=until, reason=reason, given_by=by.person, given_at=acting.now)


def request_extended(collection: Collection, by: Author, until: datetime, reason: str) -> None:
    """Ask a unit for its extended section, also after it is final."""
    with deed("request_extended", collection, by, reason=reason) as acting:
        acting.target.extended = Collection.Extended.REQUESTED
        acting.target.extended_until = until
        acting.detail.update(until=until.isoformat())
