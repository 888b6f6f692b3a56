"""The history of what protects an account; whatever is written there is told to its person by mail."""

from __future__ import annotations

from portal.accounts.models import AccountEvent, User
from portal.outbox.services import enqueue


def record(user: User, action: AccountEvent.Action, *, by: User | None, reason: str = "") -> AccountEvent:
    event = AccountEvent.objects.create(user=user, action=action, by=by, reason=reason)
    enqueue("account_event", str(event.pk), {"event": event.pk})
    return event
