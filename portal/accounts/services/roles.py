"""Ending roles. What a role gave ends with it, at once: rights, and the invitations made under it that nobody has accepted yet."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Invitation, Membership, User
from portal.accounts.permissions import inviting_role
from portal.accounts.services.invitations import Refusal, invite
from portal.network.models import Level


def end(membership: Membership, *, by: User, at: datetime | None = None) -> int:
    """Ends a role; ending twice is once. Returns how many pending invitations died with it."""
    at = at or timezone.now()
    with transaction.atomic():
        if inviting_role(by, membership.role, membership.place) is None:
            raise Refusal("rank", _("Rolul dumneavoastră nu permite să dați sau să încheiați acest rol aici."))
        _keep_the_last_one(membership)
        current = Membership.objects.select_for_update().get(pk=membership.pk)
        if current.ended_at is not None:
            return 0
        current.ended_at, current.ended_by = at, by
        current.save(update_fields=["ended_at", "ended_by"])
        return Invitation.objects.open_().filter(invited_by=current).update(withdrawn_at=at)


def replace(membership: Membership, *, by: User, email: str, full_name: str = "", at: datetime | None = None) -> Invitation:
    """Ends a role and invites somebody else to it, both or neither."""
    with transaction.atomic():
        end(membership, by=by, at=at)
        return invite(by=by, place=membership.place, role=membership.role, email=email, full_name=full_name, at=at)[0]


def _keep_the_last_one(membership: Membership) -> None:
    """Without any national member nobody could name one: the country would be locked out. Locks them all, so that two cannot end each other."""
    if membership.place.level != Level.NATIONAL or membership.role != "national_member":
        return
    held = Membership.objects.select_for_update().held().filter(place=membership.place, role=membership.role)
    if {other.pk for other in held.order_by("pk")} <= {membership.pk}:
        raise Refusal("last", _("Este singurul membru CNDIE cu acces. Invitați întâi pe altcineva."))
