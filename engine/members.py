"""Aggregates on exact values: what counts, what is outside, what is only known in part. Missing rules: METHODOLOGY of the docs.

A member that is not_applicable is outside: neither known nor expected. Every other member is expected; those without a value lower the
coverage. Nothing expected: ``count`` ``sum`` ``distinct`` are 0, ``any`` false, ``all`` true, the rest absent (not_applicable). Every
expected member missing: absent, with the reasons met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine import indices
from engine.values import MISSING_REASONS, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, REASONS, Scalar, Value

COUNT = Fraction(1)


@dataclass(slots=True)
class Tally:
    """Usable values, how many members are known of how many expected, and why some are not."""

    usable: list[Any] = field(default_factory=list)
    known: int = 0
    expected: int = 0
    reasons: int = 0

    def unknown(self, bits: int, many: int = 1) -> None:
        self.expected += many
        self.reasons |= bits & REASONS

    def add(self, value: Scalar, bits: int) -> None:
        self.usable.append(value)
        self.expected += 1
        self.reasons |= bits & REASONS
        self.known += not bits

    def close(self, result: Scalar) -> Value:
        """The result with its coverage."""
        if result is None:
            return Value(None, NOT_APPLICABLE, self.known, self.expected)
        bits = 0 if self.known == self.expected else PARTIAL | self.reasons
        return Value(result, bits, self.known, self.expected)


def outside(value: Value) -> bool:
    return value.absent and not value.bits & MISSING_REASONS


def aggregate(function: str, members: Iterable[tuple[Value | None, Value | None]], documents_missing: int = 0) -> Value:
    """``function`` over (condition, value) pairs; ``documents_missing`` owners whose rows have not come count as one member each."""
    tally = Tally()
    if documents_missing:
        tally.unknown(NOT_COLLECTED, documents_missing)
    for where, value in members:
        _take(tally, where, value)
    if not tally.expected:
        return tally.close(OF_NOTHING.get(function))
    if not tally.usable:
        # A condition that is false everywhere leaves nothing expected; here something was expected and nothing came.
        return Value(None, tally.reasons, 0, tally.expected)
    return tally.close(FUNCTIONS[function](tally.usable))


def _take(tally: Tally, where: Value | None, value: Value | None) -> None:
    bits = 0
    if where is not None:
        if where.absent:
            if not outside(where):
                tally.unknown(where.bits)
            return
        if where.value is not True:
            return
        bits = where.bits
    if value is None:
        tally.add(COUNT, bits)
    elif not value.absent:
        tally.add(value.value, value.bits | bits)
    elif not outside(value):
        tally.unknown(value.bits)


def _count(values: Sequence[Any]) -> Fraction:
    return Fraction(sum(value is not False for value in values))


def _median(values: Sequence[Any]) -> Any:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _average(values: Sequence[Any]) -> Fraction:
    return Fraction(sum(values)) / len(values)


OF_NOTHING: dict[str, Scalar] = {"count": Fraction(0), "sum": Fraction(0), "distinct": Fraction(0), "any": False, "all": True}
FUNCTIONS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "count": _count,
    "sum": lambda values: Fraction(sum(values)),
    "avg": _average,
    "min": min,
    "max": max,
    "median": _median,
    "share": lambda values: Fraction(sum(values), len(values)),
    "any": any,
    "all": all,
    "distinct": lambda values: Fraction(len(set(values))),
}


def index(function: str, pairs: Sequence[tuple[Value, Value]], documents_missing: int = 0) -> Value:
    """A distribution index over (group count, total) of each child."""
    tally = Tally()
    if documents_missing:
        tally.unknown(NOT_COLLECTED, documents_missing)
    for group, total in pairs:
        absent = [value for value in (group, total) if value.absent]
        if any(value.bits & MISSING_REASONS for value in absent):
            tally.unknown(group.bits * group.absent | total.bits * total.absent)
        elif not absent:
            tally.add((group.value, total.value), group.bits | total.bits)  # type: ignore[arg-type]
    if tally.expected and not tally.usable:
        return Value(None, tally.reasons, 0, tally.expected)
    counts = [(int(group), int(total)) for group, total in tally.usable]
    result = indices.compute(function, [group for group, _ in counts], [total for _, total in counts])
    return tally.close(result if isinstance(result, Fraction) else None)


def pool(function: str, values: Sequence[Value | None]) -> Value:
    """Over a fixed set of values: what has no value is skipped, nothing is expected, coverage is not carried."""
    present = [COUNT if value is None else value.value for value in values if value is None or not value.absent]
    if not present:
        nothing = OF_NOTHING.get(function)
        return Value(None, NOT_APPLICABLE) if nothing is None else Value(nothing)
    return Value(FUNCTIONS[function](present))
