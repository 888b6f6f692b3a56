"""Differences of worked examples as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def difference_lines(outcome: dict[str, Any]) -> Iterator[str]:
    """A line for each difference of ``engine.run``, or for each problem of an example that cannot be read."""
    for difference in outcome["differences"]:
        for problem in difference.get("problems", ()):
            yield "{file}:{line}:{column}: {code}: {message}".format(**problem)
        if "problems" not in difference:
            yield "{example}: {path}: așteptat {expected}, calculat {got}".format(**difference)
