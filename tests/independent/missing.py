"""Values that may be missing, as the methodology language describes them, written a second time. Nothing of the engine is imported.

A value is known, or there is none because it is ``missing`` (not answered, not collected) or ``not_applicable``. ``whole`` says that
every expected member of every aggregate behind it was known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction as F
from typing import Any

NA, MISSING = "not_applicable", "missing"


@dataclass(frozen=True)
class V:
    value: Any
    why: str = ""
    whole: bool = True
    substituted: bool = False

    @property
    def known(self) -> bool:
        return not self.why

    @property
    def true(self) -> bool:
        return self.known and self.value is True

    @property
    def status(self) -> str:
        return self.why or (MISSING if self.substituted else "ok" if self.whole else "partial")


NOTHING, OUTSIDE = V(None, MISSING), V(None, NA)
TRUE, FALSE = V(True), V(False)
Member = tuple[V | None, V]
"""(condition or None, value): what one member brings to an aggregate."""


def ask(answer: Any) -> V:
    """An answer: None is not answered."""
    return NOTHING if answer is None else V(answer)


def op(function: Callable[..., Any], *operands: V) -> V:
    """Arithmetic and comparison spread missing; a missing reason goes before a not_applicable one; x / 0 is not_applicable."""
    reasons = {operand.why for operand in operands} - {""}
    if reasons:
        return V(None, MISSING if MISSING in reasons else NA)
    try:
        return V(function(*(operand.value for operand in operands)), "", all(operand.whole for operand in operands))
    except ZeroDivisionError:
        return OUTSIDE


def both(*claims: V) -> V:
    """Kleene's and."""
    return _kleene(False, claims)


def either(*claims: V) -> V:
    """Kleene's or."""
    return _kleene(True, claims)


def negate(claim: V) -> V:
    return op(lambda x: not x, claim)


def _kleene(decisive: bool, claims: tuple[V, ...]) -> V:
    if any(claim.known and claim.value is decisive for claim in claims):
        return V(decisive, "", all(claim.whole for claim in claims if claim.known))
    return op(lambda *values: not decisive, *claims)


def first(*values: V) -> V:
    """coalesce."""
    return next((value for value in values if value.known), NOTHING)


def applied(condition: V, value: Callable[[], V]) -> V:
    """``applies_if``: false makes it not_applicable, missing makes it missing; its coverage counts as the formula's."""
    if not condition.known:
        return V(None, condition.why)
    if condition.value is not True:
        return OUTSIDE
    found = value()
    return replace(found, whole=found.whole and condition.whole) if found.known else found


def propagate(value: V) -> V:
    """The rule of indicators: incomplete coverage is missing."""
    return NOTHING if value.known and not (value.whole and not value.substituted) else value


def instead(value: V, substitute: F) -> V:
    """``missing: {value: v}``."""
    return V(substitute, "", True, True) if value.status in (MISSING, "partial") else value


OF_NOTHING = {"count": F(0), "sum": F(0), "distinct": F(0)}
WITH = {
    "count": lambda values: F(sum(value is not False for value in values)),
    "sum": lambda values: F(sum(values)),
    "distinct": lambda values: F(len(set(values))),
    "max": max,
    "min": min,
    "share": lambda values: F(sum(values), len(values)),
}


def aggregate(function: str, members: Iterable[Member], absent_documents: int = 0) -> V:
    """Members that are not_applicable are outside; the others are expected; all of them missing, and so is the result."""
    usable: list[Any] = []
    expected = absent_documents
    known = 0
    for where, value in members:
        whole = True
        if where is not None:
            if where.why == MISSING:
                expected += 1
            if not where.true:
                continue
            whole = where.whole
        if value.why == NA:
            continue
        expected += 1
        if value.known:
            usable.append(value.value)
            known += whole and value.whole and not value.substituted
    if not expected:
        return V(OF_NOTHING[function]) if function in OF_NOTHING else OUTSIDE
    return V(WITH[function](usable), "", known == expected) if usable else NOTHING
