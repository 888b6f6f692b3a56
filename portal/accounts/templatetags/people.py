"""How pages speak of people and of the places they lead."""

from __future__ import annotations

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import second_factor
from portal.accounts.contacts import shown_phone
from portal.accounts.frame import held
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

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))
"""What browsers call themselves → how people call them; the first that is found, as most name others besides."""


@register.filter
def browser(user_agent: str) -> str | Promise:
    """``Firefox, Windows``, from what a browser says of itself."""
    found = (next((name for sign, name in known if sign in user_agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name) or _("alt program")


@register.simple_tag(takes_context=True)
def second_factor_duty(context: Context) -> str | Promise:
    """Whether the person must have a second factor, and why."""
    if second_factor.is_compulsory(held(context["request"])):
        return _("Rolul dumneavoastră cere al doilea factor: fără el nu se poate lucra în platformă.")
    if settings.DEMO:
        return _("Aceasta este o demonstrație, în care nimeni nu este obligat să îl pornească. În folosirea reală, rolurile CNDIE și ISJ îl cer.")
    return _("Nu este obligatoriu pentru rolul dumneavoastră, dar este recomandat.")


@register.simple_tag
def demonstration() -> bool:
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def second_factor_may_end(context: Context) -> bool:
    return not second_factor.is_compulsory(held(context["request"]))


@register.filter
def phone(text: str) -> str:
    return shown_phone(text) or "–"


@register.simple_tag
def below_title(place: Place) -> str | Promise:
    return BELOW[place.level]


@register.simple_tag
def situation_title(code: str) -> str | Promise:
    return SITUATIONS.get(code, _("Toate"))
