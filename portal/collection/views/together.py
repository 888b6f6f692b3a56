"""One act on many places of a board, in three steps: whom it touches, the act, what it came to at each place; and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.collection import boards
from portal.collection.access import author_of, collection_or_404
from portal.collection.deeds import DEEDS
from portal.collection.models import Batch, Collection
from portal.collection.permissions import actor_of, chain_of, chain_rows
from portal.collection.refusals import Refused
from portal.collection.services import together
from portal.collection.standing import Decision
from portal.collection.views.deeds import requester
from portal.collection.workflow import decide
from portal.ui.responses import page_with_form, see_other

BOARDS = tuple(level for level, below in boards.BELOW.items() if below in boards.BELOW)


@login_required
def many(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """GET shows which places are touched and which are not, with the reason; POST does it."""
    if act not in together.TOGETHER:
        raise Http404
    board, described = collection_or_404(request, pk, *BOARDS), DEEDS[act]
    chosen = boards.chosen(request.user, board, request.POST if request.method == "POST" else request.GET)  # type: ignore[arg-type]
    if not chosen:
        messages.warning(request, _("Alegeți cel puțin un loc din listă."))
        return see_other(list_of(board))
    decisions = decided(request, act, [line.row for line in chosen])
    form = described.form(request.POST if request.method == "POST" else None, collection=chosen[0].row)
    if request.method == "POST" and form.is_valid():
        batch = together.act(board, act, [line.row for line in chosen], requester(request), partial(described.perform, **form.cleaned_data))
        return see_other("collection:many_done", pk, batch.pk)
    possible = [line for line, decision in zip(chosen, decisions, strict=True) if decision]
    context = {
        "collection": board, "act": act, "deed": described, "form": form, "chosen": list(zip(chosen, decisions, strict=True)), "possible": possible,
        "touched": {"units": sum(line.counts.units.expected for line in possible), "classes": sum(line.counts.tables.expected for line in possible)},
        "back": list_of(board), "request_id": uuid4().hex,
    }  # fmt: skip
    return page_with_form(request, "collection/many.html", context)


def decided(request: HttpRequest, act: str, places: Sequence[Collection]) -> list[Decision]:
    """Whether the person may do it to each place now. Raises ``Refused`` where the role allows it nowhere."""
    now, above = timezone.now(), {place.parent_id: chain_rows(place)[1:] for place in {place.parent_id: place for place in places}.values()}
    actors = {pk: actor_of(request.user, rows) for pk, rows in above.items()}  # type: ignore[arg-type]
    found = [decide(act, actors[place.parent_id], chain_of(place, [place, *above[place.parent_id]]), now) for place in places]
    if all(decision.code in ("role", "level") for decision in found):
        raise Refused(found[0])
    return found


@login_required
def done(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """What an act on many came to, place by place."""
    found = batch_or_404(request, pk, batch)
    lines = list(found.lines.select_related("collection").order_by("done", "collection__sort_key"))
    undone = Batch.objects.filter(undoes=found).first()
    context = {
        "collection": found.board, "batch": found, "deed": DEEDS[found.action], "lines": lines, "many": sum(line.done for line in lines),
        "undone": undone, "undoable": found.action in together.INVERSE and undone is None and any(line.done for line in lines),
        "back": list_of(found.board),
    }  # fmt: skip
    return render(request, "collection/many_done.html", context)


@login_required
def undo(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Take an act on many back where it was done: asked first."""
    found = batch_or_404(request, pk, batch)
    inverse = together.INVERSE.get(found.action)
    rows = [line.collection for line in found.lines.filter(done=True).select_related("collection__round")]
    if inverse is None or not rows:
        raise Http404
    for row in rows:
        row.round = found.board.round
    decided(request, inverse, rows)
    if request.method == "POST":
        reason = {} if inverse == "unblock" else {"reason": _("Anularea acțiunii: {title}.").format(title=str(DEEDS[found.action].title).lower())}
        again = together.undo(found, author_of(request), partial(DEEDS[inverse].perform, **reason))
        return see_other("collection:many_done", pk, again.pk)
    context = {"collection": found.board, "batch": found, "deed": DEEDS[found.action], "inverse": DEEDS[inverse], "rows": rows}
    return render(request, "collection/many_undo.html", context)


def batch_or_404(request: HttpRequest, pk: int, batch: int) -> Batch:
    board = collection_or_404(request, pk, *BOARDS)
    found = get_object_or_404(Batch.objects.select_related("by"), pk=batch, board=board)
    found.board = board
    return found


def list_of(board: Collection) -> str:
    """The list from which places were chosen."""
    return reverse("collection:board", args=[board.pk]) + "#lista"
