"""Numbers and counted words as Romanian writes them (CLDR ro): 1.234,56 · 82,14 % · 20 de elevi."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from django import template

register = template.Library()
NO_BREAK_SPACE = "\u00a0"


@register.filter
def number(value: Fraction | int | None, places: int = 2) -> str:
    """A number already rounded, with a decimal comma and points between thousands; '–' for none."""
    if value is None:
        return "–"
    shown = str(int(abs(Fraction(value)) * 10**places + Fraction(1, 2))).rjust(places + 1, "0")
    whole, decimals = (shown[:-places], shown[-places:]) if places else (shown, "")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "−" if value < 0 else ""
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


@register.filter
def figure(value: Fraction | None, format_: str) -> str:
    """A displayed figure with its unit."""
    if value is None:
        return "–"
    shown = number(value, 0 if format_ == "whole" else 2)
    return f"{shown}{NO_BREAK_SPACE}%" if format_ == "percent" else f"{shown} p.p." if format_ == "points" else shown


@register.filter
def difference(value: Fraction | None, format_: str) -> str:
    """By how much a displayed figure is more or less, with its sign and unit: +0,27 · −3,10 p.p."""
    if value is None:
        return "–"
    shown = figure(value, "points" if format_ == "percent" else format_)
    return f"+{shown}" if value > 0 else shown


@register.filter
def counted(many: int, words: str) -> str:
    """``{{ n|counted:"elev,elevi" }}``: 1 elev, 5 elevi, 20 de elevi, 101 elevi, 120 de elevi."""
    one, several = words.split(",")
    if many == 1:
        return f"1 {one}"
    of = "de " if many != 0 and not 1 <= many % 100 <= 19 else ""
    return f"{number(many, 0)} {of}{several}"


@register.filter
def label(texts: Mapping[str, str], language: str = "ro") -> str:
    """The text in a language, Romanian where it is not translated."""
    return texts.get(language) or texts.get("ro") or next(iter(texts.values()), "")
