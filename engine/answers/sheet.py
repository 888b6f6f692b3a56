"""The answers of some places of one level while they are completed and judged: columns of stored answers over a small data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.answers.context import Context, alone, among
from engine.answers.logic import Logic, stored_values
from engine.answers.prefill import of_last_year, prefill
from engine.dataset import Dataset, RowNumbers, Table, follow
from engine.encoding import ABSENT, Absent, Stored, encode_stored
from engine.methodology import Table as FormTable
from engine.responses import Places, build_dataset
from engine.typed import Refused

Cells = list[Stored | Absent]


@dataclass(slots=True)
class Sheet:
    """``columns``: for each field one answer a place, ABSENT where nobody answered. ``around``: the index of the place among its like in
    the data set, None when the sheet holds all there are."""

    logic: Logic
    context: Context
    columns: dict[str, Cells]
    dataset: Dataset
    around: int | None = None

    def complete(self) -> None:
        """Defaults in the place of every answer that is absent, each after those it needs."""
        lists = {code: field.default_list for code, field in self.logic.fields.items() if field.default_list}
        self._fill({code: [list(codes)] * len(self.columns[code]) for code, codes in lists.items() if ABSENT in self.columns[code]})
        for stage in self.logic.defaults.stages:
            if not any(ABSENT in self.columns[field.code] for field in stage.fields):
                continue
            found = {}
            for field, node, value in zip(stage.fields, stage.nodes, stage.run(self.logic.methodology, self.dataset), strict=True):
                if ABSENT in self.columns[field.code]:
                    found[field.code] = self._own(stored_values(self.logic, field, node, value, self.dataset))
            self._fill(found)

    def _own(self, values: list[Stored]) -> list[Stored]:
        return values if self.around is None else [values[self.around]]

    def _fill(self, found: Mapping[str, list[Stored]]) -> None:
        if not found:
            return
        for code, defaults in found.items():
            own = self.columns[code]
            self.columns[code] = [default if cell is ABSENT and default is not None else cell for cell, default in zip(own, defaults, strict=True)]
        if self.around is not None:
            document = {code: cells[0] for code, cells in self.columns.items() if not isinstance(cells[0], Absent)}
            self.dataset = _of_place(self.logic, document, self.context)
            return
        table = self.dataset.tables[self.logic.level]
        for code in found:
            if (self.logic.level, code) in self.logic.inputs:
                table.columns[code] = self._encoded(code)

    def encode_inputs(self) -> None:
        """The columns that conditions and defaults look at, into the data set."""
        columns = self.dataset.tables[self.logic.level].columns
        columns |= {code: self._encoded(code) for code in self.columns if (self.logic.level, code) in self.logic.inputs}

    def encode_all(self) -> None:
        """Every column into the data set, also those that no condition looks at."""
        columns = self.dataset.tables[self.logic.level].columns
        columns |= {code: self._encoded(code) for code in self.columns if code not in columns}

    def _encoded(self, code: str) -> Any:
        kind, index = self.logic.kinds[code]
        return encode_stored([None if cell is ABSENT else cell for cell in self.columns[code]], kind, index)  # type: ignore[misc]

    def states(self) -> tuple[dict[str, list[bool]], dict[str, list[bool]]]:
        """(where each field is shown, where each is required and shown), one yes or no a place."""
        shows, requires = self.logic.states(self.dataset)
        shown, required = {}, {}
        for code, field in self.logic.fields.items():
            here = self._flags(shows[code]) if code in shows else [True] * len(self.columns[code])
            shown[code] = here
            if field.required:
                required[code] = here
            elif code in requires:
                required[code] = [a and b for a, b in zip(here, self._flags(requires[code]), strict=True)]
            else:
                required[code] = [False] * len(here)
        return shown, required

    def _flags(self, values: Any) -> list[bool]:
        flags: list[bool] = np.broadcast_to(values, self.dataset.count(self.logic.level)).tolist()
        return flags if self.around is None else [flags[self.around]]


def place_sheet(logic: Logic, answers: Mapping[str, Stored], context: Context) -> Sheet:
    """The sheet of one place: its answers, completed with what prefill proposes for the rest."""
    document = {**proposed(logic, context), **answers}
    columns: dict[str, Cells] = {code: [document.get(code, ABSENT)] for code in logic.fields}
    siblings = context.places.get(logic.level)
    around = context.place if siblings is not None and len(siblings.keys) > 1 else None
    return Sheet(logic, context, columns, _of_place(logic, document, context), around)


def proposed(logic: Logic, context: Context) -> dict[str, Stored]:
    """What the register and last year propose, where it can still be read as an answer."""
    if not context.network and not context.previous:
        return {}
    return _readable(logic, prefill(logic.methodology, logic.level, context.network, context.previous))


def carried(logic: Logic, previous: Mapping[str, object]) -> dict[str, Stored]:
    """Everything answered last year that can still be read as an answer to the same question."""
    values = {code: of_last_year(logic.methodology, field, previous) for code, field in logic.fields.items() if not field.readonly}
    return _readable(logic, {code: value for code, value in values.items() if value is not None})


def _readable(logic: Logic, values: Mapping[str, object]) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    for code, value in values.items():
        try:
            found[code] = logic.readers[code](value)
        except Refused:
            continue
    return found


def _of_place(logic: Logic, document: Mapping[str, Stored], context: Context) -> Dataset:
    given = context.places.get(logic.level)
    own = alone(logic.methodology, document) if given is None else among(given, context.place, document)
    return build_dataset(logic.methodology, {**context.places, logic.level: own}, logic.inputs)


def rows_sheet(logic: Logic, table: FormTable, columns: dict[str, Cells], count: int, context: Context) -> Sheet:
    """The sheet of the rows of one table, whose owner is ``context.place`` among the places of its level."""
    owners = context.places.get(table.owner, Places())
    dataset = build_dataset(logic.methodology, {**context.places, table.owner: owners}, logic.inputs)
    place = np.full(count, context.place, np.int32)
    level = logic.methodology.levels[table.level]
    parents = {
        parent: place if parent == table.owner else follow(dataset.tables, dataset.topology, (table.owner, parent), place) for parent in level.parents
    }
    received = np.zeros(dataset.count(table.owner), np.bool_)
    received[context.place] = True
    dataset.tables[table.level] = Table(table.level, count, RowNumbers(np.array([count])), parents, received=received)
    sheet = Sheet(logic, context, columns, dataset)
    sheet.encode_inputs()
    return sheet
