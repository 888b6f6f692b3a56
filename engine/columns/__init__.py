"""The columns evaluator: typed trees over whole levels at once, in numpy. It means what ``engine.reference`` means.

``compile_plan(methodology, targets)`` turns what is asked for into a flat list of steps, once; ``Plan.run(dataset, settle)`` computes it
for one place or for a whole country (in parts that hold whole places of the highest level a formula looks at, ``Plan.within``). Plans
keep no state: they may run in several threads. ``settle(node, place)`` is asked where floats cannot tell; without it floats decide.

==============  ==========================================================
value           what a column is, and the bounds that keep integers exact
missing         how bits of missing meet
arithmetic …    kernels: comparing, logic, rounding, tables, quantities, pools, ranking
places, forming links, groupings; cohorts
fronts, rows, totals, extremes, unknown, aggregates   members → sums, extremes, reasons → results
lowering, above, summing, pooling, folding, operations, work   from trees to works
ordering, schedule, batches   from works to steps
computed        what a plan gives, and how parts are put together
==============  ==========================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from engine.columns.batches import Rows, picked
from engine.columns.computed import Computed, joined
from engine.columns.lowering import Builder, highest, order
from engine.columns.rounding import bands, display, exact_bands, limits_of
from engine.columns.schedule import Line, Program, compact, schedule
from engine.columns.settling import Run, Settle
from engine.columns.value import ColumnValue
from engine.columns.work import Work
from engine.dataset import Dataset
from engine.formula.tree import Node
from engine.methodology import Methodology

__all__ = ["ColumnValue", "Computed", "Line", "Plan", "Settle", "bands", "compile_plan", "display", "exact_bands", "joined", "limits_of", "needed"]

Call = Callable[..., Any]
Inputs = Callable[[list[ColumnValue | None]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A flat list of steps over numbered slots. ``kept``: what is given of which slots; ``found``: where each target is among these;
    ``known``: targets that are constants. ``within``: everything lies inside single places of this level ('': of none)."""

    steps: tuple[tuple[Call, Inputs, int, tuple[int, ...]], ...]
    slots: tuple[ColumnValue | None, ...]
    kept: tuple[tuple[int, Rows], ...]
    found: Mapping[Node, Line]
    known: Mapping[Node, ColumnValue]
    within: str

    def run(self, dataset: Dataset, settle: Settle | None = None) -> Computed:
        """The values of the targets over all places of their levels; scalars for constants."""
        run = Run(dataset, settle)
        slots: list[ColumnValue | None] = list(self.slots)
        with np.errstate(all="ignore"):
            for call, inputs, slot, dead in self.steps:
                slots[slot] = call(run, *inputs(slots))
                for number in dead:
                    slots[number] = None
        return Computed([_kept(slots[slot], rows) for slot, rows in self.kept], self.found, self.known)


def _kept(value: ColumnValue | None, rows: Rows) -> ColumnValue:
    assert value is not None
    return value if rows is None else picked(value, rows)


def compile_plan(methodology: Methodology, targets: Iterable[Node]) -> Plan:
    """The plan that computes these nodes, and nothing else."""
    wanted = list(dict.fromkeys(targets))
    works = dict(zip(wanted, Builder(methodology).build(wanted), strict=True))
    program = schedule(list(works.values()))
    steps = tuple((call, _inputs(slots), slot, dead) for call, slots, slot, dead in program.steps)
    kept, found = _kept_lines(program, {node: work for node, work in works.items() if work.constant is None})
    known = {node: work.constant for node, work in works.items() if work.constant is not None}
    return Plan(steps, tuple(program.slots), kept, found, known, highest(methodology, wanted))


def _kept_lines(program: Program, works: Mapping[Node, Work]) -> tuple[tuple[tuple[int, Rows], ...], dict[Node, Line]]:
    """(the lines of each slot that somebody asked for, where each node is among these)."""
    lines = {node: program.lines[work] for node, work in works.items()}
    wanted: dict[int, list[int]] = {}
    for line in sorted(set(lines.values())):
        wanted.setdefault(line.slot, []).append(line.row)
    kept = tuple((slot, compact(rows) if rows[0] >= 0 and len(rows) < program.sizes[slot] else None) for slot, rows in wanted.items())
    order = {slot: number for number, slot in enumerate(wanted)}
    found = {}
    for node, line in lines.items():
        rows = wanted[line.slot]
        found[node] = Line(order[line.slot], rows.index(line.row) if len(rows) > 1 else -1)
    return kept, found


def _inputs(slots: tuple[int, ...]) -> Inputs:
    """What takes the inputs of a step out of all slots."""
    return itemgetter(*slots) if len(slots) > 1 else itemgetter(slice(slots[0], slots[0] + 1) if slots else slice(0))


def needed(methodology: Methodology, targets: Iterable[Node]) -> Iterable[Node]:
    """Every node that the plan of these targets would compute, each once."""
    return order(methodology, targets)
