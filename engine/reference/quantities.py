"""Named values as closures: data where they are asked for, formulas with their condition and their rule for missing."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from engine.formula.quantities import InputQuantity
from engine.formula.scalars import combine, plain
from engine.reference.places import Closure, Place
from engine.values import MISSING_REASONS, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, REASONS, SUBSTITUTED, Known, Value, number

NOT_ASKED = Value(None, NOT_COLLECTED)
NOT_APPLIED = Value(None, NOT_APPLICABLE)


def of_input(quantity: InputQuantity, codes: tuple[str, ...], show: Closure | None) -> Closure:
    """A value of the data; not_collected where ``show`` is not true."""
    level, name, kind = quantity.level, quantity.name, quantity.kind

    def read(place: Place) -> Known:
        value, bits = place.run.dataset.cell(level, name, place.number, kind, codes)
        return Value(value, bits) if bits else value

    if show is None:
        return read
    return lambda place: read(place) if plain(show(place)) is True else NOT_ASKED


def of_formula(formula: Closure, applies: Closure | None, missing: str | Fraction | None) -> Closure:
    """A formula, where it applies, after its rule for missing."""
    policy = number(missing)

    def everywhere(place: Place) -> Known:
        found = formula(place)
        return settled(policy, found) if type(found) is Value else found  # type: ignore[no-any-return]

    def where_it_applies(place: Place) -> Known:
        applied = applies(place) if applies is not None else True
        if applied is True:
            return everywhere(place)
        if applied is False:
            return NOT_APPLIED
        if applied.absent:
            return settled(policy, applied)
        return _under(applied, formula, policy, place)

    if applies is not None:
        return where_it_applies
    return formula if policy in (None, "skip") else everywhere


def _under(applied: Value, formula: Closure, policy: Any, place: Place) -> Known:
    """Where a condition was decided with something missing behind it."""
    if applied.value is not True:
        return NOT_APPLIED
    found = formula(place)
    if applied.bits and not (isinstance(found, Value) and found.absent):
        found = combine(found.value if isinstance(found, Value) else found, (found, applied))
    return settled(policy, found) if isinstance(found, Value) else found  # type: ignore[no-any-return]


def settled(policy: Any, value: Value) -> Value:
    """The rule for missing of a quantity, applied to what its formula gave."""
    incomplete = value.bits >= PARTIAL or bool(value.bits & MISSING_REASONS)
    if policy is None or not incomplete or policy == "skip":
        return value
    reasons = value.bits & REASONS
    if policy == "propagate":
        return Value(None, reasons, value.known, value.expected)
    return Value(policy, SUBSTITUTED | reasons, value.known, value.expected)
