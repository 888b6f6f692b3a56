"""A small world made by hand: levels, cohorts, data, and random typed trees over them. No YAML, no words of any domain.

zone ─ hub ─ site ─┬─ wing
                   └─ team (perhaps in a wing) ─ row       twins: teams of a site that share a choice; mates: rows of a team
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.columns import ColumnValue, compile_plan, display
from engine.dataset import Dataset, Table
from engine.formula import tree
from engine.formula.operations import check_operation
from engine.formula.quantities import Constant, FormulaQuantity, InputQuantity
from engine.formula.tree import BOOLEAN, DATE, DECIMAL, INTEGER, NULL, RATIO, TEXT, Forest, Kind, Node
from engine.levels import Level, Topology
from engine.methodology import Band, Choice, ChoiceList, Cohort, Rounding, Scale
from engine.reference import Reference
from engine.rounding import rounded

LEVELS = ("zone", "hub", "site", "wing", "team", "row")
PARENTS: dict[str, dict[str, str | None]] = {
    "zone": {},
    "hub": {"zone": None},
    "site": {"hub": "hub"},
    "wing": {"site": "site"},
    "team": {"site": "site", "wing": "wing"},
    "row": {"site": "site", "team": "team"},
}
COLOUR, SHAPE = Kind("choice", "colours"), Kind("multichoice", "colours")
CODES = ("red", "green", "blue", "grey")
COLUMNS: dict[str, Kind] = {
    "whole": INTEGER, "small": INTEGER, "cents": DECIMAL, "part": DECIMAL, "yes": BOOLEAN, "sure": BOOLEAN,
    "colour": COLOUR, "shades": SHAPE, "name": TEXT, "day": DATE, "gone": INTEGER,
}  # fmt: skip
NUMBER_POLICIES: tuple[str | Fraction | None, ...] = (None, "propagate", "skip", Fraction(7, 2))
SCALE = Scale(
    "heat",
    (Band("low", Fraction(1), False, {}), Band("mid", Fraction(5, 2), True, {}), Band("top", None, False, {})),
    False,
    "up",
)
EXACT = Scale("exact", SCALE.bands, True, "up")


def choice_list(code: str, codes: tuple[str, ...]) -> ChoiceList:
    return ChoiceList(code, tuple(Choice(c, {}) for c in codes), {c: i for i, c in enumerate(codes)})


class Namespace(SimpleNamespace):
    """Itself and no other, like a methodology: evaluators remember what they have made of it."""

    __hash__ = object.__hash__


@dataclass
class World:
    """A methodology (as much of it as the evaluators read) and its data."""

    forest: Forest = field(default_factory=Forest)
    quantities: dict[tuple[str, str], Any] = field(default_factory=dict)
    indicators: dict[str, Any] = field(default_factory=dict)
    cohorts: dict[str, Cohort] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        levels = [Level(code, {}, PARENTS[code], owner="team" if code == "row" else "") for code in LEVELS]
        cohorts = [("twins", "team", "site"), ("mates", "row", "team"), ("peers", "team", "hub")]
        self.topology = Topology.build(levels, cohorts)
        self.methodology: Any = Namespace(
            levels={level.code: level for level in levels},
            topology=self.topology,
            choices={"colours": choice_list("colours", CODES)},
            cohorts=self.cohorts,
            rounding=Rounding("half_away_from_zero", {"score": 2, "percent": 1}),
            quantities=self.quantities,
            forest=self.forest,
            indicator_of=self.indicators.get,
        )
        for code, of, inside in cohorts:
            self.cohorts[code] = Cohort(code, of, inside, (self.column(of, "small" if of == "row" else "colour"),), None, {})

    # ---- nodes -----------------------------------------------------------------------------------------

    def make(self, node_type: Any, *parts: Any) -> Any:
        return self.forest.make(node_type, *parts)

    def column(self, level: str, name: str, show: Node | None = None) -> Node:
        """An input of a level."""
        key = (level, name)
        if key not in self.quantities:
            self.quantities[key] = InputQuantity(name, level, COLUMNS[name], "field", show)
        quantity = self.quantities[key]
        return self.make(tree.Column, level, quantity.kind, quantity)

    def constant(self, value: Any, kind: Kind | None = None) -> Node:
        found = BOOLEAN if isinstance(value, bool) else TEXT if isinstance(value, str) else NULL if value is None else None
        if found is None:
            value = Fraction(value)
            found = INTEGER if value.denominator == 1 else DECIMAL
        return self.make(tree.Const, "", kind or found, value)

    def operation(self, op: str, *operands: Node, at: str | None = None) -> Node:
        """An operation where its operands are (or at ``at``, operands looked up)."""
        level = next((o.at for o in operands if o.at), "") if at is None else at
        placed = tuple(self.lift(operand, level) for operand in operands)
        kind = BOOLEAN if op == "contains" else check_operation(op, placed).kind
        return self.make(tree.Operation, level, kind, op, placed)

    def lift(self, node: Node, level: str) -> Node:
        return node if node.at in ("", level) else self.make(tree.Lift, level, node.kind, node)

    def aggregate(self, function: str, at: str, over: str, value: Node | None = None, where: Node | None = None) -> Node:
        kind = INTEGER if value is None or function in ("count", "distinct") else BOOLEAN
        if function in ("avg", "median"):
            kind = DECIMAL
        elif function == "share":
            kind = RATIO
        elif function in ("sum", "min", "max") and value is not None:
            kind = value.kind
        return self.make(tree.Aggregate, at, kind, function, over, value, where)

    def calculation(self, level: str, formula: Node, applies: Node | None = None, missing: str | Fraction | None = None, name: str = "") -> Node:
        name = name or f"calculation_{len(self.quantities)}"
        quantity = FormulaQuantity(name, level, formula.kind, "calculation", formula, applies, missing)
        self.quantities[level, name] = quantity
        return self.make(tree.Column, level, formula.kind, quantity)

    def table(self, values: dict[str, Any], otherwise: Any = None) -> Constant:
        return Constant("table", DECIMAL, None, "colours", values, otherwise)

    # ---- data ------------------------------------------------------------------------------------------

    def dataset(self) -> Dataset:
        return Dataset(self.topology, self.tables)

    def place(self, level: str, count: int, **parents: list[int]) -> Table:
        """A table without columns."""
        links = {name: np.array(index, np.int32) for name, index in parents.items()}
        self.tables[level] = Table(level, count, [str(i) for i in range(count)], links)
        return self.tables[level]


# ---- comparing with the reference ----------------------------------------------------------------------------


def value_at(world: World, node: Node, column: ColumnValue, place: int) -> tuple[Any, int]:
    """(one decoded value, its bits)."""
    bits = 0 if column.bits is None else int(_at(column.bits, place))
    if 0 < bits < 16:
        return None, bits
    raw = _at(column.values, place)
    if column.vocabulary is not None:
        return column.vocabulary[int(raw)], bits
    if node.kind.name == "boolean":
        return bool(raw), bits
    if node.kind.name == "choice":
        return CODES[int(raw)], bits
    if node.kind.name == "multichoice":
        return int(raw), bits
    if not column.exact:
        return float(raw), bits
    return Fraction(int(raw), 1 if column.den is None else int(_at(column.den, place))), bits


def _at(part: Any, place: int) -> Any:
    array = np.asarray(part)
    return array.reshape(-1)[0] if array.ndim == 0 or array.shape[-1] == 1 else array[place]


def differences(world: World, nodes: list[Node]) -> list[str]:
    """Every place where the columns differ from the reference, in words: the value, its bits, the number displayed."""
    dataset = world.dataset()
    reference = Reference(world.methodology, dataset)
    found = compile_plan(world.methodology, nodes).run(dataset, reference.value)
    told = []
    for node in nodes:
        count = reference.count(node.at) if node.at else 1
        shown = displayed_integers(node, found[node], count)
        for place in range(count):
            expected = reference.value(node, place)
            value, bits = value_at(world, node, found[node], place)
            if bits != expected.bits or not _same(value, expected.value, found[node]):
                told.append(f"{describe(node)} at {place}: expected {expected.value} {expected.bits}, got {value} {bits}")
            elif shown[place] is not None and not expected.absent and shown[place] != rounded(expected.value * 10**PLACES, "half_away_from_zero"):
                told.append(f"{describe(node)} at {place}: {expected.value} displayed as {shown[place]}")
    return told


PLACES = 1


def displayed_integers(node: Node, column: ColumnValue, count: int) -> list[int | None]:
    """Displayed numbers times ten; None for what is no number and for floats near a tie, which the caller has to settle."""
    if not node.kind.is_number:
        return [None] * count
    shown, near = display(column, PLACES, 1, "half_away_from_zero")
    doubtful = np.broadcast_to(False if near is None else near, count)
    return [None if doubt else int(one) for one, doubt in zip(np.broadcast_to(shown, count), doubtful, strict=True)]


def _same(value: Any, expected: Any, column: ColumnValue) -> bool:
    if isinstance(value, float):
        return bool(abs(Fraction(value) - expected) <= Fraction(column.err) + abs(expected) / 2**50)
    return bool(value == expected)


def describe(node: Node | None) -> str:
    """A formula again, for messages of tests."""
    match node:
        case None:
            return "-"
        case tree.Const(value=value):
            return str(value)
        case tree.Column(quantity=quantity, at=at):
            formula = getattr(quantity, "formula", None)
            if formula is None:
                show = f" shown if {describe(quantity.show)}" if quantity.show is not None else ""  # type: ignore[attr-defined]
                return f"{at}.{quantity.name}{show}"
            applies, missing = quantity.applies, quantity.missing  # type: ignore[attr-defined]
            return f"{{{at}: {describe(formula)} if {describe(applies)} missing {missing}}}"
        case tree.Lift(operand=operand, at=at):
            return f"{at}^{describe(operand)}"
        case tree.Operation(op=op, operands=operands):
            return f"({op} {' '.join(describe(operand) for operand in operands)})"
        case tree.Aggregate(function=function, over=over, value=value, where=where, at=at):
            return f"{function}[{over}→{at}]({describe(value)} where {describe(where)})"
        case tree.Pool(function=function, members=members):
            return f"pool {function}({'; '.join(f'{describe(v)} where {describe(w)}' for v, w in members)})"
    return f"{type(node).__name__}@{node.at}({', '.join(describe(child) for child in node.children)})"
