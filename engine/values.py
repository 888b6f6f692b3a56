"""What a value is: exact, absent with a reason, or there with something missing behind it.

One byte of bits goes with every value, in both evaluators. 0 means known. Bits 1 to 8 are reasons; a value is *absent*
when it has only reasons. ``PARTIAL`` (with the reasons of what was missing) says that the value is there but its
aggregates did not see every expected member. ``SUBSTITUTED`` (with reasons) says that the methodology's ``missing: {value: v}``
put ``v`` in the place of a missing value: the number counts, its status stays missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import gmpy2

if TYPE_CHECKING:
    Number = Fraction  # what it behaves like
else:
    Number = gmpy2.mpq

NOT_APPLICABLE: Final = 1
ZERO_DENOMINATOR: Final = 2
NOT_ANSWERED: Final = 4
NOT_COLLECTED: Final = 8
PARTIAL: Final = 16
SUBSTITUTED: Final = 32

REASONS: Final = NOT_APPLICABLE | ZERO_DENOMINATOR | NOT_ANSWERED | NOT_COLLECTED
MISSING_REASONS: Final = NOT_ANSWERED | NOT_COLLECTED
ABSENT_MAX: Final = REASONS

# Where reasons meet, one that somebody can still mend goes before one that says the question does not arise.
REASON_ORDER: Final = (
    (NOT_ANSWERED, "not_answered"),
    (NOT_COLLECTED, "not_collected"),
    (NOT_APPLICABLE, "not_applicable"),
    (ZERO_DENOMINATOR, "zero_denominator"),
)

# Exact numbers are ``Number``, a fraction in C, while they are computed with, and ``Fraction`` in trees and in what is handed to people.
Scalar = Number | Fraction | bool | str | int | None


@dataclass(slots=True)
class Value:
    """One exact value of the reference evaluator. Never changed once made (not frozen: freezing triples the cost of making one).

    ``value`` is a ``Number`` or ``Fraction`` (dates as day numbers), ``bool``, ``str`` (choice code or text), ``int`` (bit set of a multi-choice,
    bit i = i-th code of its list) or None when absent. ``known`` / ``expected`` is the coverage of its least covered aggregate,
    (0, 0) where no aggregate took part.
    """

    value: Scalar
    bits: int = 0
    known: int = 0
    expected: int = 0

    @property
    def absent(self) -> bool:
        return 0 < self.bits <= ABSENT_MAX

    @property
    def fraction(self) -> Fraction | None:
        """The number as an exact fraction; None where there is no value, or one that is not a number."""
        number = None if self.absent else self.value
        return Fraction(number) if isinstance(number, Number | Fraction | int) else None


Known = Scalar | Value
"""What a formula gives inside the reference evaluator: a ``Value`` only where there are bits or a coverage to carry, else the bare
scalar, which means the same as ``Value(scalar)``."""


def number(value: Any) -> Any:
    """A scalar of a tree as evaluators compute with it."""
    return Number(value) if isinstance(value, Fraction) else value


def exact(value: Any) -> Any:
    """A computed scalar as everybody else reads it."""
    return Fraction(int(value.numerator), int(value.denominator)) if isinstance(value, Number) else value


def is_absent(bits: int) -> bool:
    """True when the bits say that there is no value."""
    return 0 < bits <= ABSENT_MAX


def reason_of(bits: int) -> str:
    """The reason that is told to people, '' when there is none."""
    for bit, name in REASON_ORDER:
        if bits & bit:
            return name
    return ""


def status_of(bits: int) -> str:
    """ok, partial, missing or not_applicable: the published status of a value with these bits."""
    if bits == 0:
        return "ok"
    if bits & SUBSTITUTED:
        return "missing"
    if bits & PARTIAL:
        return "partial"
    return "missing" if bits & MISSING_REASONS else "not_applicable"
