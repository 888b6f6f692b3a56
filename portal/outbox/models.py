"""One table of jobs. It is the truth; the queue only wakes workers, and a sweeper picks up what it forgot."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet["Job"]):
    """Which jobs a worker may take."""

    def takeable(self, now: datetime) -> JobQuerySet:
        """Waiting ones whose time has come, and running ones whose worker has not been heard of."""
        return self.filter(Q(state=Job.State.WAITING, not_before__lte=now) | Q(state=Job.State.RUNNING, leased_until__lt=now))


class Job(models.Model):
    """Something to be done once. ``key`` makes it idempotent: the same kind and key is one job.

    ``payload`` holds ids only: no text, no token, nothing personal. ``attempts`` rises whenever a worker takes the job, and
    whoever took it earlier may not write to it any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("În așteptare")
        RUNNING = "running", _("În lucru")
        DONE = "done", _("Gata")
        FAILED = "failed", _("Nereușit")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    payload = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    """Progress: steps done of ``total`` (0: not known)."""
    total = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Job]] = JobQuerySet.as_manager()
    told_at = 0.0
    """When progress was last written, on this process's monotonic clock."""

    class Meta:
        verbose_name = _("lucrare")
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="job_once")]
        indexes: ClassVar = [models.Index(fields=["state", "not_before"]), models.Index(fields=["kind", "started_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
