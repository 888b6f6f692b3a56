"""Comparisons on columns: integers cross-multiplied, floats where that does not fit, with the places where floats cannot tell.

A comparison gives (flags, near): ``near`` marks places that have to be settled exactly, None when there are none. Two exact fractions
too large for 64 bits are settled here, in Python integers; the rest is left to the reference.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from engine.columns.arithmetic import common_denominator
from engine.columns.missing import strict, truth, union
from engine.columns.settling import Run, Task, settle_flags
from engine.columns.value import ColumnValue, anywhere, error_of

Compare = Callable[[Any, Any], Any]
OPERATORS: dict[str, Compare] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(compare: Compare, a: ColumnValue, b: ColumnValue) -> tuple[Any, Any]:
    """(flags, places in doubt) of two numbers."""
    common = common_denominator(a, b)
    if common is not None:
        return compare(common[0], common[1]), None
    x, y = a.approx, b.approx
    flags = np.asarray(compare(x, y))
    near = abs(x - y) <= (error_of(a) + error_of(b)) * 2
    if not anywhere(near):
        return flags, None
    if a.exact and b.exact:
        return _in_python(compare, a, b, flags, near), None
    return flags, near


def _in_python(compare: Compare, a: ColumnValue, b: ColumnValue, flags: Any, near: Any) -> Any:
    parts = np.broadcast_arrays(near, a.values, 1 if a.den is None else a.den, b.values, 1 if b.den is None else b.den)
    flags = np.array(np.broadcast_to(flags, parts[0].shape))
    for position in zip(*np.nonzero(parts[0]), strict=True):
        n1, d1, n2, d2 = (int(part[position]) for part in parts[1:])
        flags[position] = compare(n1 * d2, n2 * d1)
    return flags


def compare_numbers(task: Task, run: Run, a: ColumnValue, b: ColumnValue) -> ColumnValue:
    flags, near = compared(OPERATORS[task.fixed[0]], a, b)
    found = truth(flags, strict(a, b))
    return found if near is None else settle_flags(run, task, found, near)


def between(task: Task, run: Run, value: ColumnValue, low: ColumnValue, high: ColumnValue) -> ColumnValue:
    above, near_low = compared(operator.ge, value, low)
    below, near_high = compared(operator.le, value, high)
    found = truth(above & below, strict(value, low, high))
    return settle_flags(run, task, found, _either(near_low, near_high))


def one_of_numbers(task: Task, run: Run, value: ColumnValue, *options: ColumnValue) -> ColumnValue:
    flags, near = compared(operator.eq, value, options[0])
    for option in options[1:]:
        more, doubt = compared(operator.eq, value, option)
        flags, near = flags | more, _either(near, doubt)
    return settle_flags(run, task, truth(flags, strict(value, *options)), near)


def _either(one: Any, two: Any) -> Any:
    return two if one is None else one if two is None else one | two


# ---- codes and texts ---------------------------------------------------------------------------------------


def compare_codes(task: Task, run: Run, a: ColumnValue, b: ColumnValue) -> ColumnValue:
    """= and <> of choices, texts and booleans."""
    a, b = one_vocabulary(a, b)
    return truth(OPERATORS[task.fixed[0]](a.values, b.values), strict(a, b))


def one_of_codes(task: Task, run: Run, value: ColumnValue, *options: ColumnValue) -> ColumnValue:
    if value.vocabulary is not None and all(_is_one_word(option) for option in options):
        wanted = [value.vocabulary.index(word) for word in (option.vocabulary[0] for option in options) if word in value.vocabulary]  # type: ignore[index]
        flags = union([value.values == index for index in wanted]) if wanted else np.zeros(np.shape(value.values), np.bool_)
        return truth(flags, (value.bits, value.seen))
    value, *others = one_vocabulary(value, *options)
    flags = value.values == others[0].values
    for option in others[1:]:
        flags = flags | (value.values == option.values)
    return truth(flags, strict(value, *others))


def _is_one_word(value: ColumnValue) -> bool:
    """A text that is the same everywhere and known."""
    return type(value.values) is int and value.bits is None and value.vocabulary is not None


def one_vocabulary(*values: ColumnValue) -> Sequence[ColumnValue]:
    """Texts as indices into one vocabulary; codes of a list are left alone."""
    first = values[0].vocabulary
    if all(value.vocabulary is first or value.vocabulary == first for value in values):
        return values
    words: dict[str, int] = {}
    for value in values:
        for word in value.vocabulary or ():
            words.setdefault(word, len(words))
    joined = tuple(words)
    return [_reworded(value, words, joined) for value in values]


def _reworded(value: ColumnValue, words: dict[str, int], joined: Sequence[str]) -> ColumnValue:
    table = np.array([words[word] for word in value.vocabulary or ("",)] or [0], np.int32)
    return ColumnValue(table[value.values], value.bits, value.seen, vocabulary=joined)
