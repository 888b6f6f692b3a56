"""Exact numbers as they are kept for next year, whose formulas may ask any of them: what a place answered in numbers, and what was computed.

Computed in columns, exact as these are. What they hold as floats is asked of a reference that is first told all they know exactly, so that
it hardly ever goes down to the rows. A value put in the place of missing data says nothing of a place and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

import numpy as np

from engine.columns import ColumnValue, Plan, compile_plan, needed
from engine.formula import tree
from engine.formula.quantities import FormulaQuantity
from engine.formula.tree import Node
from engine.methodology import Methodology
from engine.reference import Reference
from engine.results import Results, run_plan
from engine.values import SUBSTITUTED, Number, Value, is_absent

KEPT = frozenset(("field", "calculation", "indicator"))
"""Sources of the values that are kept."""
Exact = Fraction | int


@dataclass(frozen=True, slots=True)
class _Kept:
    """``nodes``: the numbers of a level by name; ``needs``: the computed values and aggregates they come from, those of rows left out."""

    plan: Plan
    nodes: Mapping[str, Node]
    needs: tuple[Node, ...]


@lru_cache(maxsize=32)
def _kept(methodology: Methodology, level: str) -> _Kept:
    """What is kept of a level, and the plan that computes it; made once."""
    named = {
        name: methodology.forest.make(tree.Column, level, quantity.kind, quantity)
        for (at, name), quantity in methodology.quantities.items()
        if at == level and quantity.kind.is_number and quantity.source in KEPT
    }
    needs = tuple(node for node in needed(methodology, named.values()) if _told(methodology, node))
    return _Kept(compile_plan(methodology, [*named.values(), *needs]), named, needs)


def _told(methodology: Methodology, node: Node) -> bool:
    """Whether the reference can be told of a value instead of working it out."""
    computed = isinstance(node, (tree.Aggregate, tree.Index)) or isinstance(getattr(node, "quantity", None), FormulaQuantity)
    found = methodology.levels.get(node.at)
    return computed and (node.kind.is_number or node.kind.name == "boolean") and found is not None and not found.owner


def exact_numbers(results: Results, level: str, places: Sequence[int]) -> list[dict[str, Exact]]:
    """The exact numbers of some places of a level, by name of the answer, calculation or indicator (by key); what is missing is left out."""
    kept, dataset = _kept(results.methodology, level), results.dataset
    computed = run_plan(results.reference, kept.plan)
    reference = Reference(results.methodology, dataset)
    exact = {node for node in (*kept.nodes.values(), *kept.needs) if computed[node].exact}
    for node in _nearest([node for node in kept.nodes.values() if node not in exact], exact):
        reference.know(node, _decoded(computed[node], dataset.count(node.at)))
    found: list[dict[str, Exact]] = [{} for _ in places]
    for name, node in kept.nodes.items():
        numbers = _numbers(computed[node], dataset.count(level), places, partial(reference.value, node))
        for values, number in zip(found, numbers, strict=True):
            if number is not None:
                values[name] = number
    return found


def _nearest(wanted: Sequence[Node], exact: Container[Node]) -> Iterator[Node]:
    """The first values that are known exactly, on every way down from those that are not."""
    pending, seen = list(wanted), set(wanted)
    while pending:
        node = pending.pop()
        if node in exact:
            yield node
            continue
        quantity = getattr(node, "quantity", None)
        trees = (quantity.formula, quantity.applies) if isinstance(quantity, FormulaQuantity) else ()
        fresh = {part for part in (*node.children, *trees) if part is not None} - seen
        seen |= fresh
        pending += fresh


def _decoded(value: ColumnValue, count: int) -> Iterable[Any]:
    """An exact column as the reference has it."""
    places = range(count)
    plain: Iterable[Any] = _at(value.values, count, places)
    if np.asarray(value.values).dtype != np.bool_:
        plain = map(Number, plain) if value.den is None else map(Number, plain, _at(value.den, count, places))
    if value.bits is None:
        return plain
    bits = _at(value.bits, count, places)
    return (Value(None if is_absent(held) else one, held) if held else one for one, held in zip(plain, bits, strict=True))


def _numbers(value: ColumnValue, count: int, places: Sequence[int], ask: Callable[[int], Value]) -> list[Exact | None]:
    """One column at these places, None where there is no value."""
    there = [True] * len(places) if value.bits is None else [_there(held) for held in _at(value.bits, count, places)]
    if not value.exact:
        return [ask(place).fraction if known else None for place, known in zip(places, there, strict=True)]
    numbers: Iterable[Exact] = _at(value.values, count, places)
    if value.den is not None:
        numbers = map(Fraction, numbers, _at(value.den, count, places))
    return [number if known else None for number, known in zip(numbers, there, strict=True)]


def _at(values: Any, count: int, places: Sequence[int]) -> list[int]:
    """The elements of a column, which may stand for every place, at these places."""
    found: list[int] = np.broadcast_to(np.asarray(values), count)[list(places)].tolist()
    return found


def _there(bits: int) -> bool:
    return not is_absent(bits) and not bits & SUBSTITUTED
