"""The indices of ``engine.indices`` for many places at once, in float64. Same definitions, same degenerate cases.

Shapes: ``group``, ``total`` and ``parent`` have one element a child (parent -1: no place); results have ``size`` elements, one a
place: (values, defined). Counts stay exact (sums below 2**53); values agree with the exact ones to about 1e-12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Children:
    """Children that count (a place, somebody in them): their counts, and those of their places."""

    group: Floats
    total: Floats
    parent: NDArray[np.intp]
    members: Floats
    everyone: Floats
    size: int

    def sum(self, values: Floats) -> Floats:
        return np.bincount(self.parent, values, self.size).astype(np.float64, copy=False)

    def of(self, values: Floats) -> Floats:
        """The value of each child's place."""
        return values[self.parent]


def index_columns(name: str, group: NDArray[Any], total: NDArray[Any], parent: NDArray[Any], size: int) -> tuple[Floats, NDArray[np.bool_]]:
    """The index called ``name`` for every place. Raises ``KeyError`` for an unknown name."""
    counts = (parent >= 0) & (total > 0)
    if np.count_nonzero(counts) < len(counts):
        group, total, parent = group[counts], total[counts], parent[counts]
    inside = parent.astype(np.intp, copy=False)
    own, everybody = group.astype(float), total.astype(float)
    members, everyone = (np.bincount(inside, counted, size).astype(float, copy=False) for counted in (own, everybody))
    defined = members > 0
    wrong = (parent >= 0) & ((group < 0) | (group > total))
    defined[parent[wrong].astype(np.intp)] = False
    if name != "isolation":
        defined &= members < everyone
    with np.errstate(divide="ignore", invalid="ignore"):
        values = INDICES[name](Children(own, everybody, inside, members, everyone, size))
    return np.where(defined, values, 0.0), defined


def dissimilarity(c: Children) -> Floats:
    others = c.everyone - c.members
    return c.sum(np.abs(c.group * c.of(others) - (c.total - c.group) * c.of(c.members))) / (2 * c.members * others)


def gini(c: Children) -> Floats:
    order = np.lexsort((c.group / c.total, c.parent))
    parent, group, total = c.parent[order], c.group[order], c.total[order]
    below = [np.cumsum(values) - values for values in (group, total)]
    first = np.zeros(c.size, np.intp)
    starts = np.flatnonzero(np.r_[True, parent[1:] != parent[:-1]]) if len(parent) else np.zeros(0, np.intp)
    first[parent[starts]] = starts
    group_below, total_below = (values - values[first[parent]] for values in below)
    double = np.bincount(parent, group * total_below - total * group_below, c.size)
    return double / (c.members * (c.everyone - c.members))


def _entropy(share: Floats) -> Floats:
    inside = np.clip(share, 1e-300, 1 - 2.0**-53)
    return -(share * np.log(inside) + (1 - share) * np.log1p(-inside))


def theil_h(c: Children) -> Floats:
    whole = _entropy(c.members / c.everyone)
    return np.clip(1 - c.sum(c.total * _entropy(c.group / c.total)) / (c.everyone * whole), 0, 1)


def isolation(c: Children) -> Floats:
    return c.sum(c.group * c.group / c.total) / c.members


def interaction(c: Children) -> Floats:
    return 1 - isolation(c)


def eta2(c: Children) -> Floats:
    share = c.members / c.everyone
    return (isolation(c) - share) / (1 - share)


def hutchens(c: Children) -> Floats:
    product = c.group * (c.total - c.group) / c.of(c.members * (c.everyone - c.members))
    return np.clip(1 - c.sum(np.sqrt(product)), 0, 1)


def max_deviation(c: Children) -> Floats:
    largest = np.zeros(c.size)
    np.maximum.at(largest, c.parent, np.abs(c.group / c.total - c.of(c.members / c.everyone)))
    return largest


INDICES: dict[str, Callable[[Children], Floats]] = {
    function.__name__: function for function in (dissimilarity, gini, theil_h, isolation, interaction, eta2, hutchens, max_deviation)
}
