"""A plan over more than fits the cache: part after part of whole places, the results put together."""

from __future__ import annotations

from collections.abc import Callable

from engine.columns import Computed, Plan, Settle, joined
from engine.dataset import Dataset
from engine.methodology import Methodology
from engine.partition import Partition

LARGEST = 1_000_000
"""Elements of the longest level in one part. Smaller ones need less memory, and more time: a step costs some microseconds a part."""


def run_in_parts(
    methodology: Methodology, plan: Plan, dataset: Dataset, settle_in: Callable[[Dataset], Settle] | None = None, largest: int = LARGEST
) -> Computed:
    """What ``plan.run`` gives. ``settle_in`` makes, for the data of one part, what is asked where floats cannot tell."""
    partition = None
    if max((table.count for table in dataset.tables.values()), default=0) > largest and divisible(methodology, plan):
        partition = Partition.of(dataset, plan.within, {level.code: level.owner for level in methodology.levels.values() if level.owner})
    if partition is None:
        return plan.run(dataset, None if settle_in is None else settle_in(dataset))
    levels = {line.slot: node.at for node, line in plan.found.items()}
    found, counts = [], []
    for part in partition.parts(largest):
        found.append(plan.run(part, None if settle_in is None else settle_in(part)))
        counts.append([part.count(levels[batch]) for batch in range(len(plan.kept))])
    return joined(found, counts)


def divisible(methodology: Methodology, plan: Plan) -> bool:
    """Cohorts have no table that says how many a part has, so targets have to be at levels."""
    return plan.within != "" and all(node.at in methodology.levels for node in plan.found)
