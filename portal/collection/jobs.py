"""What the worker does for the collection: rounds opened, class links mailed (their token is made anew when the mail is written)."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.languages import spoken_to
from portal.accounts.models import Membership, User
from portal.collection.conditions import limit_of
from portal.collection.models import ClassLink, Collection
from portal.collection.permissions import stand_of, windows_of
from portal.collection.services import following, opening
from portal.collection.services.links import token_of
from portal.outbox import mail
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.registry import handles
from portal.rounds import windows
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
    with spoken_to(None):
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
    with spoken_to(membership.user):
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


@handles(opening.KIND, queue="urgent", lease=timedelta(minutes=5))
def open_round(job: Job) -> None:
    """Opens a round for the person who asked for it."""
    round_ = Round.objects.select_related("methodology").get(pk=job.payload["round"])
    opening.carry_out(round_, User.objects.get(pk=job.payload["by"]), partial(outbox.progress, job))


@handles(following.KIND, queue="urgent", lease=timedelta(minutes=5))
def follow_network(job: Job) -> None:
    """Brings a round to the network for the person who asked for it."""
    round_ = Round.objects.select_related("methodology").get(pk=job.payload["round"])
    following.catch_up(round_, User.objects.get(pk=job.payload["by"]), partial(outbox.progress, job))
