"""The board of a place: what awaits its people, and the places below it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.collection import boards
from portal.collection.access import collection_or_404
from portal.collection.models import Collection
from portal.collection.permissions import allowed
from portal.collection.services.together import TOGETHER
from portal.network.models import Level


@login_required
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit leads to its tasks, a class to its table; places above show their list."""
    collection = collection_or_404(request, pk)
    if collection.level == Level.UNIT:
        return redirect("collection:tasks", pk=pk)
    if collection.level not in boards.BELOW:
        return redirect("collection:table", pk=pk)
    return render(request, "collection/board.html", board_context(request, collection))


def board_context(request: HttpRequest, collection: Collection) -> dict[str, object]:
    state, query, sort = (request.GET.get(name, "") for name in ("stare", "q", "ordine"))
    everything = boards.lines(request.user, collection)  # type: ignore[arg-type]
    shown = sorted(boards.filtered(everything, state, query), key=boards.SORTS.get(sort, boards.SORTS["nume"]))  # type: ignore[arg-type]
    below = Collection.objects.filter(path__startswith=collection.path)
    own = allowed(request.user, "finalise", collection)  # type: ignore[arg-type]
    return {
        "own_deeds": [] if own.code in ("role", "level", "finalised_here") else ["finalise"],
        "collection": collection,
        "below": boards.BELOW[collection.level],
        "awaiting": boards.awaiting(everything),
        "lines": shown,
        "filtered_total": len(shown),
        "together": [act for act in TOGETHER if any(act in line.deeds for line in shown)],
        "total": len(everything),
        "totals": boards.totals(below),
        "state": state,
        "query": query,
        "sort": sort,
    }
