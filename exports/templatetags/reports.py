"""What templates ask of this room: drawings, as an image on paper, inline on pages (whose rules allow no other sources); the letters of a round."""

from __future__ import annotations

from base64 import b64encode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exports.report_tree import Chart
from exports.selectors import ListedLetter, letters_of
from portal.accounts.models import User
from portal.rounds.models import Round

register = template.Library()


@register.simple_tag
def data_uri(svg: str) -> str:
    """A drawing as the address of an image."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


@register.simple_tag
def drawn(chart: Chart) -> SafeString:
    """A drawing with its words. The SVG is made by ``exports.charts``, which escapes every text in it."""
    inner = mark_safe(chart.svg)  # noqa: S308
    return format_html('<span role="img" aria-label="{}">{}</span>', chart.alt, inner)


@register.simple_tag
def letters(round_: Round, user: User) -> list[ListedLetter]:
    """The letters of a round that a person may see."""
    return letters_of(round_, user)
