"""Computed defaults of the questions of a level, as one typed node a question, evaluated over all its places at once.

A default may look at other answers of its own level, which may themselves be defaults: questions are computed in stages, each after
those it needs. In a circle the order of declaration decides, and what is not there yet is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import ColumnValue, Plan, compile_plan, needed
from engine.dataset import ColumnData, Dataset
from engine.formula.quantities import FormulaQuantity, InputQuantity
from engine.formula.tree import BOOLEAN, NULL, Const, Node, Operation
from engine.methodology import Field, Methodology
from engine.reference import Reference

Name = tuple[str, str]


def default_node(methodology: Methodology, field: Field) -> Node | None:
    """The default of a question as one formula: its rules are tried in order; a condition that is missing is not true."""
    forest = methodology.forest
    found: Node | None = None
    for rule in reversed(field.defaults):
        if rule.when is None:
            found = rule.formula
            continue
        rest = forest.make(Const, "", NULL, None) if found is None else found
        when = forest.make(Operation, field.level, BOOLEAN, "coalesce", (rule.when, forest.make(Const, "", BOOLEAN, False)))
        found = forest.make(Operation, field.level, rule.formula.kind, "if", (when, rule.formula, rest))
    return found


def inputs_of(methodology: Methodology, nodes: Iterable[Node]) -> frozenset[Name]:
    """(level, name) of every column of the data that these nodes are computed from."""
    found = (getattr(node, "quantity", None) for node in needed(methodology, nodes))
    return frozenset((quantity.level, quantity.name) for quantity in found if isinstance(quantity, InputQuantity))


@dataclass(frozen=True, slots=True)
class Stage:
    """Questions whose defaults need nothing of each other."""

    fields: tuple[Field, ...]
    nodes: tuple[Node, ...]
    plan: Plan

    def run(self, methodology: Methodology, dataset: Dataset) -> list[ColumnValue]:
        """The default of each question at every place of its level."""
        found = self.plan.run(dataset, Reference(methodology, dataset).value)
        return [found[node] for node in self.nodes]


@dataclass(frozen=True, slots=True)
class Defaults:
    """The defaults of one level. ``inputs``: the columns they are computed from."""

    stages: tuple[Stage, ...]
    nodes: Mapping[str, Node]
    inputs: frozenset[Name]


@lru_cache(maxsize=128)
def defaults_of(methodology: Methodology, level: str) -> Defaults:
    """The defaults of the questions of a level, compiled once."""
    nodes = {code: default_node(methodology, field) for code, field in methodology.fields.get(level, {}).items()}
    known = {code: node for code, node in nodes.items() if node is not None}
    inputs = {code: inputs_of(methodology, [node]) for code, node in known.items()}
    waiting, stages = list(known), []
    while waiting:
        ready = [code for code in waiting if not any((level, other) in inputs[code] for other in waiting if other != code)]
        ready = ready or waiting[:1]
        stages.append(_stage(methodology, level, ready, known))
        waiting = [code for code in waiting if code not in ready]
    return Defaults(tuple(stages), known, frozenset().union(*inputs.values()))


def _stage(methodology: Methodology, level: str, codes: Iterable[str], nodes: Mapping[str, Node]) -> Stage:
    fields = tuple(methodology.fields[level][code] for code in codes)
    own = tuple(nodes[field.code] for field in fields)
    return Stage(fields, own, compile_plan(methodology, own))


# ---- what differs from its default ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """The editable columns of a table that have a default, with where they are shown; compiled together."""

    fields: tuple[Field, ...]
    nodes: tuple[tuple[Node, Node | None], ...]
    plan: Plan
    inputs: frozenset[Name]


@lru_cache(maxsize=64)
def comparison_of(methodology: Methodology, level: str) -> Comparison:
    """What has to be compared to tell which cells of the rows of ``level`` differ from their defaults."""
    known = defaults_of(methodology, level).nodes
    fields = tuple(field for code, field in methodology.fields.get(level, {}).items() if code in known and not field.readonly)
    nodes = tuple((known[field.code], field.show) for field in fields)
    targets = [node for pair in nodes for node in pair if node is not None]
    inputs = inputs_of(methodology, targets) | {(level, field.code) for field in fields}
    return Comparison(fields, nodes, compile_plan(methodology, targets), inputs)


def changed_cells(methodology: Methodology, dataset: Dataset, level: str) -> dict[str, NDArray[np.bool_]]:
    """For each editable column with a default: where its answer is not the default computed from the answers as they are.

    A blank where there is a default differs, and so does an answer where the default is missing. Hidden cells do not differ.
    """
    comparison, table = comparison_of(methodology, level), dataset.tables[level]
    found = comparison.plan.run(dataset, Reference(methodology, dataset).value)
    cells = {}
    for field, (default, show) in zip(comparison.fields, comparison.nodes, strict=True):
        data = table.columns.get(field.code)
        if data is not None:
            codes = tuple(methodology.choices[field.choices].index) if field.choices else ()
            differs = np.broadcast_to(_differs(data, found[default], codes), (table.count,))
            cells[field.code] = differs if show is None else differs & np.asarray(found[show].values)
    return cells


def _differs(data: ColumnData, default: ColumnValue, codes: tuple[str, ...]) -> Any:
    same = _same(data, default, codes)
    present = default.present
    if data.bits is None and present is None:
        return ~same
    answered = True if data.bits is None else data.bits == 0
    computed = True if present is None else present
    return (answered != computed) | (answered & computed & ~same)


def _same(data: ColumnData, default: ColumnValue, codes: tuple[str, ...]) -> Any:
    if data.vocabulary is not None or default.vocabulary is not None:
        left, right = _words(data.vocabulary or codes, data.values), _words(default.vocabulary or codes, default.values)
        return np.asarray(left == right)
    if not default.exact:
        return np.isclose(data.values / data.scale, default.values, rtol=0, atol=1e-9)
    if default.den is None and data.scale == 1:
        return np.asarray(data.values == default.values)
    den = 1 if default.den is None else default.den
    return np.asarray(data.values * den == default.values * data.scale)


def _words(vocabulary: Any, positions: Any) -> Any:
    table = np.array([*vocabulary, ""], object)
    return table[np.minimum(positions, len(table) - 1)]


@lru_cache(maxsize=16)
def columns_of_results(methodology: Methodology) -> frozenset[Name]:
    """(level, name) of every column that indicators, calculations and checks look at, directly or through others."""
    named = (quantity for quantity in methodology.quantities.values() if isinstance(quantity, FormulaQuantity))
    found = [*named, *(check.quantity for check in methodology.checks.values()), *([methodology.request] if methodology.request else [])]
    inputs = inputs_of(methodology, [part for quantity in found for part in (quantity.formula, quantity.applies) if part is not None])
    of_rows = (comparison_of(methodology, level).inputs for level, name in inputs if name == "changed")
    flags = ((level, name) for level, name in methodology.quantities if name in ("final", "exempt"))
    return inputs.union(flags, *of_rows)


def with_changed(methodology: Methodology, dataset: Dataset, level: str) -> None:
    """Adds the built-in ``changed`` to the rows of a level: whether any of their editable cells differs from its default."""
    table = dataset.tables[level]
    found = np.zeros(table.count, np.bool_)
    for differs in changed_cells(methodology, dataset, level).values():
        found |= differs
    table.columns["changed"] = ColumnData(found.view(np.uint8))
