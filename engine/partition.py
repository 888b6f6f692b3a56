"""A data set cut along the places of one level: each part holds some of them whole, with everything inside, as views of the arrays.

This needs places to lie in the order of those above them, as rows do in the order of their owners; ``Partition.of`` says None where
they do not. Levels above, and levels that are not inside the cut one, are the same in every part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData, Dataset, Table

Edges = NDArray[np.intp]


@dataclass(slots=True, repr=False)
class Partition:
    """``edges``: for each level inside the cut one (and itself), where the places of each cut place begin, and where the last ends."""

    dataset: Dataset
    level: str
    edges: dict[str, Edges]
    owners: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Dataset, level: str, owners: dict[str, str]) -> Partition | None:
        """``owners``: levels of rows with the level of their owner. None where places do not lie in order."""
        made = cls(dataset, level, {level: np.arange(dataset.count(level) + 1)}, owners)
        inside = [name for name in dataset.tables if dataset.topology.is_above(level, name)]
        for name in sorted(inside, key=lambda name: name in owners):
            edges = made._edges(name)
            if edges is None:
                return None
            made.edges[name] = edges
        return made if all(made._one_way_up(name) for name in inside if name not in owners) else None

    def _one_way_up(self, name: str) -> bool:
        """True when every parent of a place lies in the same cut place as it does."""
        link = self.dataset.link(name, self.level)
        for above, index in self.dataset.tables[name].parents.items():
            if above in self.edges and above != self.level:
                further = self.dataset.link(above, self.level)
                assert link is not None and further is not None
                there = index >= 0
                if np.count_nonzero(further[index[there]] != link[there]):
                    return False
        return True

    def _edges(self, name: str) -> Edges | None:
        if self.owners.get(name) in self.edges:
            above = self.dataset.tables[name].parents[self.owners[name]]
            return np.searchsorted(above, self.edges[self.owners[name]].astype(above.dtype))
        link = self.dataset.link(name, self.level)
        assert link is not None
        if len(link) and (link[0] < 0 or np.count_nonzero(link[1:] < link[:-1])):
            return None
        return np.searchsorted(link, np.arange(self.dataset.count(self.level) + 1, dtype=link.dtype))

    def part(self, first: int, last: int) -> Dataset:
        """The cut places from ``first`` up to before ``last``, with what lies inside them."""
        spans = {name: slice(int(edges[first]), int(edges[last])) for name, edges in self.edges.items()}
        tables = {name: self._cut(table, spans) if name in spans else table for name, table in self.dataset.tables.items()}
        return Dataset(self.dataset.topology, tables)

    def _cut(self, table: Table, spans: dict[str, slice]) -> Table:
        span = spans[table.level]
        parents = {}
        for name, link in table.parents.items():
            parents[name] = link[span]
            if name in spans and spans[name].start:
                parents[name] = np.where(link[span] < 0, np.int32(-1), link[span] - np.int32(spans[name].start))
        columns = {name: _column(column, span) for name, column in table.columns.items()}
        owned = spans.get(self.owners.get(table.level, ""))
        received = table.received if table.received is None or owned is None else table.received[owned]
        return Table(table.level, span.stop - span.start, table.keys[span], parents, columns, received)

    def parts(self, largest: int) -> Iterator[Dataset]:
        """Parts of whole places that hold up to about ``largest`` elements of the longest level."""
        longest = max(self.edges.values(), key=lambda edges: int(edges[-1]))
        first, count = 0, self.dataset.count(self.level)
        while first < count:
            last = int(np.searchsorted(longest, longest[first] + largest, side="right")) - 1
            last = min(max(last, first + 1), count)
            yield self.part(first, last)
            first = last

    def place_of(self, level: str, place: int) -> tuple[int, int]:
        """(the cut place that a place lies in, its number there)."""
        edges = self.edges[level]
        whole = int(np.searchsorted(edges, place, side="right")) - 1
        return whole, place - int(edges[whole])


def _column(column: ColumnData, span: slice) -> ColumnData:
    bits, below = column.bits, column.denominators
    return ColumnData(
        column.values[span],
        None if bits is None else bits[span],
        column.scale,
        None if below is None else below[span],
        column.vocabulary,
    )
