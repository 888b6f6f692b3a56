"""The table of a class as it is filled: its rows now, the questions over all rows, what is missing, a summary in words. Reads only.

Before the first save the rows are those that the methodology proposes from the parameters of the class. Rows beyond the declared number are
hidden, not destroyed, until the table is sent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import get_language

from engine.answers import AnswerProblem, CleanedRows, Context, OpenRows, RowsAsked, clean_rows, open_rows
from engine.forms import text_in
from engine.methodology import Field, Methodology, Table, table_of
from engine.own_checks import are_all_own, own_checks
from engine.storage import encode_table
from portal.collection.computing import Fired, compute
from portal.collection.contexts import class_context, methodology_of
from portal.collection.models import CLASS, ClassTable, Collection
from portal.collection.services import tables
from portal.collection.services.saving import Saved
from portal.collection.standing import Obstacles
from portal.collection.words import said_when

TRUE_CODES = frozenset({"yes"})


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a cell may have. ``count``: how many rows have it now."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One row's answer to a question. ``shown``: whether the question is asked of this row."""

    number: int
    value: Any
    label: str
    shown: bool
    required: bool
    problem: str = ""


@dataclass
class TableNow:
    """A class table as it is now. ``rows``: those declared, in order; ``base``: what is stored (or proposed), all of it; ``opened``: the
    rows as the engine has read and completed them."""

    school_class: Collection
    methodology: Methodology
    context: Context
    table: Table
    opened: OpenRows
    rows: list[dict[str, Any]]
    base: list[dict[str, Any]]
    revision: int
    saved_at: datetime | None
    confirmed: frozenset[str]
    language: str

    @cached_property
    def columns(self) -> list[Field]:
        """The columns one answers: neither the number nor computed ones."""
        return [field for field in self.table.columns if field.code != self.table.number and not field.readonly]

    @cached_property
    def state(self) -> RowsAsked:
        return self.opened.asked

    @cached_property
    def asked(self) -> list[Field]:
        """The columns that are asked of at least one row."""
        return [field for field in self.columns if any(self.state.shown[field.code])]

    @cached_property
    def clean(self) -> CleanedRows:
        """The whole table as it may be sent, and what is missing or wrong in its cells."""
        return self.opened.clean

    @property
    def problems(self) -> tuple[AnswerProblem, ...]:
        """What is missing or wrong in the cells."""
        return self.clean.problems

    def after(self, cells: Mapping[str, Any], saved: Saved, confirmed: Sequence[str]) -> TableNow:
        """The table as a save has left it; read again where others have saved as well."""
        if saved.again or saved.others or saved.revision not in (self.revision, self.revision + 1):
            return table_now(self.school_class)
        base = [dict(row) for row in self.base]
        for name, value in cells.items():
            number, _dot, code = name.partition(".")
            base[int(number) - 1][code] = value
        opened = open_rows(self.methodology, CLASS, self.context, base)
        return replace(
            self, opened=opened, rows=opened.rows, base=base, revision=saved.revision, saved_at=saved.at, confirmed=self.confirmed.union(confirmed)
        )

    def retyped(self, rows: list[dict[str, Any]]) -> TableNow:
        """The table as somebody has typed it, mistakes included."""
        return replace(self, opened=open_rows(self.methodology, CLASS, self.context, rows), rows=rows)

    @property
    def shown_rows(self) -> dict[str, list[int]]:
        """The rows in which a cell is asked, of the columns whose cells come and go."""
        shown = self.state.shown
        return {
            field.code: [number for number, there in enumerate(shown[field.code], 1) if there] for field in self.columns if field.show is not None
        }

    @property
    def done(self) -> int:
        """Questions that somebody has looked at and saved."""
        return sum(1 for field in self.asked if field.code in self.confirmed)

    def column(self, code: str) -> Field | None:
        return next((field for field in self.columns if field.code == code), None)

    def label(self, field: Field, value: Any) -> str:
        """A cell in words."""
        if value is None:
            return ""
        if field.choices:
            choice = next((one for one in self.methodology.choices[field.choices].choices if one.code == value), None)
            return text_in(choice.label, self.language) if choice else str(value)
        return str(value)

    def cells(self, field: Field, problems: Mapping[int, str] | None = None) -> list[Cell]:
        shown, required = self.state.shown[field.code], self.state.required[field.code]
        return [
            Cell(
                place + 1,
                row.get(field.code),
                self.label(field, row.get(field.code)),
                shown[place],
                required[place],
                (problems or {}).get(place + 1, ""),
            )
            for place, row in enumerate(self.rows)
        ]

    def options(self, field: Field) -> list[Option]:
        """The values of a choice, with how many rows have each."""
        counted = Counter(row.get(field.code) for place, row in enumerate(self.rows) if self.state.shown[field.code][place])
        choices = self.methodology.choices[field.choices].choices
        return [Option(choice.code, text_in(choice.label, self.language), counted[choice.code]) for choice in choices]

    def listed(self, field: Field) -> list[Option]:
        """What may be chosen in a cell: values of a list, benches of a room; nothing where something is written."""
        room = self.room(field)
        if room is not None:
            return [Option(str(number), str(number), 0) for number in range(1, room["rows"] + 1)]
        return self.options(field) if field.choices else []

    def room(self, field: Field) -> dict[str, int] | None:
        """How many benches stand behind each other and how many seats are in a row, for a column that says where everybody sits."""
        declared = field.declared.get("room")
        listed = {side: self.context.stored.get(code) for side, code in declared.items()} if declared else {}
        found = {side: many for side, many in listed.items() if isinstance(many, int)}
        return found if found and len(found) == len(listed) else None

    @property
    def saved_clock(self) -> str:
        """When the table was last saved, as the save state says it; '' before the first save."""
        return said_when(self.saved_at) if self.saved_at is not None else ""

    def question(self, field: Field) -> str:
        """The question over all rows, in the methodology's words where it has them."""
        return text_in(field.declared.get("question") or field.label, self.language)


def marked_code(methodology: Methodology, field: Field) -> str | None:
    """For a choice of two values, the one that a marked chip stands for; None for longer lists."""
    codes = [choice.code for choice in methodology.choices[field.choices].choices] if field.choices else []
    if len(codes) != 2:
        return None
    return next((code for code in codes if code in TRUE_CODES), codes[0])


def table_now(school_class: Collection, stored: ClassTable | None = None) -> TableNow:
    """The table of a class, read from the database; ``stored`` where it has been read already."""
    methodology = methodology_of(school_class)
    context = class_context(school_class)
    stored = stored or ClassTable.objects.filter(collection=school_class).first()
    base, revision = tables.rows_in(stored, methodology)
    opened = open_rows(methodology, CLASS, context, base)
    return TableNow(
        school_class, methodology, context, table_of(methodology, CLASS), opened, opened.rows, base or opened.rows, revision,
        stored.saved_at if stored is not None and revision else None,
        frozenset(stored.confirmed) if stored is not None else frozenset(), get_language() or "ro",
    )  # fmt: skip


def with_answers(now: TableNow, column: str, answers: Mapping[int, Any]) -> list[dict[str, Any]]:
    """The rows with other answers in one column."""
    return [{**row, column: answers.get(number, row.get(column))} for number, row in enumerate(now.rows, 1)]


def cleaned(now: TableNow, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> tuple[list[dict[str, Any]], list[AnswerProblem]]:
    """(rows as they may be stored, what is wrong in these columns); required blanks are no fault while one is still filling in."""
    result = clean_rows(now.methodology, CLASS, rows, now.context)
    wrong = [problem for problem in result.problems if problem.field in columns and problem.code != "A801"]
    return result.rows, wrong


def checks(now: TableNow) -> list[Fired]:
    """The checks of the class that fire on the table as it is, sent or not."""
    content = encode_table(now.methodology, CLASS, now.clean.rows)
    school_class = now.school_class
    if are_all_own(now.methodology, CLASS):
        places = {**now.context.places, CLASS: replace(now.context.places[CLASS], tables=[content])}
        return [Fired(check, school_class, 0, school_class.code) for check in own_checks(now.methodology, CLASS, places)]
    return compute(school_class, {school_class.pk: content}).fired(school_class)


def obstacles(now: TableNow, fired: Sequence[Fired]) -> Obstacles:
    """What stands between a table and its sending: cells and checks that must be mended. Reasons may be written later, by the unit."""
    return Obstacles(sections=len(now.problems), must_fix=sum(1 for one in fired if one.check.severity == "must_fix"))


def summary(now: TableNow) -> list[tuple[Field, str, list[Option]]]:
    """Each question with the counts of its values, most frequent first; numbers as their smallest and greatest."""
    found = []
    for field in now.asked:
        if field.choices:
            listed = sorted((option for option in now.options(field) if option.count), key=lambda option: -option.count)
        else:
            values = [row[field.code] for row in now.rows if row.get(field.code) is not None]
            listed = [Option(str(value), str(value), many) for value, many in sorted(Counter(values).items())]
        found.append((field, text_in(field.label, now.language), listed))
    return found
