"""The network over the years, and the differences of imports and rounds as files."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.network.models import Level
from portal.structure import changes, years
from portal.structure.access import import_or_404, place_or_404, signed_in
from portal.structure.reports import ChangeGroup
from portal.structure.views.browse import framed

LISTED = 100
LEVELS = (Level.NATIONAL.value, Level.COUNTY.value)


@signed_in
@require_GET
def over_years(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed from one round to the next, or since the last one."""
    place = place_or_404(request, pk, *LEVELS)
    known = years.pairs()
    pair = _chosen(known, request.GET.get("din", ""))
    found = years.difference(pair, place) if pair is not None else []
    context = {"pairs": known, "pair": pair, "groups": groups(found), "counted": len(found)}
    return render(request, "structure/years.html", framed(request, place) | context)


@signed_in
@require_GET
def over_years_file(request: HttpRequest, pk: int, year: str, shape: str) -> HttpResponse:
    place = place_or_404(request, pk, *LEVELS)
    pair = next((one for one in years.pairs() if one.name == year), None)
    if pair is None:
        raise Http404
    return _file(years.difference(pair, place), shape, f"schimbari-{year}-{place.pk}")


@signed_in
@require_GET
def of_import(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """Every change that an import would make, or has made."""
    record = import_or_404(request, pk)
    return _file(record.changes, shape, f"import-{record.pk}")


def groups(found: list[changes.Change]) -> list[ChangeGroup]:
    """By kind, the first of each named."""
    order = list(changes.TITLES)
    listed = sorted(found, key=lambda change: order.index(change[0]))
    grouped = ((kind, list(lines)) for kind, lines in groupby(listed, key=lambda change: change[0]))
    return [ChangeGroup(changes.TITLES[kind], len(lines), [_named(line) for line in lines[:LISTED]]) for kind, lines in grouped]


def _named(change: changes.Change) -> dict[str, str]:
    _kind, level, code, name, before, after = change
    return {"name": f"{name} – {changes.LEVELS[level]}", "code": code, "from": before, "to": after}


def _chosen(known: list[years.Pair], year: str) -> years.Pair | None:
    return next((one for one in known if one.name == year), known[0] if known else None)


def _file(found: list[changes.Change], shape: str, name: str) -> HttpResponse:
    if shape not in changes.TYPES:
        raise Http404
    response = HttpResponse(changes.content(found, shape), content_type=changes.TYPES[shape])
    response["Content-Disposition"] = f'attachment; filename="{name}.{shape}"'
    return response
