"""Opening a round and keeping it with the network: done by jobs whose progress stands on the page of the round."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from portal.accounts.models import User
from portal.collection import last_year
from portal.collection.services import following, opening
from portal.rounds import permissions
from portal.rounds.models import Round
from portal.ui.responses import see_other


@login_required
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first, with what it will create."""
    permissions.require_manager(request.user)
    round_ = get_object_or_404(Round, pk=pk)
    if request.method == "POST":
        assert isinstance(request.user, User)
        opening.ask(round_, request.user)
    if request.method == "POST" or round_.state != Round.State.DRAFT or round_.is_opening:
        return see_other("rounds:round", pk)
    context = {"shown": round_, "counts": opening.counts_to_come(round_), "still_open": last_year.still_open(round_)}
    return render(request, "collection/open_round.html", context)


@login_required
@require_POST
def catch_up(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.require_manager(request.user)
    assert isinstance(request.user, User)
    following.ask_to_catch_up(get_object_or_404(Round, pk=pk), request.user)
    return see_other("rounds:round", pk)
