"""Levels and cohorts as a graph: who lies above whom, and by which steps one gets there.

A level declares its parents; a cohort lies between the level of its members and the level it is formed in. A *step* is one link
(lower, upper) for which a data set holds an index array; a *path* is a chain of steps.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Step = tuple[str, str]


@dataclass(frozen=True, slots=True)
class DataFile:
    """Where an example or an import keeps the places of a level: a file, a key column, for JSON the name inside the file."""

    file: str
    key: str
    at: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One declared level. ``parents`` maps each parent level to the field that names it (None: everything belongs there)."""

    code: str
    label: Mapping[str, str]
    parents: Mapping[str, str | None]
    data: DataFile | None = None
    has_form: bool = False
    owner: str = ""
    """For rows of a table: the level whose form holds the table; '' for every other level."""


@dataclass(slots=True)
class Topology:
    """The graph of levels and cohorts. ``ups`` maps each name to what lies directly above it, nearest choice first."""

    ups: dict[str, tuple[str, ...]]
    cohort_of: dict[str, str] = field(default_factory=dict)
    cohort_in: dict[str, str] = field(default_factory=dict)
    _paths: dict[str, dict[str, tuple[Step, ...]]] = field(default_factory=dict)

    @classmethod
    def build(cls, levels: Iterable[Level], cohorts: Iterable[tuple[str, str, str]] = ()) -> Topology:
        """``cohorts``: (code, level of its members, level it is formed in)."""
        topology = cls({level.code: tuple(level.parents) for level in levels})
        for code, of, inside in cohorts:
            topology.cohort_of[code], topology.cohort_in[code] = of, inside
            topology.ups[code] = (inside,)
            topology.ups[of] = (*topology.ups.get(of, ()), code)
        return topology

    def __contains__(self, name: str) -> bool:
        return name in self.ups

    def is_cohort(self, name: str) -> bool:
        return name in self.cohort_of

    def path(self, lower: str, upper: str) -> tuple[Step, ...] | None:
        """Shortest chain of links from ``lower`` up to ``upper``; () for itself; None when ``upper`` is not above."""
        if lower not in self._paths:
            self._paths[lower] = self._all_paths(lower)
        return self._paths[lower].get(upper)

    def is_above(self, upper: str, lower: str) -> bool:
        return upper != lower and self.path(lower, upper) is not None

    def lowest(self, names: Iterable[str]) -> str | None:
        """The one of ``names`` from which all the others can be reached upwards; None when there is none."""
        distinct = list(dict.fromkeys(names))
        for candidate in distinct:
            if all(self.path(candidate, other) is not None for other in distinct):
                return candidate
        return None

    def above(self, lower: str) -> list[str]:
        """Everything above ``lower``, nearest first."""
        self.path(lower, lower)
        return [name for name in self._paths[lower] if name != lower]

    def _all_paths(self, start: str) -> dict[str, tuple[Step, ...]]:
        found: dict[str, tuple[Step, ...]] = {start: ()}
        queue = deque([start])
        while queue:
            name = queue.popleft()
            for upper in self.ups.get(name, ()):
                if upper not in found:
                    found[upper] = (*found[name], (name, upper))
                    queue.append(upper)
        # A cohort is a grouping of its members, never a way up to somewhere else: the level it is formed in is reached directly.
        return {name: steps for name, steps in found.items() if all(s[0] not in self.cohort_of or s[0] == start for s in steps)}


def top_down(levels: Mapping[str, Level], topology: Topology) -> list[Level]:
    """Levels so that parents come first."""
    depth = {code: len(topology.above(code)) for code in levels}
    return sorted(levels.values(), key=lambda level: depth[level.code])
