"""Logic and choice on columns: and, or, not, if, coalesce, missing, how_many, contains, length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns.comparing import one_vocabulary
from engine.columns.missing import absent_only, chosen, kleene, masked, strict, truth, union
from engine.columns.settling import Run, Task
from engine.columns.value import ABSENT, ColumnValue, closed, either, error_of, fit, real, smallest


def every_one(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
    """and: Kleene."""
    flags = operands[0].values
    for value in operands[1:]:
        flags = flags & value.values
    if all(value.bits is None for value in operands):
        return ColumnValue(flags)
    if all(value.seen < ABSENT for value in operands):
        undecided = operands[0].open
        for value in operands[1:]:
            undecided = undecided & value.open
        return ColumnValue(flags, *closed(np.atleast_1d(union([v.bits for v in operands if v.bits is not None]) * undecided)))
    decided = union([masked(~value.values, value.bits, value.seen) for value in operands])
    bits, seen = kleene(operands, decided)
    return ColumnValue(flags, bits, seen)


def at_least_one(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
    """or: Kleene."""
    flags = union([value.values for value in operands])
    bits, seen = kleene(operands, flags)
    return ColumnValue(flags, bits, seen)


def negated(task: Task, run: Run, value: ColumnValue) -> ColumnValue:
    return truth(~value.values, (value.bits, value.seen))


def is_missing(task: Task, run: Run, value: ColumnValue) -> ColumnValue:
    present = value.present
    return ColumnValue(np.zeros(np.shape(value.values), np.bool_) if present is None else ~present)


def how_many(task: Task, run: Run, *claims: ColumnValue) -> ColumnValue:
    bits, seen = strict(*claims)
    dtype = smallest(0, len(claims))
    total = np.asarray(claims[0].values).astype(dtype)
    for claim in claims[1:]:
        total = total + np.asarray(claim.values).astype(dtype)
    return ColumnValue(total, bits, seen, None, 0, len(claims))


def contains(task: Task, run: Run, position: ColumnValue, value: ColumnValue) -> ColumnValue:
    wanted = np.asarray(position.values).astype(np.uint64)
    return truth((value.values >> wanted & np.uint64(1)).astype(np.bool_), strict(position, value))


def length(task: Task, run: Run, value: ColumnValue) -> ColumnValue:
    """Number of codes of a multi-choice, of characters of a text."""
    if value.vocabulary is None:
        return ColumnValue(np.bitwise_count(value.values), value.bits, value.seen, None, 0, 64)
    table = np.array([len(word) for word in value.vocabulary] or [0], np.int64)
    return ColumnValue(table[value.values], value.bits, value.seen, None, 0, int(table.max()))


# ---- one of several values -----------------------------------------------------------------------------------


def if_flags(task: Task, run: Run, condition: ColumnValue, yes: ColumnValue, no: ColumnValue) -> ColumnValue:
    flags = (condition.values & yes.values) | (~condition.values & no.values)
    return truth(flags, chosen(condition, yes, no))


def if_numbers(task: Task, run: Run, condition: ColumnValue, yes: ColumnValue, no: ColumnValue) -> ColumnValue:
    bits, seen = chosen(condition, yes, no)
    return picked(condition.values, yes, no).with_bits(bits, seen)


def if_codes(task: Task, run: Run, condition: ColumnValue, yes: ColumnValue, no: ColumnValue) -> ColumnValue:
    bits, seen = chosen(condition, yes, no)
    yes, no = one_vocabulary(yes, no)
    return ColumnValue(codes_where(condition.values, yes.values, no.values), bits, seen, vocabulary=yes.vocabulary)


def picked(flags: Any, yes: ColumnValue, no: ColumnValue) -> ColumnValue:
    """Numbers of ``yes`` where the flag is set, else of ``no``; bits are left to the caller."""
    if yes.exact and no.exact:
        low, high = min(yes.low, no.low), max(yes.high, no.high)
        if yes.den is None and no.den is None:
            return ColumnValue(_whole_where(flags, yes, no, low, high), low=low, high=high)
        below = max(yes.below, no.below)
        den = either(flags, fit(_den(yes), 1, below), fit(_den(no), 1, below))
        values = either(flags, fit(yes.values, low, high), fit(no.values, low, high))
        return ColumnValue(values, None, 0, den, low, high, below)
    return real(either(flags, yes.approx, no.approx), max(error_of(yes), error_of(no)), None, 0)


def _den(value: ColumnValue) -> Any:
    return 1 if value.den is None else value.den


def _whole_where(flags: Any, yes: ColumnValue, no: ColumnValue, low: int, high: int) -> Any:
    if type(yes.values) is int and type(no.values) is int:
        dtype = smallest(min(low, yes.low - no.high, 0), max(high, yes.high - no.low))
        return np.asarray(flags).astype(dtype) * (yes.values - no.values) + no.values
    return codes_where(flags, fit(yes.values, low, high), fit(no.values, low, high))


def codes_where(flags: Any, yes: Any, no: Any) -> Any:
    """A choice that keeps the type of an array beside a Python integer that fits it."""
    if not isinstance(yes, np.ndarray) and not isinstance(no, np.ndarray):
        return either(flags, yes, no)
    dtype = np.result_type(yes, no)
    return either(flags, np.asarray(yes, dtype), np.asarray(no, dtype))


def coalesce(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
    """The first operand that has a value. ``task.fixed[0]``: what they are (numbers, flags or codes)."""
    form: str = task.fixed[0]
    current = operands[0]
    tried = [current]
    for value in operands[1:]:
        if current.bits is None:
            break
        tried.append(value)
        current = _filled(form, current, value)
    return _all_absent(form, current, tried)


def _filled(form: str, current: ColumnValue, value: ColumnValue) -> ColumnValue:
    keep = current.present
    theirs = np.uint8(0) if value.bits is None else value.bits
    bits, seen = closed(np.asarray(either(keep, current.bits, theirs)))
    if form == "flags":
        return ColumnValue(either(keep, current.values, value.values), bits, seen)
    if form == "numbers":
        return picked(keep, current, value).with_bits(bits, seen)
    current, value = one_vocabulary(current, value)
    return ColumnValue(codes_where(keep, current.values, value.values), bits, seen, vocabulary=current.vocabulary)


def _all_absent(form: str, current: ColumnValue, operands: Sequence[ColumnValue]) -> ColumnValue:
    """Where no operand has a value, the reasons of all of them."""
    if current.bits is None or current.bits.size == 0 or current.seen & (ABSENT - 1) == 0:
        return current
    reasons = union([absent_only(value) for value in operands if value.bits is not None])
    bits, seen = closed(either(absent_only(current) != 0, reasons, current.bits))
    return ColumnValue(current.values, bits, seen) if form == "flags" else current.with_bits(bits, seen)
