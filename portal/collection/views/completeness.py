"""How complete and how timely a place is, and why something is left out or later."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.collection import boards, completeness
from portal.collection.access import collection_or_404, require
from portal.collection.models import Collection, Exemption, Extension
from portal.network.models import Level

PAGE = 50
LISTED = 100
LEVELS = [Level.SCHOOL.value, Level.COUNTY.value, Level.NATIONAL.value]
# The room of exports lies above: it brings the first of these, with the same numbers as files.
ACTIONS = ["exports/coverage_actions.html", "collection/no_actions.html"]


@login_required
@require_GET
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of a place, then those of the places directly below it; exemptions and extensions with their reasons."""
    collection = collection_or_404(request, pk, *LEVELS)
    require(request, "view", collection)
    level = boards.BELOW[collection.level]
    rows = completeness.rows_below(collection, level).order_by("sort_key", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("pagina"))
    found = completeness.by_place(collection, level)
    context = {
        "collection": collection, "level": level, "page": page, "tallies": completeness.of(collection), "kinds": completeness.KINDS[level],
        "lines": [(row, found[row.pk]) for row in page.object_list], "actions": ACTIONS, "listed": LISTED,
        "exemptions": exemptions_of(collection), "extensions": extensions_of(collection),
    }  # fmt: skip
    return render(request, "collection/completeness.html", context)


def exemptions_of(collection: Collection) -> list[Exemption]:
    """Those that hold, at and below a place."""
    given = Exemption.objects.filter(collection__path__startswith=collection.path, withdrawn_at=None)
    return list(given.select_related("collection", "given_by").order_by("collection__sort_key", "pk"))


def extensions_of(collection: Collection) -> list[Extension]:
    """All that have been given at and below a place, also those that have ended."""
    given = Extension.objects.filter(collection__path__startswith=collection.path)
    return list(given.select_related("collection__round__methodology", "given_by").order_by("collection__sort_key", "until", "pk"))
