"""What the level above does: block, unblock, exempt, extend, ask for the extended section, remind. Nothing of it deletes anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Membership
from portal.accounts.roles import ROLES
from portal.collection import holding
from portal.collection.authors import Author
from portal.collection.models import Collection, Exemption, Extension
from portal.collection.refusals import Refused
from portal.collection.services.acting import deed
from portal.collection.standing import Decision
from portal.network.models import Level
from portal.outbox import services as outbox
from portal.rounds import methodologies

AGAIN_AFTER = timedelta(hours=20)
"""How soon the people of one place are reminded again."""


def block(collection: Collection, by: Author, reason: str = "") -> None:
    with deed("block", collection, by, reason=reason) as acting:
        acting.target.blocked = True


def unblock(collection: Collection, by: Author, reason: str = "") -> None:
    with deed("unblock", collection, by, reason=reason) as acting:
        acting.target.blocked = False


def exempt(collection: Collection, by: Author, reason: str, text: str) -> None:
    """Leave a place out of the round. ``reason``: one of ``Exemption.Reason``; ``text`` says more."""
    if reason not in Exemption.Reason.values or not text.strip():
        raise Refused(Decision(False, "reason", _("Alegeți motivul din listă și scrieți explicația.")))
    with deed("exempt", collection, by, reason=f"{reason}: {text}") as acting:
        acting.target.exempt = True
        Exemption.objects.create(collection=acting.target, reason=reason, text=text, given_by=by.person, given_at=acting.now)


def withdraw_exemption(collection: Collection, by: Author, reason: str) -> None:
    with deed("withdraw_exemption", collection, by, reason=reason) as acting:
        acting.target.exempt = False
        acting.target.exemptions.filter(withdrawn_at=None).update(withdrawn_at=acting.now)


def extend(collection: Collection, by: Author, until: datetime, reason: str, section: str = "") -> None:
    """A later limit for one place, or for one section of a unit; it ends by itself."""
    sections = {one.code for one in methodologies.of(collection.round.methodology).sections} if collection.level == Level.UNIT else set()
    if section and section not in sections:
        raise Refused(Decision(False, "section", _("O prelungire este pentru un loc întreg sau pentru o secțiune a unei unități.")))
    with deed("extend", collection, by, reason=reason, section=section) as acting:
        _require_future(until, acting.now)
        acting.detail.update(until=until.isoformat())
        Extension.objects.create(collection=acting.target, section=section, until=until, reason=reason, given_by=by.person, given_at=acting.now)


def request_extended(collection: Collection, by: Author, until: datetime, reason: str) -> None:
    """Ask a unit for its extended section, also after it is final; asked again, the new date holds."""
    with deed("request_extended", collection, by, reason=reason) as acting:
        _require_future(until, acting.now)
        if acting.target.state == Collection.State.FINALISED:
            holding.hold(acting.target)
        acting.target.extended = Collection.Extended.REQUESTED
        acting.target.extended_until = until
        acting.detail.update(until=until.isoformat())


def _require_future(until: datetime, now: datetime) -> None:
    if until <= now:
        raise Refused(Decision(False, "past", _("Alegeți un moment din viitor.")))


def remind(collection: Collection, by: Author) -> None:
    """Mail those who lead a place that it is waited for; at most once a day."""
    with deed("remind", collection, by) as acting:
        last = acting.target.events.filter(action="remind", at__gt=acting.now - AGAIN_AFTER).order_by("at").last()
        if last is not None:
            when = date_format(timezone.localtime(last.at), "SHORT_DATETIME_FORMAT")
            raise Refused(Decision(False, "reminded", _("I s-a reamintit deja la {when}.").format(when=when)))
        leaders = leaders_of(acting.target)
        if not leaders:
            raise Refused(Decision(False, "nobody", _("Nimeni nu are încă un cont aici; reamintiți invitația din pagina „Oameni”.")))
        for membership in leaders:
            ids = {"collection": acting.target.pk, "membership": membership.pk}
            outbox.enqueue("reminder", f"{acting.target.pk}:{membership.pk}:{acting.now:%Y%m%d%H%M}", ids)
        acting.detail.update(people=len(leaders))


def leaders_of(collection: Collection) -> list[Membership]:
    """Those who lead a place now."""
    leading = [code for code, role in ROLES.items() if role.leading]
    return list(Membership.objects.held().filter(place=collection.place_id, role__in=leading).select_related("user")) if collection.place_id else []
