"""Taking away a lost second factor, so that its person can set up another. They sign in with the password alone once, and are told so by mail.

No session is older than what protects its account.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts import permissions
from portal.accounts.models import AccountEvent, User
from portal.accounts.services import events
from portal.accounts.services.invitations import Refusal


def reset_factor(user: User, *, by: User | None, reason: str) -> AccountEvent:
    """Deletes the second factor with its recovery codes and ends every session. ``by``: None for the command at the server."""
    if by is not None and not permissions.may_reset_factor(by, user):
        raise Refusal("rank", _("Al doilea factor îl poate șterge numai cine conduce nivelul de deasupra sau un membru CNDIE."))
    with transaction.atomic():
        if not Authenticator.objects.select_for_update().filter(user=user):
            raise Refusal("none", _("Persoana nu are al doilea factor pornit."))
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        return events.record(user, AccountEvent.Action.FACTOR_RESET, by=by, reason=reason)


def end_sessions(user: User, *, but: str = "") -> None:
    """Signs a person out everywhere, but for the session with this key."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()
