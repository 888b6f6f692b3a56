"""The page of one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts import second_factor, selectors
from portal.accounts.access import user_of
from portal.accounts.forms.people import AccountForm
from portal.accounts.models import User
from portal.ui.responses import page_with_form, see_other

EVENTS = 10
"""How many of the latest changes are shown."""


def profile(request: HttpRequest) -> HttpResponse:
    """Name and telephone can be changed; the address is the one that was invited. The rest leads to what protects the account."""
    # A copy: what is typed and refused must not show in the header.
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=user_of(request).pk))
    if form.is_valid():
        form.save()
        messages.success(request, _("Datele contului au fost salvate."))
        return see_other("account_profile")
    context = {
        "form": form,
        "memberships": selectors.memberships_of(user_of(request)),
        "has_factor": second_factor.has_one(user_of(request)),
        "events": user_of(request).account_events.select_related("by").order_by("-at")[:EVENTS],
    }
    return page_with_form(request, "accounts/profile.html", context)
