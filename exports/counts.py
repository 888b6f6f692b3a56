"""How many rows have each value of each column of a class table, by class and above it. Rows themselves never leave the unit.

A place whose table has not come has no counts, which is not the same as none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData, Dataset
from engine.methodology import Field, Methodology, Table
from engine.values import NOT_ANSWERED, is_absent
from exports.answers import bits_of, relevance

MOST_NUMBERS = 40
"""Whole numbers are counted one by one where their limits leave no more than so many."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One column. ``values``: what is counted, as stored, in the order of its list; ``many[place, value]`` and ``blank[place]`` rows,
    only where ``received[place]``."""

    field: Field
    values: Sequence[str]
    many: NDArray[np.int64]
    blank: NDArray[np.int64]
    received: NDArray[np.bool_]

    def upward(self, link: NDArray[np.int32], count: int) -> Counted:
        """The same for the ``count`` places above, given the place of each place here."""
        many, blank, received = (np.zeros((count, *part.shape[1:]), part.dtype) for part in (self.many, self.blank, self.received))
        np.add.at(many, link, self.many)
        np.add.at(blank, link, self.blank)
        np.logical_or.at(received, link, self.received)
        return Counted(self.field, self.values, many, blank, received)


def tables_of(methodology: Methodology) -> list[Table]:
    return [form.table for form in methodology.forms if form.table is not None]


def values_of(methodology: Methodology, field: Field) -> list[str] | None:
    """What is counted in a column; None for one that is not counted (numbers without close limits, dates)."""
    if field.choices:
        return [choice.code for choice in methodology.choices[field.choices].choices]
    if field.type == "boolean":
        return ["0", "1"]
    if field.type == "integer" and field.minimum is not None and field.maximum is not None and field.maximum - field.minimum < MOST_NUMBERS:
        return [str(number) for number in range(int(field.minimum), int(field.maximum) + 1)]
    return None


def counted_fields(methodology: Methodology, table: Table) -> list[Field]:
    return [field for field in table.columns if field.code != table.number and values_of(methodology, field) is not None]


def counts_of(methodology: Methodology, dataset: Dataset, table: Table) -> list[Counted]:
    """Every counted column of a table, by its owners (classes)."""
    rows = dataset.tables[table.level]
    owner = rows.parents[table.owner]
    count = dataset.count(table.owner)
    received = np.ones(count, np.bool_) if rows.received is None else rows.received
    relevant = relevance(methodology, dataset, table.level)
    found = []
    for field in counted_fields(methodology, table):
        values = values_of(methodology, field) or []
        column = rows.columns.get(field.code)
        many, blank = np.zeros((count, len(values)), np.int64), np.zeros(count, np.int64)
        if column is not None and rows.count:
            bits = bits_of(column, relevant.get(field.code))
            present = ~_absent(bits)
            many = _many(column, field, values, owner, present, count)
            blank = np.bincount(owner[(bits & NOT_ANSWERED) > 0], minlength=count)
        found.append(Counted(field, values, many, blank, received))
    return found


def _absent(bits: NDArray[np.uint8]) -> NDArray[np.bool_]:
    table = np.array([is_absent(bit) for bit in range(256)])
    return table[bits]


def _many(
    column: ColumnData, field: Field, values: Sequence[str], owner: NDArray[np.int32], present: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    owners, raw = owner[present].astype(np.int64), column.values[present]
    width = len(values)
    if field.type == "multichoice":
        sets = raw.astype(np.uint64)
        chosen = [np.bincount(owners[(sets >> np.uint64(place)) & np.uint64(1) > 0], minlength=count) for place in range(width)]
        return np.stack(chosen, axis=1) if chosen else np.zeros((count, 0), np.int64)
    index = raw.astype(np.int64)
    if field.type == "integer":
        index -= int(values[0])
        inside = (index >= 0) & (index < width)
        owners, index = owners[inside], index[inside]
    return np.bincount(owners * width + index, minlength=count * width).reshape(count, width)
