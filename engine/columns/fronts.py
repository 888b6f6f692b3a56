"""Before members are added up: which of them are usable, which flags are set, and why some are not known.

Each function lives at the level of the members and takes the condition and the value of an aggregate (None: there is none).
A result None says "all of them" (usable) or "nothing" (reasons): the commonest case costs nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.missing import strict
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, ColumnValue, closed, either, everywhere, flag, has_value
from engine.values import MISSING_REASONS, NOT_ANSWERED, NOT_COLLECTED, REASONS

Found = ColumnValue | None
OUTSIDE = REASONS & ~MISSING_REASONS


def usable(task: Task, run: Run, where: Found, value: Found) -> Found:
    """Members that count: the condition is true and there is a value."""
    mask = None if where is None else where.values
    present = None if value is None else value.present
    if present is not None:
        mask = present if mask is None else mask & present
    return None if mask is None else ColumnValue(mask)


def flagged(task: Task, run: Run, where: Found, value: ColumnValue) -> ColumnValue:
    """Members that count and whose value is true."""
    return value if where is None else ColumnValue(where.values & value.values)


def reasons(task: Task, run: Run, where: Found, value: Found) -> Found:
    """For each member that is expected and not known, why."""
    found = found_reasons(where, value)
    if found is None:
        return None
    bits, seen = closed(np.asarray(found))
    return None if bits is None else ColumnValue(bits, high=seen)


def found_reasons(where: Found, value: Found) -> Any:
    """The bits of ``reasons``, None when there are none."""
    return _of_value(value) if where is None else _of_both(where, value)


def _unknown(bits: Any, seen: int) -> Any:
    """Reasons of bits; those of a member that is outside (below NOT_ANSWERED) do not count."""
    if seen < ABSENT:
        return bits * (bits >= NOT_ANSWERED) if seen & OUTSIDE else bits
    return (bits & REASONS) * (bits >= NOT_ANSWERED)


def _of_value(value: Found) -> Any:
    return None if value is None or value.bits is None else _unknown(value.bits, value.seen)


def _of_both(where: ColumnValue, value: Found) -> Any:
    behind = _of_value(value)
    if where.bits is None:
        return None if behind is None else behind * where.values
    if where.seen < ABSENT:
        own = _unknown(where.bits, where.seen)
        return own if behind is None else own | behind * where.values
    absent = ~has_value(where.bits, where.seen)
    through = where.bits & REASONS if value is None else _through(where.bits, value)
    return either(absent, _unknown(where.bits, where.seen), through * where.values)


def _through(bits: Any, value: ColumnValue) -> Any:
    """Of a member whose condition is true, perhaps in part unknown."""
    if value.bits is None:
        return bits & REASONS
    return either(value.present, (bits | value.bits) & REASONS, _unknown(value.bits, value.seen))


def paired(task: Task, run: Run, group: ColumnValue, total: ColumnValue) -> ColumnValue:
    """Bits of a pair of values that are only usable together."""
    bits, seen = strict(group, total)
    return ColumnValue(np.uint8(0), bits, seen)


def documents(task: Task, run: Run) -> Found:
    """For each owner whose rows have not come, not_collected."""
    table = run.dataset.tables.get(task.fixed[0])
    if table is None or table.received is None or everywhere(table.received):
        return None
    return ColumnValue(flag(~table.received.astype(np.bool_), NOT_COLLECTED))
