"""How the network's pages tell a correction."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.network.models import Place
from portal.structure.models import Correction
from portal.structure.selectors import spoken_columns

register = template.Library()
Line = tuple[str, str, str]


@register.filter
def told(correction: Correction) -> list[Line]:
    """What a correction changed: label, from, to."""
    return [line for name, (before, after) in correction.changes.items() for line in _lines(name, before, after)]


def _lines(name: str, before: Any, after: Any) -> list[Line]:
    if name == "attributes":
        fields = [field for field in spoken_columns("network").fields if before.get(field.code) != after.get(field.code)]
        return [(field.label, _said(field.shown(before.get(field.code))), _said(field.shown(after.get(field.code)))) for field in fields]
    if name == "parent_id":
        return [(_("Școala"), _place(before), _place(after))]
    if name == "closed_on":
        return [(_("Închis din"), _day(before), _day(after))]
    if name == "collects":
        words = {True: _("Participă"), False: _("Nu participă")}
        return [(_("Monitorizare"), words[before], words[after])]
    return [({"code": _("Codul"), "name": _("Denumirea")}[name], _said(before), _said(after))]


def _said(value: Any) -> str:
    return "–" if value in (None, "") else value if isinstance(value, str) else str(value)


def _day(value: str | None) -> str:
    day = parse_date(value) if value else None
    return date_format(day, "DATE_FORMAT") if day else "–"


def _place(pk: int | None) -> str:
    place = Place.objects.filter(pk=pk or 0).first()
    return place.name if place else "–"
