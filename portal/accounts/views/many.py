"""Inviting many at once: a file or a pasted list, what would be sent, sending it. And the list of who is missing, to be filled in."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts import lists, permissions
from portal.accounts.access import place_or_404, user_of
from portal.accounts.forms.people import ManyForm
from portal.accounts.roles import ROLES
from portal.accounts.selectors import leading_role_below
from portal.network.models import Place
from portal.ui.responses import page_with_form, see_other


def invite_many(request: HttpRequest, pk: int) -> HttpResponse:
    place = _place_or_refusal(request, pk)
    role = leading_role_below(place)
    assert role is not None
    form = ManyForm(request.POST or None, request.FILES or None, place=place)
    if form.is_valid() and "trimiteti" in request.POST and not form.problems:
        messages.success(request, _("Invitații care pleacă: {many}.").format(many=form.send(by=user_of(request))))
        return see_other("accounts:place", place.pk)
    return page_with_form(request, "accounts/invite_many.html", {"form": form, "place": place, "role": ROLES[role]})


def missing(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has no account yet, as a file for a spreadsheet."""
    place = _place_or_refusal(request, pk)
    name = f"fara-cont-{place.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(lists.missing(place), content_type="text/csv; charset=utf-8", headers=headers)


def _place_or_refusal(request: HttpRequest, pk: int) -> Place:
    """A place below which the person names those who lead."""
    place = place_or_404(request, pk)
    if leading_role_below(place) is None or not permissions.names_below(user_of(request), place):
        raise PermissionDenied
    return place
