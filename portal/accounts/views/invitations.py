"""The page that an invitation leads to. Looking at it changes nothing, whoever looks; accepting is a POST."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portal.accounts import landing, services
from portal.accounts.forms.people import JoinForm
from portal.accounts.models import Invitation, User
from portal.ui.errors import ErrorPage
from portal.ui.responses import page_with_form, see_other
from portal.ui.throttling import limited


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = services.find(token)
    if found is None:
        limited(request, "invitation", attempts=30, seconds=60)
        raise Http404
    response = answer(request, found)
    # The address holds the token: even our own pages learn only where from, not which. "no-referrer" would blank the Origin of the POST too.
    response["Referrer-Policy"] = "strict-origin"
    return response


def answer(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Which page an invitation has, by its state and by who looks at it."""
    if isinstance(request.user, User) and found.accepted_by_id == request.user.pk:
        return see_other("home")
    if found.state() != Invitation.State.PENDING:
        raise ErrorPage(410, over(found))
    if isinstance(request.user, User):
        return confirm(request, found, request.user) if request.user.email == found.email else other_account(request, found)
    if User.objects.filter(email=found.email).exists():
        return render(request, "accounts/invitation_sign_in.html", {"invitation": found})
    return join(request, found)


def join(request: HttpRequest, found: Invitation) -> HttpResponse:
    """A new account for the invited address, signed in at once."""
    form = JoinForm(request.POST or None, email=found.email, initial={"full_name": found.full_name})
    if not form.is_valid():
        return page_with_form(request, "accounts/invitation_join.html", {"form": form, "invitation": found})
    try:
        user = form.join(found)
    except services.Refusal as refusal:
        if refusal.code == "account_exists":
            return see_other(request.path)
        raise ErrorPage(410) from refusal
    messages.success(request, _("Contul este gata. Rolul dumneavoastră: {role}.").format(role=found.label))
    return perform_login(request, user, redirect_url=reverse("home"))  # type: ignore[no-any-return]


def confirm(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    """One more role for the account that is signed in."""
    if request.method != "POST":
        return render(request, "accounts/invitation_confirm.html", {"invitation": found})
    try:
        services.accept(found, by=user)
    except services.Refusal as refusal:
        raise ErrorPage(410) from refusal
    messages.success(request, _("Ați primit rolul: {role}, {place}.").format(role=found.label, place=found.place.name))
    return see_other(landing.address(found.place))


def other_account(request: HttpRequest, found: Invitation) -> HttpResponse:
    """Somebody else is signed in here: asks, and gives the role to nobody."""
    return render(request, "accounts/invitation_other.html", {"invitation": found}, status=200 if request.method == "GET" else 409)


def over(found: Invitation) -> str:
    """Why an invitation can no longer be accepted, and what to do."""
    if found.state() == Invitation.State.ACCEPTED:
        return _("Invitația a fost deja acceptată. Intrați în cont cu adresa la care ați primit-o.")
    if found.state() == Invitation.State.WITHDRAWN:
        return _("Invitația a fost revocată de cine a trimis-o. Dacă rolul vă revine, cereți o invitație nouă.")
    return _("Invitația a expirat. Cereți celui care v-a invitat să o trimită din nou: linkul din mesaj va fi iar valabil.")
