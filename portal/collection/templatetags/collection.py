"""How pages of a round speak: chains of places, sortable heads, deeds and events in words."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.collection import words
from portal.collection.deeds import DEEDS
from portal.collection.models import Collection, Event
from portal.collection.permissions import chain_rows

register = template.Library()


@register.inclusion_tag("collection/crumbs.html")
def crumbs(collection: Collection, here: str = "") -> dict[str, Any]:
    """The way down to a place; ``here``: the page below it."""
    return {"chain": list(reversed(chain_rows(collection))), "collection": collection, "here": here}


@register.simple_tag
def list_title(level: str) -> str:
    return str(words.LISTS[level])


@register.simple_tag
def deed_title(act: str) -> str:
    return str(DEEDS[act].title)


@register.simple_tag(takes_context=True)
def sort_head(context: template.Context, code: str, label: str, current: str, css: str = "") -> str:
    """The head of a column by which a list can be sorted; the order lives in the address."""
    parameters = context["request"].GET.copy()
    parameters["ordine"] = code
    chosen = (current or "nume") == code
    sorted_ = format_html(' aria-sort="ascending"') if chosen else ""
    return format_html('<th scope="col" class="{}"{}><a class="sort" href="?{}#lista">{}</a></th>', css, sorted_, parameters.urlencode(), label)


@register.simple_tag
def event_words(event: Event) -> str:
    """What happened. Cells of a save are counted, never shown."""
    what = str(words.EVENTS.get(event.action, event.action))
    many = len(event.changes)
    return f"{what}: {ngettext('%(n)d câmp', '%(n)d câmpuri', many) % {'n': many}}" if event.action == "save" else what


@register.simple_tag
def event_author(event: Event) -> str:
    if event.by is not None:
        return event.by.full_name
    return _("link de clasă") if event.link_id else str(event.get_through_display())


@register.simple_tag
def state_words(code: str) -> str:
    return words.state_in_words(code)
