"""Template tags of the shared components: form fields, state words, navigation."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, widgets
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from portal.ui.frame import said
from portal.ui.status import WORDS

register = template.Library()
KINDS = (
    (widgets.CheckboxSelectMultiple, "checkboxes"),
    (widgets.RadioSelect, "radios"),
    (widgets.CheckboxInput, "checkbox"),
    (widgets.HiddenInput, "hidden"),
)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is drawn: checkboxes, radios, checkbox, hidden, or one control under its label."""
    return next((name for widget, name in KINDS if isinstance(field.field.widget, widget)), "control")


@register.filter
def first_control(field: BoundField) -> str:
    """The id that an error of the field links to: its control, or the first of its choices."""
    return f"{field.auto_id}_0" if kind(field) in ("checkboxes", "radios") else field.auto_id


@register.filter
def faults(form: BaseForm) -> list[tuple[str, Any]]:
    """(id, words) of every error of a form, in the order of its fields; errors of the whole form come first, without id."""
    whole = [("", words) for words in form.non_field_errors()]
    return whole + [(first_control(field), words) for field in form for words in field.errors]


@register.filter
def tint(state: str) -> str:
    return WORDS[state][0]


@register.filter
def word(state: str) -> Any:
    return WORDS[state][1]


@register.simple_tag(takes_context=True)
def help_address(context: Context) -> str:
    """Where help is asked for, about the place of the page."""
    return said("help_address", getattr(context.get("request"), "about_place", None)) or reverse("help")


@register.tag
def navigation(parser: Parser, token: Token) -> NavigationNode:
    """``{% navigation %}{% block nav_current %}{% endblock %}{% endnavigation %}``: the area that is current, then the entries."""
    nodelist = parser.parse(("endnavigation",))
    parser.delete_first_token()
    return NavigationNode(nodelist)


class NavigationNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        frame = context.get("frame")
        if frame is None:
            return SafeString("")
        area = self.nodelist.render(context).strip() or frame.area
        return render_to_string("ui/navigation.html", {"items": frame.items, "area": area, "round": frame.round})
