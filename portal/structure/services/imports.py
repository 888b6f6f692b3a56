"""An import from upload to application: each step keeps its result, and applying repeats the dry run on the network as it is then.

Applying and undoing are asked for on pages and done by jobs (``portal.structure.jobs``): all or nothing, the open rounds included.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.collection.models import Event
from portal.network import services as network
from portal.network.importing import headers, limits, reading, runs
from portal.network.importing.applying import CannotUndo
from portal.network.importing.cells import clean
from portal.network.importing.headers import Mapping
from portal.network.importing.report import every_change, report_of
from portal.network.importing.runs import Order
from portal.network.importing.workbook import Cell, Odd, Sheet, Workbook
from portal.network.models import Place
from portal.outbox import services as outbox
from portal.outbox.services import Tell, no_news
from portal.structure import permissions, selectors
from portal.structure.models import NetworkImport
from portal.structure.services import reaching

State = NetworkImport.State
OPEN = (State.UPLOADED, State.MAPPED, State.CHECKED)
PREVIEW_ROWS = limits.HEADER_ROWS + 4
PREVIEW_CHARACTERS = 60
KEPT_OPEN = timedelta(days=7)


class NotNow(Exception):
    """A step that does not follow from where the import is; ``sentence`` says what to do."""

    def __init__(self, sentence: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def upload(
    content: bytes, kind: str, *, place: Place | None, file_name: str = "", school_year: str = "", by: User | None = None, at: datetime | None = None
) -> NetworkImport:
    """Reads a list and proposes which column is what. Raises ``reading.Refused``."""
    workbook = reading.read(content)
    at = at or timezone.now()
    _give_up_old(at)
    return NetworkImport.objects.create(
        place=place,
        kind=kind,
        school_year=school_year or selectors.school_year(),
        file_name=clean(PurePath(file_name.replace("\\", "/")).name)[:120],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        preview=[_preview(sheet) for sheet in workbook.sheets],
        mapping=headers.proposed(workbook, selectors.columns(kind)).as_data(),
        through=NetworkImport.Through.PAGE if by else NetworkImport.Through.COMMAND,
        uploaded_by=by,
        uploaded_at=at,
    )


def propose(record: NetworkImport, sheet: str, header: int | None) -> Mapping:
    """Another proposal: for a sheet, and where people say that its header is elsewhere, for that row."""
    rows = next(entry["rows"] for entry in record.preview if entry["name"] == sheet)
    columns = selectors.columns(record.kind)
    mapping = headers.of_sheet(Sheet(sheet, rows), columns)
    if header is not None and 1 <= header <= len(rows):
        mapping = Mapping(sheet, header, headers.matched(rows[header - 1], columns))
    record.mapping = mapping.as_data()
    record.save(update_fields=["mapping"])
    return mapping


def check(record: NetworkImport, mapping: Mapping | None = None, *, at: datetime | None = None) -> NetworkImport:
    """The dry run under a mapping (the proposed one by default): nothing is written but its report."""
    _require(record, *OPEN)
    record.mapping = (mapping or Mapping.from_data(record.mapping)).as_data()
    report, plan = _run(record, clears_missing=False)
    record.report, record.plan_digest = report_of(report, plan), plan.digest()
    record.changes = every_change(plan, report.columns)
    record.state, record.checked_at, record.refusal = State.CHECKED, at or timezone.now(), ""
    record.save()
    return record


def ask_to_apply(record: NetworkImport, *, by: User, clears_missing: bool = False, at: datetime | None = None) -> None:
    """Lets a job write the import. Asked again, it is the same job; one that has failed is tried again. Raises ``NotNow``."""
    if record.report.get("errors"):
        raise NotNow(_("Lista are probleme de corectat, așa că nu se poate aplica."))
    _ask(record, State.CHECKED, State.APPLYING, at, applied_by=by, clears_missing=clears_missing)


def ask_to_undo(record: NetworkImport, *, by: User, at: datetime | None = None) -> None:
    """Lets a job take the import back."""
    _ask(record, State.APPLIED, State.UNDOING, at, undone_by=by)


@transaction.atomic
def _ask(record: NetworkImport, before: str, during: str, at: datetime | None, **values: object) -> None:
    held = NetworkImport.objects.select_for_update().get(pk=record.pk)
    _require(held, before, during)
    if held.state == before:
        values |= {"state": during, "asked_at": at or timezone.now(), "refusal": ""}
        for name, value in values.items():
            setattr(held, name, value)
        held.save(update_fields=[*values])
    assert held.job is not None
    outbox.enqueue(*held.job, {"import": held.pk})


def apply(
    record: NetworkImport, *, by: User | None = None, clears_missing: bool = False, at: datetime | None = None, tell: Tell = no_news
) -> NetworkImport:
    """Writes what the dry run showed, all or nothing. Raises ``NotNow`` when the network has changed since, or errors are left."""
    at = at or timezone.now()
    _require(record, State.CHECKED, State.APPLYING)
    workbook = reading.read(bytes(record.content))
    tell(1, 2)
    with transaction.atomic():
        network.lock()
        record = NetworkImport.objects.select_for_update().get(pk=record.pk)
        _require(record, State.CHECKED, State.APPLYING)
        report, plan = _run(record, clears_missing=False, workbook=workbook)
        if plan.digest() != record.plan_digest:
            raise NotNow(_("Rețeaua s-a schimbat după verificare. Verificați lista din nou."))
        if report.problems.many("error"):
            raise NotNow(_("Lista are probleme de corectat, așa că nu se poate aplica."))
        if clears_missing:
            report, plan = _run(record, clears_missing=True, workbook=workbook, at=at)
        record.difference = runs.write(record.kind, plan)
        rounds = reaching.reach(reaching.of_plan(plan, record.school_year), by, Event.Through.IMPORT)
        record.report = report_of(report, plan) | {"rounds": rounds}
        record.changes = every_change(plan, report.columns)
        record.state, record.clears_missing, record.applied_by, record.applied_at = State.APPLIED, clears_missing, by, at
        _forget_file(record)
        record.save()
    return record


def undo(record: NetworkImport, *, by: User | None = None, at: datetime | None = None) -> NetworkImport:
    """Sets the network back as it was before the import. Raises ``NotNow`` when something stands on it by now."""
    with transaction.atomic():
        network.lock()
        record = NetworkImport.objects.select_for_update().get(pk=record.pk)
        _require(record, State.APPLIED, State.UNDOING)
        change = reaching.of_difference(record)
        reaching.release(record)
        try:
            runs.undo(record.kind, record.difference)
        except CannotUndo as error:
            raise NotNow(_why_not(error)) from error
        record.report |= {"undone_rounds": reaching.reach(change, by, Event.Through.IMPORT)}
        record.state, record.undone_by, record.undone_at = State.UNDONE, by, at or timezone.now()
        record.save(update_fields=["state", "report", "undone_by", "undone_at"])
    return record


def refuse(record: NetworkImport, refusal: NotNow) -> None:
    """The job did nothing: the import is where it was before it was asked for, with the reason."""
    before = {State.APPLYING: (State.CHECKED, {"applied_by": None}), State.UNDOING: (State.APPLIED, {"undone_by": None})}
    state, values = before[State(record.state)]
    NetworkImport.objects.filter(pk=record.pk, state=record.state).update(state=state, refusal=str(refusal.sentence), **values)


def abandon(record: NetworkImport) -> None:
    """Gives up an import that was not applied; its file is deleted."""
    failed = record.state == State.APPLYING and record.job is not None and outbox.has_failed(*record.job)
    _require(record, *OPEN, *([State.APPLYING] if failed else []))
    record.state = State.ABANDONED
    _forget_file(record)
    record.save()


# ---- inside ----------------------------------------------------------------------------------------------


def _run(record: NetworkImport, *, clears_missing: bool, workbook: Workbook | None = None, at: datetime | None = None):  # type: ignore[no-untyped-def]
    order = Order(
        record.kind,
        permissions.scope_of(record.place),
        record.school_year,
        timezone.localdate(at) if clears_missing else None,
    )
    book = workbook or reading.read(bytes(record.content))
    return runs.check(book, Mapping.from_data(record.mapping), selectors.columns(record.kind), order)


def _require(record: NetworkImport, *states: str) -> None:
    if record.state not in states:
        raise NotNow(_("Importul are starea „{state}”, așa că acest pas nu mai este posibil.").format(state=record.get_state_display()))


def _give_up_old(at: datetime) -> None:
    """Files of imports that nobody went on with are not kept."""
    old = NetworkImport.objects.filter(state__in=OPEN, uploaded_at__lt=at - KEPT_OPEN)
    old.update(state=State.ABANDONED, content=b"", preview=[])


def _forget_file(record: NetworkImport) -> None:
    record.content, record.preview = b"", []


def _why_not(error: CannotUndo) -> object:
    if error.code == "in_use":
        return _("Importul nu se poate anula: pe locurile făcute de el s-au adăugat între timp conturi, clase sau date.")
    names = ", ".join(error.names)
    return _("Importul nu se poate anula: unele locuri au fost schimbate între timp ({names}).").format(names=names)


def _preview(sheet: Sheet) -> dict[str, object]:
    return {"name": sheet.name, "rows": [[_short(cell) for cell in row] for row in sheet.rows[:PREVIEW_ROWS]], "height": len(sheet.rows)}


def _short(cell: Cell) -> str | int | float | bool | None:
    if isinstance(cell, Odd):
        return cell.text[:PREVIEW_CHARACTERS]
    return cell[:PREVIEW_CHARACTERS] if isinstance(cell, str) else cell
