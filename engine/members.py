"""Aggregates on exact values: what counts, what is outside, what is only known in part. Missing rules: METHODOLOGY of the docs.

A member that is not_applicable is outside: neither known nor expected. Every other member is expected; those without a value lower the
coverage. Nothing expected: ``count`` ``sum`` ``distinct`` are 0, ``any`` false, ``all`` true, the rest absent (not_applicable). Every
expected member missing: absent, with the reasons met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeVar

from engine import indices
from engine.formula.scalars import absent, absent_from, plain, told
from engine.values import MISSING_REASONS, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, REASONS, Known, Number, Scalar, Value, number

COUNT = Number(1)
Member = TypeVar("Member")
Of = Callable[[Member], Known]


@dataclass(slots=True)
class Tally:
    """Usable values; how many of them are themselves known only in part; how many more are expected; why something is not known."""

    usable: list[Any] = field(default_factory=list)
    partial: int = 0
    unknown: int = 0
    reasons: int = 0

    def lack(self, bits: int, many: int = 1) -> None:
        """Expected members without a value."""
        self.unknown += many
        self.reasons |= bits & REASONS

    def add(self, value: Any, bits: int) -> None:
        """A member with a value."""
        self.usable.append(value)
        self.partial += bits > 0
        self.reasons |= bits & REASONS

    def take(self, found: Value, bits: int) -> None:
        """A member of whose value (or of whose admission, ``bits``) something is told."""
        if not found.absent:
            self.add(found.value, found.bits | bits)
        elif found.bits & MISSING_REASONS:
            self.lack(found.bits)

    def close(self, function: Callable[[Sequence[Any]], Any], of_nothing: Scalar = None) -> Known:
        """The result with its coverage."""
        usable = len(self.usable)
        known, expected = usable - self.partial, usable + self.unknown
        if expected and not usable:
            # A condition that is false everywhere leaves nothing expected; here something was expected and nothing came.
            return Value(None, self.reasons, 0, expected)
        result = function(self.usable) if usable else of_nothing
        if result is None:
            return Value(None, NOT_APPLICABLE, known, expected)
        if not expected:
            return result  # type: ignore[no-any-return]
        return Value(result, 0 if known == expected else PARTIAL | self.reasons, known, expected)


def aggregate(function: str, members: Iterable[Member], where: Of[Member] | None, value: Of[Member] | None, documents_missing: int) -> Known:
    """``function`` of ``value`` (None: of 1) over the members for which ``where`` holds (None: all); ``documents_missing`` owners whose
    rows have not come count as one member each."""
    tally = Tally()
    if documents_missing:
        tally.lack(NOT_COLLECTED, documents_missing)
    for member in members:
        bits = 0
        if where is not None:
            admitted = where(member)
            if admitted is False:
                continue
            if type(admitted) is Value:
                if admitted.absent:
                    tally.take(admitted, 0)
                if admitted.value is not True:
                    continue
                bits = admitted.bits
        found = COUNT if value is None else value(member)
        if type(found) is Value:
            tally.take(found, bits)
        elif bits:
            tally.add(found, bits)
        else:
            tally.usable.append(found)
    return tally.close(FUNCTIONS[function], number(OF_NOTHING.get(function)))


def _median(values: Sequence[Any]) -> Any:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


OF_NOTHING: dict[str, Scalar] = {"count": Fraction(0), "sum": Fraction(0), "distinct": Fraction(0), "any": False, "all": True}
FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "count": lambda values: Number(sum(value is not False for value in values)),
    "sum": sum,
    "avg": lambda values: sum(values) / len(values),
    "min": min,
    "max": max,
    "median": _median,
    "share": lambda values: Number(sum(values), len(values)),
    "any": any,
    "all": all,
    "distinct": lambda values: Number(len(set(values))),
}


def index(function: str, children: Iterable[tuple[Known, Known]], documents_missing: int) -> Known:
    """A distribution index over (group count, total) of each child."""
    tally = Tally()
    if documents_missing:
        tally.lack(NOT_COLLECTED, documents_missing)
    for child in children:
        nothing = absent_from(child)
        if nothing is None:
            tally.add(tuple(map(plain, child)), told(child)[0])
        else:
            tally.take(nothing, 0)
    return tally.close(lambda counts: _index(function, counts))


def _index(function: str, counts: Sequence[tuple[Any, Any]]) -> Number | None:
    found = indices.compute(function, [int(group) for group, _ in counts], [int(total) for _, total in counts])
    return Number(found) if isinstance(found, Fraction) else None


def pool(function: str, values: Iterable[Known]) -> Known:
    """Over a fixed set of values: what has no value is skipped, nothing is expected, coverage is not carried."""
    present = [plain(value) for value in values if not absent(value)]
    if present:
        return FUNCTIONS[function](present)  # type: ignore[no-any-return]
    nothing = number(OF_NOTHING.get(function))
    return Value(None, NOT_APPLICABLE) if nothing is None else nothing  # type: ignore[no-any-return]
