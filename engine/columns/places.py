"""Who lies where: links upwards and groupings of members. Built once a run, from index arrays.

A *link* gives for each lower place the index of the one above it, with the bits of a look-up where there is none. A *grouping* is the same
seen from above: members in an order in which those of one place lie together, so that ``reduceat`` can add them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from engine.columns.settling import Run, Task
from engine.columns.value import FEW, Array, Bits, ColumnValue, anywhere, either, everywhere, flag, smallest, spread
from engine.values import NOT_ANSWERED, NOT_APPLICABLE

FIRST = np.zeros(1, np.intp)


class Link:
    """``raw``: index of the place above (-1: none). ``index``: the same for taking, 0 where there is none. ``lost``: bits there."""

    __slots__ = ("count", "index", "lost", "raw")

    def __init__(self, raw: Array, count: int, lost: Bits | None) -> None:
        self.raw = raw
        self.count = count
        self.lost = lost
        self.index = raw if lost is None else np.maximum(raw, 0)


class RowLink(Link):
    """The link of rows to their owners: rows lie together in the order of their owners, every row has one."""

    __slots__ = ("sizes",)

    def __init__(self, raw: Array, count: int) -> None:
        super().__init__(raw, count, None)
        changes = (raw[1:] != raw[:-1]).nonzero()[0] + 1
        edges = np.concatenate((FIRST, changes, [len(raw)] if len(raw) else changes))
        starts = edges[:-1]
        owners = raw[starts]
        if len(raw) and (owners[0] < 0 or anywhere(owners[1:] < owners[:-1])):
            raise ValueError("rows have to lie in the order of their owners")
        self.sizes = np.zeros(count, np.intp)
        self.sizes[owners] = edges[1:] - starts


def level_link(task: Task, run: Run) -> Link:
    """One step between two declared levels."""
    lower, upper, rows = task.fixed
    raw = run.dataset.tables[lower].parents[upper]
    count = run.dataset.count(upper)
    if rows:
        return RowLink(raw, count)
    return linked(raw.astype(np.intp), count, NOT_ANSWERED)


def linked(raw: Array, count: int, bits: int) -> Link:
    nowhere = raw < 0
    return Link(raw, count, flag(nowhere, bits) if anywhere(nowhere) else None)


def composed(task: Task, run: Run, first: Link, rest: Link) -> Link:
    """Two links one after the other; the first that is broken decides what a look-up gives."""
    if first.lost is None and rest.lost is None:
        return Link(rest.raw[first.raw], rest.count, None)
    if len(rest.raw) == 0:
        return Link(np.full(len(first.raw), -1, np.intp), rest.count, first.lost)
    raw = rest.raw[first.index]
    lost = np.zeros(len(raw), np.uint8) if rest.lost is None else rest.lost[first.index]
    if first.lost is not None:
        raw = either(first.lost != 0, -1, raw)
        lost = either(first.lost != 0, first.lost, lost)
    return Link(raw, rest.count, lost if anywhere(lost) else None)


class Grouping:
    """Members by place. ``order``: members so that those of one place lie together (None: they do); ``sizes``: how many each has."""

    __slots__ = ("below", "count", "filled", "largest", "order", "raw", "sizes", "starts")

    def __init__(self, link: Link) -> None:
        raw = self.raw = link.raw
        self.count = link.count
        self.below = len(raw)
        self.order: Array | None = None
        if isinstance(link, RowLink):
            self.sizes = link.sizes
        else:
            inside = raw if link.lost is None else raw[link.lost == 0]
            self.sizes = np.bincount(inside, minlength=self.count)
            if link.lost is not None or anywhere(raw[1:] < raw[:-1]):
                self.order = _sorting(raw, self.count)[len(raw) - len(inside) :]
        self.filled: Array | None = None
        starts = np.add.accumulate(self.sizes) - self.sizes
        if not everywhere(self.sizes):
            self.filled = self.sizes.nonzero()[0]
            starts = starts[self.filled]
        self.starts = starts
        self.sizes = self.sizes.astype(np.int32)
        self.largest = int(np.maximum.reduce(self.sizes, initial=0))

    def reduce(self, ufunc: np.ufunc, values: Array, dtype: Any = None) -> Array:
        """``ufunc`` over the members of each place; 0 where there are none. The places become the last axis."""
        values = spread(values, self.below)
        if self.filled is not None and len(self.filled) == 0:
            return np.zeros((*values.shape[:-1], self.count), dtype or values.dtype)
        together = values if self.order is None else values.take(self.order, -1)
        found = ufunc.reduceat(together, self.starts, -1, dtype)
        if self.filled is None:
            return found
        return self.placed(found, 0)

    def sum(self, values: Array, dtype: Any) -> Array:
        """Sums of whole numbers over the members of each place. Running sums may wrap around: their differences do not."""
        if values.size <= FEW:
            return self.reduce(np.add, values, dtype)
        values = spread(values, self.below)
        together = values if self.order is None else values.take(self.order, -1)
        ends = self.starts + (self.sizes if self.filled is None else self.sizes[self.filled]) - 1
        running = np.cumsum(together, -1, dtype).take(ends, -1)
        found = running.copy()
        np.subtract(running[..., 1:], running[..., :-1], out=found[..., 1:])
        return found if self.filled is None else self.placed(found, 0)

    def leave_out(self, members: Array, counts: Array) -> None:
        """Take some members off the counts of their places."""
        above = self.raw[members]
        np.subtract.at(counts, above if self.order is None else above[above >= 0], np.int32(1))

    def chunks(self, largest: int) -> Iterator[tuple[int, int, int, int]]:
        """(first and last of the places that have members, where their members begin and end) of about ``largest`` members a time."""
        first, many = 0, len(self.starts)
        total = self.below if self.order is None else len(self.order)
        while first < many:
            last = max(int(np.searchsorted(self.starts, self.starts[first] + largest)), first + 1)
            end = int(self.starts[last]) if last < many else total
            yield first, last, int(self.starts[first]), end
            first = last

    def placed(self, found: Array, empty: int) -> Array:
        """Results of the places that have members, among those of all places."""
        made = np.full((*found.shape[:-1], self.count), empty, found.dtype)
        made[..., self.filled] = found
        return made


def _sorting(raw: Array, count: int) -> Array:
    """Stable order of small whole numbers from -1 on; those of 16 bits are sorted without comparing."""
    return np.argsort((raw + 1).astype(np.uint16) if count < 1 << 16 else raw, kind="stable")


def grouping(task: Task, run: Run, link: Link) -> Grouping:
    return Grouping(link)


# ---- look-ups ------------------------------------------------------------------------------------------------


def lifted(task: Task, run: Run, link: Link, value: ColumnValue) -> ColumnValue:
    """The value above, for each place below. ``task.fixed[0]``: True for booleans, which have to be False where nothing is found."""
    take = _taker(link)
    bits, seen = value.bits, value.seen
    bits = None if bits is None else take(bits)
    values = take(_narrow(value) if isinstance(link, RowLink) else value.values)
    if link.lost is not None:
        bits, seen = _with_lost(bits, seen, link.lost)
        if task.fixed[0]:
            values = values & (link.lost == 0)
    made = ColumnValue(values, bits, seen, take(value.den), value.low, value.high, value.below, value.exact, value.err, value.vocabulary)
    if link.count == 0:
        made.den, made.low, made.high = None if made.den is None else 1, min(made.low, 0), max(made.high, 0)
    return made


def _narrow(value: ColumnValue) -> Any:
    """Whole numbers in as few bytes as hold them: rows are many."""
    values = value.values
    if not value.exact or not isinstance(values, np.ndarray) or values.dtype.kind != "i" or value.vocabulary is not None:
        return values
    return values.astype(smallest(value.low, value.high), copy=False) if value.high > value.low else values


def _with_lost(bits: Any, seen: int, lost: Bits) -> tuple[Bits, int]:
    seen |= NOT_APPLICABLE | NOT_ANSWERED
    return (lost, seen) if bits is None else (either(lost != 0, lost, bits), seen)


def _taker(link: Link) -> Callable[[Any], Any]:
    if link.count == 0:
        below = len(link.raw)
        return lambda part: np.zeros((*part.shape[:-1], below), part.dtype) if _by_place(part, 0) else part
    if isinstance(link, RowLink):
        return lambda part: part.repeat(link.sizes, -1) if _by_place(part, link.count) else part
    return lambda part: part.take(link.index, -1) if _by_place(part, link.count) else part


def _by_place(part: Any, count: int) -> bool:
    return isinstance(part, np.ndarray) and part.ndim > 0 and (part.shape[-1] == count)


def sizes(task: Task, run: Run, members: Grouping) -> ColumnValue:
    """How many members each place has."""
    return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
