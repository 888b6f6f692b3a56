"""Which kinds each operation takes and gives. One table of rules, asked by the typing of formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.formula.tree import BOOLEAN, DATE, DECIMAL, INTEGER, NULL, RATIO, REAL, Const, Kind, Node


@dataclass(frozen=True, slots=True)
class Verdict:
    """The kind of the result, or the code of what is wrong with its parameters; ``warning`` may come with a kind."""

    kind: Kind = NULL
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    warning: str = ""


MAX_PLACES = 12
"""Decimals that ``round`` may be asked for."""

NAMES = {
    "integer": "număr întreg",
    "decimal": "număr",
    "ratio": "pondere",
    "real": "număr",
    "boolean": "da/nu",
    "choice": "alegere",
    "multichoice": "alegere multiplă",
    "text": "text",
    "date": "dată",
    "null": "nimic",
}


def shown_kind(kind: Kind) -> str:
    """A kind in words, with its list."""
    name = NAMES.get(kind.name, kind.name)
    return f"{name} din lista „{kind.choices}”" if kind.choices else name


def refuse(op: str, operands: Sequence[Node]) -> Verdict:
    """The general refusal: this operation does not take these kinds."""
    return Verdict(code="K310", params={"op": op, "kinds": ", ".join(shown_kind(o.kind) for o in operands)})


def check_operation(op: str, operands: Sequence[Node]) -> Verdict:
    """The verdict on ``op`` over operands of known kinds."""
    return RULES[op](op, operands)


def _plain(operands: Sequence[Node]) -> list[Node]:
    """Operands without the literal null, which goes with every kind."""
    return [operand for operand in operands if operand.kind is not NULL]


def all_numbers(operands: Sequence[Node]) -> bool:
    return all(operand.kind.is_number for operand in _plain(operands))


def numeric_kind(operands: Sequence[Node]) -> Kind:
    kinds = [operand.kind for operand in _plain(operands)]
    if REAL in kinds:
        return REAL
    if all(kind is INTEGER for kind in kinds):
        return INTEGER
    return RATIO if all(kind is RATIO for kind in kinds) else DECIMAL


def _arithmetic(op: str, operands: Sequence[Node]) -> Verdict:
    kinds = [operand.kind for operand in operands]
    if op == "-" and kinds == [DATE, DATE]:
        return Verdict(INTEGER)
    if op in "+-" and kinds == [DATE, INTEGER]:
        return Verdict(DATE)
    if not all_numbers(operands):
        return refuse(op, operands)
    kind = numeric_kind(operands)
    if op == "/":
        return Verdict(kind if kind is REAL else DECIMAL)
    return Verdict(DECIMAL if kind is RATIO and op in "+-*" and len(operands) > 1 else kind)


def _comparison(op: str, operands: Sequence[Node]) -> Verdict:
    plain = _plain(operands)
    kinds = {operand.kind.name for operand in plain}
    if all_numbers(operands):
        return _doubted(operands)
    ordered_only = op in ("<", "<=", ">", ">=")
    same = len({operand.kind for operand in plain}) <= 1
    if kinds == {"date"} or (same and not ordered_only and kinds <= {"choice", "text", "boolean"}):
        return Verdict(BOOLEAN)
    if len(plain) == 2 and kinds == {"choice"} and not ordered_only:
        return Verdict(code="K311", params={"left": plain[0].kind.choices, "right": plain[1].kind.choices})
    return refuse(op, operands)


def _doubted(operands: Sequence[Node]) -> Verdict:
    """True or false; a share compared with a bare number above 1 is doubted: 20 or 20%?"""
    shares = any(operand.kind is RATIO and not isinstance(operand, Const) for operand in operands)
    numbers = [o.value for o in operands if isinstance(o, Const) and o.kind is not RATIO and isinstance(o.value, Fraction)]
    above = next((number for number in numbers if number > 1), None) if shares else None
    if above is None:
        return Verdict(BOOLEAN)
    return Verdict(BOOLEAN, warning="K320", params={"value": above if above.denominator == 1 else f"{float(above):g}"})


def _logic(op: str, operands: Sequence[Node]) -> Verdict:
    wrong = any(operand.kind is not BOOLEAN for operand in _plain(operands))
    return refuse(op, operands) if wrong else Verdict(BOOLEAN)


def _one_of(op: str, operands: Sequence[Node]) -> Verdict:
    first, options = operands[0], operands[1:]
    if first.kind.is_number and all_numbers(options):
        return _doubted(operands)
    if first.kind.name in ("choice", "text") and all(option.kind == first.kind for option in options):
        return Verdict(BOOLEAN)
    return refuse(op, operands)


def _same_kind(op: str, operands: Sequence[Node]) -> Verdict:
    plain = _plain(operands)
    if not plain:
        return Verdict(NULL)
    if all_numbers(plain):
        return Verdict(numeric_kind(plain))
    return Verdict(plain[0].kind) if len({operand.kind for operand in plain}) == 1 else refuse(op, operands)


def _if(op: str, operands: Sequence[Node]) -> Verdict:
    if operands[0].kind is not BOOLEAN:
        return refuse(op, operands[:1])
    return _same_kind(op, operands[1:])


def _to_integer(op: str, operands: Sequence[Node]) -> Verdict:
    if not all_numbers(operands):
        return refuse(op, operands)
    if op == "round" and len(operands) == 2:
        places = operands[1].value if isinstance(operands[1], Const) and operands[1].kind is INTEGER else None
        fits = isinstance(places, Fraction) and 0 <= places <= MAX_PLACES
        return Verdict(DECIMAL) if fits else Verdict(code="K322", params={"limit": MAX_PLACES})
    return Verdict(INTEGER)


def _numbers(op: str, operands: Sequence[Node]) -> Verdict:
    return Verdict(numeric_kind(operands)) if all_numbers(operands) else refuse(op, operands)


def _between(op: str, operands: Sequence[Node]) -> Verdict:
    if all(operand.kind is DATE for operand in operands):
        return Verdict(BOOLEAN)
    return _doubted(operands) if all_numbers(operands) else refuse(op, operands)


def _length(op: str, operands: Sequence[Node]) -> Verdict:
    return Verdict(INTEGER) if operands[0].kind.name in ("multichoice", "text") else refuse(op, operands)


def _how_many(op: str, operands: Sequence[Node]) -> Verdict:
    verdict = _logic(op, operands)
    return verdict if verdict.code else Verdict(INTEGER)


RULES: dict[str, Callable[[str, Sequence[Node]], Verdict]] = {
    **dict.fromkeys(("+", "-", "*", "/", "neg"), _arithmetic),
    **dict.fromkeys(("=", "<>", "<", "<=", ">", ">="), _comparison),
    **dict.fromkeys(("and", "or", "not"), _logic),
    **dict.fromkeys(("round", "floor", "ceil"), _to_integer),
    **dict.fromkeys(("abs", "min", "max"), _numbers),
    "in": _one_of,
    "if": _if,
    "coalesce": _same_kind,
    "missing": lambda op, operands: Verdict(BOOLEAN),
    "between": _between,
    "how_many": _how_many,
    "length": _length,
}

__all__ = ["Verdict", "check_operation", "numeric_kind", "refuse", "shown_kind"]
