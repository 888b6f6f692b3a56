"""Sheets of a workbook: values through calamine, and the cells with formulas, which calamine does not tell."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import python_calamine

from portal.network.importing import archive, limits
from portal.network.importing.signatures import Unreadable

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b')
ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
ERROR = re.compile(r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!)")


def sheets_of(content: bytes) -> list[dict[str, Any]]:
    """Every sheet that is small enough, as plain data: name, rows, merged ranges, addresses of formulas. Raises ``Unreadable``."""
    opened = archive.checked(content)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_sheet(book, name) for name in book.sheet_names]
    except python_calamine.PasswordError as error:
        raise Unreadable("password") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Unreadable("damaged") from error
    paths = _paths(opened)
    for sheet in sheets:
        sheet["formulas"] = _formulas(opened, paths.get(sheet["name"], ""))
    return sheets


def _sheet(book: python_calamine.CalamineWorkbook, name: str) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    height, width = (last + 1 for last in sheet.end) if sheet.end else (0, 0)
    if height > limits.ROWS + limits.HEADER_ROWS:
        raise Unreadable("too_many_rows", rows=height, most=limits.ROWS)
    if width > limits.COLUMNS:
        raise Unreadable("too_many_columns", most=limits.COLUMNS)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [[*first, *last] for first, last in sheet.merged_cell_ranges or []]
    return {"name": name, "rows": rows, "merged": merged}


def _cell(value: Any) -> Any:
    """A cell as JSON can hold it: text, number, truth value, nothing, or a named oddity."""
    if isinstance(value, str):
        if ERROR.fullmatch(value):
            return {"odd": "error", "text": value}
        return value[: limits.CELL_CHARACTERS] or None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return {"odd": "date", "text": value.isoformat() if not isinstance(value, datetime.timedelta) else str(value)}
    return value


def _paths(opened: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → its part in the archive."""
    try:
        relations = ElementTree.fromstring(opened.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        book = ElementTree.fromstring(opened.read("xl/workbook.xml"))  # noqa: S314
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile) as error:
        raise Unreadable("damaged") from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    entries = (element for element in book.iter() if element.tag.endswith("}sheet"))
    return {entry.get("name", ""): _part(targets.get(entry.get(RELATION), "")) for entry in entries}


def _part(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _formulas(opened: zipfile.ZipFile, path: str) -> list[list[int]]:
    """Zero-based [row, column] of the cells that hold a formula."""
    try:
        content = opened.read(path)
    except (KeyError, zipfile.BadZipFile):
        return []
    # The first search is several times faster, and most lists have no formula at all.
    found = FORMULA.findall(content) if ANY_FORMULA.search(content) else []
    return [[int(row) - 1, _column(letters)] for letters, row in found]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
