"""How pages of a round speak: chains of places, sortable heads, deeds and events in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from engine.forms import text_in
from portal.accounts.frame import held
from portal.collection import words
from portal.collection.boards import LEVEL_WORDS
from portal.collection.completeness import Tallies
from portal.collection.contexts import methodology_of
from portal.collection.deeds import DEEDS
from portal.collection.models import Collection
from portal.collection.readiness import form_of, sections_of
from portal.collection.sections import extended_sections
from portal.collection.selectors import way_up
from portal.rounds import windows
from portal.ui.templatetags.romanian import counted

register = template.Library()
SEVERITIES = {"must_fix": ("d", gettext_lazy("De corectat")), "explain": ("w", gettext_lazy("De explicat")), "note": ("", gettext_lazy("Notă"))}


@register.inclusion_tag("collection/crumbs.html", takes_context=True)
def crumbs(context: template.Context, collection: Collection, here: str = "") -> dict[str, Any]:
    """The way down to a place, from the highest one the person may see; ``here``: the page below it."""
    rows = list(reversed(way_up(collection)))
    places = {membership.place_id for membership in held(context["request"])}
    top = next((index for index, row in enumerate(rows) if row.place_id in places), len(rows) - 1)
    return {"chain": rows[top:], "collection": collection, "here": here}


@register.inclusion_tag("collection/tallies.html")
def tallies(found: Tallies) -> dict[str, Any]:
    """Expected, exempt, received, on time: a row a kind."""
    return {"rows": [(words.WAITED_FOR[kind], tally) for kind, tally in found.items()]}


@register.simple_tag
def waited_for(kind: str) -> str:
    return str(words.WAITED_FOR[kind])


@register.simple_tag
def list_title(level: str) -> str:
    return str(words.LISTS[level])


@register.simple_tag(takes_context=True)
def list_address(context: template.Context, level: str, state: str) -> str:
    """The address of a list of the same board, from its beginning; the order is kept."""
    parameters = QueryDict(mutable=True)
    order = context["request"].GET.get("ordine", "")
    for name, value in (("nivel", LEVEL_WORDS[level]), ("stare", state), ("ordine", order)):
        if value:
            parameters[name] = value
    return f"?{parameters.urlencode()}#lista"


@register.simple_tag
def deed_title(act: str) -> str:
    return str(DEEDS[act].title)


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, code: str, label: str, current: str, css: str = "") -> str:
    """The head of a column by which a list can be sorted, either way; the order lives in the address. Numbers begin with the largest."""
    down, chosen = current.startswith("-"), current.removeprefix("-") == code
    parameters = context["request"].GET.copy()
    parameters.pop("pagina", None)
    parameters["ordine"] = code if (down if chosen else css != "num") else f"-{code}"
    sorted_ = format_html(' aria-sort="{}"', "descending" if down else "ascending") if chosen else ""
    return format_html('<th scope="col" class="{}"{}><a class="sort" href="?{}#lista">{}</a></th>', css, sorted_, parameters.urlencode(), label)


@register.simple_tag
def label_of(texts: Mapping[str, str]) -> str:
    """A text of the methodology in the language of the page."""
    return text_in(texts, get_language() or "ro")


@register.simple_tag
def first_step(school_class: Collection) -> str:
    """The address of the first step of a class's own form."""
    step = form_of(methodology_of(school_class), school_class.level).steps[0]
    return reverse("collection:step", args=[school_class.pk, step.section, step.code])


@register.simple_tag
def first_extended_step(school_class: Collection) -> str:
    """The address of the first step of a class's own form that asks something in the extended part."""
    methodology = methodology_of(school_class)
    extended = extended_sections(methodology)
    steps = form_of(methodology, school_class.level).steps
    step, section = next((step, one) for step in steps for one in sections_of(step) if one in extended)
    return reverse("collection:step", args=[school_class.pk, section, step.code])


@register.simple_tag
def section_label(collection: Collection, code: str) -> str:
    """A section as the methodology calls it."""
    section = next((one for one in methodology_of(collection).sections if one.code == code), None)
    return text_in(section.label, get_language() or "ro") if section is not None else ""


@register.simple_tag
def limit_words(limit: datetime) -> str:
    """``12 decembrie 2025, ora 24:00``."""
    return windows.words(limit, limit=True)


@register.simple_tag
def severity(code: str) -> str:
    tint, word = SEVERITIES[code]
    return format_html('<span class="tag {}">{}</span>', tint, word)


@register.simple_tag
def deadline(label: str, when: datetime) -> str:
    """A limit: the last day that is still in time, and how far it is."""
    last = timezone.localtime(when - timedelta(seconds=1))
    days = (last.date() - timezone.localtime().date()).days
    left = _("a trecut") if days < 0 else _("astăzi") if days == 0 else _("peste {days}").format(days=counted(days, _("zi,zile")))
    shown = formats.date_format(last, "DATE_FORMAT")
    return format_html('<dt>{}</dt><dd>{}<br><span class="muted">{}</span></dd>', label, shown, left)
