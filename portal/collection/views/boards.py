"""The board of a place: what awaits its people, and the places below it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.collection import boards, completeness
from portal.collection.access import collection_or_404
from portal.collection.models import Collection
from portal.collection.permissions import allowed
from portal.collection.services.together import TOGETHER
from portal.network.models import Level

PAGE = 50


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
    asked = boards.Asked.of(collection, request.GET)
    lists = {level: boards.listed(collection, level) for level in boards.LISTS[collection.level]}
    found = boards.ordered(boards.filtered(lists[asked.level], asked.state, asked.query), asked.order)
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    shown = boards.with_deeds(request.user, collection, page.object_list)  # type: ignore[arg-type]
    own = allowed(request.user, "finalise", collection)  # type: ignore[arg-type]
    return {
        "own_deeds": [] if own.code in ("role", "level", "finalised_here") else ["finalise"],
        "collection": collection,
        "asked": asked,
        "lists": [(level, boards.LEVEL_WORDS[level], len(lists[level])) for level in lists],
        "filters": [(code, label) for code, (label, _admits) in boards.FILTERS.items()],
        "awaiting": boards.awaiting(collection, lists),
        "page": page,
        "lines": shown,
        "filtered_total": page.paginator.count,
        "together": [act for act in TOGETHER if any(act in line.deeds for line in shown)],
        "total": len(lists[asked.level]),
        "completeness": completeness.of(collection),
    }
