"""Which function does which kind of job. Rooms register theirs in a module ``jobs.py``, found when the product starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from portal.outbox.models import Job

Run = Callable[[Job], None]
ATTEMPTS = {"mail": 30}
"""How often jobs of a queue are tried, where it is not five times: with the pauses between them, mail waits a day for its server."""


class JobError(Exception):
    """A job could not be done; its text is shown to people, so it names no person and holds nothing that was typed."""


@dataclass(frozen=True, slots=True)
class Handler:
    """``lease``: how long a worker may stay silent before another takes the job. ``attempts``: after so many failures it stays failed."""

    kind: str
    run: Run
    queue: str
    lease: timedelta
    attempts: int


_handlers: dict[str, Handler] = {}


def handles(kind: str, queue: str = "default", *, lease: timedelta = timedelta(minutes=2), attempts: int | None = None) -> Callable[[Run], Run]:
    """Registers the function that does jobs of a kind. It may run more than once for a job, so it must bear repetition."""
    if queue not in settings.RQ_QUEUES:
        raise LookupError(f"no queue {queue!r} in RQ_QUEUES")

    def register(run: Run) -> Run:
        known = _handlers.get(kind)
        if known is not None and (known.run.__module__, known.run.__qualname__) != (run.__module__, run.__qualname__):
            raise LookupError(f"two handlers for jobs of kind {kind!r}")
        _handlers[kind] = Handler(kind, run, queue, lease, attempts or ATTEMPTS.get(queue, 5))
        return run

    return register


def handler_of(kind: str) -> Handler:
    """Raises ``LookupError`` for a kind that nobody handles."""
    if kind not in _handlers:
        raise LookupError(f"nobody handles jobs of kind {kind!r}")
    return _handlers[kind]


def known_kinds() -> list[str]:
    return list(_handlers)


def kinds_of(queue: str) -> list[str]:
    return [handler.kind for handler in _handlers.values() if handler.queue == queue]
