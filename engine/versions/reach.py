"""Which results depend on what, through any number of formulas.

A *use* is (kind, code): a named value, a constant (or one key of a table), a definition, a cohort, a choice, a scale, the band of an
indicator. What a methodology publishes is followed through the values its formulas need, down to the answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from engine.formula import nodes as syntax
from engine.formula.parser import parse
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Aggregate, BandOf, Column, Const, Index, Node, Operation, Pool, Size, walk
from engine.methodology import Methodology

Use = tuple[str, str]


def users_of(methodology: Methodology) -> dict[Use, tuple[str, ...]]:
    """Use → codes of the indicators and checks that depend on it, in order of declaration."""
    return _Reach(methodology).users()


class _Reach:
    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        self.direct: dict[Quantity, tuple[set[Use], set[Quantity]]] = {}

    def users(self) -> dict[Use, tuple[str, ...]]:
        found: dict[Use, list[str]] = {}
        results = [(code, indicator.quantity) for code, indicator in self.methodology.indicators.items()]
        results += [(code, check.quantity) for code, check in self.methodology.checks.items()]
        for code, quantity in results:
            uses = self._all(quantity)
            indicator = self.methodology.indicators.get(code)
            if indicator is not None:
                uses = uses | {("shown", "")} | ({("scale", indicator.scale.code)} if indicator.scale is not None else set())
            for use in uses:
                found.setdefault(use, []).append(code)
        return {use: tuple(codes) for use, codes in found.items()}

    def _all(self, start: Quantity) -> set[Use]:
        uses: set[Use] = set()
        pending, seen = [start], {start}
        while pending:
            found, needed = self._of(pending.pop())
            uses |= found
            pending += needed - seen
            seen |= needed
        return uses

    def _of(self, quantity: Quantity) -> tuple[set[Use], set[Quantity]]:
        """(uses, values needed) of one value's own formulas."""
        if quantity not in self.direct:
            uses, needed = self._named(quantity), set[Quantity]()
            for tree in _trees(quantity):
                for node in walk(tree):
                    uses |= set(self._uses(node))
                    needed |= set(_needs(node))
            for cohort in [code for kind, code in uses if kind == "cohort"]:
                needed |= self._of_cohort(cohort, uses)
            self.direct[quantity] = (uses, needed)
        return self.direct[quantity]

    def _named(self, quantity: Quantity) -> set[Use]:
        uses: set[Use] = {("value", f"{quantity.level}.{quantity.name}"), ("name", quantity.name)}
        if isinstance(quantity, FormulaQuantity):
            for text in (quantity.text, quantity.applies_text):
                uses |= _written(text) if text else frozenset()
        if self.methodology.topology.is_cohort(quantity.level):
            uses.add(("cohort", quantity.level))
        return uses

    def _of_cohort(self, code: str, uses: set[Use]) -> set[Quantity]:
        cohort = self.methodology.cohorts[code]
        needed: set[Quantity] = set()
        for tree in (*cohort.by, *([cohort.where] if cohort.where is not None else [])):
            for node in walk(tree):
                uses |= set(self._uses(node))
                needed |= set(_needs(node))
        return needed

    def _uses(self, node: Node) -> Iterator[Use]:
        topology = self.methodology.topology
        yield from ((("cohort", at),) if topology.is_cohort(at := node.at) else ())
        match node:
            case Const(kind=kind, value=value) if kind.choices:
                yield ("choice", f"{kind.choices}.{value}")
            case Operation(op="contains", operands=(Const(value=position), chosen)):
                codes = [choice.code for choice in self.methodology.choices[chosen.kind.choices].choices]
                yield ("choice", f"{chosen.kind.choices}.{codes[int(position)]}")  # type: ignore[arg-type]
            case Column(quantity=quantity) if quantity.kind.choices:
                yield ("choice_list", quantity.kind.choices)
            case BandOf(quantity=quantity):
                indicator = self.methodology.indicator_of(quantity.name)
                if indicator is not None and indicator.scale is not None:
                    yield ("scale", indicator.scale.code)
            case Pool(at=at):
                yield ("pool", at)
            case Aggregate(over=over) | Index(over=over) if topology.is_cohort(over):
                yield ("cohort", over)
            case Size(at=at):
                yield ("cohort", at)


def _trees(quantity: Quantity) -> Iterator[Node]:
    trees: tuple[Node | None, ...] = ()
    if isinstance(quantity, FormulaQuantity):
        trees = (quantity.formula, quantity.applies)
    elif isinstance(quantity, InputQuantity):
        trees = (quantity.show,)
    yield from (tree for tree in trees if tree is not None)


def _needs(node: Node) -> Iterator[Quantity]:
    if isinstance(node, (Column, BandOf)):
        yield node.quantity


@lru_cache(maxsize=8192)
def _written(text: str) -> frozenset[Use]:
    """What leaves no mark in the typed tree: constants, definitions, and the keys that tables are read with."""
    uses: set[Use] = set()
    for part in syntax.walk(parse(text)):
        if isinstance(part, syntax.Name):
            uses.add(("constant", part.text))
        elif isinstance(part, syntax.Call):
            uses.add(("definition", part.function))
            if part.function == "lookup" and len(part.arguments) == 2:
                table, key = (argument.value for argument in part.arguments)
                fixed = key.value if isinstance(key, syntax.Text) else "*"
                uses.add(("key", f"{getattr(table, 'text', '')}.{fixed}"))
    return frozenset(uses)
