"""Documents come into being, are asked for, made, marked outdated. The row is written with the act that asks for it; a job makes the file."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from exports import letter
from exports.making import Made
from exports.models import Document
from portal.accounts.models import Membership, User
from portal.collection.models import Collection, Result
from portal.outbox import services as outbox
from portal.rounds import letters
from portal.rounds.models import Round

LETTER_MAIL = "round_letter"


def issue_report(result: Result) -> Document:
    """The report of a freeze; earlier ones of the unit become outdated. Asked twice, it is the same document."""
    collection = result.collection
    mark_outdated(collection, result.computed_at, but=result.number)
    document, _made = Document.objects.get_or_create(
        collection=collection,
        kind=Document.Kind.UNIT_REPORT,
        number=result.number,
        defaults={
            "title": _("Raportul unității %(name)s, nr. %(number)s") % {"name": collection.name, "number": result.number},
            "methodology_digest": result.methodology_digest,
            "data_digest": result.data_digest,
        },
    )
    outbox.enqueue(document.kind, document.key, {"document": document.pk})
    return document


def issue_letter(county: Collection) -> Document:
    """The letter that opens the round, to the inspectorate of a county. The same text is the same document; another one outdates the earlier."""
    with transaction.atomic():
        Collection.objects.select_for_update(no_key=True).get(pk=county.pk)
        own, digest = Document.objects.filter(collection=county, kind=Document.Kind.LETTER), letter.digest_of(letter.text_to(county))
        last = own.order_by("-number").first()
        if last is None or last.data_digest != digest:
            own.filter(outdated_at=None).update(outdated_at=timezone.now())
            said = {"year": county.round.school_year, "name": letters.inspectorate(county.name)}
            last = Document.objects.create(
                collection=county, kind=Document.Kind.LETTER, number=last.number + 1 if last else 1, data_digest=digest,
                methodology_digest=county.round.methodology.digest, title=_("Deschiderea campaniei %(year)s: %(name)s") % said,
            )  # fmt: skip
        outbox.enqueue(last.kind, last.key, {"document": last.pk})
        return last


def send_letter(membership: Membership, round_: Round) -> None:
    """The letter by mail to one person of an inspectorate, once."""
    outbox.enqueue(LETTER_MAIL, f"{round_.pk}:{membership.pk}", {"round": round_.pk, "membership": membership.pk})


def mark_outdated(collection: Collection, at: datetime, but: int = 0) -> None:
    """Reports of a place that no longer hold, but for one number; they are kept."""
    reports = Document.objects.filter(collection=collection, kind=Document.Kind.UNIT_REPORT, outdated_at=None)
    reports.exclude(number=but).update(outdated_at=at)


def ask_export(collection: Collection, kind: str, by: User, final_only: bool = False) -> Document:
    """A workbook or an archive of a place. One that is under way with the same content is not begun again."""
    with transaction.atomic():
        Collection.objects.select_for_update(no_key=True).get(pk=collection.pk)
        own = Document.objects.filter(collection=collection, kind=kind)
        waiting = own.filter(ready_at=None, final_only=final_only, methodology_digest=collection.round.methodology.digest).order_by("-number").first()
        if waiting is not None and not outbox.has_failed(waiting.kind, waiting.key):
            return waiting
        number = (own.aggregate(last=Max("number"))["last"] or 0) + 1
        document = Document.objects.create(
            collection=collection, kind=kind, number=number, title=f"{Document.Kind(kind).label}: {collection.name}", final_only=final_only,
            methodology_digest=collection.round.methodology.digest, asked_by=by,
        )  # fmt: skip
        outbox.enqueue(kind, document.key, {"document": document.pk})
        return document


def try_again(document: Document) -> None:
    """Asks anew for a document whose job has failed."""
    if document.ready_at is None:
        outbox.enqueue(document.kind, document.key, {"document": document.pk})


def ready(document: Document, made: Made) -> None:
    """The file is in its place."""
    Document.objects.filter(pk=document.pk).update(size=made.size, sha256=made.sha256, ready_at=timezone.now())
