"""Columns as they are published: numbers rounded once, bits, bands. Columns of one batch with the same format are displayed together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import ColumnValue, Computed, bands, display, exact_bands, limits_of
from engine.columns.batches import picked
from engine.columns.schedule import Line, compact
from engine.formula.tree import Node
from engine.methodology import Scale
from engine.reference import Reference
from engine.rounding import band_of, displayed, factor_of
from engine.values import is_absent

Shown = tuple[Node, str]
"""A column and the format it is shown in."""


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Columns of one level that lie in one batch and are shown in one format; ``rows``: their lines there, None for a constant."""

    nodes: tuple[Node, ...]
    format: str
    batch: int
    rows: Any


def families(wanted: Iterable[Shown], lines: Mapping[Node, Line]) -> dict[Shown, tuple[Family, int]]:
    """For each column and format: the family it is displayed with, and its line there."""
    grouped: dict[tuple[int, str], list[Node]] = {}
    alone = []
    for node, format_ in dict.fromkeys(wanted):
        line = lines.get(node)
        if line is None:
            alone.append(Family((node,), format_, -1, None))
        else:
            grouped.setdefault((line.slot, format_), []).append(node)
    for (batch, format_), nodes in grouped.items():
        nodes.sort(key=lambda node: lines[node].row)
        rows = [lines[node].row for node in nodes]
        alone.append(Family(tuple(nodes), format_, batch, compact(rows) if rows[0] >= 0 else None))
    return {(node, family.format): (family, line) for family in alone for line, node in enumerate(family.nodes)}


@dataclass(slots=True)
class Figures:
    """One column as published: ``shown`` displayed integers (value × 10**places), ``bits``; ``exact`` bands where a scale wants these."""

    shown: NDArray[np.int64]
    bits: NDArray[np.uint8]
    places: int
    scale: Scale | None = None
    exact: NDArray[np.uint8] | None = None

    def value(self, place: int) -> Fraction | None:
        """The displayed number of a place; None where there is none."""
        return None if is_absent(self.bits.item(place)) else decimal(self.shown.item(place), self.places)

    @property
    def bands(self) -> NDArray[np.uint8] | None:
        """Index of the band of each place (anything where there is no number); None without a scale."""
        if self.scale is None or self.exact is not None:
            return self.exact
        return bands(self.scale, self.shown, self.places)

    def band(self, place: int) -> str | None:
        """Code of the band of a place that has a number."""
        if self.scale is None:
            return None
        if self.exact is not None:
            return self.scale.bands[self.exact.item(place)].code
        index = bisect_right(limits_of(self.scale, self.places), self.shown.item(place))
        return self.scale.bands[min(index, len(self.scale.bands) - 1)].code


@lru_cache(maxsize=1 << 16)
def decimal(shown: int, places: int) -> Fraction:
    """The number behind a displayed integer. The same few thousand come again and again."""
    return Fraction(shown, 10**places)


@dataclass(slots=True, repr=False)
class Display:
    """Displays what was computed, a family at a time, when one of it is asked for; settles what floats cannot tell."""

    reference: Reference
    computed: Computed
    families: Mapping[Shown, tuple[Family, int]]
    settled: int = 0
    """How many numbers floats could not tell."""
    _done: dict[Family, tuple[Any, Any]] = field(default_factory=dict)

    def figures(self, node: Node, format_: str, scale: Scale | None = None) -> Figures:
        """A column as published."""
        family, line = self.families[node, format_]
        if family not in self._done:
            self._done[family] = self._displayed(family)
        shown, bits = self._done[family]
        places = self.reference.methodology.rounding.places.get(format_, 2)
        exact = self._exact_bands(node, scale, format_) if scale is not None and scale.exact else None
        return Figures(shown[line], bits[line], places, scale, exact)

    def _displayed(self, family: Family) -> tuple[Any, Any]:
        """(displayed integers, bits), each with a line for every column of the family and an element for every place."""
        rounding = self.reference.methodology.rounding
        places, factor = rounding.places.get(family.format, 2), factor_of(family.format)
        value = self._value(family)
        shape = (len(family.nodes), self.reference.dataset.count(family.nodes[0].at))
        shown, near = display(value, places, factor, rounding.mode)
        shown = spread(shown, shape)
        for line, place in at_places(near, shape):
            exact = self._number(family.nodes[line], place)
            if exact is not None:
                shown[line, place] = int(displayed(exact, family.format, rounding) * 10**places)
        return shown, np.zeros(shape, np.uint8) if value.bits is None else spread(value.bits, shape)

    def _value(self, family: Family) -> ColumnValue:
        if family.batch < 0:
            return self.computed[family.nodes[0]]
        batch = self.computed.batches[family.batch]
        return batch if family.rows is None else picked(batch, family.rows)

    def _exact_bands(self, node: Node, scale: Scale, format_: str) -> NDArray[np.uint8]:
        """Bands of the unrounded numbers of a column; those at a hair from an edge are settled."""
        factor, shape = factor_of(format_), (1, self.reference.dataset.count(node.at))
        found, near = exact_bands(scale, self.computed[node], factor)
        indices: NDArray[np.uint8] = spread(found, shape)
        codes = [band.code for band in scale.bands]
        for line, place in at_places(near, shape):
            exact = self._number(node, place)
            if exact is not None:
                indices[line, place] = codes.index(band_of(scale, exact * factor))
        return indices.reshape(-1)

    def _number(self, node: Node, place: int) -> Fraction | None:
        """The exact number of a place; None where there is none."""
        self.settled += 1
        return self.reference.value(node, place).fraction


def spread(values: Any, shape: tuple[int, int]) -> Any:
    """An array of this shape, where one line or one element may stand for all."""
    array = np.asarray(values)
    return array.reshape(shape) if array.size == shape[0] * shape[1] else np.array(np.broadcast_to(array, shape))


def at_places(near: Any, shape: tuple[int, int]) -> Sequence[tuple[int, int]]:
    """(line, place) wherever a mask is set, place by place, so that what one place needs is looked up together."""
    if near is None:
        return ()
    lines, places = np.broadcast_to(near, shape).nonzero()
    order = np.argsort(places, kind="stable")
    return list(zip(lines[order].tolist(), places[order].tolist(), strict=True))
