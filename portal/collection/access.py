"""How pages reach collections: what one may not see does not exist, what one may not do is explained."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection
from portal.collection.permissions import allowed
from portal.collection.refusals import Conflict, Refused
from portal.collection.selectors import visible_to
from portal.ui import errors, frame

STATUS = {"role": 403, "level": 404, "link_expired": 410, "link_revoked": 410}
LOCKED = 423


def collection_or_404(request: HttpRequest, pk: int, *levels: str) -> Collection:
    """A collection the person may see, of one of these levels."""
    found = get_object_or_404(visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    frame.about(request, place_of(found))
    if levels and found.level not in levels:
        raise Http404
    return found


def place_of(collection: Collection) -> int | None:
    """The place of a collection; of a class, that of its unit."""
    if collection.level != CLASS or collection.parent_id is None:
        return collection.place_id
    return Collection.objects.filter(pk=collection.parent_id).values_list("place", flat=True).first()


def author_of(request: HttpRequest) -> Author:
    return Author(user=request.user)  # type: ignore[arg-type]


def require(request: HttpRequest, act: str, collection: Collection) -> None:
    """Raises ``Refused`` when the person may not do this now: the page says why."""
    decision = allowed(request.user, act, collection)  # type: ignore[arg-type]
    if not decision:
        raise Refused(decision)


class ExplainedRefusals:
    """Middleware: a refusal becomes a page with its sentence and the right status; a conflict shows both values."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            decision = exception.decision
            return errors.page(request, STATUS.get(decision.code, LOCKED), decision.sentence, code=decision.code)
        if isinstance(exception, Conflict) and errors.asks_for_json(request):
            told = {"code": "conflict", "revision": exception.revision, "cells": exception.cells, "others": exception.others}
            return JsonResponse(told, status=409)
        if isinstance(exception, Conflict):
            return render(request, "collection/conflict.html", {"conflict": exception}, status=409)
        return None
