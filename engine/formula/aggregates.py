"""Typing of aggregates, distribution indices and pools.

An aggregate runs over the lowest level named in it; levels between are looked up from the member. It always gives a value of the
formula's own level. Over the pseudo-level ``indicator`` it becomes a pool: its fixed attributes are known now, so conditions on
them are settled here and only values and bands remain to be computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.errors import nearest
from engine.formula import nodes as syntax
from engine.formula.functions import FUNCTIONS
from engine.formula.operations import numeric_kind, refuse
from engine.formula.tree import (
    BOOLEAN,
    DECIMAL,
    INTEGER,
    RATIO,
    REAL,
    TEXT,
    UNKNOWN,
    Aggregate,
    BandOf,
    Column,
    Const,
    Index,
    Kind,
    Node,
    Operation,
    Pool,
)

if TYPE_CHECKING:
    from engine.formula.kinds import Typer

TRUTHS = ("share", "any", "all")
NUMBERS = ("sum", "avg", "median")
REAL_INDICES = ("theil_h", "hutchens")


def is_aggregate(typer: Typer, call: syntax.Call) -> bool:
    """min and max with several arguments are scalar; the rest of the family always aggregates."""
    function = FUNCTIONS[call.function]
    if function.family == "index":
        return True
    return function.family == "aggregate" and not (call.function in ("min", "max") and len(call.arguments) > 1)


def named_places(typer: Typer, call: syntax.Call) -> Iterator[syntax.Qualified | syntax.Name]:
    """Names in the arguments that stand for lower levels; what stands in an inner aggregate does not count."""
    for argument in call.arguments:
        for expression in (argument.value, argument.where):
            if expression is not None:
                yield from _outer_names(typer, expression)


def _outer_names(typer: Typer, node: syntax.Node) -> Iterator[syntax.Qualified | syntax.Name]:
    inner: set[int] = set()
    for part in syntax.walk(node):
        if id(part) in inner or (isinstance(part, syntax.Call) and part.function in FUNCTIONS and is_aggregate(typer, part)):
            inner |= {id(below) for below in syntax.walk(part)}
        elif isinstance(part, syntax.Qualified) or (isinstance(part, syntax.Name) and typer.registry.is_place(part.text)):
            yield part


def type_aggregate(typer: Typer, call: syntax.Call) -> Node:
    function = FUNCTIONS[call.function]
    expected = 2 if function.family == "index" else 1
    if len(call.arguments) != expected:
        return typer.wrong("K301", call, name=call.function, expected=expected, given=len(call.arguments))
    names = list(named_places(typer, call))
    if any((n.level if isinstance(n, syntax.Qualified) else n.text) == "indicator" for n in names) or _is_pool(call):
        return _pool(typer, call)
    over = _members_level(typer, call, names)
    if over is None:
        return typer.unknown()
    if function.family == "index":
        return _index(typer, call, over)
    return _aggregate(typer, call, over)


def _is_pool(call: syntax.Call) -> bool:
    value = call.arguments[0].value
    return isinstance(value, syntax.Name) and value.text == "indicator"


def _members_level(typer: Typer, call: syntax.Call, names: list[syntax.Qualified | syntax.Name]) -> str | None:
    """The level the aggregate runs over: the lowest one named below the own level."""
    topology = typer.registry.topology
    levels = [name.level if isinstance(name, syntax.Qualified) else name.text for name in names]
    for name, level in zip(names, levels, strict=True):
        if level not in topology and level != "previous":
            if not typer.registry.might_be(level):
                typer.wrong("N204", name, nearest(level, list(topology.ups)), name=level)
            return None
    below = [level for level in levels if level in topology and topology.is_above(typer.own, level)]
    if not below:
        lower = next((name for name in topology.ups if topology.is_above(typer.own, name)), "")
        typer.wrong("N212", call, name=call.function, level=typer.own, example=lower)
        return None
    lowest = topology.lowest(below)
    if lowest is None:
        typer.wrong("N213", call, name=call.function, levels=", ".join(dict.fromkeys(below)))
    return lowest


def _aggregate(typer: Typer, call: syntax.Call, over: str) -> Node:
    argument = call.arguments[0]
    where = _condition(typer, argument.where, over)
    value: Node | None = None
    if not (call.function == "count" and isinstance(argument.value, syntax.Name) and argument.value.text == over):
        if isinstance(argument.value, syntax.Name) and typer.registry.is_place(argument.value.text):
            return typer.wrong("N214", argument.value, name=argument.value.text, function=call.function)
        value = typer.type(argument.value, over)
    if any(part is not None and part.kind is UNKNOWN for part in (value, where)):
        return typer.unknown()
    kind = _result_kind(typer, call, value)
    if kind is UNKNOWN:
        return typer.unknown()
    lifted = None if value is None else typer.lift(value, over)
    return typer.registry.forest.make(Aggregate, typer.own, kind, call.function, over, lifted, where)


def _condition(typer: Typer, where: syntax.Node | None, over: str) -> Node | None:
    if where is None:
        return None
    typed = typer.type(where, over)
    if typed.kind is not UNKNOWN and typed.kind is not BOOLEAN:
        return typer.wrong("K312", where)
    return typer.lift(typed, over)


def _result_kind(typer: Typer, call: syntax.Call, value: Node | None) -> Kind:
    function = call.function
    if value is None or function in ("count", "distinct"):
        return INTEGER
    if function in TRUTHS:
        if value.kind is not BOOLEAN:
            return typer.wrong("K313", call, name=function).kind
        return RATIO if function == "share" else BOOLEAN
    if not value.kind.is_number and not (value.kind.name == "date" and function in ("min", "max")):
        verdict = refuse(function, [value])
        return typer.wrong(verdict.code, call, **verdict.params).kind
    if function in ("avg", "median"):
        return value.kind if value.kind in (RATIO, REAL) else DECIMAL
    return numeric_kind([value]) if value.kind.is_number else value.kind


def _index(typer: Typer, call: syntax.Call, over: str) -> Node:
    if any(argument.where is not None for argument in call.arguments):
        return typer.wrong("K314", call, name=call.function)
    group, total = (typer.type(argument.value, over) for argument in call.arguments)
    if UNKNOWN in (group.kind, total.kind):
        return typer.unknown()
    if not (group.kind is INTEGER and total.kind is INTEGER):
        verdict = refuse(call.function, [group, total])
        return typer.wrong(verdict.code, call, **verdict.params)
    kind = REAL if call.function in REAL_INDICES else RATIO
    return typer.registry.forest.make(Index, typer.own, kind, call.function, over, typer.lift(group, over), typer.lift(total, over))


# ---- pools -------------------------------------------------------------------------------------------


def _pool(typer: Typer, call: syntax.Call) -> Node:
    argument = call.arguments[0]
    if call.function in (*TRUTHS, "median") or FUNCTIONS[call.function].family == "index":
        return typer.wrong("K315", call, name=call.function)
    if _check_attribute_texts(typer, call):
        return typer.unknown()
    members: list[tuple[Node | None, Node | None]] = []
    kinds: list[Node] = []
    for quantity, pooled in typer.registry.pool_members(typer.own):
        forest = typer.registry.forest
        column = forest.make(Column, typer.own, quantity.kind, quantity)
        band: Node = forest.make(BandOf, typer.own, TEXT, quantity) if pooled.bands else _nothing(typer)
        typer.extra = {("indicator", "value"): column, ("indicator", "band"): band}
        typer.extra |= {("indicator", name): typer.constant(TEXT, text) for name, text in pooled.attributes.items()}
        for name in _attribute_names(call):
            typer.extra.setdefault(("indicator", name), _nothing(typer))
        where = None if argument.where is None else _condition(typer, argument.where, typer.own)
        value = None if _is_pool(call) else typer.type(argument.value, typer.own)
        typer.extra = {}
        if any(part is not None and part.kind is UNKNOWN for part in (where, value)):
            return typer.unknown()
        open_parts = _settled(where)
        if any(part.at == "" for part in open_parts):
            continue  # never true: a fixed attribute is another one, or is not there
        members.append((value, _all_of(typer, open_parts)))
        kinds += [] if value is None else [value]
    kind = INTEGER if call.function in ("count", "distinct") or not kinds else numeric_kind(kinds)
    if call.function != "distinct" and any(not value.kind.is_number for value in kinds):
        verdict = refuse(call.function, kinds[:1])
        return typer.wrong(verdict.code, call, **verdict.params)
    return typer.registry.forest.make(Pool, typer.own, kind, call.function, tuple(members))


def _nothing(typer: Typer) -> Node:
    return typer.registry.forest.make(Const, "", TEXT, None)


def _settled(where: Node | None) -> list[Node]:
    """The parts of a condition that data still have to decide."""
    operands = (where,) if getattr(where, "op", "") != "and" or where is None else where.children
    return [part for part in operands if part is not None and not (isinstance(part, Const) and part.value is True)]


def _all_of(typer: Typer, conditions: list[Node]) -> Node | None:
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return typer.registry.forest.make(Operation, typer.own, BOOLEAN, "and", tuple(conditions))


def _attribute_names(call: syntax.Call) -> set[str]:
    return {name.name for argument in call.arguments for e in (argument.value, argument.where) if e is not None
            for name in syntax.walk(e) if isinstance(name, syntax.Qualified) and name.level == "indicator"}  # fmt: skip


def _check_attribute_texts(typer: Typer, call: syntax.Call) -> bool:
    """Attributes and texts they are compared with must occur among the indicators of the level; True when something was wrong."""
    if typer.registry.unmade:
        return False  # not all indicators are known
    before = len(typer.findings)
    known: dict[str, set[str]] = {"value": set(), "band": set()}
    for pooled in typer.registry.pooled.get(typer.own, {}).values():
        known["band"].update(pooled.bands)
        for name, text in pooled.attributes.items():
            known.setdefault(name, set()).add(text)
    for argument in call.arguments:
        for expression in (argument.value, argument.where):
            for part in syntax.walk(expression) if expression is not None else ():
                _check_part(typer, part, known)
    return len(typer.findings) > before


def _check_part(typer: Typer, part: syntax.Node, known: dict[str, set[str]]) -> None:
    if isinstance(part, syntax.Qualified) and part.level == "indicator" and part.name not in known:
        typer.wrong("N215", part, nearest(part.name, list(known)), name=part.name)
    sides: tuple[syntax.Node, ...] = ()
    if isinstance(part, syntax.Binary) and part.op in ("=", "<>"):
        sides = (part.left, part.right)
    elif isinstance(part, syntax.In):
        sides = (part.operand, *part.options)
    attribute = next((s for s in sides if isinstance(s, syntax.Qualified) and s.level == "indicator"), None)
    allowed = known.get(attribute.name) if attribute is not None else None
    for side in sides:
        if allowed and "?" not in allowed and isinstance(side, syntax.Text) and side.value not in allowed and attribute is not None:
            typer.wrong("K316", side, nearest(side.value, list(allowed)), value=side.value, name=attribute.name)
