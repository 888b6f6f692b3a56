"""From typed trees to works: quantities opened, look-ups by the shortest way, everything once.

Order of the day: ``order`` finds everything that is needed, what is needed first coming first (no deep recursion); ``Builder.lower``
then makes the work of one node from the works of its parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.columns import folding, quantities, tables
from engine.columns.above import Ways
from engine.columns.operations import form_of, kernel_for
from engine.columns.places import sizes
from engine.columns.pooling import lower_pool
from engine.columns.rounding import band_codes
from engine.columns.summing import lower_aggregate, lower_index
from engine.columns.work import FLAGS, INT, TEXTS, Work, Works
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import DECIMAL, NULL, Kind, Node
from engine.methodology import Methodology
from engine.rounding import factor_of
from engine.values import Value

STRICT_LOGIC = ("and", "or", "if")
NOT_HOISTED = ("missing", "coalesce")


@dataclass(slots=True)
class Builder:
    """Makes the works of a methodology's nodes. ``ways`` knows links, groupings and cohorts."""

    methodology: Methodology
    works: Works = field(init=False)
    ways: Ways = field(init=False)
    _lowered: dict[Node, Work] = field(default_factory=dict)

    def __post_init__(self) -> None:
        levels, topology = self.methodology.levels, self.methodology.topology
        rows = {code for code, level in levels.items() if level.owner}
        big = rows | {code for code, of in topology.cohort_of.items() if of in rows}
        self.works = Works(frozenset(big))
        self.ways = Ways(self.methodology, self.works, self.lower)

    def build(self, targets: Iterable[Node]) -> list[Work]:
        """The work of each target."""
        wanted = list(targets)
        for node in order(self.methodology, wanted):
            self.lower(node)
        return [self.lower(node) for node in wanted]

    def lower(self, node: Node) -> Work:
        """The work that computes a node."""
        work = self._lowered.get(node)
        if work is None:
            work = self._lowered[node] = self._lower(node)
        return work

    def _lower(self, node: Node) -> Work:
        match node:
            case tree.Const(value=value, kind=kind):
                return self.constant(folding.known(value), kind)
            case tree.Column(quantity=quantity):
                return self._quantity(quantity, node)
            case tree.Lift(operand=operand, at=at):
                return self.ways.lift(self.lower(operand), self.ways.same(at), self.ways.same(operand.at))
            case tree.Size(at=at):
                at = self.ways.same(at)
                return self.works.make(sizes, (self.ways.members_of(at),), at, INT)
            case tree.Operation():
                return self._operation(node)
            case tree.Lookup():
                return self._lookup(node)
            case tree.BandOf(quantity=quantity):
                return self._band(node, quantity)
            case tree.Aggregate():
                return lower_aggregate(self, node)
            case tree.Index():
                return lower_index(self, node)
            case tree.Pool():
                return lower_pool(self, node)
        raise TypeError(f"no such node: {node!r}")

    def constant(self, value: Value, kind: Kind) -> Work:
        return Work(None, (), (), "", form_of(kind), constant=tables.constant(value, kind, self.codes(kind)), value=value)

    def codes(self, kind: Kind) -> Any:
        """Position of each code of the list of a choice kind; None for other kinds."""
        found = self.methodology.choices.get(kind.choices) if kind.name in ("choice", "multichoice") else None
        return None if found is None else found.index

    # ---- operations ------------------------------------------------------------------------------------

    def _operation(self, node: tree.Operation) -> Work:
        raised = self._raised(node)
        if raised is not None:
            return self.ways.lift(self._operation(raised), self.ways.same(node.at), self.ways.same(raised.at))
        works = [self.lower(operand) for operand in node.operands]
        works = self._of_one_kind(node, works)
        if all(work.constant is not None for work in works):
            return self.constant(folding.fold(node.op, works), node.kind)
        if works[0].value is not None and node.op in ("if", "coalesce") and not works[0].value.absent:
            return works[0] if node.op == "coalesce" else works[1 if works[0].value.value else 2]
        works = folding.decided(node.op, works)
        if len(works) == 1 and node.op in ("and", "or"):
            return works[0]
        places = folding.places_of(works) if node.op == "round" else 0
        operands = works[:1] if node.op == "round" else works
        kernel, fixed, form = kernel_for(node.op, [work.form for work in works], places)
        return self.works.make(kernel, tuple(operands), self.ways.same(node.at), form, fixed, node)

    def _raised(self, node: tree.Operation) -> tree.Operation | None:
        """The operation where all its operands come from, when they are looked up at one place; it is then looked up once."""
        lifts = [operand for operand in node.operands if isinstance(operand, tree.Lift)]
        above = {lift.operand.at for lift in lifts}
        if len(above) != 1 or "" in above:
            return None
        others = [operand for operand in node.operands if not isinstance(operand, tree.Lift)]
        if any(not isinstance(operand, tree.Const) or operand.value is None for operand in others):
            return None
        level = above.pop()
        total = self.ways.is_total(node.at, level)
        if not total and (node.op in NOT_HOISTED or (others and node.op in STRICT_LOGIC)):
            return None
        operands = tuple(o.operand if isinstance(o, tree.Lift) else o for o in node.operands)
        return self.methodology.forest.make(tree.Operation, level, node.kind, node.op, operands)

    def _of_one_kind(self, node: tree.Operation, works: list[Work]) -> list[Work]:
        """The literal null takes the kind of what it stands beside."""
        beside = node.operands[1:] if node.op == "if" else node.operands
        like = next((operand.kind for operand in beside if operand.kind != NULL), None)
        if like is None:
            return works
        return [
            self.constant(work.value, like) if work.value is not None and operand.kind == NULL else work
            for operand, work in zip(node.operands, works, strict=True)
        ]

    # ---- quantities ------------------------------------------------------------------------------------

    def _quantity(self, quantity: Quantity, node: Node) -> Work:
        if isinstance(quantity, InputQuantity):
            return self._input(quantity)
        if not isinstance(quantity, FormulaQuantity) or quantity.formula is None:
            raise ValueError(f"{quantity.level}.{quantity.name} has no formula")
        value = self.lower(quantity.formula)
        applies = None if quantity.applies is None else self.lower(quantity.applies)
        fixed = None if applies is None else applies.value
        if fixed is not None and fixed.value is not True:
            return self.constant(folding.not_applied(fixed, quantity.missing), quantity.kind)
        if fixed is not None:
            applies = None
        if value.value is not None and applies is None:
            return self.constant(folding.settled(quantity.missing, value.value), quantity.kind)
        return self._ruled(quantity, applies, value)

    def _ruled(self, quantity: FormulaQuantity, applies: Work | None, value: Work) -> Work:
        missing = quantity.missing
        if applies is None and missing in (None, "skip"):
            return value
        if value.value is not None:
            value = self.ways.everywhere(self.constant(value.value, quantity.kind), self.ways.same(quantity.level))
        substitute = self.constant(Value(missing), DECIMAL) if isinstance(missing, Fraction) else None
        fixed = (missing == "propagate", value.form == FLAGS)
        return self.works.make(quantities.quantity, (applies, value, substitute), self.ways.same(quantity.level), value.form, fixed)

    def _input(self, quantity: InputQuantity) -> Work:
        level, kind = quantity.level, quantity.kind
        form = form_of(kind)
        fixed = (level, quantity.name, kind, self.codes(kind), level in self.works.big)
        value = self.works.make(tables.column, (), level, form, fixed, alone=True)
        if quantity.show is None:
            return value
        shown = self.lower(quantity.show)
        if shown.value is not None and shown.value.value is True:
            return value
        return self.works.make(tables.shown, (shown, value), level, form, (form == FLAGS,))

    # ---- the rest --------------------------------------------------------------------------------------

    def _lookup(self, node: tree.Lookup) -> Work:
        key = self.lower(node.key)
        table = node.table
        entries = table.table or {}
        if key.value is not None:
            found = entries.get(str(key.value.value), table.otherwise)
            return self.constant(key.value if key.value.absent else folding.found(found), node.kind)
        index = self.codes(node.key.kind)
        if index is None:
            raise ValueError(f"{table.code} is not keyed by a list")
        values = [entries.get(code, table.otherwise) for code in index]
        column = self.works.tables.setdefault(table.code, tables.table_of(values, node.kind, self.codes(node.kind)))
        return self.works.make(tables.looked_up, (key,), self.ways.same(node.at), form_of(node.kind), (column,))

    def _band(self, node: tree.BandOf, quantity: Quantity) -> Work:
        indicator = self.methodology.indicator_of(quantity.name)
        if indicator is None:
            raise KeyError(quantity.name)
        rounding = self.methodology.rounding
        places, factor = rounding.places.get(indicator.format, 2), factor_of(indicator.format)
        value = self.lower(tree.Column(quantity.level, quantity.kind, quantity))
        if value.constant is not None:
            value = self.ways.everywhere(value, node.at)
        return self.works.make(band_codes, (value,), node.at, TEXTS, (indicator.scale, places, factor, rounding.mode), node)


def order(methodology: Methodology, targets: Iterable[Node]) -> Iterator[Node]:
    """Everything the targets need, parts first, each once."""
    done: set[Node] = set()
    pending: list[tuple[Node, Iterator[Node]]] = []
    for target in targets:
        pending.append((target, needs(methodology, target)))
        while pending:
            node, parts = pending[-1]
            part = next((part for part in parts if part not in done), None)
            if part is not None:
                done.add(part)
                pending.append((part, needs(methodology, part)))
            else:
                done.add(node)
                pending.pop()
                yield node


def needs(methodology: Methodology, node: Node) -> Iterator[Node]:
    """What a node is computed from: its parts, the formula of its quantity, the conditions of the cohorts it touches."""
    quantity = getattr(node, "quantity", None)
    if isinstance(quantity, InputQuantity) and quantity.show is not None:
        yield quantity.show
    elif isinstance(quantity, FormulaQuantity):
        yield from (part for part in (quantity.applies, quantity.formula) if part is not None)
    places = {node.at, getattr(node, "over", ""), *(part.at for part in node.children)}
    for place in sorted(places):
        cohort = methodology.cohorts.get(place)
        if cohort is not None:
            yield from cohort.by
            yield from [cohort.where] if cohort.where is not None else []
    yield from node.children


def highest(methodology: Methodology, targets: Iterable[Node]) -> str:
    """The level inside whose single places everything lies that the targets need; '' when there is none."""
    topology = methodology.topology
    names: set[str] = set()
    for node in order(methodology, targets):
        names |= {node.at, getattr(node, "over", "")}
    for name in names & topology.cohort_of.keys():
        names |= {topology.cohort_of[name], topology.cohort_in[name]}
    levels = names - topology.cohort_of.keys() - {""}
    return next((level for level in levels if all(other == level or topology.is_above(level, other) for other in levels)), "")
