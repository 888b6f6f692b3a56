"""The answers of many places of a level at once, completed as the form of one would: for work in bulk.

Nothing is read or judged here: the cells are stored answers already. Defaults take the place of those that are absent, what is hidden is
taken away, and it is said which cells must be answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.answers.context import Context
from engine.answers.logic import Logic, logic_of
from engine.answers.sheet import Cells, Sheet
from engine.dataset import Dataset, RowNumbers, Table, follow
from engine.encoding import ABSENT
from engine.methodology import Methodology, table_of
from engine.responses import Places, build_dataset


@dataclass(frozen=True, slots=True)
class Completed:
    """``columns``: for each field one cell a place, None where it is blank and ABSENT where it is hidden. ``open``: the places where a cell
    must be answered and is not."""

    columns: dict[str, Cells]
    open: dict[str, list[int]]


def complete_places(methodology: Methodology, level: str, columns: Mapping[str, Cells], places: Mapping[str, Places]) -> Completed:
    """The places of a level that has a form. ``places``: those above and, with keys and parents, the places themselves."""
    logic = logic_of(methodology, level)
    return _completed(logic, columns, build_dataset(methodology, places, logic.inputs), places)


def complete_rows(
    methodology: Methodology, owner: str, columns: Mapping[str, Cells], sizes: Sequence[int], places: Mapping[str, Places]
) -> Completed:
    """The rows of the tables of all places of level ``owner``, under each other; ``sizes``: how many each has."""
    table = table_of(methodology, owner)
    logic = logic_of(methodology, table.level)
    dataset = build_dataset(methodology, places, logic.inputs)
    owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    parents = {parent: follow(dataset.tables, dataset.topology, (owner, parent), owners) for parent in methodology.levels[table.level].parents}
    dataset.tables[table.level] = Table(table.level, len(owners), RowNumbers(np.array(sizes, np.int64)), parents)
    numbered: Mapping[str, Cells] = {table.number: [number for size in sizes for number in range(1, size + 1)]} if table.number else {}
    return _completed(logic, {**columns, **numbered}, dataset, places)


def _completed(logic: Logic, given: Mapping[str, Cells], dataset: Dataset, places: Mapping[str, Places]) -> Completed:
    count = dataset.count(logic.level)
    columns: dict[str, Cells] = {code: list(given[code]) if code in given else [ABSENT] * count for code in logic.fields}
    sheet = Sheet(logic, Context(places=places), columns, dataset)
    sheet.encode_inputs()
    sheet.complete()
    shown, required = sheet.states()
    kept = {code: _kept(cells, shown[code]) for code, cells in sheet.columns.items()}
    return Completed(kept, {code: _open(cells, required[code]) for code, cells in kept.items()})


def _kept(cells: Cells, shown: Sequence[bool]) -> Cells:
    return [(None if cell is ABSENT else cell) if visible else ABSENT for cell, visible in zip(cells, shown, strict=True)]


def _open(cells: Cells, required: Sequence[bool]) -> list[int]:
    return [place for place, (cell, must) in enumerate(zip(cells, required, strict=True)) if must and cell is None]
