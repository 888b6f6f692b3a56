"""Pools as works: their members put under each other, then one function over the lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.columns import pools
from engine.columns.operations import form_of, widest
from engine.columns.work import FLAGS, INT, NUMBERS, Work
from engine.formula import tree
from engine.formula.tree import BOOLEAN
from engine.members import OF_NOTHING
from engine.values import NOT_APPLICABLE, Value

if TYPE_CHECKING:
    from engine.columns.lowering import Builder

Member = tuple[Work | None, Work]


def lower_pool(builder: Builder, node: tree.Pool) -> Work:
    """The work of a pool."""
    members = list(_members(builder, node))
    if not members:
        nothing = OF_NOTHING.get(node.function)
        return builder.constant(Value(None, NOT_APPLICABLE) if nothing is None else Value(nothing), node.kind)
    values = [value for value, _ in members if value is not None]
    if node.function == "distinct" and all(value.value is not None for value in values):
        return _distinct_constants(builder, node, members)
    where = builder.works.bundled(tuple(condition for _, condition in members), node.at, FLAGS)
    forms = [value.form for value in values]
    form = widest(forms) if forms and forms[0] in NUMBERS else forms[0] if forms else ""
    bundle = builder.works.bundled(tuple(values), node.at, form) if values else None
    fixed = (node.function, len(members))
    return builder.works.make(pools.pool, (bundle, where), node.at, form_of(node.kind), fixed, node, alone=True)


def _members(builder: Builder, node: tree.Pool) -> Iterator[Member]:
    """(value, condition) of the members that may count; a condition that always holds is the constant true."""
    always = builder.constant(Value(True), BOOLEAN)
    for value, where in node.members:
        condition = always if where is None else builder.lower(where)
        if condition.value is not None and condition.value.value is not True:
            continue
        work = None if value is None else builder.lower(value)
        if work is not None and work.value is not None and work.value.absent:
            continue
        if work is not None and work.value is None:
            work = _there(builder, work, node.at)
        yield work, condition


def _there(builder: Builder, work: Work, at: str) -> Work:
    return work if work.at == at else builder.ways.lift(work, at, work.at)


def _distinct_constants(builder: Builder, node: tree.Pool, members: list[Member]) -> Work:
    """Of fixed attributes: members with the same one next to each other."""
    by_value: dict[object, list[Work]] = {}
    for value, condition in members:
        assert value is not None and value.value is not None
        by_value.setdefault(value.value.value, []).append(condition)
    starts: list[int] = []
    conditions: list[Work] = []
    for group in by_value.values():
        starts.append(len(conditions))
        conditions += group
    where = builder.works.bundled(tuple(conditions), node.at, FLAGS)
    return builder.works.make(pools.distinct_groups, (where,), node.at, INT, (tuple(starts),), node, alone=True)
