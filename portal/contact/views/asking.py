"""Asking: which place it is about, then who should answer and what."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import selectors
from portal.accounts.models import Membership, User
from portal.contact import routing, services
from portal.contact.forms import AskForm
from portal.network.models import Level, Place
from portal.network.selectors import matching
from portal.ui.responses import page_with_form, see_other
from portal.ui.throttling import is_over, limited

PAGE = 20
TEN_MINUTES, HOUR = 600, 3600


@login_not_required
def ask(request: HttpRequest) -> HttpResponse:
    """The form. ``loc`` in the address is the place it is about; ``loc=0`` that it is about none."""
    user = request.user if isinstance(request.user, User) else None
    held = selectors.memberships_of(user) if user is not None else []
    if "loc" not in request.GET and len({membership.place_id for membership in held}) != 1:
        return see_other("contact:find")
    about = _about(request, held)
    addressees = routing.addressees_of(about)
    first = routing.proposed(addressees, held)
    form = AskForm(request.POST or None, request.FILES or None, addressees=addressees, user=user, initial={"to": first and first.pk})
    if form.is_valid() and not _too_many(request, form):
        return _sent(request, form, about)
    return page_with_form(request, "contact/ask.html", {"form": form, "about": about, "silent": [one for one in addressees if not one.answers]})


def _about(request: HttpRequest, held: list[Membership]) -> Place | None:
    chosen = request.GET.get("loc", "")
    if chosen == "0":
        return None
    if not chosen.isdecimal() or len(chosen) > 15:
        return held[0].place if held else None
    return get_object_or_404(Place, pk=chosen, closed_on=None)


def _too_many(request: HttpRequest, form: AskForm) -> bool:
    """Whether so many messages come from here, or with this address, that this one has to wait; it stays on the page."""
    sender = form.sender
    if sender.user is not None:
        over = is_over(request, "contact", attempts=30, seconds=TEN_MINUTES, whose=f"user:{sender.user.pk}")
    else:
        over = is_over(request, "contact", attempts=10, seconds=TEN_MINUTES)
        over |= is_over(request, "contact-address", attempts=5, seconds=HOUR, whose=sender.email)
    if over:
        form.add_error(None, _("S-au trimis prea multe mesaje. Așteptați zece minute și trimiteți din nou: ce ați scris rămâne pe pagină."))
    return over


def _sent(request: HttpRequest, form: AskForm, about: Place | None) -> HttpResponse:
    ticket = services.ask(form.sender, form.place, about, form.cleaned_data["subject"], form.written())
    messages.success(request, _("Mesajul a fost trimis. Referința lui este {reference}.").format(reference=ticket.reference))
    return see_other("contact:ticket", ticket.pk) if form.user is not None else see_other("contact:link", services.link_token(ticket))


@login_not_required
def find(request: HttpRequest) -> HttpResponse:
    """Which place it is about: one's own, or one found by name, locality or code."""
    query = request.GET.get("q", "").strip()[:100]
    held = selectors.memberships_of(request.user) if isinstance(request.user, User) else []
    context: dict[str, object] = {"query": query, "own": list(selectors.by_place(held)), "none": f"{reverse('contact:ask')}?loc=0"}
    if len(query) >= 3:
        limited(request, "contact-search", attempts=60, seconds=60)
        places = matching(Place.objects.filter(closed_on=None).exclude(level=Level.NATIONAL), query)
        listed = places.select_related("parent__parent").order_by("sort_key", "level", "pk")
        context["page"] = Paginator(listed, PAGE).get_page(request.GET.get("pagina"))
    return render(request, "contact/find.html", context)
