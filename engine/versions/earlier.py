"""What a version says of the one before it: which values of last year it asks for, what they were called, and whose series broke since.

A series is a calculation or indicator over the years. It keeps its name, or is found under the name that ``was:`` gives. Where the
changes (or the indicator) declare ``trend: break``, last year's value means something else and is not compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.methodology import Methodology
from engine.versions.compatibility import changes_of, trend_of

PREFIX = "previous."


@dataclass(frozen=True, slots=True)
class Earlier:
    """``name``: of the value in the earlier version, '' where it has none. ``broken``: what broke the series (renamed, formula, constant,
    or other), '' where it can be compared."""

    name: str
    broken: str = ""


@lru_cache(maxsize=16)
def asked_of_last_year(methodology: Methodology) -> dict[str, tuple[str, ...]]:
    """By level: the names whose value of last year some formula asks for."""
    found: dict[str, list[str]] = {}
    for level, name in methodology.quantities:
        if name.startswith(PREFIX):
            found.setdefault(level, []).append(name.removeprefix(PREFIX))
    return {level: tuple(names) for level, names in found.items()}


@lru_cache(maxsize=4096)
def earlier(new: Methodology, old: Methodology, level: str, name: str) -> Earlier:
    """A calculation or indicator (by key) of the new version, as the old one had it."""
    before = next((one for one in (name, _was(new, old, name)) if (level, one) in old.quantities), "")
    indicator = new.indicator_of(name)
    if not before or indicator is None or _same_series(new, old):
        return Earlier(before)
    trend, why = trend_of(new, indicator.code)
    return Earlier(before, why if trend == "break" else "")


def _was(new: Methodology, old: Methodology, name: str) -> str:
    indicator = new.indicator_of(name)
    if indicator is None:
        return str(new.entries["calculations"].get(name, {}).get("was") or "")
    before = old.indicators.get(indicator.was)
    return before.key if before is not None else ""


def _same_series(new: Methodology, old: Methodology) -> bool:
    """Whether both are one methodology (or its correction), so that what it declares of its predecessor is no change between them."""
    return new.digest == old.digest or (new.code == old.code and changes_of(new).get("from") != old.code)
