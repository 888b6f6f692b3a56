"""The reference evaluator: a tree walk with exact fractions. It *is* the meaning of the language.

Shapes: one value at a time, ``value(node, place)``; numbers are ``Fraction``. Missing: every rule of the language lives here, in
``engine.formula.scalars`` (operations) and in ``engine.members`` (aggregates); the columns evaluator has to agree. Values are
remembered, so asking for everything costs each value once. Never for whole countries: that is what columns are for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from engine import cohorts, members
from engine.dataset import Dataset
from engine.formula import scalars, tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Indicator, Methodology
from engine.rounding import band_of, displayed
from engine.values import MISSING_REASONS, NOT_ANSWERED, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, REASONS, SUBSTITUTED, Value

# A formula that needs long chains of others goes deep; the depth itself is bounded when the methodology is loaded.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))

NOWHERE = Value(None, NOT_ANSWERED)
NO_COHORT = Value(None, NOT_APPLICABLE)


@dataclass(slots=True, repr=False)
class Reference:
    """Exact values of one methodology over one data set."""

    methodology: Methodology
    dataset: Dataset
    _values: dict[tuple[Node, int], Value] = field(default_factory=dict)
    _quantities: dict[tuple[Quantity, int], Value] = field(default_factory=dict)
    _cohorts: dict[str, cohorts.Formed] = field(default_factory=dict)
    _members: dict[tuple[str, str], list[list[int]]] = field(default_factory=dict)

    def value(self, node: Node, place: int) -> Value:
        """The value of a node at a place of its level."""
        if isinstance(node, tree.Column):
            return self.quantity(node.quantity, place)
        key = (node, place)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._compute(node, place)
        return found

    def _compute(self, node: Node, place: int) -> Value:
        match node:
            case tree.Const(value=value):
                return scalars.ABSENT_NULL if value is None else Value(value)
            case tree.Column(quantity=quantity):
                return self.quantity(quantity, place)
            case tree.Lift(operand=operand, at=at):
                return self._lifted(operand, at, place)
            case tree.Size(at=at):
                return Value(Fraction(len(self.formed(at).members[place])))
            case tree.Operation(op=op, operands=operands):
                return self._operation(op, operands, place)
            case tree.Lookup():
                return self._lookup(node, place)
            case tree.BandOf(quantity=quantity):
                return self._band(quantity, place)
            case tree.Aggregate():
                return members.aggregate(node.function, self.members_of(node, place), self.documents_missing(node, place))
            case tree.Index():
                return self._index(node, place)
            case tree.Pool():
                return self._pool(node, place)
        raise TypeError(f"no such node: {node!r}")

    def _operation(self, op: str, operands: Sequence[Node], place: int) -> Value:
        """``if``, ``and`` and ``or`` look at no more than they need to decide; the meaning is the same."""
        if op == "if":
            condition = self.value(operands[0], place)
            if condition.absent:
                return condition
            chosen = self.value(operands[1 if condition.value else 2], place)
            return scalars.apply("if", [condition, chosen, chosen])
        return scalars.apply(op, [self.value(operand, place) for operand in operands])

    # ---- quantities ------------------------------------------------------------------------------------

    def quantity(self, quantity: Quantity, place: int) -> Value:
        """The value of a named quantity at a place of its level, after its conditions and its rule for missing."""
        key = (quantity, place)
        found = self._quantities.get(key)
        if found is None:
            found = self._input(quantity, place) if isinstance(quantity, InputQuantity) else self._formula(quantity, place)
            self._quantities[key] = found
        return found

    def _input(self, quantity: InputQuantity, place: int) -> Value:
        if quantity.show is not None:
            shown = self.value(quantity.show, place)
            if shown.absent or shown.value is not True:
                return Value(None, NOT_COLLECTED)
        choices = self.methodology.choices.get(quantity.kind.choices)
        codes = tuple(choices.index) if choices is not None else ()
        return Value(*self.dataset.cell(quantity.level, quantity.name, place, quantity.kind, codes))

    def _formula(self, quantity: Quantity, place: int) -> Value:
        if not isinstance(quantity, FormulaQuantity) or quantity.formula is None:
            raise ValueError(f"{quantity.level}.{quantity.name} has no formula")
        if quantity.applies is None:
            return settle_missing(quantity.missing, self.value(quantity.formula, place))
        applies = self.value(quantity.applies, place)
        if not applies.absent and applies.value is not True:
            return Value(None, NOT_APPLICABLE)
        if applies.absent:
            return settle_missing(quantity.missing, applies)
        value = self.value(quantity.formula, place)
        if not value.absent and applies.bits:
            value = Value(value.value, value.bits | applies.bits, *scalars.least_coverage([value, applies]))
        return settle_missing(quantity.missing, value)

    # ---- places ----------------------------------------------------------------------------------------

    def ancestor(self, lower: str, upper: str, place: int) -> tuple[int, Value]:
        """(place at ``upper``, or -1 with the value that a look-up through the missing link has)."""
        current = place
        steps = self.methodology.topology.path(lower, upper)
        if steps is None:
            raise KeyError(f"{upper} is not above {lower}")
        for start, end in steps:
            if self.methodology.topology.is_cohort(end):
                current, lost = self.formed(end).of_place[current], NO_COHORT
            elif self.methodology.topology.is_cohort(start):
                current, lost = self.formed(start).inside[current], NOWHERE
            else:
                current, lost = int(self.dataset.tables[start].parents[end][current]), NOWHERE
            if current < 0:
                return -1, lost
        return current, NOWHERE

    def _lifted(self, operand: Node, at: str, place: int) -> Value:
        above, lost = self.ancestor(at, operand.at, place)
        return lost if above < 0 else self.value(operand, above)

    def formed(self, code: str) -> cohorts.Formed:
        """The cohorts of one declaration over the whole data set."""
        if code not in self._cohorts:
            cohort = self.methodology.cohorts[code]
            of, inside = cohort.of, cohort.inside
            self._cohorts[code] = cohorts.form(cohort, self.dataset.count(of), self.value, lambda place: self.ancestor(of, inside, place)[0])
        return self._cohorts[code]

    def count(self, level: str) -> int:
        """Number of places of a level, or of cohorts."""
        return len(self.formed(level).members) if self.methodology.topology.is_cohort(level) else self.dataset.count(level)

    def inside(self, over: str, at: str, place: int) -> list[int]:
        """Places of ``over`` whose way up leads to ``place``, in the order of the data."""
        key = (over, at)
        if key not in self._members:
            listed: list[list[int]] = [[] for _ in range(self.count(at))]
            for member in range(self.count(over)):
                above = self.ancestor(over, at, member)[0]
                if above >= 0:
                    listed[above].append(member)
            self._members[key] = listed
        return self._members[key][place]

    def members_of(self, node: tree.Aggregate, place: int) -> Iterator[tuple[Value | None, Value | None]]:
        """(condition, value) of each member; None where the aggregate has none."""
        for member in self.inside(node.over, node.at, place):
            where = None if node.where is None else self.value(node.where, member)
            needed = where is None or (not where.absent and where.value is True)
            yield where, None if node.value is None or not needed else self.value(node.value, member)

    def documents_missing(self, node: tree.Aggregate | tree.Index, place: int) -> int:
        """Owners inside the place whose rows have not come, when the members are rows (or cohorts of rows)."""
        level = self.methodology.topology.cohort_of.get(node.over, node.over)
        owner = self.methodology.levels[level].owner
        table = self.dataset.tables.get(level)
        if not owner or table is None or table.received is None:
            return 0
        if self.methodology.topology.path(owner, node.at) is None:
            return 0  # a cohort of rows has only rows that have come
        owners = [place] if node.at == owner else self.inside(owner, node.at, place)
        return sum(not table.received[one] for one in owners)

    # ---- the rest --------------------------------------------------------------------------------------

    def _lookup(self, node: tree.Lookup, place: int) -> Value:
        key = self.value(node.key, place)
        if key.absent:
            return key
        found = (node.table.table or {}).get(str(key.value), node.table.otherwise)
        return Value(None, NOT_APPLICABLE) if found is None else Value(found, key.bits, key.known, key.expected)

    def _band(self, quantity: Quantity, place: int) -> Value:
        value = self.quantity(quantity, place)
        indicator = self.indicator_of(quantity)
        if value.absent:
            return value
        if indicator.scale is None or not isinstance(value.value, Fraction):
            return Value(None, NOT_APPLICABLE)
        return Value(self.band(indicator, value.value), value.bits, value.known, value.expected)

    def indicator_of(self, quantity: Quantity) -> Indicator:
        found = self.methodology.indicator_of(quantity.name)
        if found is None:
            raise KeyError(quantity.name)
        return found

    def band(self, indicator: Indicator, value: Fraction) -> str:
        """Published band of a value of an indicator with a scale."""
        assert indicator.scale is not None
        shown = displayed(value, indicator.format, self.methodology.rounding)
        factor = 100 if indicator.format in ("percent", "points") else 1
        return band_of(indicator.scale, value * factor if indicator.scale.exact else shown)

    def _index(self, node: tree.Index, place: int) -> Value:
        children = self.inside(node.over, node.at, place)
        pairs = [(self.value(node.group, child), self.value(node.total, child)) for child in children]
        return members.index(node.function, pairs, self.documents_missing(node, place))

    def _pool(self, node: tree.Pool, place: int) -> Value:
        values: list[Value | None] = []
        for value, where in node.members:
            if where is not None:
                admitted = self.value(where, place)
                if admitted.absent or admitted.value is not True:
                    continue
            values.append(None if value is None else self.value(value, place))
        return members.pool(node.function, values)


def settle_missing(policy: str | Fraction | None, value: Value) -> Value:
    """The rule for missing of a quantity, applied to what its formula gave."""
    incomplete = value.bits >= PARTIAL or bool(value.bits & MISSING_REASONS)
    if policy is None or not incomplete or policy == "skip":
        return value
    reasons = value.bits & REASONS
    if policy == "propagate":
        return Value(None, reasons, value.known, value.expected)
    return Value(Fraction(policy), SUBSTITUTED | reasons, value.known, value.expected)
