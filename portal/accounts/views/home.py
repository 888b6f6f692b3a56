"""The first page, and who helps."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.accounts import selectors
from portal.accounts.models import User


def home(request: HttpRequest) -> HttpResponse:
    """Explains the site to whoever is not signed in; leads others to their places."""
    if not isinstance(request.user, User):
        return render(request, "accounts/start.html")
    return render(request, "accounts/home.html", {"memberships": selectors.memberships_of(request.user)})


def help_page(request: HttpRequest) -> HttpResponse:
    """Who helps: the people one level up, for those who have a role."""
    held = selectors.memberships_of(request.user) if isinstance(request.user, User) else []
    return render(request, "accounts/help.html", {"helpers": [(membership, selectors.helpers_of(membership)) for membership in held]})
