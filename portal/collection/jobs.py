"""Mails of the collection, sent by the worker. The token of a link is made anew when its mail is written; the job holds only the id."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.models import Membership
from portal.collection.conditions import limit_of
from portal.collection.models import ClassLink, Collection
from portal.collection.permissions import stand_of, windows_of
from portal.collection.services.links import token_of
from portal.outbox import mail
from portal.outbox.models import Job
from portal.outbox.registry import handles
from portal.rounds import letters, windows
from portal.rounds.models import Round
from portal.ui import frame


@handles("class_link", queue="mail")
def mail_link(job: Job) -> None:
    """The link of a class, to its teacher. Nothing is sent once the link is revoked or its address forgotten."""
    link = ClassLink.objects.select_related("collection__parent").get(pk=job.payload["link"])
    if not link.email or link.revoked_at is not None:
        return
    school_class, unit = link.collection, link.collection.parent
    assert unit is not None
    with override("ro"):
        said = {"unit": unit.name, "name": school_class.name}
        mail.send(
            mail.Message(
                to=link.email,
                subject=_("Tabelul clasei {name}").format(**said),
                paragraphs=[
                    _("Bună ziua,"),
                    _("{unit} vă roagă să completați tabelul clasei {name}. Durează câteva minute și merge pe telefon, fără cont.").format(**said),
                    _("Aproape toate răspunsurile sunt deja completate: schimbați numai ce diferă. Nu scrieți nume de elevi."),
                ],
                action=(_("Deschideți tabelul clasei"), mail.absolute(reverse("collection:link_start", args=[token_of(link)]))),
                commission=str(frame.commission()),
            )
        )


@handles("reminder", queue="mail")
def mail_reminder(job: Job) -> None:
    """What a place still has to do and until when, to one who leads it; let go once it is done or nobody's matter any more."""
    membership = Membership.objects.select_related("user").get(pk=job.payload["membership"])
    collection = Collection.objects.select_related("round").prefetch_related("extensions").get(pk=job.payload["collection"])
    if membership.ended_at is not None or collection.exempt or collection.state == Collection.State.FINALISED:
        return
    limit = limit_of(stand_of(collection), windows_of(collection.round), None)
    with override("ro"):
        said = {"name": membership.user.full_name, "place": collection.name, "year": collection.round.school_year}
        mail.send(
            mail.Message(
                to=membership.user.email,
                subject=_("Termen: {place}").format(**said),
                paragraphs=[
                    _("Bună ziua, {name},").format(**said),
                    _("În campania {year}, datele pentru {place} nu sunt încă finalizate.").format(**said),
                    _("Termenul: {when}.").format(when=windows.words(limit, limit=True)),
                ],
                action=(_("Deschideți platforma"), mail.absolute(reverse("collection:board", args=[collection.pk]))),
                commission=str(frame.commission()),
            )
        )


@handles("round_letter", queue="mail")
def mail_letter(job: Job) -> None:
    """The letter that opens a round, to one person of an inspectorate."""
    round_ = Round.objects.select_related("methodology").get(pk=job.payload["round"])
    membership = Membership.objects.select_related("user", "place").get(pk=job.payload["membership"])
    if membership.ended_at is not None:
        return
    with override("ro"):
        paragraphs = [part for part in letters.filled(round_, membership.place.name).split("\n\n") if part.strip()]
        subject = _("Începe campania {year}").format(year=round_.school_year)
        action = (_("Deschideți platforma"), mail.absolute(reverse("home")))
        mail.send(mail.Message(to=membership.user.email, subject=subject, paragraphs=paragraphs, action=action, commission=str(frame.commission())))
