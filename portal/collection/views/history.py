"""The history of a place as a page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.collection.access import collection_or_404, require
from portal.collection.history import entry_of, events_of

PAGE = 50
# The room of exports lies above: it brings the first of these, with the history as a file.
ACTIONS = ["exports/history_actions.html", "collection/no_actions.html"]


@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    collection = collection_or_404(request, pk)
    require(request, "view", collection)
    page = Paginator(events_of(collection), PAGE).get_page(request.GET.get("pagina"))
    context = {"collection": collection, "page": page, "entries": [entry_of(event) for event in page], "actions": ACTIONS}
    return render(request, "collection/history.html", context)
