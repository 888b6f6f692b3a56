"""Why a value is what it is: the formula, what went into it, the members of its aggregates, and what is missing.

A trace is a tree of steps. Quantities are expanded down to the answers they come from; a quantity met again on the way is only named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from engine.dataset import Dataset
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Methodology
from engine.reference import Reference
from engine.values import SUBSTITUTED, Number, Value, exact, reason_of, status_of

MAX_MEMBERS = 60
MAX_DEPTH = 12


@dataclass(slots=True)
class Trace:
    """One step: ``name`` of the value or aggregate, ``place`` it belongs to, its formula as written, its exact value and status.

    ``note`` is what happened to it: applies, missing (propagate, skip, substituted), '' for nothing special.
    """

    kind: str
    name: str
    level: str
    place: str
    formula: str
    value: object
    status: str
    reason: str
    known: int
    expected: int
    note: str = ""
    steps: list[Trace] = field(default_factory=list)


def explain(methodology: Methodology, dataset: Dataset, code: str, place: int) -> Trace:
    """The trace of an indicator (by code or key) at a place of its level. Raises ``KeyError`` for an unknown code."""
    indicator = methodology.indicator_of(code)
    if indicator is None:
        raise KeyError(code)
    return Explainer(Reference(methodology, dataset)).quantity(indicator.quantity, place)


@dataclass(slots=True, repr=False)
class Explainer:
    """Walks typed trees beside the reference evaluator."""

    reference: Reference
    seen: set[tuple[Quantity, int]] = field(default_factory=set)

    def quantity(self, quantity: Quantity, place: int, depth: int = 0) -> Trace:
        """The trace of a named value."""
        value = self.reference.quantity(quantity, place)
        text = quantity.text if isinstance(quantity, FormulaQuantity) else ""
        trace = self._trace("quantity", quantity.name, quantity.level, place, text, value)
        if not isinstance(quantity, FormulaQuantity) or (quantity, place) in self.seen or depth >= MAX_DEPTH:
            return trace
        self.seen.add((quantity, place))
        trace.note = self._note(quantity, place, value)
        parts = [part for part in (quantity.applies, quantity.formula) if part is not None]
        if trace.note == "not_applied":
            parts = parts[:1]
        for part in parts:
            if isinstance(part, tree.Aggregate):
                trace.steps += self._members(part, place, depth)
            else:
                trace.steps += self.parts(part, place, depth + 1)
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

    def parts(self, node: Node, place: int, depth: int) -> list[Trace]:
        """Traces of the named values and aggregates directly inside an expression, each once."""
        found: list[Trace] = []
        told: set[int] = set()
        for current, at in self._named(node, place):
            if id(current) in told:
                continue
            told.add(id(current))
            found.append(self._part(current, at, depth))
        return found

    def _named(self, node: Node, place: int) -> list[tuple[Node, int]]:
        if isinstance(node, (tree.Column, tree.Size, tree.Aggregate, tree.Index, tree.Pool, tree.BandOf)):
            return [(node, place)]
        if isinstance(node, tree.Lift):
            above = self.reference.ancestor(node.at, node.operand.at, place)[0]
            return [] if above < 0 else self._named(node.operand, above)
        return [pair for child in node.children for pair in self._named(child, place)]

    def _part(self, node: Node, place: int, depth: int) -> Trace:
        if isinstance(node, (tree.Column, tree.BandOf)):
            return self.quantity(node.quantity, place, depth)
        value = self.reference.value(node, place)
        if isinstance(node, tree.Size):
            return self._trace("size", "size", node.at, place, "", value)
        name = getattr(node, "function", "")
        trace = self._trace(type(node).__name__.lower(), name, node.at, place, describe(node), value)
        if isinstance(node, tree.Aggregate):
            trace.steps = self._members(node, place, depth)
        elif isinstance(node, tree.Pool):
            trace.steps = [self._plain(member, place) for member, _ in node.members if isinstance(member, tree.Column)]
        return trace

    def _members(self, node: tree.Aggregate, place: int, depth: int) -> list[Trace]:
        """The members with their values; for rows only their number is told, never single rows."""
        topology = self.reference.methodology.topology
        if self.reference.methodology.levels.get(node.over, None) is None or self.reference.methodology.levels[node.over].owner:
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
            if topology.is_cohort(node.over):
                continue
            steps.append(self._trace("member", describe_value(node.value), node.over, member, "", value))
        return steps

    def _plain(self, column: tree.Column, place: int) -> Trace:
        return self._trace("quantity", column.quantity.name, column.at, place, "", self.reference.value(column, place))

    def _trace(self, kind: str, name: str, level: str, place: int, formula: str, value: Value) -> Trace:
        table = self.reference.dataset.tables.get(level)
        key = table.keys[place] if table is not None and place < len(table.keys) else f"{level} {place + 1}"
        shown = None if value.absent else exact(value.value)
        return Trace(kind, name, level, key, formula, shown, status_of(value.bits), reason_of(value.bits), value.known, value.expected)


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


def trace_lines(trace: Trace, depth: int = 0) -> list[str]:
    """The trace as indented plain lines."""
    value = number_text(trace.value)
    coverage = f" ({trace.known} din {trace.expected})" if trace.expected and trace.known != trace.expected else ""
    why = "" if trace.status == "ok" else f" [{trace.status}: {trace.reason}]"
    note = f" [{trace.note}]" if trace.note else ""
    formula = f" = {trace.formula}" if trace.formula else ""
    line = f"{'  ' * depth}{trace.level} {trace.place}: {trace.name}{formula} → {value}{coverage}{why}{note}"
    return [line, *(text for step in trace.steps for text in trace_lines(step, depth + 1))]


def number_text(value: object) -> str:
    """An exact value for people: a fraction with its decimal reading."""
    if isinstance(value, Fraction):
        return str(value) if value.denominator == 1 else f"{value} ≈ {float(value):.6g}"
    return {None: "–", True: "adevărat", False: "fals"}.get(value, str(value)) if not isinstance(value, str) else f"„{value}”"  # type: ignore[call-overload]
