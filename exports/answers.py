"""Answers out of a data set as plain typed values, and why there is none: what tables and reports show of forms.

A question hidden by its condition has no value even where one is stored from before, as everywhere in the product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.columns import Plan, compile_plan
from engine.dataset import ColumnData, Dataset
from engine.formula.tree import Node
from engine.methodology import Field, Methodology
from engine.values import NOT_COLLECTED, is_absent, reason_of

Value = str | int | float | bool | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One question at all places of its level. ``values``: None where there is none, and ``bits`` says why."""

    field: Field
    values: Sequence[Value]
    bits: NDArray[np.uint8]

    def reason(self, place: int) -> str:
        """'' where there is an answer."""
        bits = int(self.bits[place])
        return reason_of(bits) if is_absent(bits) else ""


def answers_of(methodology: Methodology, dataset: Dataset, level: str) -> list[Answered]:
    """Every question of a level, in order of declaration."""
    fields = methodology.fields.get(level, {}).values()
    relevant = relevance(methodology, dataset, level)
    count = dataset.count(level)
    return [_answered(methodology, dataset.tables[level].columns.get(field.code), field, relevant.get(field.code), count) for field in fields]


def _answered(methodology: Methodology, column: ColumnData | None, field: Field, relevant: NDArray[np.bool_] | None, count: int) -> Answered:
    if column is None:
        return Answered(field, [None] * count, np.full(count, NOT_COLLECTED, np.uint8))
    bits = bits_of(column, relevant)
    codes = [choice.code for choice in methodology.choices[field.choices].choices] if field.choices else []
    decoded = decode(column, field, codes)
    if bits.any():
        decoded = [None if is_absent(bit) else value for value, bit in zip(decoded, bits.tolist(), strict=True)]
    return Answered(field, decoded, bits)


def bits_of(column: ColumnData, relevant: NDArray[np.bool_] | None) -> NDArray[np.uint8]:
    """Why values are absent, hidden questions included."""
    bits = np.zeros(len(column.values), np.uint8) if column.bits is None else column.bits
    return bits if relevant is None else np.where(relevant, bits, np.uint8(NOT_COLLECTED))


def decode(column: ColumnData, field: Field, codes: Sequence[str]) -> list[Any]:
    """Plain values of a whole column. Places without a value hold anything."""
    raw: list[int] = column.values.tolist()
    if column.vocabulary is not None:
        words = list(column.vocabulary)
        return [words[number] for number in raw]
    match field.type:
        case "boolean":
            return [bool(number) for number in raw]
        case "choice":
            return [codes[number] for number in raw]
        case "multichoice":
            return [tuple(code for place, code in enumerate(codes) if number >> place & 1) for number in raw]
        case "date":
            return [date.fromordinal(number) if number else None for number in raw]
        case "decimal":
            below = column.denominators.tolist() if column.denominators is not None else [column.scale] * len(raw)
            return [number / part for number, part in zip(raw, below, strict=True)]
    return raw


def relevance(methodology: Methodology, dataset: Dataset, level: str) -> dict[str, NDArray[np.bool_]]:
    """Where each conditional question of a level is asked, by its code."""
    conditions, plan = _conditions(methodology, level)
    if not conditions:
        return {}
    values = plan.run(dataset)
    count = dataset.count(level)
    # A condition that is missing is False in its values: what depends on an unanswered question is not asked.
    return {code: np.broadcast_to(np.asarray(values[node].values).view(np.bool_), count) for code, node in conditions.items()}


@lru_cache(maxsize=64)
def _conditions(methodology: Methodology, level: str) -> tuple[dict[str, Node], Plan]:
    conditions = {field.code: field.show for field in methodology.fields.get(level, {}).values() if field.show is not None}
    return conditions, compile_plan(methodology, conditions.values())
