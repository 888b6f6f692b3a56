"""From works to a flat list of steps: like works together as the lines of one array, slots freed after their last use.

A step costs some microseconds whatever its size, so works that differ only in what they read are done in one step as soon as all of
them can be (``Line`` says where one of them is then found). Columns of rows are long and never copied into batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from engine.columns import batches
from engine.columns.batches import Rows
from engine.columns.ordering import batched, reachable
from engine.columns.settling import Task
from engine.columns.value import ColumnValue
from engine.columns.work import MASK, NUMBERS, PLACES, PRESENT, Work

APART = 4
"""Works from up to so many different arrays are done apart; measured, see docs/performance.md."""
Step = tuple[partial[Any], tuple[int, ...], int, tuple[int, ...]]
"""(what to call with the run and the inputs, slots of the inputs, slot of the result, slots not needed afterwards)."""


class Line(NamedTuple):
    """Where a work is found: its slot, and its line there (-1: the only one)."""

    slot: int
    row: int


@dataclass(slots=True)
class Program:
    """``slots``: how the slots begin (constants are there from the start). ``steps``: what is done."""

    slots: list[ColumnValue | None] = field(default_factory=lambda: [None])
    steps: list[Step] = field(default_factory=list)
    lines: dict[Work, Line] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    reads: dict[tuple[Any, ...], int] = field(default_factory=dict)
    fixed: set[int] = field(default_factory=lambda: {0})
    bundles: dict[int, dict[Work, int]] = field(default_factory=dict)

    def slot(self, constant: ColumnValue | None = None) -> int:
        self.slots.append(constant)
        return len(self.slots) - 1

    # ---- reading ---------------------------------------------------------------------------------------

    def read(self, works: Sequence[Work | None]) -> int:
        """The slot in which these works are the lines (or the one line, when all are the same)."""
        first = works[0]
        if first is None:
            return 0
        if all(work is not None and work.constant is not None for work in works):
            return self._constants([work for work in works if work is not None])
        lines = [self._line(work) for work in works if work is not None]
        if all(line == lines[0] for line in lines):
            return self._pick(lines[0].slot, lines[0].row if lines[0].row >= 0 else None)
        runs = _runs(lines)
        if len(runs) == 1:
            slot, rows = runs[0]
            return slot if rows == list(range(self.sizes[slot])) else self._pick(slot, compact(rows))
        return self._stack(runs, first.form)

    def _line(self, work: Work) -> Line:
        return Line(self._constants([work]), -1) if work.constant is not None else self.lines[work]

    def _constants(self, works: Sequence[Work], each: bool = False) -> int:
        """One line when all are the same, unless there has to be one for ``each``."""
        keys = [_constant_key(work) for work in works]
        one = not each and all(key == keys[0] for key in keys)
        key = ("constant", keys[0]) if one else ("constants", *keys)
        if key not in self.reads:
            values = [work.constant for work in works if work.constant is not None]
            slot = self.slot(values[0] if one else batches.constants(values))
            self.reads[key] = slot
            self.fixed.add(slot)
        return self.reads[key]

    def _pick(self, slot: int, rows: Rows) -> int:
        if rows is None:
            return slot
        key = ("pick", slot, repr(rows))
        return self._once(key, partial(batches.pick, Task((rows,), ())), (slot,))

    def _stack(self, runs: Sequence[tuple[int, list[int]]], form: str, kernel: Any = batches.stack) -> int:
        rows = tuple(_lines(found) if found[0] >= 0 else None for _, found in runs)
        ends = list(accumulate(len(found) for _, found in runs))
        spans = tuple(slice(end - len(found), end) for end, (_, found) in zip(ends, runs, strict=True))
        slots = tuple(slot for slot, _ in runs)
        key = (kernel, slots, repr(rows), form in (MASK, PRESENT))
        return self._once(key, partial(kernel, Task((rows, spans, form in (MASK, PRESENT)), ())), slots)

    def _once(self, key: tuple[Any, ...], call: partial[Any], inputs: tuple[int, ...]) -> int:
        if key not in self.reads:
            self.reads[key] = self.slot()
            self.steps.append((call, inputs, self.reads[key], ()))
        return self.reads[key]

    def _bundle(self, work: Work) -> int:
        """All inputs of a bundle as lines, even one, or the same one twice; taken out of an earlier bundle that has them all."""
        parts = [part for part in work.inputs if part is not None]
        if all(part.constant is not None for part in parts):
            return self._constants(parts, True)
        for slot, rows in self.bundles.items():
            if all(part in rows for part in parts):
                return self._pick(slot, np.array([rows[part] for part in parts]))
        slot = self._stack(_runs([self._line(part) for part in parts]), work.form, batches.bundle if work.form in NUMBERS else batches.stack)
        self.bundles[slot] = {part: row for row, part in enumerate(parts)}
        return slot

    # ---- doing -----------------------------------------------------------------------------------------

    def do(self, members: Sequence[Work]) -> None:
        """Compute some like works in one step."""
        first = members[0]
        if first.bundle:
            self.lines[first] = Line(self._bundle(first), -1)
            return
        members = self._ordered(members)
        columns = list(zip(*(work.inputs for work in members), strict=True))
        heads = len(columns) - first.lists
        inputs = [self.read(column) for column in columns[:heads]]
        inputs += [self.read([part]) for work in members[: len(members) if first.lists else 0] for part in work.inputs[heads:]]
        slot = self.slot()
        fixed = tuple(work.fixed for work in members) if first.lists else first.fixed
        call = partial(_kernel(first), Task(fixed, tuple(work.node for work in members)))
        self.steps.append((call, tuple(inputs), slot, ()))
        self.sizes[slot] = len(members)
        for row, work in enumerate(members):
            self.lines[work] = Line(slot, row if len(members) > 1 else -1)

    def parts(self, members: Sequence[Work]) -> Sequence[Sequence[Work]]:
        """Like works from few different arrays are better done apart than put under each other first."""
        first = members[0]
        if first.lists or first.bundle or len(members) == 1:
            return [members]
        apart: dict[tuple[int, ...], list[Work]] = {}
        for work in members:
            sources = tuple(self.lines[part].slot if part in self.lines else -1 for part in work.inputs if part is not None)
            apart.setdefault(sources, []).append(work)
        return list(apart.values()) if len(apart) <= APART else [members]

    def _ordered(self, members: Sequence[Work]) -> Sequence[Work]:
        """The order in which the inputs are already lines of few arrays."""
        first = members[0]
        if first.lists or len(members) == 1:
            return members
        orders = [members]
        for number, part in enumerate(first.inputs):
            if part is not None and part.constant is None and part.form != PLACES:
                orders.append(sorted(members, key=lambda work: self.lines[_input(work, number)]))
        return min(orders, key=self._effort)

    def _effort(self, members: Sequence[Work]) -> int:
        """About how much has to be copied to have the inputs of these members as lines."""
        effort = 0
        for column in zip(*(work.inputs for work in members), strict=True):
            works = [work for work in column if work is not None and work.constant is None and work.form != PLACES]
            lines = [self.lines[work] for work in works]
            if lines and any(line != lines[0] for line in lines):
                runs = _runs(lines)
                effort += 4 * (len(runs) - 1) + sum(compact(rows).__class__ is np.ndarray for _, rows in runs)
        return effort

    def free(self, kept: Iterable[int]) -> None:
        """Note after each step what is not needed any more."""
        seen = set(kept) | self.fixed
        for position in range(len(self.steps) - 1, -1, -1):
            call, inputs, slot, _ = self.steps[position]
            dead = tuple({*inputs, slot} - seen)
            seen.update(inputs)
            self.steps[position] = (call, inputs, slot, dead)


def _input(work: Work, number: int) -> Work:
    part = work.inputs[number]
    assert part is not None
    return part


def _kernel(work: Work) -> Any:
    assert work.kernel is not None
    return work.kernel


def _constant_key(work: Work) -> tuple[Any, ...]:
    value = work.constant
    assert value is not None
    bits = None if value.bits is None else value.bits.tobytes()
    return (work.form, type(value.values), value.values, value.den, bits, value.vocabulary)


def _runs(lines: Sequence[Line]) -> list[tuple[int, list[int]]]:
    """Lines that follow each other in one slot, together."""
    runs: list[tuple[int, list[int]]] = []
    for line in lines:
        if runs and runs[-1][0] == line.slot and line.row >= 0:
            runs[-1][1].append(line.row)
        else:
            runs.append((line.slot, [line.row]))
    return runs


def compact(rows: list[int]) -> Rows:
    """Numbers of lines in the cheapest form to take them by."""
    if len(rows) == 1:
        return rows[0]
    if rows == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[0] + len(rows))
    return np.array(rows)


def _lines(rows: list[int]) -> Rows:
    """The same as lines of an array with two axes, even when it is one."""
    found = compact(rows)
    return slice(found, found + 1) if isinstance(found, int) else found


def schedule(targets: Sequence[Work]) -> Program:
    """The steps that compute the targets."""
    program = Program()
    for members in batched(reachable(targets)):
        for part in program.parts(members):
            program.do(part)
    program.free(program.lines[work].slot for work in targets if work.constant is None)
    return program
