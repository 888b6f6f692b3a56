"""How things are timed: interleaved rounds, medians, ratios of the same run.

``PROCESSOR`` counts the seconds a processor worked for this process, whatever else the machine does; ``WALL`` what somebody waits.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Work = Callable[[], object]
Clock = Callable[[], float]
WALL: Clock = time.perf_counter
PROCESSOR: Clock = time.process_time


def medians(works: dict[str, Work], rounds: int = 15, repeat: int = 1, clock: Clock = WALL) -> dict[str, float]:
    """Median seconds of one call of each work; the works take turns, so that a slow moment meets all of them."""
    samples: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()
    for _ in range(rounds):
        for name, work in works.items():
            start = clock()
            for _ in range(repeat):
                work()
            samples[name].append((clock() - start) / repeat)
    return {name: statistics.median(values) for name, values in samples.items()}


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
