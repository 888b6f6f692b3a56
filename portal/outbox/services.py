"""Asking for work to be done later, and doing it: once in effect, whatever dies meanwhile.

A job is a row written in the transaction that asks for it. A worker takes it with a conditional update that raises ``attempts``; the number it
got is its right to write to the row, so that one whose lease has run out can no longer finish what another has taken over.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.outbox import failures, waking
from portal.outbox.models import Job, JobQuerySet
from portal.outbox.registry import Handler, handler_of, kinds_of, known_kinds

SWEEP_LIMIT = 100
Tell = Callable[[int, int], None]
"""How work that takes long says how far it is: steps done, of how many."""
logger = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another worker has taken the job; whoever gets this stops at once and leaves no result."""


# ---- asking ----------------------------------------------------------------------------------------------


def enqueue(kind: str, key: str, payload: Mapping[str, Any] | None = None, not_before: datetime | None = None) -> Job:
    """The job of this kind and key: a new one, or the one that is already there. A failed one is tried again.

    Written in the current transaction; a worker is woken after its commit. ``payload`` holds ids only.
    """
    handler = handler_of(kind)
    due = not_before or timezone.now()
    job, created = Job.objects.get_or_create(kind=kind, key=key, defaults={"payload": dict(payload or {}), "not_before": due})
    if not created and not _retry(job, due):
        return job
    if due <= timezone.now():
        transaction.on_commit(lambda: _wake_first(job, handler), robust=True)
    return job


def _retry(job: Job, due: datetime) -> bool:
    """Sets a failed job waiting again; False for one in any other state."""
    fresh = {"state": Job.State.WAITING, "attempts": 0, "error": "", "not_before": due, "finished_at": None}
    if not Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(**fresh):
        return False
    job.refresh_from_db()
    return True


def _wake_first(job: Job, handler: Handler) -> None:
    """In a queue with a rate only the first waiting job wakes a worker; the sweeper lets the others out in waves."""
    if handler.queue in settings.OUTBOX_RATES:
        waiting = Job.objects.filter(kind__in=kinds_of(handler.queue), state=Job.State.WAITING, not_before__lte=timezone.now())
        if waiting.exclude(pk=job.pk).exists():
            return
    waking.wake(job, handler)


def has_failed(kind: str, key: str) -> bool:
    """Whether a job has been given up; asking for it again tries it anew."""
    return Job.objects.filter(kind=kind, key=key, state=Job.State.FAILED).exists()


# ---- doing -----------------------------------------------------------------------------------------------


def run_job(pk: int) -> bool:
    """Takes a job and does it; False when it was not to be taken (done, taken by another, not yet due, over the rate)."""
    job = _claim(pk)
    if job is None:
        return False
    try:
        handler_of(job.kind).run(job)
    except LeaseLost:
        logger.warning("job %s (%s) was taken over", job.pk, job.kind)
        return False
    except Exception as error:
        _fail(job, error)
        return True
    return _mine(job).update(state=Job.State.DONE, finished_at=timezone.now(), leased_until=None, error="") == 1


def _claim(pk: int) -> Job | None:
    now = timezone.now()
    job = Job.objects.takeable(now).filter(pk=pk, kind__in=known_kinds()).first()
    if job is None:
        return None
    handler = handler_of(job.kind)
    if _allowance(handler.queue, now) <= 0 or _given_up(job, handler):
        return None
    taken = {"state": Job.State.RUNNING, "attempts": F("attempts") + 1, "started_at": now, "leased_until": now + handler.lease}
    if not Job.objects.takeable(now).filter(pk=pk, attempts=job.attempts).update(**taken, done=0, total=0):
        return None
    job.refresh_from_db()
    return job


def _allowance(queue: str, now: datetime) -> int:
    """How many more jobs of a queue may start now."""
    rate = settings.OUTBOX_RATES.get(queue)
    if rate is None:
        return SWEEP_LIMIT
    return rate - Job.objects.filter(kind__in=kinds_of(queue), started_at__gt=now - timedelta(minutes=1)).count()


def _given_up(job: Job, handler: Handler) -> bool:
    """A job that killed its worker as often as it may fail is failed, not tried for ever."""
    if job.state != Job.State.RUNNING or job.attempts < handler.attempts:
        return False
    _mine(job).update(state=Job.State.FAILED, finished_at=timezone.now(), leased_until=None, error=failures.VANISHED)
    return True


def _mine(job: Job) -> JobQuerySet:
    """The row, as long as it is still in the hands of whoever holds this ``job``."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _fail(job: Job, error: Exception) -> None:
    text = failures.describe(error)
    logger.error("job %s (%s), attempt %s: %s", job.pk, job.kind, job.attempts, text)
    if job.attempts >= handler_of(job.kind).attempts:
        _mine(job).update(state=Job.State.FAILED, finished_at=timezone.now(), leased_until=None, error=text)
    else:
        again = timezone.now() + failures.pause(job.attempts)
        _mine(job).update(state=Job.State.WAITING, not_before=again, leased_until=None, error=text)


def no_news(done: int, total: int) -> None:
    """Nobody follows."""


def progress(job: Job, done: int, total: int) -> None:
    """Tells how far a job is and renews its lease. Raises ``LeaseLost`` when another worker has it.

    Written at most once a second; call it outside transactions, else nobody sees it before their end.
    """
    if done < total and time.monotonic() - job.told_at < 1:
        return
    until = timezone.now() + handler_of(job.kind).lease
    if not _mine(job).update(done=done, total=total, leased_until=until):
        raise LeaseLost
    job.told_at = time.monotonic()
    job.done, job.total = done, total


# ---- picking up ------------------------------------------------------------------------------------------


def sweep(limit: int = SWEEP_LIMIT) -> int:
    """Picks up what is due and nobody has been told of, or whose worker died: wakes workers for it, or does it here when
    the queue server is away, at most ``limit`` of each queue. Returns how many jobs it saw to."""
    return sum(_sweep_queue(queue, limit) for queue in settings.RQ_QUEUES)


def _sweep_queue(queue: str, limit: int) -> int:
    now = timezone.now()
    limit = max(0, min(limit, _allowance(queue, now)))
    due = Job.objects.takeable(now).filter(kind__in=kinds_of(queue)).order_by("not_before", "pk")[:limit]
    return sum(waking.wake(job, handler_of(job.kind)) or run_job(job.pk) for job in list(due))
