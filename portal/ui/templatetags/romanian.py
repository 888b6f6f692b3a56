"""Numbers, counted words and texts of a methodology as the language of the page writes them (CLDR).

Romanian 1.234,56 · 82,14 % · 20 de elevi; English 1,234.56 · 82.14% · 20 pupils; Hungarian 1234,56 · 82,14% · 20 tanuló.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import catalog

from engine.forms import text_in

register = template.Library()
NO_BREAK_SPACE = "\u00a0"
SOURCE = "ro"


@dataclass(frozen=True, slots=True)
class Signs:
    """How a language writes numbers. ``grouped_from``: with how many digits thousands begin to stand apart."""

    decimal: str
    thousands: str
    grouped_from: int
    percent: str


SIGNS = {
    SOURCE: Signs(",", ".", 4, f"{NO_BREAK_SPACE}%"),
    "en": Signs(".", ",", 4, "%"),
    "hu": Signs(",", NO_BREAK_SPACE, 5, "%"),
}


def language() -> str:
    """The language of the page; Romanian where none is active."""
    return get_language() or SOURCE


def signs() -> Signs:
    return SIGNS[language()]


@register.filter
def number(value: Fraction | int | None, places: int = 2) -> str:
    """A number already rounded, with the language's signs between decimals and thousands; '–' for none."""
    if value is None:
        return "–"
    here = signs()
    shown = str(int(abs(Fraction(value)) * 10**places + Fraction(1, 2))).rjust(places + 1, "0")
    whole, decimals = (shown[:-places], shown[-places:]) if places else (shown, "")
    grouped = f"{int(whole):,}".replace(",", here.thousands) if len(whole) >= here.grouped_from else whole
    sign = "−" if value < 0 else ""
    return f"{sign}{grouped}{here.decimal}{decimals}" if decimals else f"{sign}{grouped}"


def plainly(value: float | Fraction) -> str:
    """A number with the decimals it has and no thousands apart: 6 · 0,5."""
    return f"{float(value):g}".replace(".", signs().decimal)


def with_unit(shown: str, format_: str) -> str:
    """A number with the unit of its format: 82,14 % · 3,10 p.p."""
    if format_ == "percent":
        return shown + signs().percent
    return _("{number} p.p.").format(number=shown) if format_ == "points" else shown


@register.filter
def figure(value: Fraction | None, format_: str) -> str:
    """A displayed figure with its unit."""
    return "–" if value is None else with_unit(number(value, 0 if format_ == "whole" else 2), format_)


@register.filter
def difference(value: Fraction | None, format_: str) -> str:
    """By how much a displayed figure is more or less, with its sign and unit: +0,27 · −3,10 p.p."""
    if value is None:
        return "–"
    shown = figure(value, "points" if format_ == "percent" else format_)
    return f"+{shown}" if value > 0 else shown


@register.filter
def counted(many: int, words: str) -> str:
    """``{{ n|counted:_("elev,elevi") }}``: 1 elev, 5 elevi, 20 de elevi, 101 elevi; 1 pupil, 5 pupils; 1 tanuló, 5 tanuló.

    ``words``: as many forms as the language has, in the order of its catalogue's plural rule, which says which one the number takes. Romanian
    writes two; its third is „de” before the second.
    """
    forms = words.split(",")
    if len(forms) == 2 and language() == SOURCE:
        forms.append(f"de {forms[1]}")
    return f"{number(many, 0)} {forms[min(catalog().plural(many), len(forms) - 1)]}"


@register.filter
def bare(text: str) -> str:
    """A text for an attribute, a title or an option, where no language can be marked."""
    return str(text)


@register.filter
def label(texts: Mapping[str, str]) -> str:
    """A text of a methodology in the language of the page; Romanian, and marked as such, where it is not translated."""
    return text_in(texts, language())
