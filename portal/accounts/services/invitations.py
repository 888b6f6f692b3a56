"""Inviting: who may, once per address, role and place, mailed through the outbox, revocable at any moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import tokens
from portal.accounts.models import Invitation, Membership, User, normal_email
from portal.accounts.permissions import inviting_role, may_give
from portal.accounts.roles import ROLES
from portal.network.models import Place
from portal.outbox.services import enqueue

AGAIN_AFTER = timedelta(minutes=10)
"""How soon the same invitation is mailed again: two clicks are one reminder."""


class Refusal(Exception):
    """An act on people was refused; ``code`` for programs, ``sentence`` for people."""

    def __init__(self, code: str, sentence: str | Promise) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


def invite(*, by: User | Membership, place: Place, role: str, email: str, full_name: str = "", at: datetime | None = None) -> tuple[Invitation, bool]:
    """The invitation and whether it is new. An address already invited to the role keeps its invitation, renewed when it had expired."""
    at = at or timezone.now()
    email = _checked_email(email)
    with transaction.atomic():
        inviter = _inviter(by, role, place)
        if place.closed_on is not None:
            raise Refusal("closed", _("Locul este închis în rețea; nu mai poate primi oameni."))
        if Membership.objects.held().filter(user__email=email, place=place, role=role).exists():
            raise Refusal("held", _("Persoana cu această adresă are deja rolul."))
        return _open_invitation(inviter, place, role, email, full_name, at)


def invite_first(*, email: str, full_name: str, place: Place, at: datetime | None = None) -> tuple[Invitation, bool]:
    """Invites to the leading role of the whole country without an inviter: only the command that sets up the product does this."""
    role = next(role.code for role in ROLES.values() if place.level in role.levels and role.leading)
    with transaction.atomic():
        return _open_invitation(None, place, role, _checked_email(email), full_name, at or timezone.now())


def resend(invitation: Invitation, *, by: User, at: datetime | None = None) -> bool:
    """Mails it again with the same link and a new end. False when it was mailed a moment ago."""
    at = at or timezone.now()
    with transaction.atomic():
        _inviter(by, invitation.role, invitation.place)
        current = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if current.state(at) in (Invitation.State.ACCEPTED, Invitation.State.WITHDRAWN):
            raise Refusal("over", _("Invitația a fost deja acceptată sau revocată."))
        if at < current.asked_at + AGAIN_AFTER and current.state(at) == Invitation.State.PENDING:
            return False
        _send(current, at)
        return True


def remind(invitations: Iterable[Invitation], *, by: User, at: datetime | None = None) -> tuple[int, int]:
    """Mails many again: how many were, and how many had been mailed a moment ago or were over meanwhile."""
    sent = skipped = 0
    for invitation in invitations:
        try:
            again = resend(invitation, by=by, at=at)
        except Refusal as refusal:
            if refusal.code != "over":
                raise
            again = False
        sent, skipped = sent + again, skipped + (not again)
    return sent, skipped


def withdraw(invitation: Invitation, *, by: User, at: datetime | None = None) -> None:
    """Its link stops working at once; withdrawing twice is once."""
    with transaction.atomic():
        _inviter(by, invitation.role, invitation.place)
        if not Invitation.objects.open_().filter(pk=invitation.pk).update(withdrawn_at=at or timezone.now()):
            invitation.refresh_from_db()
            if invitation.accepted_at is not None:
                raise Refusal("over", _("Invitația a fost deja acceptată; rolul se poate încheia din lista oamenilor."))


def link_token(invitation: Invitation) -> str:
    return tokens.token("invitation", invitation.pk, invitation.version)


def _inviter(by: User | Membership, role: str, place: Place) -> Membership:
    """The role that invites, locked so that it cannot end meanwhile."""
    if isinstance(by, Membership):
        found = by if may_give(by, role, place) else None
    else:
        found = inviting_role(by, role, place)
    held = Membership.objects.select_for_update().held().filter(pk=found.pk).first() if found is not None else None
    if held is None:
        raise Refusal("rank", _("Rolul dumneavoastră nu permite să dați sau să încheiați acest rol aici."))
    return held


def _checked_email(text: str) -> str:
    email = normal_email(text)
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal("email", _("Adresa de e-mail nu este scrisă corect.")) from error
    return email


def _open_invitation(inviter: Membership | None, place: Place, role: str, email: str, full_name: str, at: datetime) -> tuple[Invitation, bool]:
    fresh = {"full_name": " ".join(full_name.split()), "invited_by": inviter, "created_at": at, "asked_at": at, "expires_at": at}
    invitation, created = Invitation.objects.get_or_create(email=email, place=place, role=role, accepted_at=None, withdrawn_at=None, defaults=fresh)
    if created or invitation.state(at) == Invitation.State.EXPIRED:
        invitation.invited_by = inviter
        _send(invitation, at)
    return invitation, created


def _send(invitation: Invitation, at: datetime) -> None:
    invitation.token_hash = tokens.token_hash(link_token(invitation))
    invitation.asked_at, invitation.expires_at = at, at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save(update_fields=["invited_by", "token_hash", "asked_at", "expires_at"])
    enqueue("invitation", f"{invitation.pk}-{at.timestamp():.0f}", {"invitation": invitation.pk})
