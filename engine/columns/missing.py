"""How bits meet: the rules for missing of operations, applied to whole arrays. ``engine.formula.scalars`` says the same for one value.

The commonest case, nothing missing anywhere (bits None), is tested first everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.columns.value import ABSENT, Array, Bits, ColumnValue, closed, either, has_value

Met = tuple[Bits | None, int]


def absent_only(value: ColumnValue) -> Any:
    """Bits where there is no value, 0 elsewhere."""
    assert value.bits is not None
    return value.bits if value.seen < ABSENT else value.bits * (value.bits < ABSENT).view(np.uint8)


def union(parts: Sequence[Any]) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = result | part
    return result


def strict(*operands: ColumnValue) -> Met:
    """An absent operand makes the result absent, for the reasons of the absent ones only; else coverage passes on."""
    found = [value for value in operands if value.bits is not None]
    if not found:
        return None, 0
    if len(found) == 1:
        return found[0].bits, found[0].seen
    bits = union([value.bits for value in found])
    seen: int = union([value.seen for value in found])
    if seen >= ABSENT:
        absent = union([absent_only(value) for value in found])
        bits = either(absent != 0, absent, bits)
    return bits, seen


def kleene(operands: Sequence[ColumnValue], decided: Array) -> Met:
    """Where ``decided``, the reasons behind the operands that have values; else absent operands make it absent."""
    found = [value for value in operands if value.bits is not None]
    if not found:
        return None, 0
    absent = union([absent_only(value) for value in found])
    if all(value.seen < ABSENT for value in found):
        return closed(absent * ~decided)
    behind = union([value.bits * has_value(value.bits, value.seen) for value in found if value.bits is not None])
    return closed(either(decided | (absent == 0), behind, absent))


def chosen(condition: ColumnValue, yes: ColumnValue, no: ColumnValue) -> Met:
    """Bits of if(condition, yes, no)."""
    if condition.bits is None and yes.bits is None and no.bits is None:
        return None, 0
    flags = condition.values
    own = None if condition.bits is None else absent_only(condition)
    bits: Any = np.uint8(0) if own is None else own
    if yes.bits is not None:
        bits = bits | yes.bits * flags
    if no.bits is not None:
        bits = bits | no.bits * (~flags if own is None else (own == 0) ^ flags)
    if condition.bits is not None and condition.seen >= ABSENT:
        bits = bits | (condition.bits - absent_only(condition)) * has_value(np.asarray(bits), 255)
    return closed(np.asarray(bits))


def masked(flags: Any, bits: Bits | None, seen: int) -> Any:
    """Booleans made False where there is no value."""
    return flags if bits is None else flags & has_value(bits, seen)


def truth(flags: Any, met: Met) -> ColumnValue:
    """A boolean column of these flags and bits."""
    bits, seen = met
    return ColumnValue(masked(flags, bits, seen), bits, seen)
