"""Lists as CSV for Romanian spreadsheets: semicolons, UTF-8 with its mark, nothing that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from portal.network.importing.columns import Columns

BYTE_ORDER_MARK = "\ufeff"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")


def lines(columns: Columns, rows: Iterable[list[Any]]) -> Iterator[str]:
    """The text line by line, header first."""
    return table([field.label for field in columns.fields], rows)


def table(heads: list[str], rows: Iterable[list[Any]]) -> Iterator[str]:
    """The same for any table."""
    yield BYTE_ORDER_MARK + _line(heads)
    yield from (_line([_cell(value) for value in row]) for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(STARTS_A_FORMULA):
        return f"'{value}"
    return str(value).replace(".", ",") if isinstance(value, float) else value


def _line(cells: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue()
