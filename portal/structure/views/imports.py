"""Importing a list: upload, columns, check, apply with confirmation; the history of imports, and taking one back.

Applying and undoing are done by jobs; the page of the import shows how far they are and, afterwards, what they did.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.collection.services.following import followed_rounds
from portal.structure import permissions, reports, selectors
from portal.structure.access import import_or_404, importing_place_or_404, place_or_404, signed_in, user_of
from portal.structure.forms.imports import ApplyForm, ColumnsForm, UploadForm
from portal.structure.models import NetworkImport
from portal.structure.services import imports
from portal.structure.views.browse import framed
from portal.ui.responses import page_with_form, see_other

PAGE = 50
ACT = "import_network"
CLEARED = {
    "network": gettext_lazy("Închideți și locurile care lipsesc din listă ({many})"),
    "classes": gettext_lazy("Scoateți și clasele care lipsesc din listă ({many})"),
}


@signed_in
def history(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk, "national", "county")
    page = Paginator(selectors.imports_of(place, user_of(request)), PAGE).get_page(request.GET.get("pagina"))
    return render(request, "structure/imports.html", framed(request, place) | {"page": page})


@signed_in
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    place = importing_place_or_404(request, pk)
    initial = {"school_year": selectors.school_year(), "kind": request.GET.get("lista", "network")}
    form = UploadForm(request.POST or None, request.FILES or None, initial=initial)
    record = form.uploaded(place, user_of(request)) if form.is_valid() else None
    if record is not None:
        return see_other("network:columns", record.pk)
    return page_with_form(request, "structure/upload.html", framed(request, place) | {"form": form})


@signed_in
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what: proposed by the headings, corrected here. „Citiți antetul din nou” proposes again for another sheet or row."""
    record = import_or_404(request, pk, ACT)
    if not record.is_open:
        return see_other("network:import", record.pk)
    form = ColumnsForm(record, selectors.spoken_columns(record.kind), request.POST or None)
    if request.POST.get("again") and form.rereads():
        return see_other("network:columns", record.pk)
    if request.method == "POST" and not request.POST.get("again") and form.is_valid():
        imports.check(record, form.mapping())
        return see_other("network:import", record.pk)
    return page_with_form(request, "structure/columns.html", _framed(request, record) | {"form": form})


@signed_in
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run of an import, or what it did."""
    record = import_or_404(request, pk)
    if record.is_open and record.state != NetworkImport.State.CHECKED:
        return see_other("network:columns", record.pk)
    return render(request, "structure/import.html", _framed(request, record) | _reported(record))


@signed_in
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    record = import_or_404(request, pk, ACT)
    missing = reports.missing(record) if record.is_ready else None
    form = ApplyForm(_clearing(record, missing), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _tried(request, record, lambda: imports.ask_to_apply(record, by=user_of(request), **form.cleaned_data))
    if not record.is_ready:
        return see_other("network:import", record.pk)
    context = {"form": form, "missing": missing, "open_rounds": [str(one) for one in followed_rounds()]}
    return render(request, "structure/apply.html", _framed(request, record) | _reported(record) | context)


@signed_in
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    record = import_or_404(request, pk, ACT)
    if request.method == "POST":
        return _tried(request, record, lambda: imports.ask_to_undo(record, by=user_of(request)))
    if record.state != NetworkImport.State.APPLIED:
        return see_other("network:import", record.pk)
    return render(request, "structure/undo.html", _framed(request, record) | _reported(record))


@signed_in
def abandon(request: HttpRequest, pk: int) -> HttpResponse:
    record = import_or_404(request, pk, ACT)
    if request.method == "POST":
        return _tried(request, record, lambda: imports.abandon(record), _("Ați renunțat la import; fișierul a fost șters."))
    return see_other("network:import", record.pk)


def _clearing(record: NetworkImport, missing: reports.ChangeGroup | None) -> str:
    """The words of the box that clears what the list does not mention; '' where there is nothing to clear."""
    return str(CLEARED[record.kind]).format(many=missing.many) if missing and record.kind in CLEARED else ""


def _tried(request: HttpRequest, record: NetworkImport, act: Callable[[], object], done: str = "") -> HttpResponse:
    """Does it and says so (a job says it later, on the page), or says why not."""
    try:
        act()
        if done:
            messages.success(request, done)
    except imports.NotNow as refusal:
        messages.warning(request, str(refusal.sentence))
    return see_other("network:import", record.pk)


def _framed(request: HttpRequest, record: NetworkImport) -> dict[str, object]:
    place = record.place
    framed_ = framed(request, place) if place is not None else {"may_import": False}
    may = place is not None and bool(permissions.allowed(user_of(request), ACT, place))
    return framed_ | {"record": record, "may_import": may}


def _reported(record: NetworkImport) -> dict[str, object]:
    return (
        {
            "changes": reports.change_groups(record),
            "problems_found": reports.problem_groups(record),
            "missing": reports.missing(record),
            "sums": reports.sums(record),
            "totals": reports.control_totals(record),
            "rounds": reports.round_news(record.report.get("rounds", [])),
            "undone_rounds": reports.round_news(record.report.get("undone_rounds", [])),
        }
        if record.report
        else {}
    )
