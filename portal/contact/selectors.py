"""Which tickets a person sees: those to the places where they answer, and their own."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts import tokens
from portal.accounts.models import Membership, User
from portal.contact.models import Ticket, TicketQuerySet
from portal.contact.routing import ANSWERERS
from portal.network.models import Place


def places_answered(user: User) -> QuerySet[Place]:
    """The places in whose name a person answers."""
    return Place.objects.filter(memberships__in=Membership.objects.held().filter(user=user, role__in=ANSWERERS)).distinct()


def to_answer(user: User) -> TicketQuerySet:
    return Ticket.objects.filter(place__in=places_answered(user).values("pk"))  # type: ignore[no-any-return]


def asked_by(user: User) -> TicketQuerySet:
    return Ticket.objects.filter(author=user)  # type: ignore[no-any-return]


def seen_by(user: User) -> TicketQuerySet:
    return to_answer(user) | asked_by(user)


def by_link(token: str) -> Ticket | None:
    """The ticket of somebody without an account, by the link they hold."""
    return Ticket.objects.filter(token_hash=tokens.token_hash(token)).select_related("place", "about").first()  # type: ignore[no-any-return]
