"""``python -m bench.whole_country``: all 85 indicators over a synthetic country, beside numpy written by hand. Prints JSON.

All times are seconds of processor. Run on its own so that the peak of memory is that of the columns evaluator with its data; the hand-written run
comes after it is read.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import engine
from bench import country, country_by_hand
from bench.timing import PROCESSOR, medians
from engine.columns import Computed, Plan, Settle, compile_plan
from engine.columns.parts import run_in_parts
from engine.dataset import Dataset
from engine.figures import Display, families
from engine.formula.tree import Node
from engine.methodology import Methodology
from engine.reference import Reference
from engine.results import asked_of
from engine.values import PARTIAL, Value

ROOT = Path(__file__).resolve().parent.parent
CLASSES = 145_000


def peak() -> int:
    """Megabytes this process has needed at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def published(methodology: Methodology, plan: Plan, dataset: Dataset, nodes: dict[str, Node]) -> tuple[int, int]:
    """(values displayed, asked of the reference): everything settled, rounded and put in its band."""
    asked: list[int] = []

    def settle_in(part: Dataset) -> Settle:
        inside = Reference(methodology, part)

        def settle(node: Node, place: int) -> Value:
            asked.append(place)
            return inside.value(node, place)

        return settle

    computed = run_in_parts(methodology, plan, dataset, settle_in)
    wanted = [(nodes[code], indicator.format) for code, indicator in methodology.indicators.items()]
    display = Display(Reference(methodology, dataset), computed, families(wanted, plan.found))
    shown = 0
    for code, indicator in methodology.indicators.items():
        figures = display.figures(nodes[code], indicator.format, indicator.scale)
        shown += int(np.count_nonzero((figures.bits == 0) | (figures.bits >= PARTIAL)))
        assert (figures.bands is None) == (indicator.scale is None)
    return shown, len(asked) + display.settled


def differing(computed: Computed, nodes: dict[str, Node], by_hand: dict[str, np.ndarray], count: int) -> Iterable[str]:
    """Indicators that are not the same by hand: values within 1e-9, and missing in the same places."""
    for code, hand in by_hand.items():
        value = computed[nodes[code]]
        found = np.array(np.broadcast_to(value.approx, count), np.float64)
        if value.present is not None:
            found[~value.present] = np.nan
        if not np.allclose(found, hand, rtol=0, atol=1e-9, equal_nan=True):
            yield code


def main() -> None:
    methodology = engine.load_methodology(ROOT / "indicators" / "2025-2026")
    nodes = asked_of(methodology).indicators
    plan = compile_plan(methodology, nodes.values())
    dataset = country.build(methodology, int(sys.argv[1]) if len(sys.argv) > 1 else CLASSES)
    found = {"classes": dataset.count("class"), "rows": dataset.count("pupil"), "MB before": peak()}
    computed = run_in_parts(methodology, plan, dataset)
    seconds = medians({"before": lambda: run_in_parts(methodology, plan, dataset)}, 3, clock=PROCESSOR)["before"]
    start = PROCESSOR()
    shown, settled = published(methodology, plan, dataset, nodes)
    found |= {"seconds more for exact settling": PROCESSOR() - start - seconds, "values displayed": shown, "of them settled": settled}
    found["peak MB"] = peak()
    by_hand = country_by_hand.indicators(methodology, dataset)
    differ = list(differing(computed, nodes, by_hand, dataset.count("unit")))
    assert set(by_hand) == set(nodes) and not differ, f"the two do not compute the same: {differ}"
    works = {
        "hand-written numpy": lambda: country_by_hand.indicators(methodology, dataset),
        "columns": lambda: run_in_parts(methodology, plan, dataset),
    }
    timed = medians(works, 15, clock=PROCESSOR)
    found |= {"seconds": timed, "ratio to hand-written numpy": timed["columns"] / timed["hand-written numpy"]}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
