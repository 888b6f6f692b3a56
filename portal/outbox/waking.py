"""Telling workers, through RQ, that there is something to do. Only ids travel; whether anybody hears does not matter for the outcome."""

from __future__ import annotations

import logging
import time
from functools import lru_cache

import django_rq
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq.exceptions import DuplicateJobError

from portal.outbox.models import Job
from portal.outbox.registry import Handler

RUN = "portal.outbox.services.run_job"
REPEAT_AFTER = 600
"""Seconds after which a job that still waits is announced again: its first announcement may have died with a worker."""
QUIET = 5.0
"""Seconds without another try after Redis did not answer, so that a page never waits for it twice."""

logger = logging.getLogger(__name__)
_quiet_until = 0.0


@lru_cache(maxsize=4)
def _connection(url: str) -> Redis:
    return Redis.from_url(url, socket_connect_timeout=1, socket_timeout=2, retry=Retry(NoBackoff(), 0))


def wake(job: Job, handler: Handler) -> bool:
    """Whether a worker has been told (now or before). False when the queue server is away; never raises for that."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        _announce(job, handler)
    except (RedisError, OSError) as error:
        _quiet_until = time.monotonic() + QUIET
        logger.warning("queue server away (%s): the sweeper will pick jobs up", type(error).__name__)
        return False
    return True


def _announce(job: Job, handler: Handler) -> None:
    queue = django_rq.get_queue(handler.queue, connection=_connection(settings.RQ_QUEUES[handler.queue]["URL"]), commit_mode="auto")
    once = f"outbox-{job.pk}-{job.attempts}-{int(time.time()) // REPEAT_AFTER}"
    try:
        queue.enqueue(RUN, job.pk, job_id=once, unique=True, result_ttl=0, failure_ttl=60, description=f"{job.kind} {job.pk}")
    except DuplicateJobError:
        logger.debug("job %s is already announced", job.pk)
