"""Opening a round: asked first, with what it will create, then done by a job whose progress stands on the page of the round."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from portal.accounts.models import User
from portal.collection import last_year
from portal.collection.services import opening
from portal.rounds import permissions
from portal.rounds.models import Round
from portal.ui.responses import see_other


@login_required
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.require_manager(request.user)
    round_ = get_object_or_404(Round, pk=pk)
    if request.method == "POST":
        assert isinstance(request.user, User)
        opening.ask(round_, request.user)
    if request.method == "POST" or round_.state != Round.State.DRAFT or round_.is_opening:
        return see_other("rounds:round", pk)
    context = {"shown": round_, "counts": opening.counts_to_come(round_), "still_open": last_year.still_open(round_)}
    return render(request, "collection/open_round.html", context)
