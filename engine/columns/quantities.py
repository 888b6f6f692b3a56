"""Formula quantities: where they apply, and what becomes of what is missing."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.columns.logic import picked
from engine.columns.missing import Met, masked
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, ColumnValue, closed, either, flag, has_value
from engine.values import NOT_ANSWERED, NOT_APPLICABLE, REASONS, SUBSTITUTED

Found = ColumnValue | None


def quantity(task: Task, run: Run, applies: Found, value: ColumnValue, substitute: Found) -> ColumnValue:
    """``value`` where it applies, by its rule for missing: ``task.fixed`` = (whether 'propagate', whether flags)."""
    propagate, flags = task.fixed
    bits: Any
    bits, seen = (value.bits, value.seen) if applies is None else applied(applies, value)
    if propagate and bits is not None and seen >= ABSENT:
        bits, seen = bits & REASONS, seen & REASONS
    if substitute is not None and bits is not None and seen >= NOT_ANSWERED:
        return _substituted(value, bits, substitute)
    if flags:
        return ColumnValue(masked(value.values, bits, seen), bits, seen)
    return value.with_bits(bits, seen)


def applied(applies: ColumnValue, value: ColumnValue) -> Met:
    """Bits of a value under its condition."""
    flags = applies.values
    if applies.bits is None:
        outside = flag(~flags, NOT_APPLICABLE)
        return closed(np.atleast_1d(outside if value.bits is None else value.bits * flags | outside))
    own: Any = np.uint8(0) if value.bits is None else value.bits
    if applies.seen >= ABSENT:
        own = either(has_value(np.asarray(own), 255), own | applies.bits, own)
    off = either(has_value(applies.bits, applies.seen), np.uint8(NOT_APPLICABLE), applies.bits)
    return closed(either(flags, own, off))


def _substituted(value: ColumnValue, bits: Any, substitute: ColumnValue) -> ColumnValue:
    missing = bits >= NOT_ANSWERED
    left, seen = closed(either(missing, SUBSTITUTED | bits & REASONS, bits))
    return picked(missing, substitute, value).with_bits(left, seen)
