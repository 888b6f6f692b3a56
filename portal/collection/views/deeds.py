"""Deeds on a place, each in two steps: a page that says whom it touches and how it is undone, then the deed."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from portal.collection.access import author_of, collection_or_404, require
from portal.collection.authors import Author
from portal.collection.deeds import DEEDS
from portal.collection.models import CLASS, Collection
from portal.collection.refusals import Repeated
from portal.collection.selectors import visible_to
from portal.ui.responses import see_other


@login_required
def confirm(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """GET asks, POST does; a POST that comes twice is done once and answered alike."""
    if act not in DEEDS:
        raise Http404
    collection, described = collection_or_404(request, pk), DEEDS[act]
    form = described.form(request.POST if request.method == "POST" else None, collection=collection)
    if request.method == "POST" and form.is_valid():
        try:
            described.perform(collection, requester(request), **form.cleaned_data)
        except Repeated:
            return see_other(back_to(request, collection))
        messages.success(request, described.done.format(name=collection.name))
        return see_other(back_to(request, collection))
    require(request, act, collection)
    obstacles = described.obstacles(collection) if described.obstacles is not None else None
    context = {
        "collection": collection, "act": act, "deed": described, "form": form, "touched": touched(collection), "obstacles": obstacles,
        "back": back_to(request, collection), "request_id": uuid4().hex,
    }  # fmt: skip
    return render(request, "collection/confirm.html", context, status=200 if request.method == "GET" else 422)


def requester(request: HttpRequest) -> Author:
    """The person, with the id of the request, so that a double click does a deed once."""
    return replace(author_of(request), request_id=request.POST.get("request_id", "")[:64])


def touched(collection: Collection) -> dict[str, int]:
    """How many units and classes lie below a place."""
    below = Collection.objects.filter(path__startswith=collection.path).exclude(pk=collection.pk)
    return {"units": below.filter(level="unit").count(), "classes": below.filter(level=CLASS).count()}


def back_to(request: HttpRequest, collection: Collection) -> str:
    """Where one stands after a deed: the list it was chosen from, or the place itself for its own people."""
    above = visible_to(request.user).filter(children=collection).first()  # type: ignore[arg-type]
    return reverse("collection:board", args=[above.pk if above is not None else collection.pk])
