"""Opening a round: asked first, with what it will create, then done."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.collection import last_year
from portal.collection.services import opening
from portal.network.models import ClassRecord, Level
from portal.rounds import permissions
from portal.rounds.models import Round


@login_required
def open_round(request: HttpRequest, pk: int) -> HttpResponse:
    permissions.require_manager(request.user)
    round_ = get_object_or_404(Round.objects.exclude(state=Round.State.CLOSED), pk=pk)
    if request.method == "POST":
        assert isinstance(request.user, User)
        made = opening.open_round(round_, request.user)
        messages.success(request, _("Campania este deschisă. Colectări noi: {made}.").format(made=made))
        return HttpResponseRedirect(reverse("rounds:round", args=[pk]), status=303)
    places = list(opening.expected_places())
    counts = {level.value: sum(1 for place in places if place.level == level) for level in (Level.COUNTY, Level.SCHOOL, Level.UNIT)}
    classes = ClassRecord.objects.filter(school_year=round_.school_year).count()
    context = {"shown": round_, "counts": counts, "classes": classes, "still_open": last_year.still_open(round_)}
    return render(request, "collection/open_round.html", context)
