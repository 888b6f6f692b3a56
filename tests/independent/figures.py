"""What is published of a value: rounded once, with its band. Nothing of the engine is imported."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

from tests.independent.missing import V, propagate

RISING = ("none", "attention", "risk", "high")
FALLING = RISING[::-1]
SCALES: dict[str, tuple[tuple[int, int, int], tuple[str, ...], bool]] = {
    "qualified": ((50, 75, 90), FALLING, False),
    "turnover": ((15, 25, 40), RISING, False),
    "crowding": ((100, 110, 125), RISING, True),
    "relative_low": ((40, 60, 80), FALLING, False),
    "gap_pp": ((10, 20, 35), RISING, False),
    "dropout": ((2, 5, 10), RISING, False),
    "index": ((20, 35, 50), RISING, False),
    "quality": ((5, 10, 20), RISING, False),
}
"""Limits, bands, whether the first limit itself still belongs to the first band."""
ALERT = {"2024-2025": (2, 4, 6), "2025-2026": (2, 3, 5)}


def rounded(value: F, places: int = 2) -> F:
    """Half away from zero."""
    scaled = abs(value) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return F(whole if value >= 0 else -whole, 10**places)


def shown(value: F, format_: str) -> F:
    return rounded(value * (100 if format_ in ("percent", "points") else 1), 0 if format_ == "whole" else 2)


def number(value: V, format_: str) -> int | float | None:
    if not value.known:
        return None
    return int(shown(value.value, format_)) if format_ == "whole" else float(shown(value.value, format_))


def band(year: str, scale: str, value: V, format_: str) -> str | None:
    """Of the rounded number."""
    if not value.known:
        return None
    limits, names, inclusive = (ALERT[year], RISING, False) if scale == "alert" else SCALES[scale]
    found = shown(value.value, format_)
    for position, limit in enumerate(limits):
        if found < limit or (inclusive and position == 0 and found == limit):
            return names[position]
    return names[3]


class Book:
    """The indicators of one unit, as they will be printed."""

    def __init__(self, year: str) -> None:
        self.year = year
        self.values: dict[str, V] = {}
        self.printed: dict[str, dict[str, Any]] = {}

    def add(
        self, code: str, value: V, format_: str = "score", scale: str = "", items: list[dict[str, Any]] | None = None, keep: bool = False
    ) -> None:
        """``keep``: the methodology does not propagate missing here."""
        value = value if keep else propagate(value)
        self.values[code] = value
        entry: dict[str, Any] = {"value": number(value, format_), "status": value.status}
        if scale:
            entry["band"] = band(self.year, scale, value, format_)
        if items is not None and value.known:
            entry["items"] = items
        self.printed[code] = entry


def item(key: str, value: V, own: V | None = None, reference: V | None = None, format_: str = "score") -> dict[str, Any]:
    """A class or building that gave a score; what was substituted or is missing has no own and reference figure."""
    blank = not value.known or value.substituted
    sides = [None if side is None or blank else number(side, "percent") for side in (own, reference)]
    return {"item": key, "value": number(value, format_), "sub": sides[0], "ref": sides[1], "status": value.status}
