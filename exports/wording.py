"""Values in words: figures, answers, dates and states as documents write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine.forms import like
from engine.methodology import Field, Indicator, Methodology
from exports.answers import Value
from portal.rounds.selectors import REASON_WORDS, STATUS_WORDS, ShownBand, bands
from portal.ui.templatetags import romanian

BUCHAREST = ZoneInfo("Europe/Bucharest")
DASH = "–"
MEASURES: dict[str, str | Promise] = {
    "percent": "%",
    "points": gettext_lazy("puncte procentuale"),
    "score": gettext_lazy("scor"),
}
"""Units of measure by format of the figure."""
SEVERITIES: dict[str, str | Promise] = {
    "must_fix": gettext_lazy("de corectat"),
    "explain": gettext_lazy("de explicat"),
    "note": gettext_lazy("de știut"),
}
BLANKS: dict[str, str | Promise] = {
    "not_answered": gettext_lazy("fără răspuns"),
    "not_collected": gettext_lazy("nu s-a cerut"),
}


def local(texts: Mapping[str, str]) -> str:
    """A text of a methodology in the language of the reader."""
    return romanian.label(texts)


def named(code: str, texts: Mapping[str, str]) -> str:
    """A thing by its code and its label."""
    said = local(texts)
    return like(f"{code} · {said}", said)


def long_date(moment: date | datetime) -> str:
    """3 noiembrie 2026."""
    day = moment.astimezone(BUCHAREST) if isinstance(moment, datetime) else moment
    return date_format(day, "DATE_FORMAT")


def long_moment(moment: datetime) -> str:
    """3 noiembrie 2026, ora 09:04."""
    return _("%(date)s, ora %(time)s") % {"date": long_date(moment), "time": moment.astimezone(BUCHAREST).strftime("%H:%M")}


def short_digest(digest: str) -> str:
    """The first half of a digest's first quarter, in groups that can be read aloud."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def figure_text(methodology: Methodology, value: float | int | None, format_: str) -> str:
    """A published figure with its unit: 3,37 · 51,69 % · 2,10 p.p."""
    if value is None:
        return DASH
    shown = romanian.number(Fraction(str(value)), methodology.rounding.places.get(format_, 2))
    return romanian.with_unit(shown, format_)


def number_text(value: float | int) -> str:
    """A number with as many decimals as it was given with: 1.234 · 512,5."""
    exact = Fraction(str(value))
    places = 0 if exact.denominator == 1 else len(f"{value}".partition(".")[2])
    return romanian.number(exact, places)


def answer_text(methodology: Methodology, field: Field, value: Value) -> str:
    """An answer as it reads; codes by their words."""
    if isinstance(value, bool):
        return _("da") if value else _("nu")
    if isinstance(value, tuple):
        return "; ".join(choice_text(methodology, field, code) for code in value)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, (int, float)):
        return number_text(value)
    return choice_text(methodology, field, value) if field.choices and value is not None else str(value or "")


def choice_text(methodology: Methodology, field: Field, code: str) -> str:
    return choices_of(methodology, field)[code]


def choices_of(methodology: Methodology, field: Field) -> dict[str, str]:
    """Code → label of the list of a field."""
    return {choice.code: local(choice.label) for choice in methodology.choices[field.choices].choices}


def counted_text(methodology: Methodology, field: Field, value: str) -> str:
    """A value that is counted in a column, as it reads."""
    if field.choices:
        return choice_text(methodology, field, value)
    return (_("da") if value == "1" else _("nu")) if field.type == "boolean" else value


def why_absent(figure: Mapping[str, Any]) -> str:
    """Why a figure has no value: its status, and the reason behind it."""
    status = str(STATUS_WORDS[figure["status"]])
    reason = str(REASON_WORDS.get(figure["reason"], ""))
    return f"{status.lower()}: {reason}" if reason and figure["reason"] != figure["status"] else status.lower()


def marks_of(figure: Mapping[str, Any]) -> tuple[str, ...]:
    """Words that restrict a published figure."""
    said = {_("provizoriu"): figure["provisional"], _("parțial"): figure["status"] == "partial"}
    return tuple(word for word, holds in said.items() if holds)


def band_of(indicator: Indicator, figure: Mapping[str, Any]) -> ShownBand | None:
    """The interval of a published figure."""
    return next((band for band in bands(indicator.scale) if band.code == figure["band"]), None)


def lined(text: str) -> str:
    """A text that people typed, on one line."""
    return " ".join(text.split())
