"""Deeds on a place, each in two steps: a page that says whom it touches and how it is undone, then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from portal.collection.access import author_of, collection_or_404, require
from portal.collection.deeds import DEEDS
from portal.collection.models import CLASS, Collection
from portal.collection.selectors import visible_to


@login_required
def confirm(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """GET asks, POST does."""
    if act not in DEEDS:
        raise Http404
    collection, described = collection_or_404(request, pk), DEEDS[act]
    form = described.form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        described.perform(collection, author_of(request), **form.cleaned_data)
        messages.success(request, described.done.format(name=collection.name))
        return HttpResponseRedirect(back_to(request, collection), status=303)
    if act not in ("finalise",):
        require(request, act, collection)
    below = Collection.objects.filter(path__startswith=collection.path).exclude(pk=collection.pk)
    touched = {"units": below.filter(level="unit").count(), "classes": below.filter(level=CLASS).count()}
    context = {"collection": collection, "act": act, "deed": described, "form": form, "touched": touched, "back": back_to(request, collection)}
    return render(request, "collection/confirm.html", context, status=200 if request.method == "GET" else 422)


def back_to(request: HttpRequest, collection: Collection) -> str:
    """Where one stands after a deed: the list it was chosen from, or the place itself for its own people."""
    above = visible_to(request.user).filter(children=collection).first()  # type: ignore[arg-type]
    return reverse("collection:board", args=[above.pk if above is not None else collection.pk])
