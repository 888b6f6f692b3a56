"""Typing: from the syntax tree of one formula to the typed tree, names found and kinds checked.

A bare name is a parameter, a constant or a name of the formula's own level; ``level.name`` looks up above, or stands inside an
aggregate. Every mistake is noted with its offset; a part that could not be typed has kind unknown and causes no further message.
Parts are computed at the highest level they name and lifted from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.errors import nearest
from engine.formula import aggregates, scalars
from engine.formula import nodes as syntax
from engine.formula.definitions import expand_call
from engine.formula.functions import FUNCTIONS
from engine.formula.operations import check_operation
from engine.formula.quantities import Constant, FormulaQuantity
from engine.formula.registry import Registry
from engine.formula.tree import (
    BOOLEAN,
    INTEGER,
    NULL,
    RATIO,
    TEXT,
    UNKNOWN,
    BandOf,
    Column,
    Const,
    Kind,
    Lift,
    Lookup,
    Node,
    Operation,
    Size,
)
from engine.formula.tree import DECIMAL as DECIMAL_KIND
from engine.values import Value

MAX_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong (or doubtful) in a formula, at a character of its text."""

    code: str
    offset: int
    params: dict[str, Any] = field(default_factory=dict)
    suggestion: str = ""


@dataclass(slots=True)
class Typer:
    """Types one formula whose own level is ``own``. ``extra`` holds names with fixed nodes (the attributes of a pooled indicator)."""

    registry: Registry
    own: str
    findings: list[Finding] = field(default_factory=list)
    extra: dict[tuple[str, str], Node] = field(default_factory=dict)
    parts: int = 0
    """Parts typed so far, definitions put in place: definitions that use a parameter twice double with every call."""

    def wrong(self, code: str, node: syntax.Node, suggestion: str = "", **params: Any) -> Node:
        """Note a mistake; the part becomes unknown."""
        self.findings.append(Finding(code, node.start, params, suggestion))
        return self.unknown()

    def unknown(self) -> Node:
        return self.registry.forest.make(Const, "", UNKNOWN, None)

    def constant(self, kind: Kind, value: Fraction | bool | str | None) -> Const:
        return self.registry.forest.make(Const, "", kind, value)

    def type(self, node: syntax.Node, context: str) -> Node:
        """The typed node; it may live at ``context`` or anywhere above (use ``lift``)."""
        self.parts += 1
        if self.parts > MAX_PARTS:
            return self.unknown() if self.parts > MAX_PARTS + 1 else self.wrong("F134", node, limit=MAX_PARTS)
        match node:
            case syntax.Number():
                return self.constant(self._number_kind(node), node.value)
            case syntax.Text():
                return self.constant(TEXT, node.value)
            case syntax.Boolean():
                return self.constant(BOOLEAN, node.value)
            case syntax.Null():
                return self.constant(NULL, None)
            case syntax.Name():
                return self._bare(node)
            case syntax.Qualified():
                return self._qualified(node, context)
            case syntax.Unary():
                return self.operation(node, "neg" if node.op == "-" else node.op, [node.operand], context)
            case syntax.Binary():
                return self._binary(node, context)
            case syntax.In():
                return self._member(node, context)
            case syntax.Call():
                return self._call(node, context)
        raise TypeError(f"no such syntax node: {node!r}")

    def lift(self, node: Node, level: str) -> Node:
        """The same value seen from ``level``."""
        if node.at in ("", level):
            return node
        return self.registry.forest.make(Lift, level, node.kind, node)

    @staticmethod
    def _number_kind(node: syntax.Number) -> Kind:
        if node.percent:
            return RATIO
        return INTEGER if node.value.denominator == 1 else DECIMAL_KIND

    # ---- names -----------------------------------------------------------------------------------

    def _bare(self, node: syntax.Name) -> Node:
        constant = self.registry.constants.get(node.text)
        if constant is not None:
            if constant.table is not None:
                return self.wrong("N206", node, name=node.text)
            return self.constant(constant.kind, constant.value)
        found = self._find(self.own, node.text)
        return found if found is not None else self._unknown_name(node)

    def _find(self, level: str, name: str) -> Node | None:
        """The node of a name at a level or cohort, None where there is none."""
        if (level, name) in self.extra:
            return self.extra[level, name]
        if name == "size" and self.registry.topology.is_cohort(level):
            return self.registry.forest.make(Size, level, INTEGER)
        quantity = self.registry.resolve(level, name)
        return None if quantity is None else self.registry.forest.make(Column, level, quantity.kind, quantity)

    def _unknown_name(self, node: syntax.Name) -> Node:
        elsewhere = self.registry.levels_with(node.text)
        if self.registry.is_place(node.text):
            return self.wrong("N203", node, name=node.text)
        if elsewhere:
            return self.wrong("N202", node, f"{elsewhere[0]}.{node.text}", name=node.text, level=self.own, other=elsewhere[0])
        if self.registry.might_be(node.text):
            return self.unknown()
        known = [*self.registry.names(self.own), *self.registry.constants]
        return self.wrong("N201", node, nearest(node.text, known), name=node.text, level=self.own)

    def _qualified(self, node: syntax.Qualified, context: str) -> Node:
        if node.level in ("previous", "indicator"):
            return self._pseudo(node)
        topology = self.registry.topology
        if node.level not in topology and self.registry.might_be(node.level):
            return self.unknown()
        if node.level not in topology:
            return self.wrong("N204", node, nearest(node.level, [*topology.ups, "previous", "indicator"]), name=node.level)
        if topology.path(context, node.level) is None:
            code = "N205" if topology.is_above(context, node.level) else "N207"
            return self.wrong(code, node, name=f"{node.level}.{node.name}", level=context)
        found = self._find(node.level, node.name)
        if found is None and self.registry.might_be(node.name):
            return self.unknown()
        if found is None:
            suggestion = nearest(node.name, self.registry.names(node.level))
            return self.wrong("N201", node, suggestion and f"{node.level}.{suggestion}", name=f"{node.level}.{node.name}", level=node.level)
        return found

    def _pseudo(self, node: syntax.Qualified) -> Node:
        if node.level == "indicator" and ("indicator", node.name) not in self.extra:
            return self.wrong("N208", node, name=node.name)
        name = node.name if node.level == "indicator" else f"previous.{node.name}"
        found = self._find("indicator" if node.level == "indicator" else self.own, name)
        if found is None and self.registry.might_be(node.name):
            return self.unknown()
        if found is None:
            return self.wrong("N201", node, nearest(node.name, self.registry.names(self.own)), name=f"{node.level}.{node.name}", level=self.own)
        return found

    # ---- operations --------------------------------------------------------------------------------

    def operation(self, node: syntax.Node, op: str, operands: Sequence[syntax.Node], context: str) -> Node:
        return self.operate(node, op, [self.type(operand, context) for operand in operands], context, operands)

    def operate(self, node: syntax.Node, op: str, operands: list[Node], context: str, written: Sequence[syntax.Node]) -> Node:
        """The checked operation, at the highest level it can be computed at; ``written``: each operand as it stands in the formula."""
        if any(operand.kind is UNKNOWN for operand in operands):
            return self.unknown()
        self._agree_on_lists(op, operands, written)
        if any(operand.kind is UNKNOWN for operand in operands):
            return self.unknown()
        verdict = check_operation(op, operands)
        if verdict.warning:
            self.findings.append(Finding(verdict.warning, node.start, dict(verdict.params)))
        if verdict.code:
            return self.wrong(verdict.code, node, **verdict.params)
        level = self._place_of(op, operands, context)
        made = self.registry.forest.make(Operation, level, verdict.kind, op, tuple(self.lift(operand, level) for operand in operands))
        return self._folded(made)

    def _place_of(self, op: str, operands: Sequence[Node], context: str) -> str:
        """Everything at one level stays there; what mixes levels, or asks whether a look-up found something, is done in ``context``."""
        places = {operand.at for operand in operands}
        named = places - {""}
        if not named:
            return ""
        if len(named) == 1 and op not in ("missing", "coalesce") and not ("" in places and op in ("and", "or")):
            return next(iter(named))
        return context

    def _folded(self, made: Operation) -> Node:
        """Constants are computed at load."""
        if made.at != "" or not all(isinstance(operand, Const) for operand in made.operands):
            return made
        values = [Value(o.value) if isinstance(o, Const) and o.value is not None else scalars.ABSENT_NULL for o in made.operands]
        result = scalars.fold(made.op, values)
        if result.absent or (isinstance(result.value, int) and not isinstance(result.value, bool)):
            return made
        return self.constant(made.kind, result.value)  # type: ignore[arg-type]

    def _agree_on_lists(self, op: str, operands: list[Node], written: Sequence[syntax.Node]) -> None:
        """Text next to a choice is a code of the choice's list, next to a band a code of its scale; other texts are mistakes."""
        if op not in ("=", "<>", "in", "if", "coalesce"):
            return
        lists = {operand.kind.choices for operand in operands if operand.kind.name in ("choice", "multichoice")}
        bands = next((self._bands_of(operand) for operand in operands if self._bands_of(operand)), ())
        for index in range(1 if op == "if" else 0, len(operands)):
            if len(lists) == 1:
                operands[index] = self.as_code(written[index], operands[index], Kind("choice", next(iter(lists))))
            elif bands and op in ("=", "<>", "in"):
                operands[index] = self._as_band(written[index], operands[index], bands)

    def as_code(self, written: syntax.Node, operand: Node, target: Kind) -> Node:
        """``operand`` as a value of the list of ``target``, where it is made of texts; other kinds are left alone."""
        if isinstance(operand, Const) and operand.kind is TEXT and isinstance(operand.value, str):
            codes = self.registry.lists.get(target.choices, {})
            if target.choices and operand.value not in codes:
                return self.wrong("K303", written, nearest(operand.value, list(codes)), value=operand.value, list=target.choices)
            return self.constant(target, operand.value)
        if isinstance(operand, Operation) and operand.kind is TEXT and operand.op in ("if", "coalesce"):
            inner = [a.value for a in written.arguments] if isinstance(written, syntax.Call) else [written] * len(operand.operands)
            first = 1 if operand.op == "if" else 0
            parts = [self.as_code(inner[i], p, target) if i >= first else p for i, p in enumerate(operand.operands)]
            return self.registry.forest.make(Operation, operand.at, target, operand.op, tuple(parts))
        if isinstance(operand, Lift) and operand.kind is TEXT:
            return self.lift(self.as_code(written, operand.operand, target), operand.at)
        return operand

    def _bands_of(self, operand: Node) -> tuple[str, ...]:
        """Codes of the scale whose published band this is; () for anything else."""
        while isinstance(operand, Lift):
            operand = operand.operand
        if not isinstance(operand, BandOf):
            return ()
        pooled = self.registry.pooled.get(operand.at, {}).get(operand.quantity.name)
        return pooled.bands if pooled is not None and "?" not in pooled.bands else ()

    def _as_band(self, written: syntax.Node, operand: Node, bands: tuple[str, ...]) -> Node:
        if isinstance(operand, Const) and isinstance(operand.value, str) and operand.value not in bands:
            return self.wrong("K307", written, nearest(operand.value, bands), value=operand.value, allowed=", ".join(bands))
        return operand

    def _binary(self, node: syntax.Binary, context: str) -> Node:
        if node.op == "in":
            return self._contains(node, context)
        if node.op in ("and", "or"):
            return self.operation(node, node.op, self._flat(node, node.op), context)
        return self.operation(node, node.op, [node.left, node.right], context)

    def _flat(self, node: syntax.Node, op: str) -> list[syntax.Node]:
        if isinstance(node, syntax.Binary) and node.op == op:
            return [*self._flat(node.left, op), *self._flat(node.right, op)]
        return [node]

    def _contains(self, node: syntax.Binary, context: str) -> Node:
        chosen = self.type(node.right, context)
        if chosen.kind is UNKNOWN:
            return chosen
        if chosen.kind.name != "multichoice" or not isinstance(node.left, syntax.Text):
            return self.wrong("K304", node)
        codes = self.registry.lists[chosen.kind.choices]
        if node.left.value not in codes:
            return self.wrong("K303", node.left, nearest(node.left.value, list(codes)), value=node.left.value, list=chosen.kind.choices)
        position = self.constant(INTEGER, Fraction(codes[node.left.value]))
        return self.registry.forest.make(Operation, chosen.at, BOOLEAN, "contains", (position, chosen))

    def _member(self, node: syntax.In, context: str) -> Node:
        operand = self.type(node.operand, context)
        options = [self.type(option, context) for option in node.options]
        for option, typed in zip(node.options, options, strict=True):
            if not isinstance(typed, Const):
                return self.wrong("K305", option)
        target = operand.kind
        if target.name == "choice":
            options = [self.as_code(option, typed, target) for option, typed in zip(node.options, options, strict=True)]
        made = self.operate(node, "in", [operand, *options], context, [node.operand, *node.options])
        return self.operate(node, "not", [made], context, [node]) if node.negated else made

    # ---- calls ---------------------------------------------------------------------------------------

    def _call(self, node: syntax.Call, context: str) -> Node:
        definition = self.registry.definitions.get(node.function)
        if definition is not None:
            return self._expanded(node, context)
        function = FUNCTIONS.get(node.function)
        if function is None and self.registry.might_be(node.function):
            return self.unknown()
        if function is None:
            known = [*FUNCTIONS, *self.registry.definitions]
            return self.wrong("N209", node, nearest(node.function, known), name=node.function)
        if aggregates.is_aggregate(self, node):
            return aggregates.type_aggregate(self, node)
        if self._has_where(node):
            return self.unknown()
        if node.function == "lookup":
            return self._lookup(node, context)
        if node.function == "band":
            return self._band(node)
        if not function.accepts_scalar(len(node.arguments)):
            return self.wrong("K302", node, name=node.function, given=len(node.arguments))
        return self.operation(node, node.function, [argument.value for argument in node.arguments], context)

    def _expanded(self, node: syntax.Call, context: str) -> Node:
        definition = self.registry.definitions[node.function]
        if len(node.arguments) != len(definition.parameters):
            return self.wrong("K301", node, name=node.function, expected=len(definition.parameters), given=len(node.arguments))
        if self._has_where(node):
            return self.unknown()
        values = {name: argument.value for name, argument in zip(definition.parameters, node.arguments, strict=True)}
        return self.type(expand_call(definition.body, values, node), context)

    def _has_where(self, node: syntax.Call) -> bool:
        """Reports a ``where`` outside an aggregate."""
        wheres = [argument.where for argument in node.arguments if argument.where is not None]
        if wheres:
            self.wrong("K314", wheres[0], name=node.function)
        return bool(wheres)

    def _lookup(self, node: syntax.Call, context: str) -> Node:
        if len(node.arguments) != 2:
            return self.wrong("K301", node, name="lookup", expected=2, given=len(node.arguments))
        name, key = node.arguments[0].value, self.type(node.arguments[1].value, context)
        table = self.registry.constants.get(name.text) if isinstance(name, syntax.Name) else None
        lost = isinstance(name, syntax.Name) and self.registry.might_be(name.text)
        if (table is None and lost) or (table is not None and table.kind is UNKNOWN):
            return self.unknown()
        if table is None or table.table is None:
            tables = [code for code, constant in self.registry.constants.items() if constant.table is not None]
            return self.wrong("N210", name, nearest(getattr(name, "text", ""), tables))
        if key.kind is UNKNOWN:
            return key
        return self._looked_up(node, table, key)

    def _looked_up(self, node: syntax.Call, table: Constant, key: Node) -> Node:
        entries = table.table or {}
        key_node = node.arguments[1].value
        if isinstance(key, Const) and isinstance(key.value, str):
            allowed = [*self.registry.lists.get(table.keys, {}), *self.registry.declared_codes.get(table.keys, [])]
            if key.value not in entries and key.value not in allowed:
                return self.wrong("K303", key_node, nearest(key.value, allowed), value=key.value, list=table.keys)
            found = entries.get(key.value, table.otherwise)
            if found is not None:
                return self.constant(table.kind, found)
        elif key.kind != Kind("choice", table.keys):
            return self.wrong("K306", key_node, list=table.keys)
        return self.registry.forest.make(Lookup, key.at, table.kind, table, key)

    def _band(self, node: syntax.Call) -> Node:
        if len(node.arguments) != 1:
            return self.wrong("K301", node, name="band", expected=1, given=len(node.arguments))
        argument = node.arguments[0].value
        column = self._find(self.own, argument.text) if isinstance(argument, syntax.Name) else None
        if column is not None and column.kind is UNKNOWN:
            return column
        quantity = column.quantity if isinstance(column, Column) else None
        pooled = self.registry.pooled.get(self.own, {}).get(quantity.name) if quantity else None
        if not isinstance(quantity, FormulaQuantity) or pooled is None or not pooled.bands:
            if column is None and self.registry.might_be(getattr(argument, "text", "")):
                return self.unknown()
            keys = [key for key, entry in self.registry.pooled.get(self.own, {}).items() if entry.bands]
            return self.wrong("N211", argument, nearest(getattr(argument, "text", ""), keys), name=getattr(argument, "text", ""))
        return self.registry.forest.make(BandOf, self.own, TEXT, quantity)
