"""The process that does jobs: an RQ worker that sweeps on a timer, or sweeping alone while the queue server is away."""

from __future__ import annotations

import importlib
import logging
import signal
import threading
from typing import Any

import django_rq
from django.conf import settings
from django.db import DatabaseError, connections
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from portal.outbox import services

logger = logging.getLogger(__name__)


class SweepingWorker(Worker):
    """RQ's worker, with the sweeper among its maintenance. It quits as soon as Redis is gone instead of waiting for it idly."""

    stop = threading.Event()

    def run_maintenance_tasks(self) -> None:
        if self.stop.is_set():
            raise StopRequested
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        sweep()

    def handle_warm_shutdown_request(self) -> None:
        self.stop.set()

    def heartbeat(self, timeout: int | None = None, pipeline: Any = None) -> None:
        try:
            super().heartbeat(timeout, pipeline)
        except RedisError:
            raise StopRequested from None


def sweep(limit: int = services.SWEEP_LIMIT) -> int:
    """A sweep that leaves no connection open (children inherit them) and outlives a database that is away."""
    try:
        return services.sweep(limit)
    except DatabaseError as error:
        logger.error("sweep failed: %s", type(error).__name__)
        return 0
    finally:
        connections.close_all()


def serve(queues: list[str]) -> bool:
    """Does jobs until told to stop. False when the queue server went away: start a new process then."""
    stop = SweepingWorker.stop
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    preload()
    server = Redis.from_url(str(settings.RQ_QUEUES[queues[0]]["URL"]), socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))
    while not stop.is_set() and not _answers(server):
        if not sweep(limit=1):
            stop.wait(settings.OUTBOX_SWEEP_EVERY / 4)
    if not stop.is_set():
        _work(queues, server)
    return stop.is_set()


def preload() -> None:
    """Imports what is slow to import once, in the parent of the processes that do the jobs."""
    for name in settings.OUTBOX_PRELOAD:
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            logger.warning("%s cannot be imported: %s", name, error)


def _answers(server: Redis) -> bool:
    try:
        return bool(server.ping())
    except (RedisError, OSError):
        return False


def _work(queues: list[str], server: Redis) -> None:
    listened = [django_rq.get_queue(name, connection=server) for name in queues]
    every = settings.OUTBOX_SWEEP_EVERY
    try:
        # RQ listens for worker_ttl − 15 seconds at a time, then looks at its maintenance.
        worker = SweepingWorker(listened, connection=server, serializer=JSONSerializer, worker_ttl=every + 15, maintenance_interval=every)
        worker.work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        logger.warning("queue server lost: %s", type(error).__name__)
