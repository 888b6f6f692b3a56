"""When a session ends: some time after the last page was asked for, and never later than twenty hours after signing in.

The moments are kept in the session itself, in seconds since 1970: what the session's cookie or row says only ever ends it earlier.
"""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

SIGNED_IN, ENDS = "signed_in_at", "ends_at"
WARNED_BEFORE = timedelta(minutes=5)
LONGEST = timedelta(hours=20)
RECENT = timedelta(minutes=5)
"""So long after signing in the password is not asked for again before something delicate."""


def begin(session: SessionBase) -> None:
    session[SIGNED_IN] = time.time()
    prolong(session)


def prolong(session: SessionBase) -> None:
    """Moves the end away from now, as far as the longest session allows."""
    idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
    session[ENDS] = min(time.time() + idle.total_seconds(), session[SIGNED_IN] + LONGEST.total_seconds())


def seconds_left(session: SessionBase) -> int:
    return max(0, int(session.get(ENDS, 0) - time.time()))


def is_over(session: SessionBase) -> bool:
    """A session from before this rule is over as well: nobody knows how long it has been open."""
    return seconds_left(session) == 0


def is_due(session: SessionBase) -> bool:
    """Whether prolonging is worth a write: not on every page, but always before anybody is warned."""
    return seconds_left(session) < settings.SESSION_IDLE_MINUTES * 60 - WARNED_BEFORE.total_seconds()


def just_signed_in(session: SessionBase) -> bool:
    signed_in: float = session.get(SIGNED_IN, 0)
    return time.time() - signed_in < RECENT.total_seconds()
