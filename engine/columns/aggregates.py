"""The end of an aggregate: from sums to its value, with the bits of its coverage.

Of ``usable`` members and the reasons of those not known: nothing expected gives 0, false, true or not_applicable; all missing gives
absent with the reasons; some missing gives a partial value.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.missing import Met, masked
from engine.columns.settling import Run, Task
from engine.columns.value import (
    LIMIT,
    ColumnValue,
    anywhere,
    closed,
    either,
    error_of,
    fit,
    flag,
    real,
)
from engine.values import NOT_APPLICABLE, PARTIAL

Found = ColumnValue | None


def coverage(usable: ColumnValue, reasons: Found, nothing: int) -> Met:
    """Bits of a result; ``nothing``: those of a place where nothing is expected."""
    if reasons is None and not nothing:
        return None, 0
    empty = usable.values == 0
    if reasons is None:
        return (flag(empty, nothing), nothing) if anywhere(empty) else (None, 0)
    missed = reasons.values != 0
    bits: Any = reasons.values | flag(missed & ~empty, PARTIAL)
    if nothing:
        bits = bits | flag(empty & ~missed, nothing)
    return closed(bits)


def number(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """count and sum (``task.fixed[0]`` 0), median (not_applicable of nothing)."""
    return value.with_bits(*coverage(usable, reasons, task.fixed[0]))


def ratio(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """avg and share: an exact fraction where the sum is exact."""
    bits, seen = coverage(usable, reasons, NOT_APPLICABLE)
    many = usable.values if bits is None and reasons is None else np.maximum(usable.values, 1)
    if value.exact and usable.high * value.below < LIMIT:
        den = many if value.den is None else fit(many, 1, usable.high * value.below) * value.den
        return ColumnValue(value.values, bits, seen, den, value.low, value.high, max(usable.high, 1) * value.below)
    return real(value.approx / many, error_of(value), bits, seen)


def some(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """any."""
    return ColumnValue(value.values > 0, *coverage(usable, reasons, 0))


def every(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """all."""
    bits, seen = coverage(usable, reasons, 0)
    return ColumnValue(masked(value.values == usable.values, bits, seen), bits, seen)


def indexed(task: Task, run: Run, usable: ColumnValue, value: ColumnValue, reasons: Found) -> ColumnValue:
    """A distribution index: not_applicable where it is not defined, whatever its coverage."""
    bits, seen = coverage(usable, reasons, NOT_APPLICABLE)
    if value.bits is None:
        return value.with_bits(bits, seen)
    if bits is None:
        return value
    undefined = (value.bits != 0) & ((usable.values > 0) | (bits == 0))
    return value.with_bits(*closed(either(undefined, np.uint8(NOT_APPLICABLE), bits)))
