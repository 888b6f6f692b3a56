"""The checks of a place that look at nothing but itself, what lies inside it and the answers above it: for telling while one is still typing.

A check that looks at siblings needs all of them and is left to ``results``. The plan of a level is compiled once, and a data set for it holds
only the columns that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.columns import Plan, compile_plan, needed
from engine.defaults import Name, comparison_of, inputs_of
from engine.formula.tree import Aggregate, Column, Index, Node, Size
from engine.methodology import Check, Methodology
from engine.reference import Reference
from engine.responses import Places, build_dataset
from engine.values import is_absent


@dataclass(frozen=True, slots=True)
class OwnChecks:
    """``nodes``: of each check its truth; ``inputs``: the columns of the data that these are computed from."""

    nodes: Mapping[Check, Node]
    plan: Plan
    inputs: frozenset[Name]


def own_checks(methodology: Methodology, level: str, places: Mapping[str, Places], place: int = 0) -> list[Check]:
    """The checks of a level that look at nothing but a place and that fire there, in the order of declaration.

    ``places`` as ``build_dataset`` takes them: of the level itself one place is enough.
    """
    compiled = _compiled(methodology, level)
    dataset = build_dataset(methodology, places, compiled.inputs)
    values = compiled.plan.run(dataset, Reference(methodology, dataset).value)
    fired = []
    for check, node in compiled.nodes.items():
        found = values[node]
        there = np.broadcast_to(found.values, dataset.count(level))[place]
        absent = found.bits is not None and is_absent(int(np.broadcast_to(found.bits, dataset.count(level))[place]))
        if not absent and not there:
            fired.append(check)
    return fired


def are_all_own(methodology: Methodology, level: str) -> bool:
    """Whether no other check can fire at a place of the level: none looks at siblings, none is asked of what lies inside it."""
    below = methodology.topology.is_above
    return all(check in _compiled(methodology, level).nodes for check in methodology.checks.values() if check.level == level) and not any(
        below(level, check.level) for check in methodology.checks.values()
    )


@lru_cache(maxsize=32)
def _compiled(methodology: Methodology, level: str) -> OwnChecks:
    nodes: dict[Check, Node] = {}
    for check in methodology.checks.values():
        node = methodology.forest.make(Column, check.quantity.level, check.quantity.kind, check.quantity)
        if check.level == level and _is_own(methodology, level, node):
            nodes[check] = node
    inputs = inputs_of(methodology, nodes.values())
    rows = (comparison_of(methodology, changed).inputs for changed, name in inputs if name == "changed")
    return OwnChecks(nodes, compile_plan(methodology, list(nodes.values())), inputs.union(*rows))


def _is_own(methodology: Methodology, level: str, target: Node) -> bool:
    """Whether nothing is counted over places that lie outside a place of the level."""
    counted = (node.at for node in needed(methodology, [target]) if isinstance(node, Aggregate | Index | Size))
    insides = {methodology.cohorts[at].inside if at in methodology.cohorts else at for at in counted}
    return all(inside == level or methodology.topology.is_above(level, inside) for inside in insides)
