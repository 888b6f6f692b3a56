"""How pages speak of people and of the places they lead."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts.contacts import shown_phone
from portal.network.models import Level, Place

register = template.Library()
BELOW: dict[str, str | Promise] = {
    Level.NATIONAL.value: _("Inspectoratele"),
    Level.COUNTY.value: _("Școlile"),
    Level.SCHOOL.value: _("Unitățile"),
}
SITUATIONS: dict[str, str | Promise] = {
    "missing": _("Fără cont și fără invitație"),
    "invited": _("Invitați, încă fără cont"),
    "account": _("Cu cont"),
}


@register.filter
def phone(text: str) -> str:
    return shown_phone(text) or "–"


@register.simple_tag
def below_title(place: Place) -> str | Promise:
    return BELOW[place.level]


@register.simple_tag
def situation_title(code: str) -> str | Promise:
    return SITUATIONS.get(code, _("Toate"))
