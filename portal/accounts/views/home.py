"""The first page, and who helps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.accounts import landing, selectors
from portal.accounts.models import User


@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the place of the person; asks which where there are several; explains the site to whoever is not signed in."""
    if not isinstance(request.user, User):
        return render(request, "accounts/start.html")
    places = selectors.by_place(selectors.memberships_of(request.user))
    if len(places) == 1:
        return redirect(landing.address(next(iter(places))))
    desks = [(place, roles, landing.address(place)) for place, roles in places.items()]
    return render(request, "accounts/home.html", {"desks": desks})


@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    """Who helps: the people one level up, for those who have a role."""
    held = selectors.memberships_of(request.user) if isinstance(request.user, User) else []
    return render(request, "accounts/help.html", {"helpers": [(membership, selectors.helpers_of(membership)) for membership in held]})
