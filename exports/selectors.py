"""Documents as lists show them: which there are at and below a place, and how far each one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.models import Document
from exports.services import LETTER_MAIL
from portal.accounts.models import Membership, User
from portal.collection.models import Collection
from portal.collection.selectors import visible_to
from portal.network.models import Level
from portal.outbox.models import Job
from portal.rounds.models import Round

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


@dataclass(frozen=True, slots=True)
class ListedLetter:
    """The letter to an inspectorate: its document, and to how many people it has been mailed (``waiting``: not yet)."""

    listed: Listed
    mailed: int
    waiting: int


def letters_of(round_: Round, user: User) -> list[ListedLetter]:
    """The letters of a round to the inspectorates that a person may see, in the order of their names."""
    seen = Collection.objects.filter(pk__in=visible_to(user).filter(round=round_, level=Level.COUNTY).values("pk"))
    latest = Document.objects.filter(kind=Document.Kind.LETTER, outdated_at=None, collection__in=seen).select_related("collection")
    documents = with_states(latest.order_by("collection__sort_key"))
    mails = Job.objects.filter(kind=LETTER_MAIL, key__startswith=f"{round_.pk}:").values_list("payload", "state")
    states = {payload["membership"]: state for payload, state in mails}
    places = dict(Membership.objects.held().filter(pk__in=states).values_list("pk", "place"))
    sent = Counter(places[pk] for pk, state in states.items() if pk in places and state == Job.State.DONE)
    asked = Counter(places.values())
    return [ListedLetter(one, sent[_place(one)], asked[_place(one)] - sent[_place(one)]) for one in documents]


def _place(listed: Listed) -> int:
    return listed.document.collection.place_id or 0


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
