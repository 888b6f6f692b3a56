"""Rows of a list as typed values: which rows are data, which are totals, notes or repetitions, and what is wrong in which cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from portal.network.importing.cells import BadCell, number, value_of
from portal.network.importing.columns import Columns, Field
from portal.network.importing.headers import Mapping
from portal.network.importing.problems import Problems
from portal.network.importing.workbook import Cell, Row, Sheet, column_letters

TOTAL_WORDS = ("total", "subtotal", "suma")
TOTALS_KEPT = 20


@dataclass(slots=True)
class Record:
    """One row of data. ``values``: field → value, None where the cell is empty; fields without a column are absent."""

    row: int
    values: dict[str, Any]
    repeats: int = 0
    """The row that this one repeats exactly; 0 for none."""

    def __getitem__(self, code: str) -> Any:
        return self.values.get(code)


@dataclass(frozen=True, slots=True)
class Total:
    """A total row: what it states for a field, what the rows add up to."""

    row: int
    label: str
    field: str
    stated: float
    counted: float

    @property
    def agrees(self) -> bool:
        return self.stated == self.counted


@dataclass(slots=True)
class Reading:
    """What a list says. ``sums``: control field → sum over the data rows; ``subtotals``: how many total rows were left out."""

    columns: Columns
    records: list[Record]
    problems: Problems
    sums: dict[str, float] = field(default_factory=dict)
    totals: list[Total] = field(default_factory=list)
    subtotals: int = 0


class Reader:
    """Reads the rows of one sheet under a mapping. Use ``read``."""

    def __init__(self, sheet: Sheet, mapping: Mapping, columns: Columns) -> None:
        self.sheet, self.header, self.columns = sheet, mapping.header, columns
        self.fields = [(index, columns.field(code)) for index, code in sorted(mapping.fields.items())]
        self.problems = Problems(sheet.name)
        self.seen: dict[tuple[Cell, ...], int] = {}
        self.stated: list[tuple[int, str, str, float]] = []
        self.subtotals = 0

    def read(self) -> Reading:
        self._report_merged()
        records = self._without_subtotals([record for row, cells in self._rows() if (record := self._record(row, cells))])
        sums: Counter[str] = Counter()
        for record in records:
            sums.update({field_.code: record[field_.code] or 0 for _index, field_ in self.fields if field_.control})
        totals = [Total(row, label, code, value, sums[code]) for row, label, code, value in self.stated]
        return Reading(self.columns, records, self.problems, dict(sums), totals, self.subtotals)

    def _rows(self) -> Iterator[tuple[int, Row]]:
        """Rows below the header that are not blank, numbered as spreadsheets do."""
        for offset, row in enumerate(self.sheet.rows[self.header :], self.header + 1):
            if any(cell is not None and cell != "" for cell in row):
                yield offset, row

    def _record(self, row: int, cells: Row) -> Record | None:
        if self._is_no_data(row, cells):
            return None
        values = {field_.code: self._value(row, index, field_, cells) for index, field_ in self.fields}
        if self._is_not_filled(values):
            self.problems.add("not_filled", row)
            return None
        self._report_missing(row, cells)
        return Record(row, values, self._first_of(row, cells))

    def _value(self, row: int, index: int, field_: Field, cells: Row) -> Any:
        column = column_letters(index)
        if (row - 1, index) in self.sheet.formulas:
            self.problems.add("formula", row, column)
            return None
        return value_of(field_, cells[index] if index < len(cells) else None, partial(self.problems.add, row=row, column=column))

    def _report_missing(self, row: int, cells: Row) -> None:
        """Empty required cells; one that holds something that does not fit has been reported already."""
        for index, field_ in self.fields:
            if field_.required and not str(cells[index] if index < len(cells) and cells[index] is not None else "").strip():
                self.problems.add("missing", row, column_letters(index), field=field_.label)

    def _is_not_filled(self, values: dict[str, Any]) -> bool:
        """Whether the row holds nothing but what the template wrote."""
        prefilled = {field_.code for _index, field_ in self.fields if field_.prefilled}
        return bool(prefilled) and {code for code, value in values.items() if value is not None} <= prefilled

    # ---- rows that are no data ---------------------------------------------------------------------------

    def _is_no_data(self, row: int, cells: Row) -> bool:
        texts = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        label = next((text for text in texts if text.strip().casefold().startswith(TOTAL_WORDS)), "")
        if not self._has_code(cells) and (label or self._has_control(cells)):
            self._keep_total(row, label, {field_.code: cells[index] for index, field_ in self.fields if field_.control and index < len(cells)})
            return True
        if len(texts) == 1 and sum(cell is not None for cell in cells) == 1 and len(self.fields) > 1:
            self.problems.add("lone_text", row, value=texts[0])
            return True
        return False

    def _has_code(self, cells: Row) -> bool:
        """Whether a code cell holds a digit: a school may be called „Totalul”, a total row has no code."""
        codes = (str(cells[index] or "") for index, field_ in self.fields if field_.type == "code" and index < len(cells))
        return any(character.isdigit() for code in codes for character in code)

    def _has_control(self, cells: Row) -> bool:
        """Whether the row says a number to be added up, in a list whose subtotals leave the marking column empty."""
        marked = any(field_.marks_subtotals for _index, field_ in self.fields)
        return marked and any(cells[index] for index, field_ in self.fields if field_.control and index < len(cells))

    def _without_subtotals(self, records: list[Record]) -> list[Record]:
        """Leaves out the rows of a unit that has its own lines by level and this one without."""
        markers = [field_.code for _index, field_ in self.fields if field_.marks_subtotals]
        if not markers:
            return records
        key = next(field_.code for _index, field_ in self.fields if field_.type == "code")
        detailed = {record[key] for record in records if any(record[code] for code in markers)}
        kept = []
        for record in records:
            if record[key] in detailed and not any(record[code] for code in markers):
                self._keep_total(record.row, "", {field_.code: record[field_.code] for _index, field_ in self.fields if field_.control})
            else:
                kept.append(record)
        return kept

    def _keep_total(self, row: int, label: str, numbers: dict[str, Cell]) -> None:
        self.problems.add("total_row", row)
        self.subtotals += 1
        for code, cell in numbers.items():
            if isinstance(cell, (str, int, float)) and len(self.stated) < TOTALS_KEPT:
                with suppress(BadCell):
                    self.stated.append((row, label, code, number(cell)))

    # ---- repetitions and merged cells --------------------------------------------------------------------

    def _first_of(self, row: int, cells: Row) -> int:
        first = self.seen.setdefault(tuple(cells), row)
        return 0 if first == row else first

    def _report_merged(self) -> None:
        used = {index for index, _field in self.fields}
        for top, left, bottom, right in self.sheet.merged:
            if bottom >= self.header and used & set(range(left, right + 1)):
                area = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
                self.problems.add("merged", top + 1, column_letters(left), value=area)


def read(sheet: Sheet, mapping: Mapping, columns: Columns) -> Reading:
    """The data of a sheet. Reading changes nothing; rows with errors are records too, with the bad cells empty."""
    return Reader(sheet, mapping, columns).read()
