"""Pages of reports and exports: what there is at a place, asking for more, taking it home."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from exports import coverage as coverages
from exports import history as histories
from exports import selectors, services, single, unit_subject
from exports.forms import ExportForm
from exports.models import Document
from exports.unit_report import unit_report
from portal.collection.access import collection_or_404, require
from portal.collection.history import file_name
from portal.network.models import Level
from portal.ui.responses import page_with_form, see_other

PAGE = 50
PLACES = [level.value for level in Level]


@login_required
@require_GET
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Reports at and below a place."""
    collection = collection_or_404(request, pk, *PLACES)
    require(request, "view", collection)
    page = Paginator(selectors.documents_of(collection), PAGE).get_page(request.GET.get("pagina"))
    return render(request, "exports/documents.html", {"collection": collection, "page": page, "listed": selectors.with_states(page.object_list)})


@login_required
def exports(request: HttpRequest, pk: int) -> HttpResponse:
    """Workbooks and archives of a place: ask for one, see how far it is, download it."""
    collection = collection_or_404(request, pk, *PLACES)
    require(request, "export", collection)
    form = ExportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        services.ask_export(collection, asked["kind"], request.user, asked["units"] == "final")  # type: ignore[arg-type]
        messages.success(request, _("Exportul se pregătește. Puteți părăsi pagina; fișierul vă așteaptă aici."))
        return see_other("exports:exports", pk)
    page = Paginator(selectors.exports_of(collection), PAGE).get_page(request.GET.get("pagina"))
    context = {"collection": collection, "form": form, "page": page, "listed": selectors.with_states(page.object_list)}
    return page_with_form(request, "exports/exports.html", context)


@login_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report of a unit as a page: frozen figures where it is final, else a preview."""
    collection = collection_or_404(request, pk, Level.UNIT)
    require(request, "view", collection)
    if collection.exempt:
        return render(request, "exports/no_report.html", {"collection": collection})
    return render(request, "exports/report.html", {"collection": collection, "report": unit_report(unit_subject.of_now(collection))})


@login_required
@require_GET
def history(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """The history of a place as a file."""
    collection = collection_or_404(request, pk, *PLACES)
    require(request, "export", collection)
    return _file(shape, file_name("istoric", collection, shape), lambda: histories.content(collection, shape))


@login_required
@require_GET
def coverage(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """How complete a place and every place below it is, as a file."""
    collection = collection_or_404(request, pk, *PLACES)
    require(request, "export", collection)
    return _file(shape, file_name("stadiu", collection, shape), lambda: coverages.content(collection, shape))


def _file(shape: str, name: str, content: Callable[[], bytes]) -> HttpResponse:
    if shape not in single.SHAPES:
        raise Http404
    response = HttpResponse(content(), content_type=single.SHAPES[shape])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def download(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """The file itself, to whoever may see it now."""
    found = _document_or_404(request, pk, document)
    if found.ready_at is None or not found.path.is_file():
        raise Http404
    response = FileResponse(found.path.open("rb"), as_attachment=True, filename=found.download_name)
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def try_again(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """A document whose job failed is asked for anew."""
    found = _document_or_404(request, pk, document)
    services.try_again(found)
    messages.success(request, _("Documentul se pregătește din nou."))
    if found.kind == Document.Kind.LETTER:
        return see_other("rounds:round", found.collection.round_id)
    return see_other("exports:exports" if found.kind in selectors.EXPORTS else "exports:documents", pk)


def _document_or_404(request: HttpRequest, pk: int, document: int) -> Document:
    """A document of a place the person may see, when they may read or export there."""
    collection = collection_or_404(request, pk)
    found = get_object_or_404(Document, pk=document, collection=collection)
    require(request, "export" if found.kind in selectors.EXPORTS else "view", collection)
    return found
