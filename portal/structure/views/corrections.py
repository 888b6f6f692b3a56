"""Correcting single places: their facts, their school, closing and reopening, adding what the lists do not have yet."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.network import codes, counties
from portal.network.models import Level, Place
from portal.network.services import CannotChange
from portal.structure import reports, selectors
from portal.structure.access import place_or_404, signed_in, user_of
from portal.structure.forms.places import CloseForm, FactsForm, MoveForm, NewPlaceForm
from portal.structure.services import corrections
from portal.structure.services.reaching import Told
from portal.structure.views.browse import framed
from portal.ui.responses import page_with_form, see_other

ACT = "edit_place"
BELOW = {Level.COUNTY: Level.SCHOOL, Level.SCHOOL: Level.UNIT}


@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk, Level.SCHOOL, Level.UNIT, act=ACT)
    form = FactsForm(place.level, selectors.spoken_columns("network"), request.POST or None, initial=place.attributes | {"name": place.name})
    if form.is_valid():
        told = corrections.correct(place, form.cleaned_data["name"], form.attributes(), by=user_of(request))
        messages.success(request, _("Datele au fost corectate."))
        _tell(request, told)
        return see_other("network:place", place.pk)
    return page_with_form(request, "structure/correct.html", framed(request, place) | {"form": form})


@signed_in
def add(request: HttpRequest, pk: int) -> HttpResponse:
    above = place_or_404(request, pk, Level.COUNTY, Level.SCHOOL, act=ACT)
    level = BELOW[Level(above.level)]
    form = NewPlaceForm(Level.UNIT, selectors.spoken_columns("network"), request.POST or None)
    made = _added(form, above, level, request) if form.is_valid() else None
    if made is not None:
        _remark(request, made)
        return see_other("network:place", made.pk)
    return page_with_form(request, "structure/add.html", framed(request, above) | {"form": form, "level": level})


def _added(form: NewPlaceForm, above: Place, level: str, request: HttpRequest) -> Place | None:
    data = form.cleaned_data
    try:
        made, told = corrections.add(above, level, data["code"], data["name"], form.attributes() | _status(level), by=user_of(request))
    except CannotChange as refusal:
        form.add_error("code", str(refusal.sentence))
        return None
    messages.success(request, _("A fost adăugat locul: {name}.").format(name=made.name))
    _tell(request, told)
    return made


def _status(level: str) -> dict[str, str]:
    return {"unit_status": "ar"} if level == Level.UNIT else {}


def _remark(request: HttpRequest, made: Place) -> None:
    """What is odd about a new code; the code is kept as it was typed."""
    giver, county = counties.of_code(made.code), selectors.chain_of(made)[1]
    if not codes.consistent(made.code):
        messages.warning(request, _("Ultima cifră a codului {code} nu este cifra lui de control. Verificați codul.").format(code=made.code))
    elif giver is not None and giver.code != county.code:
        messages.warning(request, _("Codul {code} este al județului {name}. Verificați codul.").format(code=made.code, name=giver.name))


@signed_in
def move(request: HttpRequest, pk: int) -> HttpResponse:
    unit = place_or_404(request, pk, Level.UNIT, act=ACT)
    form = MoveForm(unit, request.POST or None)
    if form.is_valid() and _done(request, form, lambda: corrections.move(unit, form.school_found, by=user_of(request))):
        messages.success(request, _("Unitatea a trecut la altă școală."))
        return see_other("network:place", unit.pk)
    return page_with_form(request, "structure/move.html", framed(request, unit) | {"form": form})


@signed_in
def close(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk, Level.SCHOOL, Level.UNIT, act=ACT)
    if place.closed_on is not None:
        raise Http404
    form = CloseForm(request.POST or None)
    if form.is_valid():
        told = corrections.close(place, form.cleaned_data["day"], by=user_of(request))
        messages.success(request, _("Locul a fost închis."))
        _tell(request, told)
        return see_other("network:place", place.pk)
    below = Place.objects.filter(path__startswith=place.path, closed_on=None, level=Level.UNIT).count()
    return page_with_form(request, "structure/close.html", framed(request, place) | {"form": form, "units": below})


@signed_in
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    place = place_or_404(request, pk, Level.SCHOOL, Level.UNIT, act=ACT)
    if place.closed_on is None:
        raise Http404
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and _done(request, form, lambda: corrections.reopen(place, by=user_of(request))):
        messages.success(request, _("Locul a fost redeschis."))
        return see_other("network:place", place.pk)
    return page_with_form(request, "structure/reopen.html", framed(request, place) | {"form": form})


def _done(request: HttpRequest, form: forms.Form, act: Callable[[], Told]) -> bool:
    """Does it; where the network refuses, the sentence stands on the form."""
    form.is_valid()
    try:
        _tell(request, act())
    except CannotChange as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def _tell(request: HttpRequest, told: Told) -> None:
    """What the open round took over of a correction, and what stays there as it is."""
    for news in reports.round_news(told):
        year = _("Campania {year}").format(year=news.school_year)
        if news.sentences:
            messages.info(request, f"{year}: {'; '.join(news.sentences)}")
        for group in news.kept:
            messages.warning(request, f"{year}: {group.title}: {', '.join(one['name'] for one in group.named)}")
