"""Where the header of a list is, and which of its columns is which field: proposed by name, corrected by people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.network.importing import limits
from portal.network.importing.columns import Columns
from portal.network.importing.workbook import Row, Sheet, Workbook
from portal.network.ordering import plain


@dataclass(frozen=True, slots=True)
class Mapping:
    """``header``: the header's row, from 1 as spreadsheets count; ``fields``: index of a column → code of a field."""

    sheet: str
    header: int
    fields: dict[int, str]

    def as_data(self) -> dict[str, Any]:
        return {"sheet": self.sheet, "header": self.header, "fields": {str(index): code for index, code in self.fields.items()}}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Mapping:
        return cls(data["sheet"], data["header"], {int(index): code for index, code in data["fields"].items()})


def matched(row: Row, columns: Columns) -> dict[int, str]:
    """Which cells of a row are headings of which fields; for each field its most exact name wins."""
    headings: dict[str, int] = {}
    for index, cell in enumerate(row):
        if isinstance(cell, str) and cell.strip():
            headings.setdefault(plain(cell), index)
    found: dict[int, str] = {}
    for field in columns.fields:
        fitting = (headings[name] for name in field.names if name in headings)
        column = next((column for column in fitting if column not in found), None)
        if column is not None:
            found[column] = field.code
    return found


def proposed(workbook: Workbook, columns: Columns) -> Mapping:
    """The best mapping of all sheets: most required fields, then most fields; of equal rows the lower one (a row of codes may stand above)."""
    return max((of_sheet(sheet, columns) for sheet in workbook.sheets), key=lambda mapping: _score(mapping, columns))


def of_sheet(sheet: Sheet, columns: Columns) -> Mapping:
    """The best header among the first rows of a sheet; without one, the first row and no fields."""
    rows = sheet.rows[: limits.HEADER_ROWS]
    candidates = [Mapping(sheet.name, number, matched(row, columns)) for number, row in enumerate(rows, 1)]
    nothing = Mapping(sheet.name, 1, {})
    best = max(reversed(candidates), key=lambda mapping: _score(mapping, columns), default=nothing)
    return best if best.fields else nothing


def _score(mapping: Mapping, columns: Columns) -> tuple[int, int]:
    found = set(mapping.fields.values())
    return (sum(field.code in found for field in columns.required), len(found))


def problems_of(mapping: Mapping, columns: Columns) -> list[Any]:
    """Why a mapping cannot be used, as sentences; empty when it can."""
    counted = Counter(mapping.fields.values())
    missing = [field.label for field in columns.required if field.code not in counted]
    twice = [field.label for field in columns.fields if counted[field.code] > 1]
    found = [format_lazy(_("Alegeți coloana pentru „{field}”."), field=_(label)) for label in missing]
    return found + [format_lazy(_("Câmpul „{field}” este ales pentru mai multe coloane."), field=_(label)) for label in twice]
