"""Lists written for tests: workbooks with whatever a cell may hold, texts, and the plain way from a list to its plan."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from portal.network.importing import headers, reading, runs
from portal.network.importing.columns import columns_of
from portal.network.importing.plan import Plan
from portal.network.importing.records import Reading
from portal.network.importing.runs import Order

HEADER = ["Județ", "Cod SIIIR PJ", "Denumire PJ", "Cod SIIIR unitate", "Denumire unitate", "Statut", "Mediu", "Elevi"]


class Formula(str):
    """A cell that is a formula."""


def book(*rows: Sequence[Any], sheet: str = "Export", merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet. Text stays text; a ``Formula`` is one."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        page = made.add_worksheet(sheet)
        day = made.add_format({"num_format": "dd.mm.yyyy"})
        for area in merged:
            page.merge_range(area, "")
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if isinstance(cell, Formula):
                    page.write_formula(number, index, str(cell), None, 5)
                elif isinstance(cell, datetime):
                    page.write_datetime(number, index, cell, day)
                elif isinstance(cell, str):
                    page.write_string(number, index, cell)
                elif cell is not None:
                    page.write(number, index, cell)
    return stream.getvalue()


def listed(*rows: Sequence[Any], **options: Any) -> bytes:
    """A list of the network: the usual header, then rows (county, school, its name, unit, its name, status, residence, pupils)."""
    return book(HEADER, *rows, **options)


def dry(content: bytes, kind: str = "network", **order: Any) -> tuple[Reading, Plan]:
    """The dry run of a list under the mapping that is proposed."""
    workbook, columns = reading.read(content), columns_of(kind)
    return runs.check(workbook, headers.proposed(workbook, columns), columns, Order(kind, **order))


def applied(content: bytes, kind: str = "network", **order: Any) -> Any:
    """Applies a list that has no errors; its difference."""
    read, plan = dry(content, kind, **order)
    assert codes_of(read, "error") == [], read.problems.counts
    return runs.write(kind, plan)


def codes_of(read: Reading, level: str) -> list[str]:
    from portal.network.importing.problems import level_of

    return [code for code in read.problems.counts if level_of(code) == level]


def addresses(read: Reading, code: str) -> list[str]:
    return [problem.address for problem in read.problems if problem.code == code]
