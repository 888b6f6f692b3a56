"""Which kernel computes an operation of the typed tree, by the kinds of its operands, and what form the result has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from engine.columns import arithmetic, comparing, logic
from engine.columns.missing import strict
from engine.columns.settling import Run, Task, settle_numbers
from engine.columns.value import ColumnValue
from engine.columns.work import CODES, FLAGS, FRACTION, INT, NUMBERS, REAL, SETS, TEXTS, Kernel
from engine.formula.tree import Kind


def form_of(kind: Kind) -> str:
    """The form of inputs of a kind; texts, dates and multi-choices included."""
    if kind.name in ("integer", "date"):
        return INT
    if kind.is_number:
        return REAL if kind.name == "real" else FRACTION
    if kind.name in ("text", "null"):
        return TEXTS
    if kind.name == "multichoice":
        return SETS
    return FLAGS if kind.name == "boolean" else CODES


def _plain(function: Callable[..., ColumnValue]) -> Kernel:
    def kernel(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
        return function(*operands)

    return kernel


def _folded(function: Callable[[ColumnValue, ColumnValue], ColumnValue]) -> Kernel:
    def kernel(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
        result = operands[0]
        for operand in operands[1:]:
            result = function(result, operand)
        if len(operands) > 2 and any(operand.seen >= 16 for operand in operands):
            return result.with_bits(*strict(*operands))
        return result

    return kernel


def _settled(function: Callable[..., tuple[ColumnValue, Any]]) -> Kernel:
    def kernel(task: Task, run: Run, *operands: ColumnValue) -> ColumnValue:
        result, near = function(*operands)
        return result if near is None else settle_numbers(run, task, result, near)

    return kernel


def _divided(task: Task, run: Run, a: ColumnValue, b: ColumnValue) -> ColumnValue:
    result, near = arithmetic.divide(a, b, run.settle is not None)
    return result if near is None else settle_numbers(run, task, result, near, absent_too=True)


def _rounded(task: Task, run: Run, value: ColumnValue) -> ColumnValue:
    result, near = arithmetic.round_to(value, task.fixed[0])
    return result if near is None else settle_numbers(run, task, result, near)


NUMERIC: dict[str, Kernel] = {
    "+": _plain(arithmetic.add),
    "-": _plain(arithmetic.subtract),
    "*": _plain(arithmetic.multiply),
    "/": _divided,
    "neg": _plain(arithmetic.negate),
    "abs": _plain(arithmetic.absolute),
    "min": _folded(arithmetic.least),
    "max": _folded(arithmetic.most),
    "floor": _settled(arithmetic.floor),
    "ceil": _settled(arithmetic.ceil),
}
LOGICAL: dict[str, Kernel] = {
    "not": logic.negated,
    "and": logic.every_one,
    "or": logic.at_least_one,
    "missing": logic.is_missing,
    "contains": logic.contains,
    "between": comparing.between,
}
COUNTING: dict[str, Kernel] = {"how_many": logic.how_many, "length": logic.length}
CHOOSING = {FLAGS: "flags", CODES: "codes", TEXTS: "codes", SETS: "codes", INT: "numbers", FRACTION: "numbers", REAL: "numbers"}
IFS: dict[str, Kernel] = {"flags": logic.if_flags, "codes": logic.if_codes, "numbers": logic.if_numbers}


def widest(forms: Sequence[str]) -> str:
    """Form of numbers made of numbers of these forms."""
    return REAL if REAL in forms else FRACTION if FRACTION in forms else INT


def kernel_for(op: str, forms: Sequence[str], places: int = 0) -> tuple[Kernel, tuple[Any, ...], str]:
    """(kernel, fixed parameters, form of the result)."""
    if op in LOGICAL:
        return LOGICAL[op], (), FLAGS
    if op in COUNTING:
        return COUNTING[op], (), INT
    if op in comparing.OPERATORS:
        return (comparing.compare_numbers if forms[0] in NUMBERS else comparing.compare_codes), (op,), FLAGS
    if op == "in":
        return (comparing.one_of_numbers if forms[0] in NUMBERS else comparing.one_of_codes), (), FLAGS
    if op == "round":
        return _rounded, (places,), FRACTION if places > 0 else INT
    if op in ("if", "coalesce"):
        return _choosing(op, forms)
    form = widest(forms)
    if op == "/":
        return NUMERIC[op], (), REAL if form == REAL else FRACTION
    return NUMERIC[op], (), INT if op in ("floor", "ceil") else form


def _choosing(op: str, forms: Sequence[str]) -> tuple[Kernel, tuple[Any, ...], str]:
    branches = forms[1:] if op == "if" else forms
    shape = CHOOSING[branches[0]]
    form = widest(branches) if shape == "numbers" else branches[0]
    return (IFS[shape], (), form) if op == "if" else (logic.coalesce, (shape,), form)
