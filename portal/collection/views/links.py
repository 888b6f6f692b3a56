"""Class links: the desk of a unit where they are sent, sent again, printed and extended together, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.collection.access import author_of, collection_or_404, require
from portal.collection.class_links import ALIVE, WITHOUT, Way, way_of, ways_of
from portal.collection.forms.links import AgainForm, SendForm, UntilForm
from portal.collection.models import CLASS, Collection
from portal.collection.services import links
from portal.network.models import Level
from portal.ui import qr
from portal.ui.templatetags.romanian import counted


@dataclass(frozen=True, slots=True)
class Slip:
    """What a class teacher gets on paper."""

    way: Way
    address: str
    code: SafeString


@login_required
@never_cache
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """All links of a unit. Acts: send those that are missing (an address beside a class mails it), send again, extend."""
    unit = collection_or_404(request, pk, Level.UNIT.value)
    require(request, "manage_links", unit)
    act, ways = request.POST.get("act", "send"), ways_of(unit, timezone.now())
    sent = request.POST if request.method == "POST" else None
    missing = [way.row for way in ways if way.waits and way.state in WITHOUT]
    form = SendForm(sent if act == "send" else None, classes=missing)
    until = UntilForm(sent if act == "extend" else None, limit=unit.round.class_close)
    alive = [way for way in ways if way.alive]
    if sent is not None and _done_together(request, act, form, until, [way.row for way in alive]):
        return HttpResponseRedirect(request.path, status=303)
    addresses = "\n".join(f"{way.row.name}: {_address(request, way)}" for way in alive)
    context = {"collection": unit, "ways": ways, "form": form, "until": until, "alive": alive, "addresses": addresses}
    context["mailed"] = sum(1 for way in alive if way.link is not None and way.link.email)
    wrong = next((one for one in (form, until) if one.errors), None)
    return render(request, "collection/links.html", context | {"wrong": wrong}, status=422 if wrong else 200)


@transaction.atomic
def _done_together(request: HttpRequest, act: str, form: SendForm, until: UntilForm, alive: list[Collection]) -> bool:
    """All of it or, where one is refused, nothing."""
    by = author_of(request)
    if act == "extend":
        if not until.is_valid():
            return False
        for row in alive:
            links.extend(row, by, until.cleaned_data["until"])
        messages.success(request, _("Termen mutat la {links}.").format(links=counted(len(alive), _("link,linkuri"))))
    elif act == "again":
        messages.success(request, _("Linkuri trimise din nou: {many}.").format(many=links.send_again(alive, by)))
    else:
        if not form.is_valid():
            return False
        for row, email in form.chosen():
            links.send(row, by, email)
        messages.success(request, _("Linkuri pregătite: {many}.").format(many=len(form.chosen())))
    return True


@login_required
@never_cache
def slips(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to print and cut: for every class that still has to answer (``clasa``: for one alone) its code and address."""
    unit = collection_or_404(request, pk, Level.UNIT.value)
    require(request, "manage_links", unit)
    asked = request.GET.get("clasa", "")
    chosen = [way for way in ways_of(unit, timezone.now()) if way.alive and asked in ("", str(way.row.pk))]
    return render(request, "collection/slips.html", {"collection": unit, "slips": [_slip(request, way) for way in chosen]})


def _slip(request: HttpRequest, way: Way) -> Slip:
    address = _address(request, way)
    return Slip(way, address, qr.svg(address, _("Codul QR al clasei {name}").format(name=way.row.name)))


def _address(request: HttpRequest, way: Way) -> str:
    """The address of a link; '' where there is none that opens."""
    if way.link is None or way.state not in ALIVE:
        return ""
    return request.build_absolute_uri(reverse("collection:link_start", args=[links.token_of(way.link)]))


@login_required
@never_cache
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The link of one class. Acts: send (again), extend."""
    school_class = collection_or_404(request, pk, CLASS)
    require(request, "manage_links", school_class)
    way, act = way_of(school_class, timezone.now()), request.POST.get("act", "send")
    sent = request.POST if request.method == "POST" else None
    again = AgainForm(sent if act == "send" else None, initial={"email": way.link.email if way.link is not None else ""})
    until = UntilForm(sent if act == "extend" else None, limit=school_class.round.class_close)
    if sent is not None and _done(request, school_class, act, again, until):
        return HttpResponseRedirect(request.path, status=303)
    context: dict[str, Any] = {"collection": school_class, "unit": school_class.parent, "way": way, "address": _address(request, way)}
    wrong = next((one for one in (again, until) if one.errors), None)
    return render(request, "collection/link.html", context | {"again": again, "until": until, "wrong": wrong}, status=422 if wrong else 200)


def _done(request: HttpRequest, school_class: Collection, act: str, again: AgainForm, until: UntilForm) -> bool:
    by = author_of(request)
    if act == "extend":
        if not until.is_valid():
            return False
        links.extend(school_class, by, until.cleaned_data["until"])
        messages.success(request, _("Termenul linkului a fost mutat."))
    else:
        if not again.is_valid():
            return False
        email = again.cleaned_data["email"]
        links.send(school_class, by, email)
        messages.success(request, _("Linkul a fost trimis la {email}.").format(email=email) if email else _("Linkul este pregătit."))
    return True


@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Every copy of a link ends at once: said first, then done."""
    school_class = collection_or_404(request, pk, CLASS)
    require(request, "manage_links", school_class)
    if way_of(school_class, timezone.now()).state not in ALIVE:
        return HttpResponseRedirect(reverse("collection:link", args=[pk]), status=303)
    if request.method == "POST":
        links.revoke(school_class, author_of(request))
        messages.success(request, _("Linkul a fost revocat; nicio copie a lui nu mai deschide tabelul."))
        return HttpResponseRedirect(reverse("collection:link", args=[pk]), status=303)
    return render(request, "collection/revoke_link.html", {"collection": school_class, "place": school_class.parent})
