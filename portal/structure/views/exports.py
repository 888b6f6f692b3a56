"""The lists of the network to be taken away: as they are, and to be filled in and imported back."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from portal.network.exporting import delimited, rows, workbook
from portal.network.importing.columns import KINDS
from portal.structure import selectors
from portal.structure.access import place_or_404, signed_in

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = {"network": "retea", "pupils": "efective", "classes": "clase"}


@signed_in
def listed(request: HttpRequest, pk: int, kind: str, shape: str) -> HttpResponseBase:
    place = place_or_404(request, pk)
    if kind not in KINDS or shape not in ("xlsx", "csv"):
        raise Http404
    columns, year = selectors.columns(kind), request.GET.get("an") or selectors.school_year()
    found = rows.rows_of(columns, place, year)
    response: HttpResponseBase
    if shape == "csv":
        response = StreamingHttpResponse(delimited.lines(columns, found), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(workbook.content(columns, found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{NAMES[kind]}-{place.code.lower()}-{place.pk}.{shape}"'
    return response
