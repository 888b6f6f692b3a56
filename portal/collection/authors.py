"""Who does something, and through what: a person on a page, the holder of a class link, an import, a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import User
from portal.collection.models import ClassLink, Collection, Event
from portal.collection.permissions import actor_of, link_actor
from portal.collection.standing import Actor


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or whoever holds a class link.

    ``open_since``: when the link's holder opened the table (grace after the link's end); ``request_id``: of the request that a deed came with,
    '' where it cannot come twice.
    """

    user: User | None = None
    link: ClassLink | None = None
    through: str = Event.Through.PAGE
    open_since: datetime | None = None
    request_id: str = ""

    @classmethod
    def of_link(cls, link: ClassLink, open_since: datetime | None = None) -> Author:
        return cls(link=link, through=Event.Through.LINK, open_since=open_since)

    @property
    def person(self) -> User:
        """The person. Raises ``ValueError`` for the holder of a link, who has no account."""
        if self.user is None:
            raise ValueError("a class link has no account")
        return self.user

    @property
    def key(self) -> str:
        """How drafts and explanations name the author."""
        return f"user:{self.user.pk}" if self.user is not None else f"link:{self.link.pk if self.link is not None else ''}"

    def actor(self, rows: Sequence[Collection]) -> Actor:
        """What the author may, along a chain. A link opens its own class and nothing else; it is read again, since it may have been revoked while
        its holder waited for a lock."""
        if self.link is not None:
            link = ClassLink.objects.filter(pk=self.link.pk, collection=rows[0].pk).first()
            return link_actor(link, self.open_since) if link is not None else Actor()
        return actor_of(self.user, rows) if self.user is not None else Actor()
