"""Mails of the contact room: to the people asked, to whoever asked. Text of a sender who is not known is never mailed to the address they gave."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.languages import spoken_to
from portal.accounts.models import User
from portal.contact import routing
from portal.contact.models import Ticket, TicketMessage
from portal.contact.services import link_token
from portal.outbox.mail import Message, absolute, send
from portal.outbox.models import Job
from portal.outbox.registry import handles
from portal.ui.frame import commission

WITH_PLACE = TicketMessage.objects.select_related("ticket__place", "ticket__author", "by")


@handles("contact_received", queue="mail")
def tell_people(job: Job) -> None:
    """To one of those who answer at the place, unless the role has ended meanwhile."""
    message = WITH_PLACE.get(pk=job.payload["message"])
    person = User.objects.get(pk=job.payload["user"])
    if person in routing.people_asked(message.ticket.place):
        with spoken_to(person):
            send(received_message(message, person))


def received_message(message: TicketMessage, person: User) -> Message:
    ticket = message.ticket
    intro = _("{sender} a scris către {place}. Referința: {reference}.")
    return Message(
        to=person.email,
        subject=_("Mesaj nou: {subject}").format(subject=ticket.subject),
        paragraphs=[
            _("Bună ziua, {name},").format(name=person.full_name),
            intro.format(sender=ticket.sender, place=ticket.place.name, reference=ticket.reference),
            message.text,
        ],
        action=(_("Citiți și răspundeți"), absolute(reverse("contact:ticket", args=[ticket.pk]))),
        after=[_("Răspundeți din platformă, nu la acest e-mail: așa răspunsul rămâne lângă mesaj.")],
        commission=str(commission()),
    )


@handles("contact_answered", queue="mail")
def tell_sender(job: Job) -> None:
    message = WITH_PLACE.get(pk=job.payload["message"])
    with spoken_to(message.ticket.author):
        send(answer_message(message))


def answer_message(message: TicketMessage) -> Message:
    ticket = message.ticket
    return Message(
        to=ticket.reply_to,
        subject=_("Răspuns: {subject}").format(subject=ticket.subject),
        paragraphs=[
            _("Bună ziua, {name},").format(name=ticket.sender),
            _("Ați primit un răspuns de la {place}. Referința: {reference}.").format(place=ticket.place.name, reference=ticket.reference),
            message.text,
        ],
        action=(_("Vedeți toată discuția"), address_of(ticket)),
        after=[_("Pentru altă întrebare, scrieți în pagina discuției, nu la acest e-mail.")],
        commission=str(commission()),
    )


@handles("contact_confirmed", queue="mail")
def confirm(job: Job) -> None:
    ticket = Ticket.objects.select_related("place", "author").get(pk=job.payload["ticket"])
    with spoken_to(ticket.author):
        send(confirmation_message(ticket))


def confirmation_message(ticket: Ticket) -> Message:
    return Message(
        to=ticket.email,
        subject=_("Mesajul dumneavoastră, referința {reference}").format(reference=ticket.reference),
        paragraphs=[
            _("Bună ziua,"),
            _("Mesajul a ajuns la {place}. Răspunsul vine la această adresă și se vede și în pagina discuției.").format(place=ticket.place.name),
        ],
        action=(_("Deschideți discuția"), address_of(ticket)),
        after=[
            _("Linkul este numai pentru dumneavoastră: nu îl dați mai departe."),
            _("Dacă nu ați scris nimic, nu trebuie să faceți nimic."),
        ],
        commission=str(commission()),
    )


def address_of(ticket: Ticket) -> str:
    """Where the sender reads the ticket: in the account, or through the link."""
    if ticket.author_id is not None:
        return absolute(reverse("contact:ticket", args=[ticket.pk]))
    return absolute(reverse("contact:link", args=[link_token(ticket)]))
