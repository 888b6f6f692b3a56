"""Jobs that make the files of documents. Each may run again: what is ready is left alone, a file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils.translation import gettext as _

from exports import making, pdf, services, unit_subject
from exports.making import Made
from exports.models import Document
from exports.scope import Scope
from exports.unit_report import unit_report
from portal.collection.models import Result
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.registry import JobError, handles
from portal.outbox.services import Tell

LEASE = timedelta(minutes=5)


def _make(job: Job, make: Callable[[Document, Tell], Made | None]) -> None:
    """Makes the document of a job, unless it is there."""
    document = Document.objects.select_related("collection__round__methodology", "collection__parent").get(pk=job.payload["document"])
    if document.ready_at is not None and document.path.is_file():
        return
    made = make(document, partial(outbox.progress, job))
    if made is not None:
        services.ready(document, made)


@handles(Document.Kind.UNIT_REPORT, lease=LEASE)
def make_unit_report(job: Job) -> None:
    _make(job, _unit_report)


@handles(Document.Kind.WORKBOOK, lease=LEASE)
def make_workbook(job: Job) -> None:
    _make(job, lambda document, tell: making.make_workbook(_scope(document), document.path, tell))


@handles(Document.Kind.CSV, lease=LEASE)
def make_archive(job: Job) -> None:
    _make(job, lambda document, tell: making.make_archive(_scope(document), document.path, tell))


def _scope(document: Document) -> Scope:
    return Scope(document.collection, document.final_only)


def _unit_report(document: Document, tell: Tell) -> Made | None:
    """The PDF of a freeze. One that was outdated before it was made, and whose data have changed since, is not made any more."""
    result = Result.objects.get(collection=document.collection, number=document.number)
    try:
        report = unit_report(unit_subject.of_result(result))
    except unit_subject.Changed:
        if document.outdated_at is not None:
            return None
        raise JobError(_("Datele unității s-au schimbat după înghețare; raportul nu mai poate fi făcut din ele.")) from None
    tell(1, 2)
    try:
        with making.placed(document.path) as (new, _scratch):
            pdf.write_pdf(report, new)
    except pdf.NotMade as error:
        raise JobError(str(error)) from None
    return making.made(document.path)
