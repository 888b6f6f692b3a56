"""How pages reach people: what one may not see does not exist, what one may not do is explained."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from portal.accounts import permissions
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.services import Refusal
from portal.network.models import Place
from portal.ui import frame
from portal.ui.errors import ErrorPage
from portal.ui.responses import see_other

__all__ = ["explained", "invitation_or_404", "membership_or_404", "place_or_404", "require_giving", "user_of"]


def user_of(request: HttpRequest) -> User:
    """The person on a page for which one must be signed in: every page that does not say otherwise (``middleware.AccountFirst``)."""
    assert isinstance(request.user, User)
    return request.user


def place_or_404(request: HttpRequest, pk: int) -> Place:
    frame.about(request, pk)
    return get_object_or_404(permissions.places_seen(user_of(request)).select_related("parent"), pk=pk)


def membership_or_404(request: HttpRequest, pk: int) -> Membership:
    """A role held now, at a place that the person sees and may give it at."""
    seen = permissions.places_seen(user_of(request)).values("pk")
    found = get_object_or_404(Membership.objects.held().select_related("place__parent", "user").filter(place__in=seen), pk=pk)
    require_giving(request, found.role, found.place)
    return found


def invitation_or_404(request: HttpRequest, pk: int) -> Invitation:
    """An open invitation, to a place that the person sees and a role they may give."""
    seen = permissions.places_seen(user_of(request)).values("pk")
    found = get_object_or_404(Invitation.objects.open_().select_related("place__parent").filter(place__in=seen), pk=pk)
    require_giving(request, found.role, found.place)
    return found


def require_giving(request: HttpRequest, role: str, place: Place) -> None:
    if permissions.inviting_role(user_of(request), role, place) is None:
        raise ErrorPage(403)


def explained(request: HttpRequest, refusal: Refusal, place: Place) -> HttpResponse:
    """What the services refused: no right is a page of its own, the rest is said on the page of the place."""
    if refusal.code == "rank":
        raise ErrorPage(403, refusal.sentence)
    messages.warning(request, str(refusal.sentence))
    return see_other("accounts:place", place.pk)
