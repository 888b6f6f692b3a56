"""Why members are not known, brought up to the places they lie in: bits of reasons, joined. Mostly there are few.

A *line* is a condition and a value whose absence leaves members unknown. Parts of the lines of rows have one element a row, or one an
owner when they are the same for all its rows (``task.fixed`` says which, line by line); None: no such part.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns import fronts
from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, FEW, Array, ColumnValue, anywhere, everywhere, spread
from engine.values import REASONS

Found = ColumnValue | None
Dense = list[tuple[int, Array]]
SHIFT = np.uint8(16)
SELDOM_ABOVE = 24
"""Lines above the rows in which fewer than one member in so many has any are joined by position."""


def of_rows(task: Task, run: Run, members: Grouping, *parts: Found) -> Found:
    """Why rows of each owner are not known: one line for each (condition, value)."""
    many = len(parts) // 2
    made = np.zeros((many, members.count), np.uint8)
    lines = Lines(run, members, made)
    for line, (owned, where, value) in enumerate(zip(task.fixed, parts[::2], parts[1::2], strict=True)):
        if (where is not None and where.bits is not None) or (value is not None and value.bits is not None):
            lines.add(line, owned, where, value)
    lines.close()
    return ColumnValue(made if many > 1 else made[0]) if anywhere(made) else None


class Lines:
    """Lines of rows on their way into ``made``, (lines, owners)."""

    __slots__ = ("dense", "made", "members", "run", "some")

    def __init__(self, run: Run, members: Grouping, made: Array) -> None:
        self.run = run
        self.members = members
        self.made = made
        self.dense: Dense = []
        self.some: dict[int, Array] = {}

    def add(self, line: int, owned: Sequence[bool], where: Found, value: Found) -> None:
        """By owner where a part is the same for all rows of an owner; else by position where few rows are unknown; else row by row."""
        where_owned, value_owned = where is None or owned[0], value is None or owned[1]
        if where_owned and value_owned:
            found = fronts.found_reasons(where, value)
            if found is not None:
                self.made[line] |= found * (self.members.sizes > 0)
        elif where is None or value is None or (where_owned == value_owned) or where.seen >= ABSENT:
            self._row_by_row(line, self._by_row(where, where_owned), self._by_row(value, value_owned))
        elif where_owned:
            self._owned_condition(line, where, value)
        else:
            self._owned_value(line, where, value)

    def _owned_condition(self, line: int, where: ColumnValue, value: ColumnValue) -> None:
        """Rows of an owner whose condition is true are unknown for their value; all its rows where the condition is."""
        if value.bits is not None:
            self._row_by_row(line, None, self._by_row(value, False), where.values)
        if where.bits is not None:
            self.made[line] |= _of(where) * (self.members.sizes > 0)

    def _owned_value(self, line: int, where: ColumnValue, value: ColumnValue) -> None:
        """Owners that have a row whose condition is true are unknown for their value."""
        if where.bits is not None:
            self._row_by_row(line, self._by_row(where, False), None)
        if value.bits is not None:
            some = self.some.get(id(where.values))
            if some is None:
                flags = spread(where.values, self.members.below).view(np.uint8)
                some = self.some[id(where.values)] = self.members.reduce(np.bitwise_or, flags)
            self.made[line] |= _of(value) * some

    def _by_row(self, part: Found, owned: bool) -> Found:
        """A part with one element a row."""
        if part is None or not owned:
            return part
        values, bits = part.values, part.bits
        sizes, count = self.members.sizes, self.members.count
        return ColumnValue(spread(values, count).repeat(sizes), None if bits is None else spread(bits, count).repeat(sizes), part.seen)

    def _row_by_row(self, line: int, where: Found, value: Found, factor: Any = None) -> None:
        places = self._few(where, value)
        if places is None:
            found = fronts.found_reasons(where, value)
            if found is not None:
                found = spread(found, self.members.below)
                self.dense.append((line, found if factor is None else found * spread(factor, self.members.count).repeat(self.members.sizes)))
        elif len(places):
            found = fronts.found_reasons(self._at(where, places), self._at(value, places))
            if found is not None:
                into = self.made[line] if factor is None else np.zeros(self.members.count, np.uint8)
                mark(into, self.members, places, found)
                if factor is not None:
                    self.made[line] |= into * factor

    def _few(self, *parts: Found) -> Array | None:
        """Where any of the bits of the parts are set; None when these are many, or when all rows are few."""
        if self.members.below <= FEW:
            return None
        found = [self.run.gaps(spread(part.bits, self.members.below)) for part in parts if part is not None and part.bits is not None]
        some = [places for places in found if places is not None]
        return None if len(some) < len(found) else some[0] if len(some) == 1 else np.concatenate(some)

    def _at(self, part: Found, places: Array) -> Found:
        if part is None:
            return None
        below = self.members.below
        return ColumnValue(spread(part.values, below)[places], None if part.bits is None else spread(part.bits, below)[places], part.seen)

    def close(self) -> None:
        """The lines that were kept row by row. Reasons are four bits, so two lines go through in one byte."""
        if self.dense and self.members.below <= FEW:
            together = np.concatenate([found for _, found in self.dense]).reshape(len(self.dense), -1)
            self.made[[line for line, _ in self.dense]] |= self.members.reduce(np.bitwise_or, together)
            return
        for start in range(0, len(self.dense), 2):
            (line, found), *second = self.dense[start : start + 2]
            for _, other in second:
                found = found | other * SHIFT
            met = self.members.reduce(np.bitwise_or, found)
            self.made[line] |= met & REASONS
            for other_line, _ in second:
                self.made[other_line] |= met >> 4


def _of(part: ColumnValue) -> Any:
    """Reasons of members that count but for this part."""
    return fronts.found_reasons(None, part)


def mark(into: Array, members: Grouping, places: Array, bits: Array) -> None:
    """Join the bits of some members to those of the places they lie in."""
    above = members.raw[places]
    if members.order is not None:
        bits, above = bits[above >= 0], above[above >= 0]
    for bit in (1, 2, 4, 8):
        into[above[bits & bit != 0]] |= bit


# ---- above the rows ----------------------------------------------------------------------------------------------


def above(task: Task, run: Run, members: Grouping, found: Found, late: Found) -> Found:
    """Reasons met among the members of each place, and those of ``late``, which are there already."""
    if found is None:
        return late
    bits = found.values
    if bits.shape[-1] <= FEW:
        made = members.reduce(np.bitwise_or, bits)
    else:
        made = _line_by_line(members, bits.reshape(-1, bits.shape[-1])).reshape((*bits.shape[:-1], -1))
    return ColumnValue(made if late is None else made | late.values)


def _line_by_line(members: Grouping, lines: Array) -> Array:
    """Lines in which few members have any by position, the others member by member."""
    here = lines != 0
    many = np.array([np.count_nonzero(line) for line in here])
    seldom = many * SELDOM_ABOVE <= lines.shape[1]
    made = np.zeros((len(lines), members.count), np.uint8)
    if not everywhere(seldom):
        often = (~seldom).nonzero()[0]
        made[often] = members.reduce(np.bitwise_or, lines[often])
    for line in (seldom & (many > 0)).nonzero()[0]:
        places = here[line].nonzero()[0]
        mark(made[line], members, places, lines[line, places])
    return made


def joined(task: Task, run: Run, one: Found, two: Found) -> Found:
    """Reasons of either."""
    if one is None or two is None:
        return one or two
    return ColumnValue(one.values | two.values)
