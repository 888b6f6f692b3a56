"""Drawings in templates: as an image on paper, inline on pages (whose rules allow no other sources)."""

from __future__ import annotations

from base64 import b64encode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from exports.report_tree import Chart

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
