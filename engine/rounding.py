"""Rounded once: from an exact value to the number people see, and from that number to its band. Exact integers throughout."""

from __future__ import annotations

from fractions import Fraction
from operator import index

from engine.methodology import Rounding, Scale


def factor_of(format_: str) -> int:
    """Percent and points show one hundred times the value."""
    return 100 if format_ in ("percent", "points") else 1


def displayed(value: Fraction, format_: str, rounding: Rounding) -> Fraction:
    """The number shown for an exact value."""
    places = rounding.places.get(format_, 2)
    return Fraction(rounded(value * factor_of(format_) * 10**places, rounding.mode), 10**places)


def rounded(value: Fraction, mode: str) -> int:
    """To a whole number: half_away_from_zero, half_even, or truncate."""
    if mode == "half_even":
        return index(round(value))
    size = abs(value)
    if mode == "half_away_from_zero":
        size += Fraction(1, 2)
    whole = index(size.numerator // size.denominator)
    return whole if value >= 0 else -whole


def band_of(scale: Scale, number: Fraction) -> str:
    """Code of the first band whose limit is not passed. ``number`` as displayed."""
    for band in scale.bands:
        if band.limit is None or number < band.limit or (band.inclusive and number == band.limit):
            return band.code
    return scale.bands[-1].code
