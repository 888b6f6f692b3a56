"""What every operation means on exact values: the arithmetic of the language, with its rule for missing.

Pure functions on what a formula gives: a bare scalar, or a ``Value`` where something has to be told of it. An absent operand makes the
result absent (with the reasons of the absent operands only); incomplete coverage passes on. ``and``, ``or``, ``if``, ``coalesce`` and
``missing`` have rules of their own. A bare scalar tells nothing, so on bare scalars alone an operation is its function in ``PLAIN``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from engine.values import ABSENT_MAX, NOT_ANSWERED, ZERO_DENOMINATOR, Known, Number, Scalar, Value, exact, number

ABSENT_NULL = Value(None, NOT_ANSWERED)
UNDEFINED = Value(None, ZERO_DENOMINATOR)


def absent(operand: Known) -> bool:
    """True for what has no value."""
    return type(operand) is Value and 0 < operand.bits <= ABSENT_MAX


def plain(operand: Known) -> Scalar:
    """The scalar, whatever is told of it."""
    return operand.value if type(operand) is Value else operand  # type: ignore[return-value]


def told(operands: Iterable[Known]) -> tuple[int, int, int]:
    """(bits, known, expected): all that is told of any of these, and the coverage of the least covered; (0, 0) where none has one."""
    bits = known = expected = 0
    for value in operands:
        if type(value) is Value:
            bits |= value.bits
            if value.expected and (not expected or value.known * expected < known * value.expected):
                known, expected = value.known, value.expected
    return bits, known, expected


def absent_from(operands: Sequence[Known]) -> Value | None:
    """The absent result that absent operands cause, None when all have values."""
    bits = 0
    for value in operands:
        if type(value) is Value and 0 < value.bits <= ABSENT_MAX:
            bits |= value.bits
    return Value(None, bits, *told(operands)[1:]) if bits else None


def combine(result: Scalar, operands: Iterable[Known]) -> Known:
    """A known result that carries the incomplete coverage of its operands; bare where they carry nothing."""
    bits, known, expected = told(operands)
    return Value(result, bits, known, expected) if bits or expected else result


# ---- plain functions -------------------------------------------------------------------------------------------------


def _round(value: Any, places: Any = 0) -> Any:
    """Rounded once, ties away from zero. Exact."""
    scale = Number(10) ** int(places)
    doubled = abs(value) * scale * 2
    whole = (doubled.numerator // doubled.denominator + 1) // 2
    return (whole if value >= 0 else -whole) / scale


PLAIN: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "not": operator.not_,
    "and": lambda *claims: False not in claims,
    "or": lambda *claims: True in claims,
    "in": lambda value, *options: value in options,
    "contains": lambda position, chosen: bool(chosen >> int(position) & 1),
    "abs": abs,
    "round": _round,
    "floor": lambda value: Number(value.numerator // value.denominator),
    "ceil": lambda value: Number(-(-value.numerator // value.denominator)),
    "length": lambda value: Number(value.bit_count() if isinstance(value, int) else len(value)),
    "between": lambda value, low, high: low <= value <= high,
    "how_many": lambda *claims: Number(sum(claims)),
    "min": min,
    "max": max,
}

GROWING = frozenset(("+", "-", "*", "/"))
MAX_BITS = 20_000
"""Numbers beyond this many binary digits come only from formulas that square themselves; they count as not computable."""
ROOMY = MAX_BITS // 8
"""A number that takes less memory than this is within the bounds, whatever it is."""


def too_large(value: Any) -> bool:
    """True for numbers beyond ``MAX_BITS``."""
    room: int = value.__sizeof__()
    return room > ROOMY and max(value.numerator.bit_length(), value.denominator.bit_length()) > MAX_BITS


# ---- rules for missing -----------------------------------------------------------------------------------------------


def apply(op: str, operands: Sequence[Known]) -> Known:
    """The value of one operation of the typed tree."""
    if op in OWN_RULES:
        return OWN_RULES[op](operands)
    nothing = absent_from(operands)
    if nothing is not None:
        return nothing
    try:
        result = PLAIN[op](*map(plain, operands))
    except ZeroDivisionError:
        result = None
    if result is None or (op in GROWING and too_large(result)):
        return Value(None, ZERO_DENOMINATOR, *told(operands)[1:])
    return combine(result, operands)


def _decided_by(decisive: bool) -> Callable[[Sequence[Known]], Known]:
    def kleene(operands: Sequence[Known]) -> Known:
        present = [value for value in operands if not absent(value)]
        if any(plain(value) is decisive for value in present):
            return combine(decisive, present)
        return absent_from(operands) or combine(not decisive, operands)

    return kleene


def _if(operands: Sequence[Known]) -> Known:
    condition, yes, no = operands
    if absent(condition):
        return condition
    chosen = yes if plain(condition) else no
    return chosen if absent(chosen) else combine(plain(chosen), [condition, chosen])


def _coalesce(operands: Sequence[Known]) -> Known:
    for value in operands:
        if not absent(value):
            return value
    return absent_from(operands) or ABSENT_NULL


OWN_RULES: dict[str, Callable[[Sequence[Known]], Known]] = {
    "and": _decided_by(False),
    "or": _decided_by(True),
    "if": _if,
    "coalesce": _coalesce,
    "missing": lambda operands: absent(operands[0]),
}


def fold(op: str, constants: Sequence[Value]) -> Value:
    """An operation on constants of a tree, whose numbers are fractions, as trees hold them."""
    found = apply(op, [Value(number(value.value), value.bits, value.known, value.expected) for value in constants])
    result = found if isinstance(found, Value) else Value(found)
    return Value(exact(result.value), result.bits, result.known, result.expected)
