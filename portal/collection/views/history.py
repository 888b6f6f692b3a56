"""The history of a place: who, what, when, from, to, why, through what."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.collection.access import collection_or_404, require
from portal.collection.models import Event

PAGE = 50


@login_required
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Events of a place and of its classes, newest first; cells of tables are counted, never shown."""
    collection = collection_or_404(request, pk)
    require(request, "view", collection)
    events = Event.objects.filter(collection__path__startswith=collection.path, collection__level__in=("class", collection.level))
    listed = events.select_related("by", "collection").order_by("-at", "-pk")
    page = Paginator(listed, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "collection/history.html", {"collection": collection, "page": page})
