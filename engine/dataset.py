"""Answers as arrays: one table a level, missing bits, index arrays to the places above. No names, no objects, no clock.

Shapes: a table of level L with n places holds arrays of length n. Encodings by field type: integer int64 (or a smaller signed or
unsigned integer type), decimal integers over one common ``scale`` (12.50 → 1250 with scale 100), boolean uint8 0/1, choice unsigned
index into the pinned order of its list, multi-choice uint64 bit set in that order, text int32 index into ``vocabulary``, date int32
proleptic day number. Where a value is absent the array holds 0 and ``bits`` the reason (``engine.values``); ``bits`` None: all known.
Last year's numbers may be beyond 64 bits: then the array holds Python integers.

Rows of a table (the level below its owner) lie together, in the order of their owners. A column that is not there at all is missing,
not_collected, everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.formula.tree import Kind
from engine.levels import Topology
from engine.values import NOT_COLLECTED, Number, Scalar, is_absent

IntArray = NDArray[np.int32]
WORDED = frozenset(("text", "choice", "boolean", "multichoice"))


@dataclass(slots=True)
class ColumnData:
    """Values of one column. ``denominators`` (one a value) replaces ``scale`` where values are general fractions."""

    values: NDArray[Any]
    bits: NDArray[np.uint8] | None = None
    scale: int = 1
    denominators: NDArray[Any] | None = None
    vocabulary: Sequence[str] | None = None


@dataclass(slots=True, repr=False)
class Table:
    """All places of one level. ``parents``: index of the place directly above for each declared parent, -1 for none.

    ``received`` (row tables only, by place of the owner): whether the document with the rows has come; None: all have.
    """

    level: str
    count: int
    keys: Sequence[str] = ()
    parents: dict[str, IntArray] = field(default_factory=dict)
    columns: dict[str, ColumnData] = field(default_factory=dict)
    received: NDArray[np.bool_] | None = None


class RowNumbers(Sequence[str]):
    """The keys of rows: their number within their table, counted when asked for."""

    def __init__(self, sizes: NDArray[np.int64]) -> None:
        self._ends = np.cumsum(sizes)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        table = int(np.searchsorted(self._ends, place, "right"))
        return str(place - (int(self._ends[table - 1]) if table else 0) + 1)


@dataclass(frozen=True, slots=True)
class Before:
    """Where last year's values come from. ``period`` names that year; ``breaks``: the (level, name) whose series broke since then."""

    period: str = ""
    breaks: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True, repr=False)
class Dataset:
    """Tables of all levels, linked. Cohorts are formed by the evaluators, since they depend on values."""

    topology: Topology
    tables: dict[str, Table]
    before: Before = Before()
    _links: dict[tuple[str, str], IntArray | None] = field(default_factory=dict)

    def count(self, level: str) -> int:
        table = self.tables.get(level)
        return table.count if table else 0

    def link(self, lower: str, upper: str) -> IntArray | None:
        """Index of each ``lower`` place's ancestor at level ``upper`` (-1: none); None when both are the same level.

        Only for levels; steps into cohorts belong to the evaluator.
        """
        if lower == upper:
            return None
        key = (lower, upper)
        if key not in self._links:
            steps = self.topology.path(lower, upper)
            if not steps:
                raise KeyError(f"{upper} is not above {lower}")
            index = self.tables[lower].parents[steps[0][1]]
            for step in steps[1:]:
                index = compose(index, self.tables[step[0]].parents[step[1]])
            self._links[key] = index
        return self._links[key]

    def path(self, level: str, place: int) -> str:
        """The key of a place after the keys of those that it lies in, by the first way up: F1/A/t3."""
        keys: list[str] = []
        while place >= 0:
            table = self.tables[level]
            keys.insert(0, table.keys[place])
            if not table.parents:
                break
            level, index = next(iter(table.parents.items()))
            place = int(index[place])
        return "/".join(key for key in keys if key)

    def cell(self, level: str, name: str, place: int, kind: Kind, codes: Sequence[str] = ()) -> tuple[Scalar, int]:
        """(one value, decoded and exact; its bits). ``codes``: the list of a choice column, in its pinned order."""
        column = self.tables[level].columns.get(name)
        if column is None:
            return None, NOT_COLLECTED
        bits = 0 if column.bits is None else column.bits.item(place)
        return (None if is_absent(bits) else decode(column, place, kind, codes)), bits

    def flag(self, level: str, name: str, place: int) -> bool:
        """A built-in yes/no of a place; what is not given is no."""
        column = self.tables[level].columns.get(name)
        if column is None or (column.bits is not None and is_absent(int(column.bits[place]))):
            return False
        return bool(column.values[place])


def decode(column: ColumnData, place: int, kind: Kind, codes: Sequence[str]) -> Scalar:
    """The exact value behind one element of a column."""
    raw: int = column.values.item(place)
    if kind.name not in WORDED:
        below = column.scale if column.denominators is None else column.denominators.item(place)
        return Number(raw) if below == 1 else Number(raw, below)
    if column.vocabulary is not None:
        return column.vocabulary[raw]
    if kind.name == "choice":
        return codes[raw]
    return bool(raw) if kind.name == "boolean" else int(raw)


def compose(first: IntArray, second: IntArray) -> IntArray:
    """``second[first]`` where -1 (no place) stays -1."""
    if len(second) == 0:
        return np.full(len(first), -1, np.int32)
    return np.where(first >= 0, second[first], np.int32(-1)).astype(np.int32, copy=False)


def follow(tables: Mapping[str, Table], topology: Topology, way: tuple[str, str], index: IntArray) -> IntArray:
    """Places of the lower level of ``way`` become those above them at its upper level; -1 where there is none, or no way up."""
    steps = topology.path(*way)
    if steps is None:
        return np.full(len(index), -1, np.int32)
    for lower, upper in steps:
        index = compose(index, tables[lower].parents[upper])
    return index
