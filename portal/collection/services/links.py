"""Class links: sent, sent again, revoked, extended. The outbox holds the link's id; the token is made anew when it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from portal.accounts.tokens import token, token_hash
from portal.collection.authors import Author
from portal.collection.models import ClassLink, Collection
from portal.collection.services.acting import deed
from portal.outbox import services as outbox

PURPOSE = "class_link"


def token_of(link: ClassLink) -> str:
    """The token of a link as it is now; worthless once the link is revoked."""
    return token(PURPOSE, link.pk, link.version)


def find(text: str) -> ClassLink | None:
    """The link a token belongs to, revoked and expired ones included (the page says what happened)."""
    return ClassLink.objects.select_related("collection").filter(token_hash=token_hash(text)).first()


def send(school_class: Collection, by: Author, email: str = "", valid_days: int = 14) -> ClassLink:
    """Make the link of a class (or take the one there is) and, where an address is given, mail it. The token stays the same until revoked."""
    with deed("manage_links", school_class, by) as acting:
        link = _link_of(acting.target, acting.now, valid_days)
        link.email = email
        link.sent_at = acting.now
        link.save()
        acting.detail.update(link=link.pk, mailed=bool(email))
        if email:
            outbox.enqueue("class_link", f"{link.pk}:{link.version}:{acting.now.isoformat()}", {"link": link.pk})
        return link


def send_again(classes: Iterable[Collection], by: Author) -> int:
    """Mail the links that have an address once more, to it; how many."""
    waiting = [row for row in classes if row.link.email]
    for row in waiting:
        send(row, by, row.link.email)
    return len(waiting)


def _link_of(school_class: Collection, now: datetime, valid_days: int) -> ClassLink:
    """The link of a class, made when there is none; a revoked or expired one begins anew. It never outlives the classes' window."""
    end = min(now + timedelta(days=valid_days), school_class.round.class_close)
    link, made = ClassLink.objects.get_or_create(collection=school_class, defaults={"expires_at": end})
    if not made and (link.revoked_at is not None or link.expires_at <= now):
        link.revoked_at = None
        link.opened_at = None
        link.expires_at = end
    link.token_hash = token_hash(token_of(link))
    return link


def revoke(school_class: Collection, by: Author) -> None:
    """Make every copy of the link worthless at once."""
    with deed("manage_links", school_class, by) as acting:
        link = ClassLink.objects.select_for_update().get(collection=acting.target)
        link.revoked_at = acting.now
        link.email = ""
        link.version += 1
        link.save()
        acting.detail.update(link=link.pk, revoked=True)


def extend(school_class: Collection, by: Author, until: datetime) -> None:
    """A later end for a link, at most the end of the classes' window."""
    with deed("manage_links", school_class, by) as acting:
        link = ClassLink.objects.select_for_update().get(collection=acting.target)
        link.expires_at = min(until, school_class.round.class_close)
        link.save()
        acting.detail.update(link=link.pk, until=link.expires_at.isoformat())


def opened(link: ClassLink) -> None:
    """Note the first time a link was opened. A GET changes nothing else."""
    ClassLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=timezone.now())


def state_of(link: ClassLink | None, now: datetime) -> str:
    """none, sent, opened, expired or revoked: the words of the class list."""
    if link is None or link.sent_at is None:
        return "none"
    if link.revoked_at is not None:
        return "revoked"
    if now >= link.expires_at:
        return "expired"
    return "opened" if link.opened_at is not None else "sent"
