"""Inviting people to a place, one or many at a time; reminding; withdrawing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import permissions, selectors, services
from portal.accounts.access import explained, invitation_or_404, place_or_404, user_of
from portal.accounts.forms.people import InviteForm
from portal.ui.responses import page_with_form, see_other


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk)
    roles = permissions.invitable_roles(user_of(request), place)
    if not roles:
        raise PermissionDenied
    form = InviteForm(request.POST or None, roles=roles)
    if form.is_valid() and (invitation := form.invite(by=user_of(request), place=place)):
        messages.success(request, _("Invitația pleacă spre {email}.").format(email=invitation.email))
        return see_other("accounts:place", place.pk)
    return page_with_form(request, "accounts/invite.html", {"form": form, "place": place, "roles": roles})


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = invitation_or_404(request, pk)
    try:
        again = services.resend(invitation, by=user_of(request))
    except services.Refusal as refusal:
        return explained(request, refusal, invitation.place)
    if again:
        messages.success(request, _("Invitația pleacă din nou spre {email}, cu un termen nou.").format(email=invitation.email))
    else:
        messages.info(request, _("Invitația a plecat acum câteva minute spre {email}; nu se trimite de două ori.").format(email=invitation.email))
    return see_other("accounts:place", invitation.place_id)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = invitation_or_404(request, pk)
    if request.method != "POST":
        return render(request, "accounts/withdraw.html", {"invitation": invitation, "place": invitation.place})
    try:
        services.withdraw(invitation, by=user_of(request))
    except services.Refusal as refusal:
        return explained(request, refusal, invitation.place)
    messages.success(request, _("Invitația către {email} a fost revocată.").format(email=invitation.email))
    return see_other("accounts:place", invitation.place_id)


def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Reminds all who were invited to lead a place directly below and have not answered."""
    place = place_or_404(request, pk)
    if not permissions.names_below(user_of(request), place):
        raise PermissionDenied
    waiting = selectors.to_remind(place)
    if request.method != "POST":
        return render(request, "accounts/remind.html", {"place": place, "waiting": waiting})
    sent, skipped = services.remind(waiting, by=user_of(request))
    messages.success(request, _("Invitații trimise din nou: {sent}. Trimise deja acum câteva minute: {skipped}.").format(sent=sent, skipped=skipped))
    return see_other("accounts:place", place.pk)
