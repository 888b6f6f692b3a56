"""What is published of an indicator at a place: value, status with its reason, coverage, band, and the places that gave it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import ColumnValue, Plan, bands, compile_plan, display, exact_bands
from engine.columns.rounding import LARGEST
from engine.dataset import Dataset
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Check, Indicator, Items, Methodology, Scale
from engine.reference import Reference
from engine.rounding import band_of, displayed, factor_of
from engine.values import SUBSTITUTED, ZERO_DENOMINATOR, is_absent, reason_of, status_of


@dataclass(frozen=True, slots=True)
class Item:
    """A lower place that took part: displayed value, its own and its reference figure (None where blank)."""

    place: int
    key: str
    value: Fraction | None
    own: Fraction | None
    reference: Fraction | None
    status: str


@dataclass(frozen=True, slots=True)
class Result:
    """``value`` is the displayed number (percent points for shares). ``known`` of ``expected`` members were there; (0, 0) where nothing
    was aggregated or coverage was not asked for. ``provisional``: looks above its own place, where something is not final yet."""

    value: Fraction | None
    status: str
    reason: str
    band: str | None
    known: int
    expected: int
    items: tuple[Item, ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a methodology publishes, as typed nodes: one an indicator and a check, those of the items, the suggestion."""

    plan: Plan
    indicators: dict[str, Node]
    checks: dict[str, Node]
    request: Node | None


@lru_cache(maxsize=16)
def asked_of(methodology: Methodology) -> Asked:
    """The compiled plan of everything a methodology publishes; made once."""
    node = partial(_column, methodology)
    indicators = {code: node(indicator.quantity) for code, indicator in methodology.indicators.items()}
    checks = {code: node(check.quantity) for code, check in methodology.checks.items()}
    request = node(methodology.request) if methodology.request is not None else None
    targets = [*indicators.values(), *checks.values()]
    for indicator in methodology.indicators.values():
        if indicator.items is not None:
            targets += [part for part in (indicator.items.value, indicator.items.own, indicator.items.reference) if part is not None]
    plan = compile_plan(methodology, [*targets, request] if request is not None else targets)
    return Asked(plan, indicators, checks, request)


def _column(methodology: Methodology, quantity: FormulaQuantity) -> Node:
    return methodology.forest.make(tree.Column, quantity.level, quantity.kind, quantity)


@dataclass(slots=True)
class Figures:
    """One column as published: ``shown`` displayed integers (value × 10**places), ``bits``, ``bands`` indices (None without a scale)."""

    shown: NDArray[np.int64]
    bits: NDArray[np.uint8]
    places: int
    bands: NDArray[np.uint8] | None = None

    def value(self, place: int) -> Fraction | None:
        return None if is_absent(int(self.bits[place])) else Fraction(int(self.shown[place]), 10**self.places)


@dataclass(slots=True, repr=False)
class Results:
    """Published results over a data set: computed in columns, settled exactly where floats cannot tell."""

    methodology: Methodology
    dataset: Dataset
    reference: Reference
    values: Mapping[Node, ColumnValue]
    _figures: dict[tuple[Node, str, str], Figures] = field(default_factory=dict)
    _inside: dict[tuple[str, str], list[NDArray[np.intp]]] = field(default_factory=dict)

    def figures(self, code: str) -> Figures:
        """The results of an indicator at all places of its level."""
        indicator = self.methodology.indicators[code]
        return self._shown(asked_of(self.methodology).indicators[code], indicator.level, indicator.format, indicator.scale)

    def result(self, code: str, place: int, coverage: bool = False) -> Result:
        """The result of an indicator at a place of its level; ``known`` and ``expected`` only with ``coverage``, which costs a walk."""
        indicator = self.methodology.indicators[code]
        found = self.figures(code)
        bits, shown = int(found.bits[place]), found.value(place)
        items = self._items(indicator.items, indicator, place) if indicator.items is not None and shown is not None else ()
        band = None
        if indicator.scale is not None and found.bands is not None and shown is not None:
            band = indicator.scale.bands[int(found.bands[place])].code
        exact = self.reference.quantity(indicator.quantity, place) if coverage else None
        known, expected = (exact.known, exact.expected) if exact is not None else (0, 0)
        return Result(shown, status_of(bits), reason_of(bits), band, known, expected, items, self.provisional(indicator, place))

    def fires(self, check: Check, place: int) -> bool:
        """A check fires where it is false, never where it is missing or does not apply."""
        value = self.values[asked_of(self.methodology).checks[check.code]]
        absent = value.bits is not None and is_absent(int(_at(value.bits, place)))
        return not absent and not bool(_at(value.values, place))

    def suggested(self, place: int) -> bool | None:
        """Whether the section that may be asked for is suggested here; None where that cannot be said."""
        node = asked_of(self.methodology).request
        if node is None:
            return None
        value = self.values[node]
        absent = value.bits is not None and is_absent(int(_at(value.bits, place)))
        return None if absent else bool(_at(value.values, place))

    def provisional(self, indicator: Indicator, place: int) -> bool:
        """True until every place of the level is final or exempt under the highest ancestor the indicator looks up."""
        highest = highest_looked_up(self.methodology, indicator)
        if highest is None:
            return False
        link = self.dataset.link(indicator.level, highest)
        above = -1 if link is None else int(link[place])
        siblings = self.members(indicator.level, highest)[above] if above >= 0 else [place]
        return not all(self._settled(indicator.level, int(one)) for one in siblings)

    def _settled(self, level: str, place: int) -> bool:
        return any(self.dataset.flag(level, name, place) for name in ("final", "exempt"))

    def members(self, lower: str, upper: str) -> list[NDArray[np.intp]]:
        """The places of ``lower`` inside each place of ``upper``, in the order of the data."""
        key = (lower, upper)
        if key not in self._inside:
            link = self.dataset.link(lower, upper)
            index = np.arange(self.dataset.count(lower)) if link is None else link
            order = np.argsort(index, kind="stable")
            edges = np.searchsorted(index[order], np.arange(self.dataset.count(upper) + 1))
            self._inside[key] = [order[start:end] for start, end in pairwise(edges)]
        return self._inside[key]

    def _shown(self, node: Node, level: str, format_: str, scale: Scale | None = None) -> Figures:
        key = (node, format_, scale.code if scale is not None else "")
        if key not in self._figures:
            self._figures[key] = self._display(node, self.dataset.count(level), format_, scale)
        return self._figures[key]

    def _display(self, node: Node, count: int, format_: str, scale: Scale | None) -> Figures:
        """Rounded once, in integers; the few floats near a tie (or near an exact edge) are settled by the reference."""
        value, rounding = self.values[node], self.methodology.rounding
        places, factor = rounding.places.get(format_, 2), factor_of(format_)
        shown, near = display(value, places, factor, rounding.mode)
        shown = _whole(shown, count)
        bits = np.zeros(count, np.uint8) if value.bits is None else _whole(value.bits, count)
        for place in near:
            exact = self.reference.value(node, int(place)).value
            if isinstance(exact, Fraction):
                shown[place] = max(min(int(displayed(exact, format_, rounding) * 10**places), LARGEST), -LARGEST)
        too_large = np.flatnonzero(abs(shown) >= LARGEST)
        bits = bits.copy() if len(too_large) else bits
        for place in too_large:
            bits[place] = bits[place] if is_absent(int(bits[place])) else ZERO_DENOMINATOR
        found = None if scale is None else bands(scale, shown, places)
        if scale is not None and scale.exact:
            found, doubtful = exact_bands(scale, value, factor)
            found = _whole(found, count)
            for place in doubtful:
                exact = self.reference.value(node, int(place)).value
                if isinstance(exact, Fraction):
                    found[place] = [band.code for band in scale.bands].index(band_of(scale, exact * factor))
        return Figures(shown, bits, places, found)

    def _items(self, items: Items, indicator: Indicator, place: int) -> tuple[Item, ...]:
        keys = self.dataset.tables[items.level].keys
        values = self._shown(items.value, items.level, items.formats[0])
        sides = [
            None if node is None else self._shown(node, items.level, format_)
            for node, format_ in zip((items.own, items.reference), items.formats[1:], strict=True)
        ]
        found = []
        for member in self.members(items.level, indicator.level)[place]:
            bits = int(values.bits[member])
            status = status_of(bits)
            if status == "not_applicable":
                continue
            blank = is_absent(bits) or bool(bits & SUBSTITUTED)
            own, reference = (None if side is None or blank else side.value(int(member)) for side in sides)
            found.append(Item(int(member), keys[member], values.value(int(member)), own, reference, status))
        return tuple(found)


def _whole(values: Any, count: int) -> Any:
    """One element a place, where a single one may stand for all."""
    return values if np.shape(values) == (count,) else np.array(np.broadcast_to(values, count))


def _at(values: Any, place: int) -> Any:
    """One element of a column, which may stand for every place."""
    return values[place] if np.ndim(values) and len(values) > 1 else np.ravel(values)[0]


def compute(methodology: Methodology, dataset: Dataset) -> Results:
    """Everything a methodology publishes over a data set, one place or a whole country alike."""
    reference = Reference(methodology, dataset)
    return Results(methodology, dataset, reference, asked_of(methodology).plan.run(dataset, reference.value))


@lru_cache(maxsize=4096)
def highest_looked_up(methodology: Methodology, indicator: Indicator) -> str | None:
    """The highest level above its own whose computed values an indicator looks up; None when it depends on its own place alone."""
    found: set[str] = set()
    seen: set[Quantity] = set()
    pending: list[Node] = [tree.Column(indicator.level, indicator.quantity.kind, indicator.quantity)]
    while pending:
        node = pending.pop()
        pending += node.children
        quantity = getattr(node, "quantity", None)
        if isinstance(quantity, FormulaQuantity) and quantity not in seen:
            seen.add(quantity)
            pending += [part for part in (quantity.formula, quantity.applies) if part is not None]
        computed = isinstance(node, (tree.Aggregate, tree.Index)) or (quantity is not None and not isinstance(quantity, InputQuantity))
        if computed and methodology.topology.is_above(node.at, indicator.level):
            found.add(node.at)
    depth = methodology.topology.above(indicator.level)
    return max(found, key=depth.index, default=None)
