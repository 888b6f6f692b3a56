"""A block of cells from a spreadsheet, pasted or uploaded: which columns it fills, what would change, what cannot be read. Nothing is saved here.

Columns are found by their names in one of the first lines; a block without names goes where it is pasted. Rows go by their number where the
block has it. A blank changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from engine.forms import text_in
from engine.methodology import Field
from portal.collection import autosave
from portal.collection.class_table import TableNow
from portal.collection.documents import Cells, rows_as_cells
from portal.collection.wordings import shorts_of
from portal.network.importing.workbook import Odd, Sheet, column_letters
from portal.network.ordering import folded

HEADER_LINES = 10
MOST_LINES, MOST_COLUMNS = 200, 200
Lines = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be read. ``where``: its address in the file, '' for what was pasted."""

    name: str
    row: int
    column: str
    value: str
    sentence: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """``matched``: (name in the block, column) in its order; ``ignored``: names that are no column's; ``changed``: cells that would change;
    ``same``: cells that are blank or as they were; ``beyond``: lines for which the class has no pupil."""

    matched: tuple[tuple[str, Field], ...]
    ignored: tuple[str, ...]
    changed: Cells
    same: int
    bad: tuple[Bad, ...]
    lines: int
    beyond: int


def lines_of_text(text: str) -> list[list[str]]:
    """What a spreadsheet puts on the clipboard: lines, tabs, quotes around what holds them."""
    listed = list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\0", "")), delimiter="\t"))
    return [line[:MOST_COLUMNS] for line in listed[:MOST_LINES]]


def read_text(now: TableNow, text: str, row: int, column: str) -> Block:
    """A pasted block whose first value stands in a row and column of the table."""
    lines = lines_of_text(text)
    header = _header(now, lines[:1])
    if header is not None:
        return _read(now, lines[1:], header[1], header[2], row)
    codes = [field.code for field in now.asked]
    start = codes.index(column) if column in codes else 0
    width = max((len(line) for line in lines), default=0)
    columns = dict(enumerate(now.asked[start : start + width]))
    return _read(now, lines, columns, [text_in(field.label, now.language) for field in columns.values()], row)


def read_sheet(now: TableNow, sheet: Sheet) -> Block | None:
    """The table in a sheet of a workbook; None where no line names its columns."""
    header = _header(now, sheet.rows[:HEADER_LINES])
    if header is None:
        return None
    first, columns, names = header
    return _read(now, sheet.rows[first + 1 : first + 1 + MOST_LINES], columns, names, 1, sheet, first + 1)


def _header(now: TableNow, lines: Lines) -> tuple[int, dict[int, Field], list[str]] | None:
    """(place of the line with the names of columns, column of the table by place, all names)."""
    known = {folded(name): field for field in (*now.columns, *now.table.columns) for name in (field.code, *field.label.values())}
    for place, line in enumerate(lines):
        names = ["" if cell is None else str(cell) for cell in line[:MOST_COLUMNS]]
        found = {index: known[folded(name)] for index, name in enumerate(names) if folded(name) in known}
        if found and 2 * len(found) >= sum(1 for name in names if name.strip()):
            return place, found, names
    return None


def _read(
    now: TableNow, lines: Lines, columns: Mapping[int, Field], names: Sequence[str], start: int, sheet: Sheet | None = None, first: int = 0
) -> Block:
    asked = {field.code for field in now.columns}
    number = next((place for place, field in columns.items() if field.code == now.table.number), None)
    typed: dict[str, tuple[Any, Field, str]] = {}
    odd: list[Bad] = []
    beyond = blank = 0
    for offset, line in enumerate(lines):
        row = _row(line, number, start + offset)
        filled = any(_said(cell) for cell in line)
        if not 1 <= row <= len(now.rows):
            beyond += filled
            continue
        for place, field in columns.items():
            cell = line[place] if place < len(line) else None
            if field.code not in asked or not _said(cell):
                blank += field.code in asked
                continue
            where = f"{column_letters(place)}{first + offset + 1}" if sheet is not None else ""
            if sheet is not None and ((first + offset, place) in sheet.formulas or isinstance(cell, Odd)):
                odd.append(_bad(now, row, field, _said(cell), _("Celula este o formulă, o dată sau o eroare. Scrieți valoarea."), where))
            else:
                typed[f"{row}.{field.code}"] = (_meant(now, field, cell), field, where)
    good, refused = autosave.judged(now, {name: value for name, (value, _field, _where) in typed.items()})
    before = rows_as_cells(now.rows)
    changed = {name: value for name, value in good.items() if value != before.get(name)}
    bad = [_bad(now, int(name.partition(".")[0]), typed[name][1], str(typed[name][0]), why, typed[name][2]) for name, why in refused.items()]
    matched = tuple((names[place] if place < len(names) else "", field) for place, field in columns.items() if field.code in asked)
    ignored = tuple(name for place, name in enumerate(names) if name.strip() and place not in columns)
    listed = tuple(sorted([*odd, *bad], key=lambda one: one.row))
    return Block(matched, ignored, changed, blank + len(typed) - len(changed) - len(bad), listed, len(lines), beyond)


def _row(line: Sequence[Any], number: int | None, otherwise: int) -> int:
    if number is None or number >= len(line):
        return otherwise
    said = _said(line[number]).removesuffix(".0").removesuffix(".")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 4 else otherwise if not said else 0


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.text if isinstance(cell, Odd) else str(cell).strip()


def _meant(now: TableNow, field: Field, cell: Any) -> Any:
    """A cell as the reader of its column takes it; the code letters of the grid count as their values."""
    said = _said(cell)
    if isinstance(cell, float) and cell.is_integer():
        said = str(int(cell))
    return shorts_of(now.methodology, field, now.language).by_short.get(folded(said), said)[:200]


def _bad(now: TableNow, row: int, field: Field, value: str, sentence: str, where: str) -> Bad:
    return Bad(f"{row}.{field.code}", row, text_in(field.label, now.language), value[:60], sentence, where)
