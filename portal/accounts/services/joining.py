"""Accepting an invitation: with a new account, or with the one that its address already has. Once, whoever comes twice or at the same time."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts import signals, tokens
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.services.invitations import Refusal


def find(token: str) -> Invitation | None:
    """The invitation that a link leads to, whatever its state."""
    links = Invitation.objects.select_related("place", "invited_by__user", "invited_by__place", "accepted_by")
    return links.filter(token_hash=tokens.token_hash(token)).first()


def accept(invitation: Invitation, *, by: User, at: datetime | None = None) -> Membership:
    """Gives the role to the account whose address was invited. Accepting again what one has accepted changes nothing."""
    at = at or timezone.now()
    with transaction.atomic():
        current = _locked(invitation)
        if by.email != current.email or not by.is_active:
            raise Refusal("other_person", _("Invitația este pentru altă adresă de e-mail."))
        if current.accepted_by_id == by.pk:
            return Membership.objects.filter(user=by, place=current.place, role=current.role).latest("since")
        return _join(current, by, at)


def accept_with_new_account(invitation: Invitation, *, full_name: str, phone: str, password: str, at: datetime | None = None) -> User:
    """Makes the account of the invited address and gives it the role."""
    at = at or timezone.now()
    with transaction.atomic():
        current = _locked(invitation)
        _require_pending(current, at)
        try:
            with transaction.atomic():
                user = User.objects.create_user(current.email, full_name, password, phone)
        except IntegrityError as error:
            raise Refusal("account_exists", _("Această adresă are deja un cont. Intrați în cont și acceptați invitația.")) from error
        _join(current, user, at)
        return user


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(of=("self",)).select_related("place", "invited_by").get(pk=invitation.pk)


def _require_pending(invitation: Invitation, at: datetime) -> None:
    inviter = invitation.invited_by
    if invitation.state(at) != Invitation.State.PENDING or (inviter is not None and inviter.ended_at is not None):
        raise Refusal("over", _("Invitația nu mai este valabilă."))


def _join(invitation: Invitation, user: User, at: datetime) -> Membership:
    _require_pending(invitation, at)
    membership, created = Membership.objects.get_or_create(
        user=user, place=invitation.place, role=invitation.role, ended_at=None, defaults={"since": at}
    )
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    if created:
        signals.joined.send(Membership, membership=membership)
    return membership
