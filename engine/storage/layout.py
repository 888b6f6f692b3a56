"""The layout of a table under one version of a methodology: its columns, and the whole number behind each value.

The number of the row is not stored: a row's number is its place. Codes are stored by their position in the list, whose order the
version pins; the fingerprint covers it, so that a document is never read with another order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, floor
from typing import Any, Final

from engine.encoding import ABSENT, Absent, Stored, StoredValueError, bit_set, codes_of, decimal, scaled
from engine.methodology import Field, Methodology, Table, table_of
from engine.storage.header import Form, StorageError, smallest

LETTERS: Final = {
    "integer": "i", "number": "i", "decimal": "d", "boolean": "b", "choice": "c", "multichoice": "m", "text": "t", "textarea": "t",
    "place": "t", "date": "D",
}  # fmt: skip
MOST_PLACES: Final = 15


@dataclass(frozen=True)
class Column:
    """One stored column. ``codes``: its list in the pinned order, () where it has none."""

    code: str
    letter: str
    codes: tuple[str, ...]
    places: int
    low: Fraction | None
    high: Fraction | None

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def usual(self) -> Form:
        """The form where nothing in the data wants a wider one."""
        match self.letter:
            case "b" | "t":
                return Form(self.letter)
            case "c":
                return smallest("c", 0, len(self.codes) - 1)
            case "m":
                return smallest("m", 0, (1 << len(self.codes)) - 1)
            case "D":
                return Form("D", 2)
        return smallest(self.letter, self._least, self._most, self.places)

    @cached_property
    def _least(self) -> int:
        return 0 if self.low is None else min(0, floor(self.low * 10**self.places))

    @cached_property
    def _most(self) -> int:
        return 0 if self.high is None else max(0, ceil(self.high * 10**self.places))

    def raw(self, values: Sequence[Stored | Absent], texts: dict[str, int]) -> tuple[Form, list[int]]:
        """(form, whole numbers) of one column of a document; ``texts`` gathers the texts of the document."""
        present = [value for value in values if value is not None and value is not ABSENT]
        try:
            form, numbers = self._numbers(present, texts)
        except (KeyError, TypeError, ValueError, StoredValueError) as error:
            raise StorageError(f"column {self.code}: {error} cannot be stored") from None
        if len(present) == len(values):
            return form, numbers
        blank, uncollected = form.blanks
        following = iter(numbers)
        return form, [blank if value is None else uncollected if value is ABSENT else next(following) for value in values]

    def _numbers(self, values: Sequence[Any], texts: dict[str, int]) -> tuple[Form, list[int]]:
        match self.letter:
            case "c":
                index = self.index
                return self.usual, [index[value] for value in values]
            case "b":
                _only(values, bool)
                return self.usual, [int(value) for value in values]
            case "m":
                return self.usual, [bit_set(value, self.index) for value in values]
            case "D":
                return self.usual, [date.fromisoformat(value).toordinal() for value in values]
            case "t":
                _only(values, str)
                numbers = [texts[value] for value in values]
                return smallest("t", 0, len(texts)), numbers
        return self._quantities(values)

    def _quantities(self, values: Sequence[Any]) -> tuple[Form, list[int]]:
        if self.letter == "i":
            _only(values, int)
            places, numbers = 0, list(values)
        else:
            places = max([self.places, *(len(value.partition(".")[2]) for value in values if isinstance(value, str))])
            if places > MOST_PLACES:
                raise ValueError(f"{places} decimal places")
            numbers = [scaled(value, places) for value in values]
        low, high = min(numbers, default=0), max(numbers, default=0)
        least, most = self.usual.range
        if low >= least and high <= most and places == self.usual.places:
            return self.usual, numbers
        factor = 10 ** (places - self.usual.places)
        return smallest(self.letter, min(low, self._least * factor), max(high, self._most * factor), places), numbers

    def values(self, form: Form, numbers: Sequence[int], texts: Sequence[str]) -> list[Stored | Absent]:
        """The stored answers behind whole numbers. Raises ``StorageError`` where one stands for nothing."""
        blank, uncollected = form.blanks
        known: dict[int, Stored | Absent] = {blank: None, uncollected: ABSENT}
        for number in set(numbers):
            if number not in known:
                known[number] = self._value(form, number, texts)
        return [known[number] for number in numbers]

    def _value(self, form: Form, number: int, texts: Sequence[str]) -> Stored:
        if number < 0 and self.letter not in "id":
            raise StorageError(f"column {self.code}: {number} stands for nothing")
        try:
            match self.letter:
                case "c":
                    return self.codes[number]
                case "b":
                    return (False, True)[number]
                case "m":
                    if number >> len(self.codes):
                        raise IndexError
                    return codes_of(number, self.codes)
                case "D":
                    return date.fromordinal(number).isoformat()
                case "t":
                    return texts[number]
        except (IndexError, ValueError, OverflowError):
            raise StorageError(f"column {self.code}: {number} stands for nothing") from None
        return number if self.letter == "i" else decimal(number, form.places)


def _only(values: Sequence[Any], wanted: type) -> None:
    for value in values:
        if type(value) is not wanted:
            raise TypeError(repr(value))


@dataclass(frozen=True)
class Layout:
    """The columns of a table in order, with what tells this layout from any other."""

    table: Table
    columns: tuple[Column, ...]
    fingerprint: bytes

    @cached_property
    def names(self) -> frozenset[str]:
        """Keys a row may have."""
        return frozenset((*(column.code for column in self.columns), self.table.number))

    @cached_property
    def has_texts(self) -> bool:
        return any(column.letter == "t" for column in self.columns)


@lru_cache(maxsize=64)
def layout_of(methodology: Methodology, owner: str) -> Layout:
    """The layout of the table that the form of level ``owner`` holds. Raises ``KeyError`` when it holds none."""
    table = table_of(methodology, owner)
    columns = tuple(_column(methodology, field) for field in table.columns if field.code != table.number)
    content = [[column.code, column.letter, column.codes] for column in columns]
    digest = hashlib.sha256(json.dumps([table.level, content], ensure_ascii=True).encode()).digest()
    return Layout(table, columns, digest[:8])


def _column(methodology: Methodology, field: Field) -> Column:
    codes = tuple(methodology.choices[field.choices].index) if field.type in ("choice", "multichoice") else ()
    places = field.places if field.type == "decimal" else 0
    return Column(field.code, LETTERS[field.type], codes, places, field.minimum, field.maximum)
