"""The page of one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.accounts import selectors
from portal.accounts.access import signed_in, user_of
from portal.accounts.forms.people import AccountForm
from portal.accounts.models import User
from portal.ui.responses import page_with_form, see_other


@signed_in
def profile(request: HttpRequest) -> HttpResponse:
    """Name and telephone can be changed; the address is the one that was invited."""
    # A copy: what is typed and refused must not show in the header.
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=user_of(request).pk))
    if form.is_valid():
        form.save()
        messages.success(request, _("Datele contului au fost salvate."))
        return see_other("account_profile")
    memberships = selectors.memberships_of(user_of(request))
    return page_with_form(request, "accounts/profile.html", {"form": form, "memberships": memberships})
