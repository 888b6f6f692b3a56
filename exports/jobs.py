"""Jobs that make the files of documents, and mail letters. Each may run again: what is ready is left alone, a file appears whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from exports import letter, making, pdf, services, unit_subject
from exports.making import Made
from exports.models import Document
from exports.scope import Scope
from exports.unit_report import unit_report
from portal.accounts.models import Membership
from portal.collection.models import Collection, Result
from portal.outbox import mail
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.registry import JobError, handles
from portal.outbox.services import Tell
from portal.rounds.models import Round
from portal.ui import frame

LEASE = timedelta(minutes=5)


def _make(job: Job, make: Callable[[Document, Tell], Made | None]) -> None:
    """Makes the document of a job, unless it is there."""
    document = Document.objects.select_related("collection__round__methodology", "collection__parent").get(pk=job.payload["document"])
    _complete(document, make, partial(outbox.progress, job))


def _complete(document: Document, make: Callable[[Document, Tell], Made | None], tell: Tell) -> None:
    if document.ready_at is not None and document.path.is_file():
        return
    try:
        made = make(document, tell)
    except pdf.NotMade as error:
        raise JobError(str(error)) from None
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
    with making.placed(document.path) as (new, _scratch):
        pdf.write_pdf(report, new)
    return making.made(document.path)


# ---- the letter that opens a round -----------------------------------------------------------------------


@handles(Document.Kind.LETTER, lease=LEASE)
def make_letter(job: Job) -> None:
    _make(job, _letter)


def _letter(document: Document, tell: Tell) -> Made:
    with override("ro"):
        written = letter.letter_to(document.collection, document.created_at)
        with making.placed(document.path) as (new, _scratch):
            pdf.write(*letter.page_of(written), new)
    return making.made(document.path)


@handles(services.LETTER_MAIL, queue="mail", lease=LEASE)
def mail_letter(job: Job) -> None:
    """The letter to one person of an inspectorate: its text, and the same as PDF, made now where it is not there yet."""
    membership = Membership.objects.select_related("user", "place").get(pk=job.payload["membership"])
    counties = Collection.objects.select_related("round__methodology")
    county = counties.get(round=job.payload["round"], place=membership.place)
    if membership.ended_at is not None or county.round.state != Round.State.OPEN:
        return
    document = services.issue_letter(county)
    _complete(document, _letter, outbox.no_news)
    with override("ro"):
        mail.send(_message(membership, county, document))


def _message(membership: Membership, county: Collection, document: Document) -> mail.Message:
    return mail.Message(
        to=membership.user.email,
        subject=_("Începe campania {year}").format(year=county.round.school_year),
        paragraphs=[part for part in letter.text_to(county).split("\n\n") if part.strip()],
        action=(_("Deschideți platforma"), mail.absolute(reverse("home"))),
        after=[_("Scrisoarea este atașată și ca document PDF.")],
        commission=str(frame.commission()),
        attachments=[mail.Attachment(document.download_name, document.path.read_bytes(), "application/pdf")],
    )
