"""Aggregates and indices as works: what is read of the members, added up once for their owner, and from there to every place above.

An aggregate at several levels differs only in the last additions: the rows are read for the owner, everything above adds up owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.columns import aggregates, extremes, fronts, places, ranking, rows, tables, totals, unknown
from engine.columns.work import FLAGS, FRACTION, INT, MANY, MASK, MOST, PRESENT, REAL, REASONS, Work
from engine.formula import tree
from engine.values import NOT_APPLICABLE

if TYPE_CHECKING:
    from engine.columns.lowering import Builder

FINISHES = {
    "count": (aggregates.number, (0,), INT),
    "sum": (aggregates.number, (0,), INT),
    "distinct": (aggregates.number, (0,), INT),
    "median": (aggregates.number, (NOT_APPLICABLE,), FRACTION),
    "avg": (aggregates.ratio, (), FRACTION),
    "share": (aggregates.ratio, (), FRACTION),
    "any": (aggregates.some, (), FLAGS),
    "all": (aggregates.every, (), FLAGS),
}
COUNTED = {PRESENT: MOST, MOST: MOST, MASK: MANY, MANY: MANY, FLAGS: INT, INT: INT}
"""Form of what is added up. Kept apart in batches: those of which most are present everywhere cost next to nothing together."""
RANKED = {"median": ranking.median, "distinct": ranking.distinct}


def lower_aggregate(builder: Builder, node: tree.Aggregate) -> Work:
    """The work of an aggregate."""
    over, at = builder.ways.same(node.over), builder.ways.same(node.at)
    where = _member(builder, node.where, over)
    if where is not None and where.value is not None and where.value.value is True:
        where = None
    value = None if node.value is None else _member(builder, node.value, over)
    where, value = (None if work is None else _column(builder, work, over) for work in (where, value))
    missed = _reasons(builder, over, at, where, value)
    if node.function in ("min", "max") and value is not None:
        return builder.works.make(extremes.closing, (_extreme(builder, node, where, value), missed), at, value.form, (), node)
    many = count(builder, over, at, where, value)
    result, form = _result(builder, node, where, value, many)
    kernel, fixed, default = FINISHES[node.function]
    return builder.works.make(kernel, (many, result, missed), at, form or default, fixed, node)


def _member(builder: Builder, node: tree.Node | None, over: str) -> Work | None:
    return None if node is None else builder.lower(node)


def _column(builder: Builder, work: Work, over: str) -> Work:
    return builder.ways.everywhere(work, over) if work.constant is not None else work


def _reasons(builder: Builder, over: str, at: str, where: Work | None, value: Work | None) -> Work | None:
    """Why members are not known. The documents that have not come go up by themselves: they are the same for every aggregate."""
    late = _documents(builder, over, at)
    if where is None and value is None:
        return late
    first = _first(builder, over, at)
    if over in builder.works.big:
        parts, owned = _by_owner(builder, over, first, (where, value))
        found = builder.works.listing(unknown.of_rows, (builder.ways.grouping(over, first),), parts, first, REASONS, owned)
        if first == at:
            return found if late is None else builder.works.make(unknown.joined, (found, late), at, REASONS)
        over = first
    else:
        found = builder.works.make(fronts.reasons, (where, value), over, REASONS)
    return _reasons_above(builder, over, at, found, late)


def _reasons_above(builder: Builder, over: str, at: str, work: Work, late: Work | None = None) -> Work:
    return builder.works.make(unknown.above, (builder.ways.grouping(over, at), work, late), at, REASONS)


def _first(builder: Builder, over: str, at: str) -> str:
    """Where members are added up first: rows for their owner, others at once."""
    return builder.ways.through_owner(over, at) or at


def _by_owner(builder: Builder, over: str, at: str, parts: tuple[Work | None, ...]) -> tuple[tuple[Work | None, ...], tuple[bool, ...]]:
    """(the parts, those that are the same for all rows of an owner as they are there; which those are)."""
    if builder.ways.owner(over) != at:
        return parts, (False,) * len(parts)
    link = builder.ways.link(over, at)
    owned = tuple(part is not None and part.kernel is places.lifted and part.inputs[0] is link for part in parts)
    return tuple(part.inputs[1] if there and part is not None else part for part, there in zip(parts, owned, strict=True)), owned


def _documents(builder: Builder, over: str, at: str) -> Work | None:
    topology = builder.methodology.topology
    level = topology.cohort_of.get(over, over)
    owner = builder.ways.owner(level)
    if not owner or (at != owner and not topology.is_above(at, owner)):
        return None
    late = builder.works.make(fronts.documents, (), owner, REASONS, (level,), alone=True)
    return late if at == owner else _reasons_above(builder, owner, at, late)


# ---- adding up -----------------------------------------------------------------------------------------------


def count(builder: Builder, over: str, at: str, where: Work | None = None, value: Work | None = None, flags: Work | None = None) -> Work:
    """How many members count: the condition is true, there is a value, the flag is set."""
    if over not in builder.works.big or not (where or value or flags):
        return add_up(builder, over, at, _usable(builder, over, where, value) if flags is None else _flagged(builder, over, where, flags))
    first = _first(builder, over, at)
    if where is None and flags is not None:
        where, flags = flags, None
    form = MOST if where is None else MANY if value is not None else INT
    parts, owned = _by_owner(builder, over, first, (where, value, flags))
    counted = builder.works.listing(rows.counts, (builder.ways.grouping(over, first),), parts, first, form, owned)
    return counted if first == at else _total(builder, first, at, counted)


def add_up(builder: Builder, over: str, at: str, work: Work | None) -> Work:
    """How many members each place has, of a mask or (None) of all; sums of numbers."""
    first = _first(builder, over, at)
    total = _total(builder, over, first, work)
    return total if first == at else _total(builder, first, at, total)


def _total(builder: Builder, over: str, at: str, work: Work | None) -> Work:
    form = MANY if work is None else COUNTED.get(work.form, REAL)
    return builder.works.make(totals.total, (builder.ways.grouping(over, at), work), at, form)


def _usable(builder: Builder, over: str, where: Work | None, value: Work | None) -> Work | None:
    if value is None:
        return where
    return builder.works.make(fronts.usable, (where, value), over, MASK if where is not None else PRESENT)


def _flagged(builder: Builder, over: str, where: Work | None, flags: Work) -> Work:
    return flags if where is None else builder.works.make(fronts.flagged, (where, flags), over, FLAGS)


# ---- results -------------------------------------------------------------------------------------------------


def _result(builder: Builder, node: tree.Aggregate, where: Work | None, value: Work | None, many: Work) -> tuple[Work, str]:
    """(what the members add up to, form of it or '' for the usual one)."""
    function, over, at = node.function, builder.ways.same(node.over), builder.ways.same(node.at)
    if value is None or (function == "count" and value.form != FLAGS):
        return many, ""
    if function not in (*RANKED, "sum", "avg"):
        return count(builder, over, at, where, None, value), ""
    usable = _usable(builder, over, where, value)
    if function in RANKED:
        members = builder.ways.grouping(over, at)
        return builder.works.make(RANKED[function], (members, usable, value), at, INT, (), node, alone=True), ""
    summand = builder.works.make(totals.summand, (usable, value), over, value.form)
    total = add_up(builder, over, at, summand)
    return total, "" if function == "avg" and total.form == INT else total.form


def _extreme(builder: Builder, node: tree.Aggregate, where: Work | None, value: Work) -> Work:
    over, at = builder.ways.same(node.over), builder.ways.same(node.at)
    first, usable = _first(builder, over, at), _usable(builder, over, where, value)
    if first != at:
        value = _extreme_step(builder, node.function, over, first, usable, value)
        usable, over = _usable(builder, first, None, value), first
    return _extreme_step(builder, node.function, over, at, usable, value)


def _extreme_step(builder: Builder, function: str, over: str, at: str, usable: Work | None, value: Work) -> Work:
    members = builder.ways.grouping(over, at)
    return builder.works.make(extremes.extreme, (members, usable, value), at, value.form, (function,))


# ---- distribution indices --------------------------------------------------------------------------------------


def lower_index(builder: Builder, node: tree.Index) -> Work:
    """The work of a distribution index."""
    over, at = builder.ways.same(node.over), builder.ways.same(node.at)
    group, total = (_column(builder, builder.lower(part), over) for part in (node.group, node.total))
    pair = builder.works.make(fronts.paired, (group, total), over, INT)
    usable = _usable(builder, over, None, pair)
    many = count(builder, over, at, None, pair)
    inputs = (builder.ways.link(over, at), usable, group, total)
    value = builder.works.make(tables.index, inputs, at, REAL, (node.function,), node, alone=True)
    missed = _reasons(builder, over, at, None, pair)
    return builder.works.make(aggregates.indexed, (many, value, missed), at, REAL, (), node)
