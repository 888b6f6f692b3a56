"""Indicators of a unit: all of them, and one with the places that gave it and its explanation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.collection import figures
from portal.collection.access import collection_or_404, require
from portal.network.models import Level


@login_required
def results(request: HttpRequest, pk: int) -> HttpResponse:
    unit = collection_or_404(request, pk, Level.UNIT.value)
    require(request, "view", unit)
    return render(request, "collection/results.html", {"collection": unit, "found": figures.figures_of(unit)})


@login_required
def indicator(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    unit = collection_or_404(request, pk, Level.UNIT.value)
    require(request, "view", unit)
    found = figures.figures_of(unit)
    if code not in found.figures:
        raise Http404
    shown = found.figures[code]
    family = [other for other in found.figures.values() if _alike(other, shown) and other is not shown]
    context = {
        "collection": unit, "found": found, "shown": shown, "indicator": shown.indicator, "family": family,
        "trace": figures.explanation(unit, code, request.user),  # type: ignore[arg-type]
        "waiting": figures.siblings_open(unit) if shown.provisional else [],
    }  # fmt: skip
    return render(request, "collection/indicator.html", context)


def _alike(one: figures.ShownFigure, other: figures.ShownFigure) -> bool:
    """Whether two figures are rungs of the same group."""
    group = one.indicator.tags.get("group")
    return group is not None and group == other.indicator.tags.get("group")
