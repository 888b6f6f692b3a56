"""Constants: what can be computed while the plan is made, with the exact values of the reference."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from engine.columns.work import Work
from engine.formula import scalars
from engine.values import MISSING_REASONS, NOT_ANSWERED, NOT_APPLICABLE, PARTIAL, REASONS, SUBSTITUTED, Scalar, Value

Policy = str | Fraction | None


def known(value: Scalar) -> Value:
    return Value(None, NOT_ANSWERED) if value is None else Value(value)


def found(value: Scalar) -> Value:
    """An entry of a table; not_applicable where there is none."""
    return Value(None, NOT_APPLICABLE) if value is None else Value(value)


def fold(op: str, works: Sequence[Work]) -> Value:
    """An operation on constants."""
    return scalars.fold(op, [work.value for work in works if work.value is not None])


def decided(op: str, works: Sequence[Work]) -> list[Work]:
    """Operands of and / or without the constants that change nothing."""
    neutral = {"and": True, "or": False}.get(op)
    if neutral is None:
        return list(works)
    return [work for work in works if work.value is None or work.value.value is not neutral] or list(works[:1])


def places_of(works: Sequence[Work]) -> int:
    """Second operand of ``round``."""
    if len(works) < 2 or works[1].value is None or not isinstance(works[1].value.value, Fraction):
        return 0
    return int(works[1].value.value)


def settled(policy: Policy, value: Value) -> Value:
    """The rule for missing, on a constant."""
    if policy in (None, "skip") or not (value.bits >= PARTIAL or value.bits & MISSING_REASONS):
        return value
    reasons = value.bits & REASONS
    return Value(None, reasons) if isinstance(policy, str) else Value(policy, SUBSTITUTED | reasons)


def not_applied(applies: Value, policy: Policy) -> Value:
    """A quantity whose condition is a constant that is not true."""
    return settled(policy, applies) if applies.absent else Value(None, NOT_APPLICABLE)
