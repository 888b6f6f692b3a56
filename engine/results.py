"""What is published of an indicator at a place: value, status with its reason, coverage, band, and the places that gave it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.columns import Computed, Plan, Settle, compile_plan
from engine.columns.parts import run_in_parts
from engine.dataset import Dataset
from engine.figures import Display, Family, Figures, Shown, families
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Check, Indicator, Items, Methodology
from engine.reference import Reference
from engine.values import SUBSTITUTED, is_absent, reason_of, status_of

EVERY_BITS = range(2 * SUBSTITUTED)
STATUS = tuple(status_of(bits) for bits in EVERY_BITS)
REASON = tuple(reason_of(bits) for bits in EVERY_BITS)


class Item(NamedTuple):
    """A lower place that took part: displayed value, its own and its reference figure (None where blank)."""

    place: int
    key: str
    value: Fraction | None
    own: Fraction | None
    reference: Fraction | None
    status: str


class Result(NamedTuple):
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
    families: Mapping[Shown, tuple[Family, int]]


@lru_cache(maxsize=16)
def asked_of(methodology: Methodology) -> Asked:
    """The compiled plan of everything a methodology publishes; made once."""
    node = partial(_column, methodology)
    indicators = {code: node(indicator.quantity) for code, indicator in methodology.indicators.items()}
    checks = {code: node(check.quantity) for code, check in methodology.checks.items()}
    request = node(methodology.request) if methodology.request is not None else None
    shown = list(_shown(methodology, indicators))
    targets = [*(one for one, _ in shown), *checks.values()]
    plan = compile_plan(methodology, [*targets, request] if request is not None else targets)
    return Asked(plan, indicators, checks, request, families(shown, plan.found))


def _column(methodology: Methodology, quantity: FormulaQuantity) -> Node:
    return methodology.forest.make(tree.Column, quantity.level, quantity.kind, quantity)


def _shown(methodology: Methodology, indicators: Mapping[str, Node]) -> Iterator[Shown]:
    for code, indicator in methodology.indicators.items():
        yield indicators[code], indicator.format
        if indicator.items is not None:
            yield from ((node, format_) for node, format_ in _sides(indicator.items) if node is not None)


def _sides(items: Items) -> Iterable[tuple[Node | None, str]]:
    return zip((items.value, items.own, items.reference), items.formats, strict=True)


@dataclass(slots=True, repr=False)
class Results:
    """Published results over a data set: computed in columns, settled exactly where floats cannot tell."""

    methodology: Methodology
    dataset: Dataset
    reference: Reference
    values: Computed
    _display: Display = field(init=False)
    _figures: dict[str, Figures] = field(default_factory=dict)
    _inside: dict[tuple[str, str], list[NDArray[np.intp]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._display = Display(self.reference, self.values, asked_of(self.methodology).families)

    def figures(self, code: str) -> Figures:
        """The results of an indicator at all places of its level."""
        found = self._figures.get(code)
        if found is None:
            indicator = self.methodology.indicators[code]
            node = asked_of(self.methodology).indicators[code]
            found = self._figures[code] = self._display.figures(node, indicator.format, indicator.scale)
        return found

    def result(self, code: str, place: int, coverage: bool = False) -> Result:
        """The result of an indicator at a place of its level; ``known`` and ``expected`` only with ``coverage``, which costs a walk."""
        indicator = self.methodology.indicators[code]
        found = self.figures(code)
        bits, shown = found.bits.item(place), found.value(place)
        items = self._items(indicator.items, indicator, place) if indicator.items is not None and shown is not None else ()
        band = None if shown is None else found.band(place)
        exact = self.reference.quantity(indicator.quantity, place) if coverage else None
        known, expected = (exact.known, exact.expected) if exact is not None else (0, 0)
        return Result(shown, STATUS[bits], REASON[bits], band, known, expected, items, self.provisional(indicator, place))

    def fires(self, check: Check, place: int) -> bool:
        """A check fires where it is false, never where it is missing or does not apply."""
        return self._truth(asked_of(self.methodology).checks[check.code], place) is False

    def suggested(self, place: int) -> bool | None:
        """Whether the section that may be asked for is suggested here; None where that cannot be said."""
        node = asked_of(self.methodology).request
        return None if node is None else self._truth(node, place)

    def _truth(self, node: Node, place: int) -> bool | None:
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

    def _items(self, items: Items, indicator: Indicator, place: int) -> tuple[Item, ...]:
        keys = self.dataset.tables[items.level].keys
        value, own, reference = (None if node is None else self._display.figures(node, format_) for node, format_ in _sides(items))
        assert value is not None
        found = []
        for member in self.members(items.level, indicator.level)[place].tolist():
            bits = value.bits.item(member)
            status = STATUS[bits]
            if status == "not_applicable":
                continue
            blank = is_absent(bits) or bool(bits & SUBSTITUTED)
            left, right = (None if side is None or blank else side.value(member) for side in (own, reference))
            found.append(Item(member, keys[member], value.value(member), left, right, status))
        return tuple(found)


def _at(values: Any, place: int) -> Any:
    """One element of a column, which may stand for every place."""
    return values[place] if np.ndim(values) and len(values) > 1 else np.ravel(values)[0]


def compute(methodology: Methodology, dataset: Dataset) -> Results:
    """Everything a methodology publishes over a data set, one place or a whole country alike."""
    reference = Reference(methodology, dataset)
    return Results(methodology, dataset, reference, run_plan(reference, asked_of(methodology).plan))


def run_plan(reference: Reference, plan: Plan) -> Computed:
    """A plan over the data of a reference, which settles what floats cannot tell."""
    methodology, dataset = reference.methodology, reference.dataset

    def settle_in(part: Dataset) -> Settle:
        return (reference if part is dataset else Reference(methodology, part)).value

    return run_in_parts(methodology, plan, dataset, settle_in)


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
