"""Aggregates and indices as works: what is read of the members, added up once for their owner, and from there to every place above.

An aggregate at several levels differs only in the last additions: the rows are read for the owner, everything above adds up owners.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.columns import aggregates, fronts, ranking, tables, totals
from engine.columns.work import FLAGS, FRACTION, INT, MANY, MASK, MOST, PRESENT, REAL, REASONS, Work
from engine.formula import tree
from engine.values import NOT_APPLICABLE

if TYPE_CHECKING:
    from engine.columns.lowering import Builder

FINISHES = {
    "count": (aggregates.number, (0,), INT),
    "sum": (aggregates.number, (0,), INT),
    "distinct": (aggregates.number, (0,), INT),
    "min": (aggregates.number, (NOT_APPLICABLE,), INT),
    "max": (aggregates.number, (NOT_APPLICABLE,), INT),
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
    usable = _usable(builder, over, where, value)
    many = add_up(builder, over, at, usable)
    result, form = _result(builder, node, where, value, usable, many)
    missed = _reasons(builder, over, at, where, value)
    kernel, fixed, default = FINISHES[node.function]
    return builder.works.make(kernel, (many, result, missed), at, form or default, fixed, node)


def _member(builder: Builder, node: tree.Node | None, over: str) -> Work | None:
    return None if node is None else builder.lower(node)


def _column(builder: Builder, work: Work, over: str) -> Work:
    return builder.ways.everywhere(work, over) if work.constant is not None else work


def _usable(builder: Builder, over: str, where: Work | None, value: Work | None) -> Work | None:
    if value is None:
        return where
    return builder.works.make(fronts.usable, (where, value), over, MASK if where is not None else PRESENT)


def _reasons(builder: Builder, over: str, at: str, where: Work | None, value: Work | None) -> Work | None:
    """Why members are not known, with the documents that have not come."""
    found = None if where is None and value is None else builder.works.make(fronts.reasons, (where, value), over, REASONS)
    through = builder.ways.through_owner(over, at)
    if through:
        owned = _known(builder, over, through, found)
        return None if owned is None else _reasons_step(builder, through, at, owned)
    return _known(builder, over, at, found)


def _known(builder: Builder, over: str, at: str, found: Work | None) -> Work | None:
    late = _documents(builder, over, at)
    if found is None:
        return late
    found = _reasons_step(builder, over, at, found)
    return found if late is None else builder.works.make(fronts.joined, (found, late), at, REASONS)


def _documents(builder: Builder, over: str, at: str) -> Work | None:
    topology = builder.methodology.topology
    level = topology.cohort_of.get(over, over)
    owner = builder.ways.owner(level)
    if not owner or (at != owner and not topology.is_above(at, owner)):
        return None
    late = builder.works.make(fronts.documents, (), owner, REASONS, (level,), alone=True)
    return late if at == owner else _reasons_step(builder, owner, at, late)


# ---- adding up -----------------------------------------------------------------------------------------------


def add_up(builder: Builder, over: str, at: str, work: Work | None) -> Work:
    """How many members each place has, of a mask or (None) of all; sums of numbers."""
    through = builder.ways.through_owner(over, at)
    if through:
        return _total_step(builder, through, at, _total_step(builder, over, through, work))
    return _total_step(builder, over, at, work)


def _total_step(builder: Builder, over: str, at: str, work: Work | None) -> Work:
    members = builder.ways.grouping(over, at)
    if work is None:
        return builder.works.make(totals.total, (members, None), at, MANY)
    form = COUNTED.get(work.form, REAL)
    if over in builder.works.big and work.form in (FLAGS, MASK, PRESENT):
        return builder.works.listing(totals.row_totals, (members, work), at, form)
    return builder.works.make(totals.total, (members, work), at, form)


def _reasons_step(builder: Builder, over: str, at: str, work: Work) -> Work:
    members = builder.ways.grouping(over, at)
    if over in builder.works.big:
        return builder.works.listing(totals.row_reasons, (members, work), at, REASONS)
    return builder.works.make(totals.reasons_above, (members, work), at, REASONS)


# ---- results -------------------------------------------------------------------------------------------------


def _result(builder: Builder, node: tree.Aggregate, where: Work | None, value: Work | None, usable: Work | None, many: Work) -> tuple[Work, str]:
    """(what the members add up to, form of it or '' for the usual one)."""
    function, over, at = node.function, builder.ways.same(node.over), builder.ways.same(node.at)
    if value is None or (function == "count" and value.form != FLAGS):
        return many, ""
    if function in RANKED:
        members = builder.ways.grouping(over, at)
        return builder.works.make(RANKED[function], (members, usable, value), at, INT, (), node, alone=True), ""
    if function in ("min", "max"):
        return _extreme(builder, node, usable, value), value.form
    if function in ("sum", "avg"):
        summand = builder.works.make(totals.summand, (usable, value), over, value.form)
        total = add_up(builder, over, at, summand)
        return total, "" if function == "avg" and total.form == INT else total.form
    flagged = value if where is None else builder.works.make(fronts.flagged, (where, value), over, FLAGS)
    return add_up(builder, over, at, flagged), ""


def _extreme(builder: Builder, node: tree.Aggregate, usable: Work | None, value: Work) -> Work:
    over, at = builder.ways.same(node.over), builder.ways.same(node.at)
    through = builder.ways.through_owner(over, at)
    if through:
        value = _extreme_step(builder, node.function, over, through, usable, value)
        counted = add_up(builder, over, through, usable)
        usable, over = builder.works.make(fronts.positive, (counted,), through, MASK), through
    return _extreme_step(builder, node.function, over, at, usable, value)


def _extreme_step(builder: Builder, function: str, over: str, at: str, usable: Work | None, value: Work) -> Work:
    members = builder.ways.grouping(over, at)
    return builder.works.make(aggregates.extreme, (members, usable, value), at, value.form, (function,))


# ---- distribution indices --------------------------------------------------------------------------------------


def lower_index(builder: Builder, node: tree.Index) -> Work:
    """The work of a distribution index."""
    over, at = builder.ways.same(node.over), builder.ways.same(node.at)
    group, total = (_column(builder, builder.lower(part), over) for part in (node.group, node.total))
    pair = builder.works.make(fronts.paired, (group, total), over, INT)
    usable = builder.works.make(fronts.usable, (None, pair), over, PRESENT)
    many = add_up(builder, over, at, usable)
    inputs = (builder.ways.link(over, at), usable, group, total)
    value = builder.works.make(tables.index, inputs, at, REAL, (node.function,), node, alone=True)
    missed = _reasons(builder, over, at, None, pair)
    return builder.works.make(aggregates.indexed, (many, value, missed), at, REAL, (), node)
