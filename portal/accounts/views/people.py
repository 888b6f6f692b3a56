"""The people of a place: who has which role, who was invited, who below is missing; ending and replacing."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import permissions, second_factor, selectors, services
from portal.accounts.access import explained, membership_or_404, place_or_404, user_of
from portal.accounts.forms.people import ReplaceForm
from portal.accounts.models import Membership
from portal.network.models import Place
from portal.ui.responses import page_with_form, see_other

PAGE = 50


def people(request: HttpRequest) -> HttpResponse:
    """The people of one's own place; a choice where there are several."""
    places = list(selectors.by_place(selectors.memberships_of(user_of(request))))
    if len(places) == 1:
        return redirect("accounts:place", places[0].pk)
    return render(request, "accounts/places.html", {"places": places})


def place(request: HttpRequest, pk: int) -> HttpResponse:
    shown = place_or_404(request, pk)
    people = selectors.people_at(shown)
    context = {
        "place": shown,
        "crumbs": crumbs(request, shown),
        "people": people,
        "resettable": resettable(request, people),
        "invitations": selectors.invitations_to(shown),
        "roles": permissions.invitable_roles(user_of(request), shown),
    }
    return render(request, "accounts/place.html", context | below(request, shown))


def resettable(request: HttpRequest, people: list[Membership]) -> set[int]:
    """The ids of those whose second factor the person may take away, should they lose it."""
    protected = second_factor.who_have_one(membership.user for membership in people)
    others = {membership.user for membership in people if membership.user_id in protected}
    return {user.pk for user in others if permissions.may_reset_factor(user_of(request), user)}


def crumbs(request: HttpRequest, shown: Place) -> list[Place]:
    """The way down to a place, as far as the person sees it."""
    seen = set(permissions.places_seen(user_of(request)).filter(pk__in=[one.pk for one in selectors.chain_of(shown)]).values_list("pk", flat=True))
    return [one for one in selectors.chain_of(shown) if one.pk in seen]


def below(request: HttpRequest, shown: Place) -> dict[str, object]:
    """The places directly below, for those who look after them."""
    if not permissions.looks_after_below(user_of(request), shown):
        return {}
    lines = selectors.lines_below(shown)
    situation, query = request.GET.get("situatia", ""), request.GET.get("q", "").strip()
    found = [line for line in lines if situation in ("", line.situation) and selectors.matches(line.place, query)]
    counts = {name: sum(line.situation == name for line in lines) for name in ("missing", "invited", "account")}
    return {
        "lines": lines,
        "counts": counts,
        "page": Paginator(found, PAGE).get_page(request.GET.get("pagina")),
        "situation": situation,
        "query": query,
        "names_below": permissions.names_below(user_of(request), shown),
    }


def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = membership_or_404(request, pk)
    if request.method == "POST":
        try:
            services.end(membership, by=user_of(request))
        except services.Refusal as refusal:
            return explained(request, refusal, membership.place)
        messages.success(request, _("Rolul s-a încheiat: {who}, {role}.").format(who=membership.user.full_name, role=membership.label))
        return see_other("accounts:place", membership.place_id)
    dying = membership.invitations.open_().count()
    return render(request, "accounts/end_role.html", {"membership": membership, "place": membership.place, "dying": dying})


def replace_role(request: HttpRequest, pk: int) -> HttpResponse:
    membership = membership_or_404(request, pk)
    form = ReplaceForm(request.POST or None)
    if form.is_valid() and form.replace(membership, by=user_of(request)):
        messages.success(request, _("Rolul s-a încheiat, iar invitația a plecat către {email}.").format(email=form.cleaned_data["email"]))
        return see_other("accounts:place", membership.place_id)
    back = reverse("accounts:place", args=[membership.place_id])
    context = {"form": form, "membership": membership, "place": membership.place, "back": back}
    return page_with_form(request, "accounts/replace_role.html", context)
