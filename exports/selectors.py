"""Documents as lists show them: which there are at and below a place, and how far each one is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.models import Document
from portal.collection.models import Collection
from portal.outbox.models import Job

EXPORTS = (Document.Kind.WORKBOOK, Document.Kind.CSV)
TINTS = {Job.State.WAITING: "o", Job.State.RUNNING: "i", Job.State.DONE: "ok", Job.State.FAILED: "d"}
NOT_MADE = _("Nu s-a mai făcut")


@dataclass(frozen=True, slots=True)
class Listed:
    """A document and its state in words. ``done`` of ``total``: steps of the job under way; ``failed``: it can be asked for again."""

    document: Document
    word: str | Promise
    tint: str
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def ready(self) -> bool:
        return self.document.ready_at is not None

    @property
    def failed(self) -> bool:
        return self.tint == TINTS[Job.State.FAILED]

    @property
    def under_way(self) -> bool:
        return not self.ready and self.tint in (TINTS[Job.State.WAITING], TINTS[Job.State.RUNNING])


def documents_of(collection: Collection) -> QuerySet[Document]:
    """Reports at and below a place, newest first."""
    reports = Q(kind=Document.Kind.UNIT_REPORT, collection__path__startswith=collection.path)
    return Document.objects.filter(reports).select_related("collection").order_by("-created_at", "-pk")


def exports_of(collection: Collection) -> QuerySet[Document]:
    """Workbooks and archives of a place, newest first."""
    return Document.objects.filter(collection=collection, kind__in=EXPORTS).select_related("collection", "asked_by").order_by("-created_at", "-pk")


def with_states(documents: Iterable[Document]) -> list[Listed]:
    """How far each document is."""
    rows = list(documents)
    keys = [row.key for row in rows if row.ready_at is None]
    jobs = {(job.kind, job.key): job for job in Job.objects.filter(kind__in={row.kind for row in rows}, key__in=keys)}
    return [_listed(row, jobs.get((row.kind, row.key))) for row in rows]


def _listed(document: Document, job: Job | None) -> Listed:
    if document.ready_at is not None:
        return Listed(document, Job.State.DONE.label, TINTS[Job.State.DONE])
    if job is None or job.state == Job.State.DONE:
        return Listed(document, NOT_MADE, "")
    return Listed(document, job.get_state_display(), TINTS[Job.State(job.state)], job.done, job.total, job.error)
