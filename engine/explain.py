"""Why a value is what it is: the formula, what went into it, the members of its aggregates, and what is missing.

A trace is a tree of steps. Quantities are expanded down to the answers they come from; a quantity met again on the way is only named.
``engine.traces`` writes it as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.dataset import Dataset
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Check, Indicator, Methodology
from engine.reference import Reference
from engine.steps import Maker, Trace
from engine.values import SUBSTITUTED, Number, Value

MAX_MEMBERS = 60
MAX_DEPTH = 12


def explain(methodology: Methodology, dataset: Dataset, code: str, place: int) -> Trace:
    """The trace of an indicator (by code or key) or of a check at a place of its level. Raises ``KeyError`` for an unknown code."""
    indicator = methodology.indicator_of(code)
    explainer = Explainer(Reference(methodology, dataset))
    if indicator is None:
        return explainer.check(methodology.checks[code], place)
    trace = explainer.quantity(indicator.quantity, place)
    explainer.publish(trace, indicator, place)
    return trace


@dataclass(slots=True, repr=False)
class Explainer:
    """Walks typed trees beside the reference evaluator."""

    reference: Reference
    seen: set[tuple[Quantity, int]] = field(default_factory=set)
    step: Maker = field(init=False)

    def __post_init__(self) -> None:
        self.step = Maker(self.reference)

    def publish(self, trace: Trace, indicator: Indicator, place: int) -> None:
        """What only an indicator has: its code, its formula in words, the word of its band."""
        trace.code, trace.words = indicator.code, self.step.text(indicator.in_words)
        value = self.reference.quantity(indicator.quantity, place)
        if indicator.scale is not None and not value.absent:
            code = self.reference.band(indicator, value.value)  # type: ignore[arg-type]
            trace.band = next((self.step.text(band.label) for band in indicator.scale.bands if band.code == code), "") or code

    def check(self, check: Check, place: int) -> Trace:
        """The trace of a check: what it compared. Its label is its message."""
        trace = self.quantity(check.quantity, place)
        trace.kind, trace.code, trace.name = "check", check.code, ""
        return trace

    def quantity(self, quantity: Quantity, place: int, depth: int = 0) -> Trace:
        """The trace of a named value."""
        value = self.reference.quantity(quantity, place)
        trace = self.step.named(quantity, place, value)
        if not isinstance(quantity, FormulaQuantity) or (quantity, place) in self.seen or depth >= MAX_DEPTH:
            return trace
        self.seen.add((quantity, place))
        trace.note = self._note(quantity, place, value)
        trace.condition = quantity.applies_text
        trace.constants = self.step.constants(f"{quantity.text} {quantity.applies_text}")
        parts = [part for part in (quantity.applies, quantity.formula) if part is not None]
        told: dict[tuple[object, int], Trace] = {}
        for part in parts[:1] if trace.note == "not_applied" else parts:
            if isinstance(part, (tree.Aggregate, tree.Pool, tree.Index)):  # nothing but that: it is not told twice
                trace.steps += self._inside(part, place, depth)
            else:
                trace.steps += self._parts(part, place, depth + 1, told)
        return trace

    def _note(self, quantity: FormulaQuantity, place: int, value: Value) -> str:
        if quantity.applies is not None:
            applies = self.reference.value(quantity.applies, place)
            if not applies.absent and applies.value is not True:
                return "not_applied"
        if value.bits & SUBSTITUTED:
            return "substituted"
        if quantity.formula is not None and quantity.missing == "propagate" and value.absent:
            return "" if self.reference.value(quantity.formula, place).absent else "propagated"
        return "skipped" if quantity.missing == "skip" and value.bits else ""

    def _parts(self, node: Node, place: int, depth: int, told: dict[tuple[object, int], Trace]) -> list[Trace]:
        """Traces of the named values and aggregates directly inside an expression, those that are not told already."""
        found = []
        for current, at in self._named(node, place):
            what: tuple[object, int] = (current.quantity if isinstance(current, (tree.Column, tree.BandOf)) else current, at)
            if isinstance(current, tree.Lift):
                what = (current.operand.at, -1)
            if what not in told:
                told[what] = self._part(current, at, depth)
                found.append(told[what])
        return found

    def _named(self, node: Node, place: int) -> list[tuple[Node, int]]:
        """A step up that leads nowhere is told itself."""
        if isinstance(node, (tree.Column, tree.Size, tree.Aggregate, tree.Index, tree.Pool, tree.BandOf)):
            return [(node, place)]
        if isinstance(node, tree.Lift):
            above = self.reference.ancestor(node.at, node.operand.at, place)[0]
            return [(node, place)] if above < 0 else self._named(node.operand, above)
        return [pair for child in node.children for pair in self._named(child, place)]

    def _part(self, node: Node, place: int, depth: int) -> Trace:
        if isinstance(node, (tree.Column, tree.BandOf)):
            return self.quantity(node.quantity, place, depth)
        value = self.reference.value(node, place)
        if isinstance(node, tree.Size):
            return self.step.make("size", "size", node.at, place, "", value, node.kind)
        if isinstance(node, tree.Lift):
            return self.step.make("nowhere", "", node.operand.at, -1, "", value, node.kind)
        trace = self.step.make(type(node).__name__.lower(), getattr(node, "function", ""), node.at, place, describe(node), value, node.kind)
        trace.steps = self._inside(node, place, depth)
        return trace

    # ---- what an aggregate runs over -----------------------------------------------------------------------

    def _inside(self, node: Node, place: int, depth: int) -> list[Trace]:
        if isinstance(node, tree.Aggregate):
            return self._members(node, place, depth)
        if isinstance(node, tree.Pool):
            return [self._plain(member, place) for member, _ in node.members if isinstance(member, tree.Column)]
        return self._children(node, place) if isinstance(node, tree.Index) else []

    def _members(self, node: tree.Aggregate, place: int, depth: int) -> list[Trace]:
        """The members with their values; for rows only their number is told, never single rows."""
        if not self.step.may_be_told(node.over) or (node.value is None and node.where is None):
            return []
        steps = []
        for member in self.reference.inside(node.over, node.at, place)[:MAX_MEMBERS]:
            where = None if node.where is None else self.reference.value(node.where, member)
            if where is not None and where.value is not True:
                continue
            if isinstance(node.value, tree.Column):
                steps.append(self.quantity(node.value.quantity, member, depth + 1))
                continue
            value = Value(Number(1)) if node.value is None else self.reference.value(node.value, member)
            kind = node.kind if node.value is None else node.value.kind
            steps.append(self.step.make("member", describe_value(node.value), node.over, member, "", value, kind))
        return steps

    def _children(self, node: tree.Index, place: int) -> list[Trace]:
        """Both counts of every child."""
        if not self.step.may_be_told(node.over):
            return []
        children = self.reference.inside(node.over, node.at, place)[:MAX_MEMBERS]
        return [self._plain(one, child) for child in children for one in (node.group, node.total) if isinstance(one, tree.Column)]

    def _plain(self, column: tree.Column, place: int) -> Trace:
        return self.step.named(column.quantity, place, self.reference.value(column, place))


def describe_value(node: Node | None) -> str:
    while isinstance(node, tree.Lift):
        node = node.operand
    return node.quantity.name if isinstance(node, tree.Column) else ""


def describe(node: Node) -> str:
    """An aggregate in short: ``share(level.name where level.name)``."""
    if isinstance(node, tree.Aggregate):
        value = describe_value(node.value)
        inside = f"{node.over}.{value}" if value else node.over
        where = describe_value(node.where)
        condition = "" if node.where is None else f" where {node.over}.{where}" if where else " where …"
        return f"{node.function}({inside}{condition})"
    if isinstance(node, tree.Index):
        return f"{node.function}({node.over}.{describe_value(node.group)}, {node.over}.{describe_value(node.total)})"
    return f"{node.function}(indicator)" if isinstance(node, tree.Pool) else ""
