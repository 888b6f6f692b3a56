"""Asking, answering, closing. Each message is one transaction with its files and the mails that tell of it; sent twice, it is one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from portal.accounts import tokens
from portal.accounts.models import User
from portal.contact import files
from portal.contact.models import Ticket, TicketFile, TicketMessage
from portal.contact.routing import people_asked
from portal.network.models import Place
from portal.outbox.services import enqueue

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever asks: a person with an account, or the name and address of one without."""

    user: User | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent, its kind known."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """What a form brings. ``request_id``: of the form."""

    text: str
    request_id: str
    uploads: Sequence[Upload] = ()


def ask(by: Sender, to: Place, about: Place | None, subject: str, written: Written, *, at: datetime | None = None) -> Ticket:
    """A new ticket. The same form sent again gives the ticket that is there."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            ticket = Ticket.objects.create(
                reference=_new_reference(), place=to, about=about, subject=subject, author=by.user, created_at=at, touched_at=at,
                **({} if by.user is not None else {"name": by.name, "email": by.email, "phone": by.phone}),
            )  # fmt: skip
            if by.user is None:
                Ticket.objects.filter(pk=ticket.pk).update(token_hash=tokens.token_hash(link_token(ticket)))
                enqueue("contact_confirmed", str(ticket.pk), {"ticket": ticket.pk})
            _add(ticket, by.user, written, at, answer=False)
            return ticket
    except IntegrityError:
        own = TicketMessage.objects.filter(request_id=written.request_id, ticket__author=by.user, ticket__email="" if by.user else by.email)
        known = own.select_related("ticket").first()
        if known is None:  # not a repetition: the id of somebody else's form
            return ask(by, to, about, subject, replace(written, request_id=uuid4().hex), at=at)
        return known.ticket


def write(ticket: Ticket, by: User | None, written: Written, *, answer: bool, at: datetime | None = None) -> None:
    """One more message: an answer of the place, or another of the sender, which opens a closed ticket again."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            current = Ticket.objects.select_for_update().get(pk=ticket.pk)
            _add(current, by, written, at, answer=answer)
            current.state, current.touched_at = Ticket.State.ANSWERED if answer else Ticket.State.AGAIN, at
            current.save(update_fields=["state", "touched_at"])
    except IntegrityError:
        if not TicketMessage.objects.filter(request_id=written.request_id, ticket=ticket).exists():
            raise


def close(ticket: Ticket) -> None:
    """Nothing more is expected of the place."""
    Ticket.objects.filter(pk=ticket.pk).update(state=Ticket.State.CLOSED)


def link_token(ticket: Ticket) -> str:
    return tokens.token("ticket", ticket.pk, 1)


def _add(ticket: Ticket, by: User | None, written: Written, at: datetime, *, answer: bool) -> None:
    message = TicketMessage.objects.create(ticket=ticket, answer=answer, by=by, at=at, text=written.text, request_id=written.request_id)
    for upload in written.uploads:
        kept = TicketFile.objects.create(message=message, name=upload.name, kind=upload.kind, size=len(upload.content))
        files.write(kept.path, upload.content)
    if answer:
        enqueue("contact_answered", str(message.pk), {"message": message.pk})
        return
    for person in people_asked(ticket.place):
        if person != by:
            enqueue("contact_received", f"{message.pk}:{person.pk}", {"message": message.pk, "user": person.pk})


def _new_reference() -> str:
    """Short enough to be told on the telephone, without letters that are taken for digits."""
    drawn = get_random_string(8, LETTERS)
    return f"{drawn[:4]}-{drawn[4:]}"
