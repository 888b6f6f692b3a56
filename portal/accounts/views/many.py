"""Inviting many at once: paste a list, look at what would be sent, send it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts import permissions
from portal.accounts.access import place_or_404, user_of
from portal.accounts.forms.people import ManyForm
from portal.accounts.roles import ROLES
from portal.accounts.selectors import leading_role_below
from portal.ui.responses import page_with_form, see_other


def invite_many(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk)
    role = leading_role_below(place)
    if role is None or not permissions.names_below(user_of(request), place):
        raise PermissionDenied
    form = ManyForm(request.POST or None, place=place)
    if form.is_valid() and "trimiteti" in request.POST and not form.problems:
        messages.success(request, _("Invitații care pleacă: {many}.").format(many=form.send(by=user_of(request))))
        return see_other("accounts:place", place.pk)
    return page_with_form(request, "accounts/invite_many.html", {"form": form, "place": place, "role": ROLES[role]})
