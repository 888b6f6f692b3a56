"""The columns evaluator: typed trees over whole levels at once, in numpy. It means what ``engine.reference`` means.

``compile_plan(methodology, targets)`` turns what is asked for into a flat list of steps, once; ``Plan.run(dataset, settle)`` computes it
for one place or for a whole country (in parts that hold whole places of the highest level a formula looks at). Plans keep no state:
they may run in several threads. ``settle(node, place)`` is asked where floats cannot tell; without it floats decide.

==============  ==========================================================
value           what a column is, and the bounds that keep integers exact
missing         how bits of missing meet
arithmetic …    kernels: comparing, logic, rounding, tables, quantities, pools, ranking
places          links, groupings, cohorts
fronts, totals, aggregates   members → sums → results
lowering, above, summing, pooling, folding, operations, work   from trees to works
schedule, batches   from works to steps
==============  ==========================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.columns.batches import picked
from engine.columns.lowering import Builder, order
from engine.columns.rounding import bands, display, exact_bands
from engine.columns.schedule import Line, Step, schedule
from engine.columns.settling import Run, Settle
from engine.columns.value import ColumnValue
from engine.dataset import Dataset
from engine.formula.tree import Node
from engine.methodology import Methodology

__all__ = ["ColumnValue", "Plan", "Settle", "bands", "compile_plan", "display", "exact_bands", "needed"]


@dataclass(frozen=True, slots=True)
class Plan:
    """A flat list of steps over numbered slots. ``found``: where each target is; ``known``: targets that are constants."""

    steps: tuple[Step, ...]
    slots: tuple[ColumnValue | None, ...]
    found: Mapping[Node, Line]
    known: Mapping[Node, ColumnValue]

    def run(self, dataset: Dataset, settle: Settle | None = None) -> dict[Node, ColumnValue]:
        """The values of the targets over all places of their levels; scalars for constants."""
        run = Run(dataset, settle)
        slots: list[ColumnValue | None] = list(self.slots)
        with np.errstate(all="ignore"):
            for call, inputs, slot, dead in self.steps:
                slots[slot] = call(run, *[slots[number] for number in inputs])
                for number in dead:
                    slots[number] = None
        return {**self.known, **{node: _line(slots[line.slot], line.row) for node, line in self.found.items()}}


def _line(value: ColumnValue | None, row: int) -> ColumnValue:
    assert value is not None
    return value if row < 0 else picked(value, row)


def compile_plan(methodology: Methodology, targets: Iterable[Node]) -> Plan:
    """The plan that computes these nodes, and nothing else."""
    wanted = list(dict.fromkeys(targets))
    works = Builder(methodology).build(wanted)
    program = schedule(works)
    known = {node: work.constant for node, work in zip(wanted, works, strict=True) if work.constant is not None}
    found = {node: program.lines[work] for node, work in zip(wanted, works, strict=True) if work.constant is None}
    return Plan(tuple(program.steps), tuple(program.slots), found, known)


def needed(methodology: Methodology, targets: Iterable[Node]) -> Iterable[Node]:
    """Every node that the plan of these targets would compute, each once."""
    return order(methodology, targets)
