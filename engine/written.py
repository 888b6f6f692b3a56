"""Exact values as people read them, in Romanian writing: 1.234,56 · 82,14 % · 28.02.2020 · „Da”."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from engine.formula.tree import Kind
from engine.methodology import Methodology
from engine.rounding import displayed, rounded

PLACES = 4
"""Of a number that has no format of its own."""
SMALL = 10_000
"""Fractions with larger denominators are not written out."""
SIGNS = {"percent": " %", "points": " p.p."}


def decimal(value: Fraction, places: int) -> str:
    """A number cut to so many places already, or rounded to them: comma before decimals, points between thousands."""
    digits = str(abs(rounded(value * 10**places, "half_away_from_zero"))).rjust(places + 1, "0")
    whole, rest = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "−" if value < 0 and int(digits) else ""
    return sign + f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else "")


def written(value: object, kind: Kind, format_: str, methodology: Methodology) -> str:
    """One value: as published where it has a format, else as its kind is read, with the exact fraction where that is short."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "da" if value else "nu"
    if not isinstance(value, Fraction):
        return _named(value, kind, methodology)
    if kind.name == "date":
        return date.fromordinal(int(value)).strftime("%d.%m.%Y") if 0 < value <= date.max.toordinal() else str(value)
    if format_:
        places = methodology.rounding.places.get(format_, 2)
        return decimal(displayed(value, format_, methodology.rounding), places) + SIGNS.get(format_, "") + _exactly(value)
    if kind.name == "ratio":
        return decimal(value * 100, 2) + SIGNS["percent"] + _exactly(value)
    if value.denominator == 1:
        return decimal(value, 0)
    finite = next((places for places in range(1, PLACES + 1) if 10**places % value.denominator == 0), None)
    return decimal(value, finite) if finite else decimal(value, PLACES) + _exactly(value)


def _exactly(value: Fraction) -> str:
    return f" ({value.numerator}/{value.denominator})".replace("-", "−") if 1 < value.denominator < SMALL else ""


def _named(value: object, kind: Kind, methodology: Methodology) -> str:
    """A code with its label; several codes one after another; other text as it is."""
    if isinstance(value, (set, frozenset, tuple, list)):
        return ", ".join(_named(one, kind, methodology) for one in sorted(map(str, value))) or "nimic"
    listed = methodology.choices.get(kind.choices)
    place = None if listed is None else listed.index.get(str(value))
    label = "" if listed is None or place is None else listed.choices[place].label.get(methodology.primary_language, "")
    return f"„{label}” ({value})" if label else f"„{value}”"
