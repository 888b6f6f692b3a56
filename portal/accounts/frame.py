"""What the frame of every page shows about the person who is signed in."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts import selectors, sessions
from portal.accounts.models import Membership, User
from portal.ui import frame

NO_ROLE = gettext_lazy("Fără rol")


def standing(memberships: list[Membership]) -> str | Promise:
    """The roles in one line: where they are all at places of one name, with that name."""
    places = {membership.place.name for membership in memberships}
    if not memberships:
        return NO_ROLE
    if len(places) > 1:
        return _("{roles} roluri, la {places} locuri").format(roles=len(memberships), places=len(places))
    roles = ", ".join(dict.fromkeys(str(membership.label) for membership in memberships))
    return f"{roles} · {places.pop()}"


def held(request: HttpRequest) -> list[Membership]:
    """The roles of the person, read once a page."""
    return frame.once(request, _held)


def _held(request: HttpRequest) -> list[Membership]:
    return selectors.memberships_of(request.user) if isinstance(request.user, User) else []


@frame.says("person")
def person(request: HttpRequest) -> frame.Person | None:
    if not isinstance(request.user, User):
        return None
    return frame.Person(request.user.full_name, standing(held(request)), reverse("account_profile"))


@frame.says("session")
def session(request: HttpRequest) -> frame.Session | None:
    if not isinstance(request.user, User):
        return None
    return frame.Session(sessions.seconds_left(request.session), int(sessions.WARNED_BEFORE.total_seconds()), reverse("account_session"))


@frame.navigation(order=0)
def start(request: HttpRequest) -> Iterable[frame.Item]:
    """The choice of a place, for those who have something to choose."""
    if len(selectors.by_place(held(request))) > 1:
        yield frame.Item("home", gettext_lazy("Locurile dumneavoastră"), reverse("home"))


@frame.navigation(order=40)
def people(request: HttpRequest) -> Iterable[frame.Item]:
    if held(request):
        yield frame.Item("accounts", gettext_lazy("Oameni"), reverse("accounts:people"))
