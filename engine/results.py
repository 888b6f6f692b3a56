"""What is published of an indicator at a place: value, status with its reason, coverage, band, and the places that gave it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from engine.dataset import Dataset
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Check, Indicator, Items, Methodology
from engine.reference import Reference
from engine.rounding import band_of, displayed, factor_of
from engine.values import SUBSTITUTED, Value, reason_of, status_of


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
    """``value`` is the displayed number (percent points for shares), ``exact`` the unrounded one. ``known`` of ``expected`` members
    were there; (0, 0) where nothing was aggregated. ``provisional``: looks above its own place, where something is not final yet."""

    value: Fraction | None
    exact: Fraction | None
    status: str
    reason: str
    band: str | None
    known: int
    expected: int
    items: tuple[Item, ...] = ()
    provisional: bool = False


@dataclass(slots=True, repr=False)
class Results:
    """Published results over a data set, computed exactly, each when asked for."""

    methodology: Methodology
    dataset: Dataset
    reference: Reference

    def result(self, code: str, place: int) -> Result:
        """The result of an indicator at a place of its level."""
        indicator = self.methodology.indicators[code]
        value = self.reference.quantity(indicator.quantity, place)
        shown = self._shown(value, indicator.format)
        items = self._items(indicator.items, indicator, place) if indicator.items is not None and shown is not None else ()
        exact = value.value if isinstance(value.value, Fraction) else None
        band = self._band(indicator, exact)
        status, reason = status_of(value.bits), reason_of(value.bits)
        provisional = self.provisional(indicator, place)
        return Result(shown, exact, status, reason, band, value.known, value.expected, items, provisional)

    def fires(self, check: Check, place: int) -> bool:
        """A check fires where it is false, never where it is missing or does not apply."""
        value = self.reference.quantity(check.quantity, place)
        return not value.absent and value.value is False

    def suggested(self, place: int) -> bool | None:
        """Whether the section that may be asked for is suggested here; None where that cannot be said."""
        request = self.methodology.request
        value = self.reference.quantity(request, place) if request is not None else None
        return None if value is None or value.absent else value.value is True

    def provisional(self, indicator: Indicator, place: int) -> bool:
        """True until every place of the level is final or exempt under the highest ancestor the indicator looks up."""
        highest = highest_looked_up(self.methodology, indicator)
        if highest is None:
            return False
        above = self.reference.ancestor(indicator.level, highest, place)[0]
        siblings = self.reference.inside(indicator.level, highest, above) if above >= 0 else [place]
        return not all(self._settled(indicator.level, one) for one in siblings)

    def _settled(self, level: str, place: int) -> bool:
        return any(self.dataset.flag(level, name, place) for name in ("final", "exempt"))

    def _shown(self, value: Value, format_: str) -> Fraction | None:
        if value.absent or not isinstance(value.value, Fraction):
            return None
        return displayed(value.value, format_, self.methodology.rounding)

    def _band(self, indicator: Indicator, exact: Fraction | None) -> str | None:
        if indicator.scale is None or exact is None:
            return None
        shown = displayed(exact, indicator.format, self.methodology.rounding)
        return band_of(indicator.scale, exact * factor_of(indicator.format) if indicator.scale.exact else shown)

    def _items(self, items: Items, indicator: Indicator, place: int) -> tuple[Item, ...]:
        keys = self.dataset.tables[items.level].keys
        found = []
        for member in self.reference.inside(items.level, indicator.level, place):
            value = self.reference.value(items.value, member)
            status = status_of(value.bits)
            if status == "not_applicable":
                continue
            blank = value.absent or bool(value.bits & SUBSTITUTED)
            own, reference = (
                None if node is None or blank else self._shown(self.reference.value(node, member), format_)
                for node, format_ in zip((items.own, items.reference), items.formats[1:], strict=True)
            )
            found.append(Item(member, keys[member], self._shown(value, items.formats[0]), own, reference, status))
        return tuple(found)


def compute(methodology: Methodology, dataset: Dataset) -> Results:
    """Results of a methodology over a data set."""
    return Results(methodology, dataset, Reference(methodology, dataset))


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
