"""The messages that came to one's places, and those one has sent."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts.access import user_of
from portal.contact import selectors
from portal.contact.models import WAITING, Ticket

PAGE = 50
GROUPS: dict[str, tuple[str, ...]] = {
    "asteapta": tuple(WAITING),
    "raspunse": (Ticket.State.ANSWERED,),
    "inchise": (Ticket.State.CLOSED,),
}
"""Word in the address → the states it shows."""


def received(request: HttpRequest) -> HttpResponse:
    """What waits for an answer first."""
    tickets = selectors.to_answer(user_of(request))
    group = request.GET.get("stare", "asteapta")
    shown = tickets.filter(state__in=GROUPS.get(group, ())) if group in GROUPS else tickets
    found = dict(tickets.values_list("state").annotate(Count("pk")).values_list("state", "pk__count"))
    listed = shown.select_related("place", "about", "author").order_by("touched_at" if group == "asteapta" else "-touched_at", "pk")
    context = {
        "page": Paginator(listed, PAGE).get_page(request.GET.get("pagina")),
        "group": group if group in GROUPS else "",
        "counts": {word: sum(found.get(state, 0) for state in states) for word, states in GROUPS.items()},
        "places": list(selectors.places_answered(user_of(request)).order_by("path")),
    }
    return render(request, "contact/received.html", context)


def sent(request: HttpRequest) -> HttpResponse:
    listed = selectors.asked_by(user_of(request)).select_related("place").order_by("-touched_at", "pk")
    return render(request, "contact/sent.html", {"page": Paginator(listed, PAGE).get_page(request.GET.get("pagina"))})
