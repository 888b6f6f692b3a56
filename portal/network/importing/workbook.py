"""What was read of a file: sheets of cells, with addresses as people read them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell whose content is no text and no number: a date, or an error of the spreadsheet."""

    kind: str
    text: str


Cell = str | int | float | bool | Odd | None
Row = list[Cell]


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` from the first row of the sheet; ``merged``: [first row, first column, last row, last column], from 0."""

    name: str
    rows: list[Row]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    formulas: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Workbook:
    """Every sheet of a file; delimited text is one sheet without a name."""

    sheets: list[Sheet]

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)
