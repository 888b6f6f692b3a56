"""Cases whose results are known beforehand, in the first units of a county that suit them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from portal.collection.generating.classes import PlannedClass
from portal.collection.generating.shares import Shares

SMALLEST = 8
"""Pupils of a class in which shares are looked at."""
Classes = Sequence[tuple[int, PlannedClass]]
"""The classes of one unit, each with its place among those of the county."""


def apart(classes: Classes, shares: Shares) -> bool:
    """Of two parallel classes all pupils of one are Roma and nobody in the rest of the unit: the share among the two is that of the first."""
    pair = next((two for two in _parallel(classes)), None)
    if pair is None:
        return False
    for place, _ in classes:
        shares.roma[place] = 1.0 if place == pair[0] else 0.0
    return True


def nobody(classes: Classes, shares: Shares) -> bool:
    """No Roma pupil and nobody with special needs: every share is nothing, no score can be computed."""
    for place, _ in classes:
        shares.roma[place] = shares.sen[place] = 0.0
    return True


def _parallel(classes: Classes) -> list[tuple[int, int]]:
    """Pairs of classes that are compared: the same grade, taught in Romanian, large enough."""
    suited = [(place, one) for place, one in classes if not one.simultaneous and one.language == "ro" and one.pupils >= SMALLEST]
    return [(place, other) for place, one in suited for other, two in suited if place < other and one.grades == two.grades]


CASES: dict[str, Callable[[Classes, Shares], bool]] = {"apart": apart, "nobody": nobody}


def plant(of_unit: Mapping[int, Classes], shares: Shares, blank: bool) -> tuple[dict[str, int], list[int]]:
    """(the unit of each case, the classes in which two pupils have no bench). ``of_unit``: the classes of the units that may be taken;
    ``blank``: whether a class without benches is wanted."""
    planted: dict[str, int] = {}
    for case, suits in CASES.items():
        taken = planted.values()
        found = next((unit for unit, classes in of_unit.items() if unit not in taken and suits(classes, shares)), None)
        if found is not None:
            planted[case] = found
    if not blank:
        return planted, []
    benches = next(((unit, place) for unit, classes in of_unit.items() if unit not in planted.values() for place in _with_benches(classes)), None)
    if benches is None:
        return planted, []
    return {**planted, "no_bench": benches[0]}, [benches[1]]


def _with_benches(classes: Classes) -> list[int]:
    return [place for place, one in classes if one.level == "primary" and one.pupils >= SMALLEST]
