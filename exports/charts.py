"""Small drawings of reports, as SVG text: where a value lies on its scale, how many figures lie in each interval.

Colours are those of the design system. A drawing never says more than the text or table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from engine.methodology import Scale
from exports.report_tree import Chart
from exports.wording import local
from portal.rounds.selectors import bands
from portal.ui.templatetags import romanian

INK, MUTED = "#16202b", "#46525f"
FILLS = {1: "#a9cdb7", 2: "#e9bf62", 3: "#da7a3e", 4: "#a01c1c"}
NO_VALUE = "#c9d1d9"
FONT = "Noto Sans"
WIDTH = 470.0
GAP = 2.0


def scale_chart(scale: Scale, value: Fraction, shown: str, most: Fraction) -> Chart:
    """The intervals of a scale from 0 to ``most``, with a mark at a value."""
    limits = [min(band.limit, most) if band.limit is not None else most for band in scale.bands]
    parts, start = [], Fraction(0)
    for band, limit in zip(bands(scale), limits, strict=True):
        left, right = (float(edge / most) * WIDTH for edge in (start, limit))
        middle, label = (left + right) / 2, band.label
        parts.append(_bar(left, 34, right - left - GAP, 16, FILLS[band.step]))
        parts.append(_text(middle, 88, label, 12, MUTED if right - left < 7 * len(label) else INK))
        parts.append(_text(left, 68, romanian.number(start, _places(start)), 12, MUTED, "start" if start == 0 else "middle"))
        start = limit
    parts.append(_text(WIDTH, 68, romanian.number(most, _places(most)), 12, MUTED, "end"))
    at = min(float(value / most), 1.0) * WIDTH
    parts.append(f'<path d="M{at:.1f} 31 l-7 -10 h14z" fill="{INK}"/>')
    parts.append(_text(min(max(at, 16), WIDTH - 16), 15, shown, 15, INK, weight=600))
    inside = next((band.label for band, limit in zip(bands(scale), limits, strict=True) if value < limit), bands(scale)[-1].label)
    alt = _("Valoarea %(value)s este în intervalul „%(band)s”.") % {"value": shown, "band": inside}
    return Chart(_svg(94, parts), alt)


def bands_chart(scale: Scale, counts: Sequence[int], without: int) -> Chart:
    """How many figures lie in each interval of a scale, and how many have no value: one bar with its numbers."""
    shown = [(local(band.label), FILLS[of.step], many) for band, of, many in zip(scale.bands, bands(scale), counts, strict=True)]
    shown.append((_("Fără valoare"), NO_VALUE, without))
    whole = sum(many for _label, _fill, many in shown) or 1
    parts, left, key = [], 0.0, 0.0
    for label, fill, many in shown:
        width = many / whole * WIDTH
        if many:
            parts.append(_bar(left, 0, max(width - GAP, 1), 24, fill))
            parts.append(_text(left + width / 2 - 1, 16, str(many), 12, "#ffffff" if fill == FILLS[4] else INK, weight=600))
        left += width
        parts.append(_bar(key, 38, 10, 10, fill))
        parts.append(_text(key + 15, 47, label, 12, INK, "start"))
        key += 30 + 6.6 * len(label)
    alt = "; ".join(f"{label}: {many}" for label, _fill, many in shown)
    return Chart(_svg(54, parts), alt)


def _places(number: Fraction) -> int:
    return 0 if number.denominator == 1 else 1


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{max(width, 0):.1f}" height="{height}" fill="{fill}"/>'


def _text(x: float, y: float, text: str, size: int, fill: str, anchor: str = "middle", weight: int = 400) -> str:
    return f'<text x="{x:.1f}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'


def _svg(height: int, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {height}" width="{WIDTH:.0f}" height="{height}" font-family="{FONT}">'
    return f"{head}{''.join(parts)}</svg>"
