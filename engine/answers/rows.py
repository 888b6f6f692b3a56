"""The rows of a table: proposed from the answers of its owner, judged cell by cell, and compared with what was proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.answers.context import NOTHING_AROUND, Context
from engine.answers.logic import Logic, logic_of
from engine.answers.problems import AnswerProblem, problem_of
from engine.answers.sheet import Cells, Sheet, rows_sheet
from engine.defaults import changed_cells
from engine.encoding import ABSENT, Stored
from engine.methodology import Methodology, Table, table_of
from engine.typed import Reader, Refused

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CleanedRows:
    """``rows``: what may be stored, without numbers, in order; hidden cells are not there. Problems carry the number of the row."""

    rows: list[dict[str, Stored]]
    problems: tuple[AnswerProblem, ...]


UNDECLARED = CleanedRows([], (AnswerProblem("", "A819"),))
"""While the owner's answers do not say how many rows there are."""


@dataclass(frozen=True, slots=True)
class RowsAsked:
    """Of every column, one yes or no a row: whether the cell is shown, must be filled in."""

    shown: dict[str, list[bool]]
    required: dict[str, list[bool]]


@dataclass(frozen=True, slots=True)
class RowsState:
    """Of every column, one yes or no a row: whether the cell is shown, must be filled in, differs from its default."""

    shown: dict[str, list[bool]]
    required: dict[str, list[bool]]
    changed: dict[str, list[bool]]


class OpenRows:
    """The rows of a table while they are filled in: read and completed with defaults once, then asked about in several ways."""

    def __init__(self, methodology: Methodology, owner: str, context: Context, kept: Sequence[Row]) -> None:
        self._table, self._logic = table_of(methodology, owner), _logic(methodology, owner)
        self._declared = declared_rows(methodology, owner, context)
        count = self._declared or 0
        read = [*kept[:count], *({} for _ in range(count - len(kept)))]
        self._sheet, self._refused = _completed(self._logic, self._table, read, context)

    @cached_property
    def rows(self) -> list[dict[str, Stored]]:
        """Every cell as it is kept, with its default where it was not there (None where it has none)."""
        columns = self._sheet.columns
        codes = [code for code in columns if code != self._table.number]
        lists = [[None if cell is ABSENT else cell for cell in columns[code]] for code in codes]
        return [dict(zip(codes, cells, strict=True)) for cells in zip(*lists, strict=True)]  # type: ignore[arg-type]

    @cached_property
    def asked(self) -> RowsAsked:
        """Which cells are shown and required; what cannot be read counts as blank."""
        return RowsAsked(*self._sheet.states())

    @cached_property
    def clean(self) -> CleanedRows:
        """What ``clean_rows`` says of ``rows``."""
        if self._declared is None:
            return UNDECLARED
        return _cleaned(self._logic, self._table, self._sheet, self._refused, self.asked)


def open_rows(methodology: Methodology, owner: str, context: Context = NOTHING_AROUND, kept: Sequence[Row] = ()) -> OpenRows:
    """The rows a table has while it is filled in: as many as its owner's answer says, every cell that is absent with its default.

    ``kept``: rows there are already, which stay as they are; rows are added or taken away at the end. No rows while the number is not
    known. The owner is ``context.place`` among ``context.places[owner]``.
    """
    return OpenRows(methodology, owner, context, kept)


def initial_rows(methodology: Methodology, owner: str, context: Context = NOTHING_AROUND, kept: Sequence[Row] = ()) -> list[dict[str, Stored]]:
    """The rows a table begins with, as ``open_rows``."""
    return open_rows(methodology, owner, context, kept).rows


def declared_rows(methodology: Methodology, owner: str, context: Context) -> int | None:
    """The number of rows that the owner's answers declare; None while they do not."""
    field = methodology.fields[owner][table_of(methodology, owner).rows]
    listed = context.places[owner].answers.get(field.section) if owner in context.places else None
    document = listed[context.place] if listed is not None else None
    try:
        found = logic_of(methodology, owner).readers[field.code]((document or {}).get(field.code))
    except Refused:
        return None
    return found if isinstance(found, int) else None


def clean_rows(methodology: Methodology, owner: str, rows: Sequence[Row], context: Context = NOTHING_AROUND) -> CleanedRows:
    """What may be kept of the rows of a table, and what is wrong with them, by the same rules as ``clean``.

    The number of rows has to be the one declared; no more rows than that are read. The number column is computed, never read.
    """
    table, logic = table_of(methodology, owner), _logic(methodology, owner)
    declared = declared_rows(methodology, owner, context)
    if declared is None:
        return UNDECLARED
    wrong = [] if len(rows) == declared else [AnswerProblem("", "A818", params={"found": len(rows), "wanted": declared})]
    read = rows[:declared]
    odd = [number for number, row in enumerate(read, 1) if not isinstance(row, Mapping)]
    if odd:
        return CleanedRows([], (*wrong, *(AnswerProblem("", "A815", number) for number in odd)))
    sheet, refused = _completed(logic, table, read, context)
    return _cleaned(logic, table, sheet, refused, RowsAsked(*sheet.states()), wrong)


def _cleaned(
    logic: Logic, table: Table, sheet: Sheet, refused: Mapping[str, Mapping[int, Refused]], asked: RowsAsked, wrong: Sequence[AnswerProblem] = ()
) -> CleanedRows:
    problems = list(wrong)
    kept: list[dict[str, Stored]] = [{} for _ in range(sheet.dataset.count(table.level))]
    for code, field in logic.fields.items():
        if code == table.number:
            continue
        reasons, must = refused.get(code, {}), asked.required[code]
        for place, (cell, visible) in enumerate(zip(sheet.columns[code], asked.shown[code], strict=True)):
            if not visible:
                continue
            if place in reasons:
                problems.append(problem_of(code, reasons[place], place + 1))
            elif cell is not None and cell is not ABSENT:
                kept[place][code] = cell  # type: ignore[assignment]
            elif must[place] and not field.readonly:
                problems.append(AnswerProblem(code, "A801", place + 1))
            else:
                kept[place][code] = None
    return CleanedRows(kept, tuple(sorted(problems, key=lambda problem: problem.row or 0)))


def rows_state(methodology: Methodology, owner: str, rows: Sequence[Row], context: Context = NOTHING_AROUND) -> RowsState:
    """Which cells are shown, required and changed, as the rows are now; what cannot be read counts as blank."""
    table, logic = table_of(methodology, owner), _logic(methodology, owner)
    sheet, _ = _completed(logic, table, rows, context)
    shown, required = sheet.states()
    sheet.encode_all()
    changed = {code: cells.tolist() for code, cells in changed_cells(methodology, sheet.dataset, table.level).items()}
    return RowsState(shown, required, changed)


def _logic(methodology: Methodology, owner: str) -> Logic:
    return logic_of(methodology, table_of(methodology, owner).level)


def _completed(logic: Logic, table: Table, rows: Sequence[Row], context: Context) -> tuple[Sheet, dict[str, dict[int, Refused]]]:
    """(the rows read and completed with defaults; for each column why some of its cells cannot be read, by place)."""
    columns: dict[str, Cells] = {}
    refused: dict[str, dict[int, Refused]] = {}
    for code, field in logic.fields.items():
        if code == table.number:
            columns[code] = list(range(1, len(rows) + 1))
        elif field.readonly:
            columns[code] = [ABSENT] * len(rows)
        else:
            columns[code], reasons = _read([row.get(code, ABSENT) for row in rows], logic.readers[code], logic.kinds[code][1])
            if reasons:
                refused[code] = reasons
    sheet = rows_sheet(logic, table, columns, len(rows), context)
    sheet.complete()
    return sheet, refused


def _read(cells: list[Any], reader: Reader, index: Mapping[str, int]) -> tuple[Cells, dict[int, Refused]]:
    """One column read; where all cells are codes of the list there is nothing to do."""
    try:
        if index and all(type(cell) is str for cell in cells) and set(cells) <= index.keys():
            return cells, {}
    except TypeError:
        pass
    found: Cells = []
    reasons: dict[int, Refused] = {}
    for place, cell in enumerate(cells):
        try:
            found.append(cell if cell is ABSENT else reader(cell))
        except Refused as why:
            reasons[place] = why
            found.append(None)
    return found, reasons
