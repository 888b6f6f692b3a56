"""Excel workbooks: typed cells, written row by row with constant memory. Two rows of heads: words for people, stable codes for programs.

Text is always written as text: nothing that somebody typed becomes a formula or a link. Codes of lists are written by their labels; the
dictionary sheet has both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from exports.columns import Column, Layout
from exports.wording import BUCHAREST

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MOST_ROWS = 1_048_576
PRINTED_ACROSS = 17
"""Sheets of so many columns print one page wide."""
MOST_TEXT = 32_767
HEADS = 2
A4 = 9
"""Excel's number of the paper."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDTHS = {"text": 26, "integer": 12, "number": 12, "boolean": 10, "choice": 18, "choices": 26, "date": 12, "moment": 18}
LINE_HEIGHT = 15
"""In points; programs do not measure broken texts when they open a file."""
INK, TINT, LINE = "#16202b", "#edf1f5", "#748190"
Table = tuple[Layout, pd.DataFrame]


def how_written() -> str:
    """For the first sheet."""
    return _("Numerele și datele sunt numere și date; valorile listelor sunt scrise cu etichetele lor. Rândul al doilea are codurile coloanelor.")


class Book:
    """A workbook under way. ``add`` may be called with one table again and again: the rows go under each other."""

    def __init__(self, path: Path, title: str, scratch: Path) -> None:
        self.book: Workbook = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": str(scratch)})
        self.book.set_properties({"title": title})
        self.book.set_size(2400, 1600)
        self.formats = _formats(self.book)
        self.sheets: dict[str, _Sheet] = {}
        self.names: set[str] = set()

    def sheet(self, title: str) -> Worksheet:
        """A further sheet, under a legal name that is still free."""
        names = (sheet_name(title, number) for number in count(1))
        name = next(name for name in names if name.casefold() not in self.names)
        self.names.add(name.casefold())
        return self.book.add_worksheet(name)

    def add(self, layout: Layout, frame: pd.DataFrame) -> None:
        """Rows of a table, on its sheet."""
        if layout.code not in self.sheets:
            self.sheets[layout.code] = _Sheet(self, layout)
        self.sheets[layout.code].write(frame)

    def plain(self, layout: Layout, frame: pd.DataFrame) -> None:
        """A sheet of names and values, without heads."""
        sheet = self.sheet(layout.title)
        sheet.set_column(0, 0, 36, self.formats["name"])
        sheet.set_column(1, 1, 110, self.formats["value"])
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        for number, (name, value) in enumerate(frame.itertuples(index=False)):
            sheet.write_string(number, 0, name, self.formats["name"])
            put(sheet, number, 1, value)

    def close(self) -> None:
        for sheet in self.sheets.values():
            sheet.finish()
        self.book.close()


def put(sheet: Worksheet, row: int, column: int, value: str | int) -> None:
    if isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)


def _formats(book: Workbook) -> dict[str, Format]:
    head = {"font_color": INK, "bg_color": TINT, "text_wrap": True, "valign": "top"}
    return {
        "name": book.add_format({"bold": True, "valign": "top"}),
        "value": book.add_format({"text_wrap": True, "align": "left", "valign": "top"}),
        "label": book.add_format(head | {"bold": True}),
        "code": book.add_format(head | {"font_size": 8, "bottom": 1, "bottom_color": LINE, "text_wrap": False}),
        "integer": book.add_format({"num_format": "#,##0"}),
        "date": book.add_format({"num_format": "dd.mm.yyyy"}),
        "moment": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        **{f"number{places}": book.add_format({"num_format": f"#,##0.{'0' * places}"}) for places in range(1, 7)},
    }


def sheet_name(title: str, number: int = 1) -> str:
    """A legal name: 31 characters, none of those that Excel refuses."""
    suffix = f" ({number})" if number > 1 else ""
    return " ".join(title.translate(FORBIDDEN).split())[: 31 - len(suffix)].strip() + suffix


class _Sheet:
    """The sheet of one table; a table longer than Excel allows goes on on a further sheet."""

    def __init__(self, book: Book, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self.ready = [reader_of(column) for column in layout.columns]
        self.begin()

    def begin(self) -> None:
        self.sheet: Worksheet = self.book.sheet(self.layout.title)
        self.row = HEADS
        formats = self.book.formats
        self.sheet.set_row(0, LINE_HEIGHT * max(lines_of(column) for column in self.layout.columns))
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.repeat_rows(0, HEADS - 1)
        if len(self.layout.columns) <= PRINTED_ACROSS:
            self.sheet.fit_to_pages(1, 0)
        for place, column in enumerate(self.layout.columns):
            self.sheet.set_column(place, place, width_of(column), _format_of(formats, column))
        for place, column in enumerate(self.layout.columns):
            self.sheet.write_string(0, place, column.label, formats["label"])
        for place, column in enumerate(self.layout.columns):
            self.sheet.write_string(1, place, column.code, formats["code"])
        self.sheet.freeze_panes(HEADS, _frozen(self.layout))
        self.writes = [_writer_of(self.sheet, column) for column in self.layout.columns]

    def write(self, frame: pd.DataFrame) -> None:
        columns = [ready(frame[column.code].tolist()) for ready, column in zip(self.ready, self.layout.columns, strict=True)]
        cells = list(enumerate(self.writes))
        broken = [(place, column.width) for place, column in enumerate(self.layout.columns) if column.width > WIDTHS["text"]]
        number = self.row
        for row in zip(*columns, strict=True):
            if number == MOST_ROWS:
                self.finish(number)
                self.begin()
                cells, number = list(enumerate(self.writes)), HEADS
            if broken:
                self.sheet.set_row(number, LINE_HEIGHT * max(-(-len(row[place] or "") // width) or 1 for place, width in broken))
            for (place, write), value in zip(cells, row, strict=True):
                if value is not None:
                    write(number, place, value)
            number += 1
        self.row = number

    def finish(self, row: int = 0) -> None:
        self.sheet.autofilter(1, 0, max((row or self.row) - 1, 1), len(self.layout.columns) - 1)


def width_of(column: Column) -> int:
    return column.width or WIDTHS[column.type]


def lines_of(column: Column) -> int:
    """How many lines the bold label of a column takes, about; seven at most."""
    return min(-(-len(column.label) * 5 // (4 * (width_of(column) - 2))), 7)


def _frozen(layout: Layout) -> int:
    """Columns that stay in sight: up to the name of the unit, where there is one."""
    codes = [column.code for column in layout.columns]
    return codes.index("unit.name") + 1 if "unit.name" in codes else 2


def _format_of(formats: dict[str, Format], column: Column) -> Format | None:
    if column.type == "number":
        return formats[f"number{min(max(column.places, 1), 6)}"]
    if column.width > WIDTHS["text"]:
        return formats["value"]
    return formats.get("text" if column.type in ("choice", "choices", "boolean") else column.type)


def _writer_of(sheet: Worksheet, column: Column) -> Callable[[int, int, Any], Any]:
    writers = {"integer": sheet.write_number, "number": sheet.write_number, "date": sheet.write_datetime, "moment": sheet.write_datetime}
    found: Callable[[int, int, Any], Any] = writers.get(column.type, sheet.write_string)
    return found


def reader_of(column: Column) -> Callable[[list[Any]], Iterable[Any]]:
    """Turns the values of a column into what is written; blanks stay None."""
    labels = dict(column.choices or {})
    match column.type:
        case "choice":
            return lambda values: [None if value is None else labels.get(value, value) for value in values]
        case "choices":
            return lambda values: [None if not value else "; ".join(labels.get(code, code) for code in value) for value in values]
        case "boolean":
            return lambda values: [None if value is None else _("da") if value else _("nu") for value in values]
        case "moment":
            return lambda values: [None if value is None else local_moment(value) for value in values]
        case "date":
            return lambda values: [None if value is None else datetime.combine(value, time()) for value in values]
        case "text":
            return texts
    return lambda values: values


def texts(values: Sequence[str | None]) -> list[str | None]:
    return [None if not value else value if len(value) <= MOST_TEXT else f"{value[: MOST_TEXT - 1]}…" for value in values]


def local_moment(moment: datetime | date) -> datetime:
    """Excel knows no time zones: the hour of Bucharest."""
    assert isinstance(moment, datetime)
    return moment.astimezone(BUCHAREST).replace(tzinfo=None, microsecond=0)
