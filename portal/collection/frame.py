"""What the frame of every page shows of the round: its name and state, and the ways to the places of the person."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts import landing
from portal.accounts.frame import held
from portal.collection.models import Collection
from portal.network.models import Level, Place
from portal.rounds.frame import round_now
from portal.rounds.selectors import current_round
from portal.ui import frame


def own_collections(request: HttpRequest) -> list[Collection]:
    """The collections of the current round at the places where the person holds a role, from the top, read once a page."""
    return frame.once(request, _own_collections)


def _own_collections(request: HttpRequest) -> list[Collection]:
    places = {membership.place_id for membership in held(request)}
    round_ = frame.once(request, round_now) if places else None
    return list(Collection.objects.filter(place__in=places, round=round_).order_by("path")) if round_ is not None else []


@frame.navigation(order=10)
def places(request: HttpRequest) -> Iterable[frame.Item]:
    """The board of each place where the person holds a role; tasks for units."""
    rows = own_collections(request)
    for row in rows:
        word = _("Sarcini") if row.level == Level.UNIT else _("Panou")
        label = word if len(rows) == 1 else row.name
        yield frame.Item("board" if len(rows) == 1 else f"board-{row.pk}", label, reverse("collection:board", args=[row.pk]))


@landing.place_page
def board_of(place: Place) -> str | None:
    """Where work at a place begins, as long as the current round collects there."""
    found = Collection.objects.filter(place=place, round=current_round()).values_list("pk", flat=True).first()
    return reverse("collection:board", args=[found]) if found is not None else None


@landing.place_page
def begin(place: Place) -> str | None:
    """Work at a place begins on its board in the current round."""
    found = Collection.objects.filter(place=place, round=current_round()).only("pk").first()
    return reverse("collection:board", args=[found.pk]) if found is not None else None
