"""Operations as closures: the plain function where nothing is told of the operands, ``scalars.apply``, the rule, where something is."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from engine.formula.scalars import GROWING, PLAIN, ROOMY, UNDEFINED, apply, too_large
from engine.reference.places import Closure, Place
from engine.values import Known, Value

OF_TWO: dict[str, Callable[[Any, Any], Any]] = {"and": operator.and_, "or": operator.or_}
"""What is quicker for two operands than the function for any number of them."""


def operation(op: str, operands: Sequence[Closure]) -> Closure:
    """The closure of an operation on what these closures give."""
    if op == "if":
        return _if(*operands)
    if op == "coalesce":
        return _coalesce(operands)
    if op == "missing":
        return lambda place: apply("missing", (operands[0](place),))
    if op in GROWING:
        return _arithmetic(op, *operands)
    if len(operands) == 1:
        return _of_one(op, *operands)
    return _of_two(op, *operands) if len(operands) == 2 else _of_any(op, operands)


def _arithmetic(op: str, left: Closure, right: Closure) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        x, y = left(place), right(place)
        if type(x) is Value or type(y) is Value:
            return apply(op, (x, y))
        try:
            result = function(x, y)
        except ZeroDivisionError:
            return UNDEFINED
        return UNDEFINED if result.__sizeof__() > ROOMY and too_large(result) else result  # type: ignore[no-any-return]

    return computed


def _of_one(op: str, operand: Closure) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        value = operand(place)
        return apply(op, (value,)) if type(value) is Value else function(value)  # type: ignore[no-any-return]

    return computed


def _of_two(op: str, left: Closure, right: Closure) -> Closure:
    function = OF_TWO.get(op, PLAIN[op])

    def computed(place: Place) -> Known:
        x, y = left(place), right(place)
        if type(x) is Value or type(y) is Value:
            return apply(op, (x, y))
        return function(x, y)  # type: ignore[no-any-return]

    return computed


def _of_any(op: str, operands: Sequence[Closure]) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        values = [operand(place) for operand in operands]
        if Value in map(type, values):
            return apply(op, values)
        return function(*values)  # type: ignore[no-any-return]

    return computed


def _if(condition: Closure, yes: Closure, no: Closure) -> Closure:
    """Only the branch that is chosen is looked at."""

    def computed(place: Place) -> Known:
        holds = condition(place)
        if holds is True:
            return yes(place)  # type: ignore[no-any-return]
        if holds is False:
            return no(place)  # type: ignore[no-any-return]
        if holds.absent:
            return holds  # type: ignore[no-any-return]
        chosen = (yes if holds.value else no)(place)
        return apply("if", (holds, chosen, chosen))

    return computed


def _coalesce(operands: Sequence[Closure]) -> Closure:
    """Nothing is looked at after the first that is there."""

    def computed(place: Place) -> Known:
        values = []
        for operand in operands:
            values.append(operand(place))
            if type(values[-1]) is not Value or not values[-1].absent:
                break
        return apply("coalesce", values)

    return computed
