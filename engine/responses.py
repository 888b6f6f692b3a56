"""From stored answers to a data set: what the product keeps of places, forms, items and tables, as the evaluators want it.

``Places`` is plain data, one a level. Levels that are not given are made: rows from the stored tables of their owners, items of a
repeating step from the documents that hold them; a level above something given becomes one place that holds everything.

Missing: a blank in a document that has come is not_answered; a section whose document has not come is not_collected, and so are the
rows of a table that has not come. Questions hidden by ``show_if`` are left to the evaluators.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Before, ColumnData, Dataset, IntArray, RowNumbers, Table, follow
from engine.defaults import columns_of_results, with_changed
from engine.encoding import Stored, StoredValueError, encode, encode_stored
from engine.formula.quantities import InputQuantity
from engine.formula.tree import DECIMAL, Kind
from engine.levels import Level, top_down
from engine.methodology import Methodology, Step
from engine.storage import decode_tables
from engine.values import NOT_COLLECTED

Document = Mapping[str, Any]
"""Stored answers by code of the field; under the code of a repeating step the list of its items, each a document with its key."""

Name = tuple[str, str]
NOTHING: Document = {}


@dataclass(slots=True)
class Places:
    """The places of one level, by parallel sequences.

    ``parents``: for each parent level the index of the place above (-1: none); what is not given is found: by the answer that names the
    place, else the only place there is. ``answers``: for each section one document a place, None where it has not come. ``tables``: the
    stored table of each place, None where it has not come. ``final`` / ``exempt``: None when that is not known. ``previous``: last
    year's exact values by name of the calculation or indicator, None where there is none.
    """

    keys: Sequence[str] = ("",)
    parents: Mapping[str, Sequence[int]] = field(default_factory=dict)
    answers: Mapping[str, Sequence[Document | None]] = field(default_factory=dict)
    tables: Sequence[bytes | None] | None = None
    final: Sequence[bool] | None = None
    exempt: Sequence[bool] | None = None
    previous: Mapping[str, Sequence[Fraction | int | str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Column:
    """An answer to be read: where it stands and of what kind it is. ``step``: of the repeating step that holds it, else ''."""

    code: str
    kind: Kind
    index: Mapping[str, int]
    section: str
    step: str


@dataclass(frozen=True, slots=True)
class _Shape:
    """What of a methodology the reading of answers needs, for one level. ``repeats``: the steps whose items are its places."""

    level: Level
    columns: tuple[_Column, ...]
    repeats: tuple[tuple[str, Step], ...]
    asked: frozenset[str]


@lru_cache(maxsize=16)
def _shapes(methodology: Methodology) -> tuple[_Shape, ...]:
    """The shapes of all levels, parents first."""
    return tuple(_shape(methodology, level) for level in top_down(methodology.levels, methodology.topology))


def _shape(methodology: Methodology, level: Level) -> _Shape:
    repeats = tuple((form.level, step) for form in methodology.forms for step in form.steps if step.repeat == level.code)
    repeated = {step.code for _, step in repeats}
    columns = []
    for code, asked in methodology.fields.get(level.code, {}).items():
        kind = methodology.quantities[level.code, code].kind
        listed = methodology.choices.get(kind.choices)
        step = asked.step if asked.step in repeated else ""
        columns.append(_Column(code, kind, listed.index if listed is not None else {}, asked.section, step))
    return _Shape(level, tuple(columns), repeats, frozenset(methodology.fields.get(level.code, {})))


NO_YEAR_BEFORE = Before()


def build_dataset(
    methodology: Methodology, places: Mapping[str, Places], only: Collection[Name] | None = None, before: Before = NO_YEAR_BEFORE
) -> Dataset:
    """Everything the evaluators need of these places; with ``only``, no more than these (level, name) columns. Results alone need no more
    than ``columns_of_results``. Whether rows are ``changed`` is worked out where results look at it. ``before``: the year that the
    ``previous`` values are of.

    Raises ``StoredValueError`` (a stored answer not of its type) and ``StorageError`` (a damaged table), both naming where.
    """
    builder = _Builder(methodology, places, only)
    for shape in _shapes(methodology):
        builder.tables[shape.level.code] = builder.table(shape)
    dataset = Dataset(methodology.topology, builder.tables, before)
    wanted = columns_of_results(methodology) if only is None else only
    for level in methodology.levels.values():
        if level.owner and (level.code, "changed") in wanted:
            with_changed(methodology, dataset, level.code)
    return dataset


@dataclass(slots=True)
class _Builder:
    methodology: Methodology
    places: Mapping[str, Places]
    only: Collection[Name] | None
    tables: dict[str, Table] = field(default_factory=dict)

    def table(self, shape: _Shape) -> Table:
        level = shape.level
        given = self.places.get(level.code)
        if given is not None:
            return self._given(shape, given)
        if level.owner:
            return self._rows(level)
        for owner, _ in shape.repeats:
            if owner in self.places:
                return self._items(shape, owner)
        above = any(self.methodology.topology.is_above(level.code, other) for other in self.places)
        return self._empty(level, 1 if above or level.data is None else 0)

    def _wanted(self, level: str, name: str) -> bool:
        return self.only is None or (level, name) in self.only

    def _empty(self, level: Level, count: int) -> Table:
        parents = {parent: np.full(count, 0 if self.tables[parent].count else -1, np.int32) for parent in level.parents}
        return Table(level.code, count, ("",) * count, parents)

    # ---- places that are given ------------------------------------------------------------------------------

    def _given(self, shape: _Shape, given: Places) -> Table:
        level, count = shape.level, len(given.keys)
        table = Table(level.code, count, given.keys)
        for section, listed in given.answers.items():
            if len(listed) != count:
                raise ValueError(f"{count} places of {level.code}, but {len(listed)} documents of their section {section!r}")
        steps = {"", *(column.step for column in shape.columns)}
        documents = {(section, step): listed for section, listed in given.answers.items() for step in steps}
        table.parents = self._parents(shape, given, documents)
        self._columns(shape, table, documents)
        for name, flags in (("final", given.final), ("exempt", given.exempt)):
            if flags is not None and self._wanted(level.code, name):
                table.columns[name] = ColumnData(np.array(flags, np.bool_).view(np.uint8))
        for name, values in given.previous.items():
            self._previous(table, f"previous.{name}", values)
        return table

    def _previous(self, table: Table, name: str, values: Sequence[Fraction | int | str | None]) -> None:
        if not isinstance(self.methodology.quantities.get((table.level, name)), InputQuantity) or not self._wanted(table.level, name):
            return
        exact = [None if value is None else Fraction(value) for value in values]
        bits = np.array([NOT_COLLECTED if value is None else 0 for value in exact], np.uint8)
        table.columns[name] = encode(exact, DECIMAL, bits if bits.any() else None)

    def _parents(self, shape: _Shape, given: Places, documents: Mapping[Name, Sequence[Document | None]]) -> dict[str, IntArray]:
        level = shape.level
        found: dict[str, IntArray] = {}
        named = []
        for parent, link in level.parents.items():
            if parent in given.parents:
                found[parent] = np.array(given.parents[parent], np.int32)
            elif link in shape.asked and self.methodology.fields[level.code][link].type == "place":
                named.append((parent, link))
            else:
                found[parent] = self._only_place(level, parent, len(given.keys))
        for parent, link in named:
            column = next(column for column in shape.columns if column.code == link)
            answers = self._answers(column, documents, len(given.keys))[0]
            found[parent] = self._named(parent, answers, found)
        return {parent: found[parent] for parent in level.parents}

    def _only_place(self, level: Level, parent: str, count: int) -> IntArray:
        above = self.tables[parent].count
        if above > 1 and count:
            raise ValueError(f"there are {above} places at {parent}: say in which the places of {level.code} lie")
        return np.full(count, above - 1, np.int32)

    def _named(self, parent: str, answers: Sequence[Stored], links: Mapping[str, IntArray]) -> IntArray:
        """The places that answers name by key, each among those that lie in the same place above."""
        table = self.tables[parent]
        shared = next((above for above in self.methodology.levels[parent].parents if above in links), None)
        inside = table.parents[shared].tolist() if shared else [0] * table.count
        places = {pair: number for number, pair in enumerate(zip(inside, table.keys, strict=True))}
        own = links[shared].tolist() if shared else [0] * len(answers)
        found = [places.get((place, key), -1) if isinstance(key, str) else -1 for place, key in zip(own, answers, strict=True)]
        return np.array(found, np.int32)

    # ---- answers --------------------------------------------------------------------------------------------

    def _columns(self, shape: _Shape, table: Table, documents: Mapping[Name, Sequence[Document | None]]) -> None:
        for column in shape.columns:
            if (column.section, column.step) in documents and self._wanted(table.level, column.code):
                answers, bits = self._answers(column, documents, table.count)
                try:
                    table.columns[column.code] = encode_stored(answers, column.kind, column.index, bits)
                except StoredValueError as error:
                    raise StoredValueError(f"{table.level}.{column.code}: {error}") from None

    def _answers(
        self, column: _Column, documents: Mapping[Name, Sequence[Document | None]], count: int
    ) -> tuple[list[Stored], NDArray[np.uint8] | None]:
        """(answers, why some are not there at all)."""
        listed = documents.get((column.section, column.step))
        if listed is None:
            return [None] * count, np.full(count, NOT_COLLECTED, np.uint8)
        code = column.code
        if None not in listed:
            return [document.get(code) for document in listed], None  # type: ignore[union-attr]
        bits = np.array([NOT_COLLECTED if document is None else 0 for document in listed], np.uint8)
        return [(document or NOTHING).get(code) for document in listed], bits

    # ---- items of repeating steps -----------------------------------------------------------------------------

    def _items(self, shape: _Shape, owner: str) -> Table:
        """Items as places: those the step's own section lists, with what other sections hold of them under the same key."""
        level, given = shape.level, self.places[owner]
        first = next(step for at, step in shape.repeats if at == owner)
        lists = [_listed(document, first) for document in given.answers.get(first.section, ())]
        keys = [str(item.get(first.key, "")) for listed in lists for item in listed]
        owners = np.repeat(np.arange(len(lists), dtype=np.int32), [len(listed) for listed in lists])
        documents: dict[Name, Sequence[Document | None]] = {}
        for section, held in given.answers.items():
            for step in dict.fromkeys(column.step for column in shape.columns if column.section == section):
                found = next((one for _, one in shape.repeats if one.code == step), first)
                if (section, step) == (first.section, first.code):
                    documents[section, step] = [item for listed in lists for item in listed]
                else:
                    documents[section, step] = _matched(held, found, keys, owners.tolist())
        table = Table(level.code, len(keys), keys)
        for parent in level.parents:
            table.parents[parent] = follow(self.tables, self.methodology.topology, (owner, parent), owners)
        self._columns(shape, table, documents)
        return table

    # ---- rows of tables ---------------------------------------------------------------------------------------

    def _rows(self, level: Level) -> Table:
        given = self.places.get(level.owner)
        tables = given.tables if given is not None and given.tables is not None else [None] * self.tables[level.owner].count
        only = None if self.only is None else {name for at, name in self.only if at == level.code}
        decoded = decode_tables(self.methodology, level.owner, tables, only)
        owners = np.repeat(np.arange(len(tables), dtype=np.int32), decoded.sizes)
        parents = {parent: follow(self.tables, self.methodology.topology, (level.owner, parent), owners) for parent in level.parents}
        return Table(level.code, len(owners), RowNumbers(decoded.sizes), parents, decoded.columns, decoded.received)


def _listed(document: Document | None, step: Step) -> Sequence[Document]:
    return (document or NOTHING).get(step.code) or ()


def _matched(held: Sequence[Document | None], step: Step, keys: Sequence[str], owners: Sequence[int]) -> list[Document | None]:
    """What the documents of another section hold of each item; an item they lack is asked and blank."""
    found = {(owner, str(item.get(step.key, ""))): item for owner, document in enumerate(held) for item in _listed(document, step)}
    return [None if held[owner] is None else found.get((owner, key), NOTHING) for owner, key in zip(owners, keys, strict=True)]
