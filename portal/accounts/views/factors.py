"""Taking away somebody's lost second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.accounts import permissions, services
from portal.accounts.access import explained, user_of
from portal.accounts.forms.people import LostFactorForm
from portal.accounts.models import Membership
from portal.ui.errors import ErrorPage
from portal.ui.responses import page_with_form, see_other


def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked first, with a reason; for a person whose role one sees and above whom one stands."""
    seen = permissions.places_seen(user_of(request)).values("pk")
    membership = get_object_or_404(Membership.objects.held().filter(place__in=seen).select_related("user", "place"), pk=pk)
    if not permissions.may_reset_factor(user_of(request), membership.user):
        raise ErrorPage(403)
    form = LostFactorForm(request.POST or None)
    if form.is_valid():
        try:
            services.reset_factor(membership.user, by=user_of(request), reason=form.cleaned_data["reason"])
        except services.Refusal as refusal:
            return explained(request, refusal, membership.place)
        messages.success(request, _("Al doilea factor al persoanei {who} a fost șters.").format(who=membership.user.full_name))
        return see_other("accounts:place", membership.place_id)
    return page_with_form(request, "accounts/reset_factor.html", {"form": form, "membership": membership, "place": membership.place})
