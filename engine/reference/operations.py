"""Operations as closures: the plain function where nothing is told of the operands, ``scalars.apply``, the rule, where something is."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from engine.formula.scalars import GROWING, PLAIN, ROOMY, UNDEFINED, apply, too_large
from engine.reference.places import Closure, Place
from engine.values import Known, Value

OF_TWO: dict[str, Callable[[Any, Any], Any]] = {"and": operator.and_, "or": operator.or_}
"""What is quicker for two operands than the function for any number of them."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The closure of a constant; what knows that one of its operands is constant need not ask."""

    value: Known

    def __call__(self, place: Place) -> Known:
        return self.value


def operation(op: str, operands: Sequence[Closure]) -> Closure:
    """The closure of an operation on what these closures give."""
    match op, operands:
        case "if", [condition, yes, no]:
            return _if(condition, yes, no)
        case "coalesce", _:
            return _coalesce(operands)
        case "missing", [operand]:
            return lambda place: apply("missing", (operand(place),))
        case _, [left, Constant(value=right)] if type(right) is not Value:
            return _growing_by(op, left, right) if op in GROWING else _with(op, left, right)
        case _, [left, right]:
            return _growing(op, left, right) if op in GROWING else _of_two(op, left, right)
        case _, [operand]:
            return _of_one(op, operand)
    return _of_any(op, operands)


# The shapes of operations differ in nothing but speed: any of them could be ``_of_any``.


def _growing(op: str, left: Closure, right: Closure) -> Closure:
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


def _growing_by(op: str, left: Closure, right: Any) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        x = left(place)
        if type(x) is Value:
            return apply(op, (x, right))
        try:
            result = function(x, right)
        except ZeroDivisionError:
            return UNDEFINED
        return UNDEFINED if result.__sizeof__() > ROOMY and too_large(result) else result  # type: ignore[no-any-return]

    return computed


def _of_two(op: str, left: Closure, right: Closure) -> Closure:
    function = OF_TWO.get(op, PLAIN[op])

    def computed(place: Place) -> Known:
        x, y = left(place), right(place)
        return apply(op, (x, y)) if type(x) is Value or type(y) is Value else function(x, y)  # type: ignore[no-any-return]

    return computed


def _with(op: str, left: Closure, right: Any) -> Closure:
    function = OF_TWO.get(op, PLAIN[op])

    def computed(place: Place) -> Known:
        x = left(place)
        return apply(op, (x, right)) if type(x) is Value else function(x, right)  # type: ignore[no-any-return]

    return computed


def _of_one(op: str, operand: Closure) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        x = operand(place)
        return apply(op, (x,)) if type(x) is Value else function(x)  # type: ignore[no-any-return]

    return computed


def _of_any(op: str, operands: Sequence[Closure]) -> Closure:
    function = PLAIN[op]

    def computed(place: Place) -> Known:
        values = [operand(place) for operand in operands]
        return apply(op, values) if Value in map(type, values) else function(*values)  # type: ignore[no-any-return]

    return computed


def _if(condition: Closure, yes: Closure, no: Closure) -> Closure:
    """Only the branch that is chosen is looked at."""

    def computed(place: Place) -> Known:
        holds = condition(place)
        if holds is True:
            return yes(place)  # type: ignore[no-any-return]
        if holds is False:
            return no(place)  # type: ignore[no-any-return]
        chosen = holds if holds.absent else (yes if holds.value else no)(place)
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
