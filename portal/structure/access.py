"""How pages reach places and imports: what one may not see does not exist, what one may not do is explained."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required as signed_in
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.network.models import Level, Place
from portal.structure import permissions, selectors
from portal.structure.models import NetworkImport
from portal.ui import frame

__all__ = ["import_or_404", "importing_place_or_404", "place_or_404", "signed_in", "user_of"]


def user_of(request: HttpRequest) -> User:
    """The person on a page for which one must be signed in."""
    assert isinstance(request.user, User)
    return request.user


def place_or_404(request: HttpRequest, pk: int, *levels: str, act: str = "") -> Place:
    """A place the person may look at; with an act, one they may do it to."""
    found = get_object_or_404(selectors.visible_to(user_of(request)).select_related("parent__parent"), pk=pk)
    frame.about(request, pk)
    if levels and found.level not in levels:
        raise Http404
    if act:
        permissions.require(user_of(request), act, found)
    return found


def importing_place_or_404(request: HttpRequest, pk: int) -> Place:
    """A county or the nation, where the person may import."""
    return place_or_404(request, pk, Level.NATIONAL, Level.COUNTY, act="import_network")


def import_or_404(request: HttpRequest, pk: int, act: str = "") -> NetworkImport:
    """An import the person may look at; with an act, one they may do it to. Imports of commands are only looked at."""
    found = get_object_or_404(selectors.imports_seen(user_of(request)), pk=pk)
    if act:
        if found.place is None:
            raise Http404
        permissions.require(user_of(request), act, found.place)
    return found
