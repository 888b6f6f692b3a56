"""Asking for a new password: the same work and the same answer for addresses that have an account and for those that have none."""

from __future__ import annotations

import uuid

from portal.accounts.models import User
from portal.outbox.services import enqueue

NOBODY = 0


def ask_for_new_password(users: list[User]) -> None:
    """One job either way: a request for an unknown address is written like any other and does nothing."""
    enqueue("password_reset", uuid.uuid4().hex, {"user": users[0].pk if users else NOBODY})
