"""What every operation means on exact values: the arithmetic of the language, with its rule for missing.

Pure functions from ``Value`` to ``Value``. An absent operand makes the result absent (with the reasons of the absent operands only);
incomplete coverage passes on. ``and``, ``or``, ``if``, ``coalesce`` and ``missing`` have rules of their own.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from engine.values import NOT_ANSWERED, ZERO_DENOMINATOR, Scalar, Value

ABSENT_NULL = Value(None, NOT_ANSWERED)


def least_coverage(values: Sequence[Value]) -> tuple[int, int]:
    """(known, expected) of the least covered of these values; (0, 0) where none has a coverage."""
    covered = [(value.known, value.expected) for value in values if value.expected]
    return min(covered, key=lambda pair: Fraction(pair[0], pair[1]), default=(0, 0))


def absent_from(operands: Sequence[Value]) -> Value | None:
    """The absent result that absent operands cause, None when all have values."""
    bits = 0
    for value in operands:
        if value.absent:
            bits |= value.bits
    return Value(None, bits, *least_coverage(operands)) if bits else None


def combine(result: Scalar, operands: Sequence[Value]) -> Value:
    """A known result that carries the incomplete coverage of its operands."""
    bits = 0
    for value in operands:
        bits |= value.bits
    return Value(result, bits, *least_coverage(operands))


def _divide(left: Any, right: Any) -> Fraction | None:
    return Fraction(left) / right if right else None


def _round(number: Fraction, places: Fraction = Fraction(0)) -> Fraction:
    return round_half_away(number, int(places))


def round_half_away(number: Fraction, places: int) -> Fraction:
    """Rounded once, ties away from zero. Exact."""
    scale = Fraction(10) ** places
    doubled = abs(number) * scale * 2
    whole = (doubled.numerator // doubled.denominator + 1) // 2
    return (whole if number >= 0 else -whole) / scale


def _contains(position: Fraction, chosen: int) -> bool:
    return bool(chosen >> int(position) & 1)


STRICT: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "neg": operator.neg,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "not": operator.not_,
    "in": lambda value, *options: value in options,
    "contains": _contains,
    "abs": abs,
    "round": _round,
    "floor": lambda number: Fraction(number.numerator // number.denominator),
    "ceil": lambda number: Fraction(-(-number.numerator // number.denominator)),
    "length": lambda value: Fraction(value.bit_count() if isinstance(value, int) else len(value)),
    "between": lambda number, low, high: low <= number <= high,
    "how_many": lambda *claims: Fraction(sum(claims)),
    "min": min,
    "max": max,
}


GROWING = frozenset(("+", "-", "*", "/"))
MAX_BITS = 20_000
"""Numbers beyond this many binary digits come only from formulas that square themselves; they count as not computable."""


def _too_large(number: Any) -> bool:
    return isinstance(number, Fraction) and (number.numerator.bit_length() > MAX_BITS or number.denominator.bit_length() > MAX_BITS)


def apply(op: str, operands: Sequence[Value]) -> Value:
    """The value of one operation of the typed tree."""
    if op in LAZY:
        return LAZY[op](operands)
    absent = absent_from(operands)
    if absent is not None:
        return absent
    result = STRICT[op](*(value.value for value in operands))
    if result is None or (op in GROWING and _too_large(result)):
        return Value(None, ZERO_DENOMINATOR, *least_coverage(operands))
    return combine(result, operands)


def _decided_by(decisive: bool) -> Callable[[Sequence[Value]], Value]:
    def kleene(operands: Sequence[Value]) -> Value:
        present = [value for value in operands if not value.absent]
        if any(value.value is decisive for value in present):
            return combine(decisive, present)
        return absent_from(operands) or combine(not decisive, operands)

    return kleene


def _if(operands: Sequence[Value]) -> Value:
    condition, yes, no = operands
    if condition.absent:
        return condition
    chosen = yes if condition.value else no
    if chosen.absent:
        return chosen
    return Value(chosen.value, chosen.bits | condition.bits, *least_coverage([condition, chosen]))


def _coalesce(operands: Sequence[Value]) -> Value:
    for value in operands:
        if not value.absent:
            return value
    return absent_from(operands) or ABSENT_NULL


def _missing(operands: Sequence[Value]) -> Value:
    return Value(operands[0].absent)


LAZY: dict[str, Callable[[Sequence[Value]], Value]] = {
    "and": _decided_by(False),
    "or": _decided_by(True),
    "if": _if,
    "coalesce": _coalesce,
    "missing": _missing,
}
