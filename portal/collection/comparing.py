"""This year's published figures beside last year's: what it was, by how much it differs, or why the two are not compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import engine
from engine.methodology import Indicator, Methodology
from portal.collection.contexts import methodology_of
from portal.collection.last_year import place_before
from portal.collection.models import Collection

CAUSES: dict[str, str | Promise] = {
    "renamed": gettext_lazy("înlocuiește indicatorul %(was)s"),
    "formula": gettext_lazy("formula s-a schimbat"),
    "constant": gettext_lazy("un prag s-a schimbat"),
    "other": gettext_lazy("metodologia indicatorului s-a schimbat"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """``value``: as published last year; ``difference``: of the two published numbers. Both None where the series broke (``broken`` says
    why), or where one of the years has no number."""

    value: Fraction | None
    difference: Fraction | None
    broken: str = ""

    @property
    def break_words(self) -> str:
        return _("întrerupere de serie: %(why)s") % {"why": self.broken} if self.broken else ""


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The school year before, with the indicators that it had as well, by their code of this year."""

    year: str
    compared: Mapping[str, Compared]


def compare(unit: Collection, methodology: Methodology, figures: Mapping[str, Mapping[str, Any]]) -> YearBefore | None:
    """``figures`` as they are published of a unit; None where nothing was frozen of it the year before."""
    before = place_before(unit)
    result = before.results.filter(superseded_at=None).order_by("-number").first() if before is not None else None
    if before is None or result is None:
        return None
    old = methodology_of(before)
    found: dict[str, Compared] = {}
    for code, figure in figures.items():
        indicator = methodology.indicators[code]
        series = engine.earlier(methodology, old, indicator.level, indicator.key)
        then = old.indicator_of(series.name)
        if then is not None and then.code in result.figures:
            found[code] = _compared(indicator, series.broken, figure["value"], result.figures[then.code]["value"])
    return YearBefore(before.round.school_year, found)


def _compared(indicator: Indicator, broken: str, now: float | int | None, then: float | int | None) -> Compared:
    if broken:
        return Compared(None, None, str(CAUSES[broken]) % {"was": indicator.was})
    value = None if then is None else Fraction(str(then))
    return Compared(value, None if value is None or now is None else Fraction(str(now)) - value)
