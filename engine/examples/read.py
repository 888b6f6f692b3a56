"""An example folder becomes a ``Dataset``; what is wrong is told by file, row and column, and then nothing is evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset import ColumnData, Dataset, Table
from engine.encoding import encode
from engine.errors import MethodologyError, Problem, Problems, nearest
from engine.examples.cells import BadCell, is_empty, parse_cell
from engine.examples.files import Folder, Record
from engine.formula.quantities import InputQuantity
from engine.formula.tree import Kind
from engine.levels import Level, top_down
from engine.methodology import Methodology
from engine.values import NOT_ANSWERED, NOT_COLLECTED

Scope = tuple[int, str]


def read_example(methodology: Methodology, folder: Path | str) -> Dataset:
    """The data of an example. Raises ``MethodologyError`` with every problem of the folder when there is any error."""
    dataset, problems = read_with_problems(methodology, Path(folder))
    if dataset is None:
        raise MethodologyError(problems)
    return dataset


def read_with_problems(methodology: Methodology, folder: Path) -> tuple[Dataset | None, tuple[Problem, ...]]:
    """(data or None when there are errors, all problems)."""
    problems = Problems()
    reader = _Reader(methodology, Folder(folder, problems))
    for level in top_down(methodology.levels, methodology.topology):
        reader.read_level(level)
    found = tuple(problems.sorted())
    if any(problem.level == "error" for problem in found):
        return None, found
    return Dataset(methodology.topology, reader.tables), found


@dataclass(slots=True)
class _Reader:
    methodology: Methodology
    folder: Folder
    tables: dict[str, Table] = field(default_factory=dict)
    by_key: dict[str, dict[Scope, int]] = field(default_factory=dict)
    """Places of each level by (place of the scope, key); the scope is the first parent that has data."""
    unread: set[str] = field(default_factory=set)
    """Levels whose file could not be read: nothing more is said of rows that name their places."""

    def read_level(self, level: Level) -> None:
        if level.data is None:
            self.tables[level.code] = Table(level.code, 1, ("",), {p: np.zeros(1, np.int32) for p in level.parents})
            return
        records = self.folder.records(level.data.file, level.data.at)
        if records is None:
            self.unread.add(level.code)
            self.tables[level.code] = Table(level.code, 0, (), {p: np.zeros(0, np.int32) for p in level.parents})
            return
        self._check_columns(level, records)
        links = {parent: self._links(level, parent, link, records) for parent, link in level.parents.items()}
        if level.owner:
            order = np.argsort(links[level.owner], kind="stable")
            records = [records[index] for index in order]
            links = {parent: index[order] for parent, index in links.items()}
        keys = [str(record.cells.get(level.data.key, "")).strip() for record in records]
        self._index_keys(level, records, keys, links)
        columns = {name: self._column(name, kind, level, records) for name, kind in self._present(level, records).items()}
        table = Table(level.code, len(records), keys, links, columns)
        if level.owner:
            arrived = np.zeros(self.tables[level.owner].count, np.bool_)
            arrived[links[level.owner][links[level.owner] >= 0]] = True
            table.received = arrived
        self.tables[level.code] = table
        if level.data.previous:
            self._previous(level, level.data.file, level.data.previous)

    # ---- columns -----------------------------------------------------------------------------------------

    def _kinds(self, level: Level) -> dict[str, Kind]:
        """Everything that a file of the level may hold."""
        kinds = {}
        for (at, name), quantity in self.methodology.quantities.items():
            if at == level.code and isinstance(quantity, InputQuantity) and quantity.source != "previous":
                kinds[name] = quantity.kind
        return kinds

    def _structural(self, level: Level) -> set[str]:
        """Columns that place a row rather than answer a question: its key, its links, the links that scope them."""
        assert level.data is not None
        names = {level.data.key, *(link for link in level.parents.values() if link)}
        for above in self.methodology.topology.above(level.code):
            if above in self.methodology.levels and self.methodology.levels[above].data is not None:
                names.add(self.methodology.levels[above].data.key)  # type: ignore[union-attr]
        return names

    def _check_columns(self, level: Level, records: list[Record]) -> None:
        known = [*self._kinds(level), *self._structural(level)]
        seen: dict[str, Record] = {}
        filled: dict[str, Record] = {}
        for record in records:
            for name, raw in record.cells.items():
                if name not in known:
                    seen.setdefault(name, record)
                    if not is_empty(raw):
                        filled.setdefault(name, record)
        for name, record in seen.items():
            code = "D712" if name in filled else "D713"
            self.folder.add(code, filled.get(name, record), name, nearest(name, known), level=level.code)
        assert level.data is not None
        if records and level.data.key not in records[0].cells:
            self.folder.add("D714", records[0], level.data.key, nearest(level.data.key, list(records[0].cells)))

    def _present(self, level: Level, records: list[Record]) -> dict[str, Kind]:
        names = {name for record in records for name in record.cells}
        return {name: kind for name, kind in self._kinds(level).items() if name in names}

    def _column(self, name: str, kind: Kind, level: Level, records: list[Record]) -> ColumnData:
        listed = self.methodology.choices.get(kind.choices)
        index: Mapping[str, int] = listed.index if listed is not None else {}
        values: list[Any] = []
        bits = np.zeros(len(records), np.uint8)
        for place, record in enumerate(records):
            raw = record.cells.get(name)
            value = None
            if is_empty(raw):
                bits[place] = self._why_empty(name, level, record)
            else:
                try:
                    value = parse_cell(raw, kind, index)
                except BadCell as bad:
                    suggestion = nearest(bad.value, list(bad.suggestions))
                    self.folder.add(bad.code, record, name, suggestion, value=bad.value[:60], wanted=bad.wanted)
            values.append(value)
        return encode(values, kind, bits if bits.any() else None)

    def _why_empty(self, name: str, level: Level, record: Record) -> int:
        """Not collected when nothing of its section is there at all; else asked, and left blank."""
        if name in record.cells:
            return NOT_ANSWERED
        fields = self.methodology.fields.get(level.code, {})
        section = fields[name].section if name in fields else ""
        together = (code for code, other in fields.items() if other.section == section)
        return NOT_ANSWERED if any(code in record.cells for code in together) else NOT_COLLECTED

    # ---- links -------------------------------------------------------------------------------------------

    def _links(self, level: Level, parent: str, link: str | None, records: list[Record]) -> np.ndarray[Any, np.dtype[np.int32]]:
        """Index of the parent of each record. A question that names a place may lead nowhere; any other link must not."""
        if parent in self.unread:
            return np.full(len(records), -1, np.int32)
        result = np.zeros(len(records), np.int32)
        above = self.tables[parent]
        if self.methodology.levels[parent].data is None or link is None:
            return result
        asked = link in self.methodology.fields.get(level.code, {})
        for place, record in enumerate(records):
            raw = record.cells.get(link)
            if is_empty(raw):
                alone = link not in record.cells and above.count == 1
                result[place] = 0 if alone else -1
                if not alone and not asked:
                    self.folder.add("D715", record, link, level=parent)
                continue
            found = self.by_key[parent].get((self._scope(parent, record), str(raw).strip()), -1)
            result[place] = found
            if found < 0 and not asked:
                keys = [key for _, key in self.by_key[parent]]
                self.folder.add("D716", record, link, nearest(str(raw), keys), value=str(raw)[:60], level=parent)
        return result

    def _scope(self, level: str, record: Record) -> int:
        """Place inside which keys of ``level`` are unique, as the record names it."""
        parent = self._scope_level(level)
        if parent is None:
            return 0
        link = self.methodology.levels[parent].data
        assert link is not None
        raw = record.cells.get(link.key)
        if is_empty(raw):
            return 0 if self.tables[parent].count == 1 else -1
        return self.by_key[parent].get((self._scope(parent, record), str(raw).strip()), -1)

    def _scope_level(self, level: str) -> str | None:
        """The first parent with data; keys of a level directly below a lone top level are unique anyway."""
        for parent in self.methodology.levels[level].parents:
            above = self.methodology.levels[parent]
            if above.data is not None and self.tables[parent].count > 1:
                return parent
        return None

    def _index_keys(self, level: Level, records: list[Record], keys: list[str], links: Mapping[str, Any]) -> None:
        assert level.data is not None
        scope = next((parent for parent in level.parents if self._scope_level(level.code) == parent), level.owner)
        if level.owner:
            scope = level.owner
        index = self.by_key.setdefault(level.code, {})
        for place, (record, key) in enumerate(zip(records, keys, strict=True)):
            inside = int(links[scope][place]) if scope else 0
            if not key:
                self.folder.add("D717", record, level.data.key)
            elif (inside, key) in index:
                self.folder.add("D718", record, level.data.key, value=key)
            index.setdefault((inside, key), place)

    def _previous(self, level: Level, file: str, name: str) -> None:
        """Last year's frozen values, by key of the place and name of the value."""
        content = (self.folder.json(file) or {}).get(name) or {}
        table = self.tables[level.code]
        known = {n.removeprefix("previous.") for at, n in self.methodology.quantities if at == level.code}
        values: dict[str, list[Fraction | None]] = {}
        for key, given in content.items() if isinstance(content, dict) else ():
            record = Record(given if isinstance(given, dict) else {}, file, 1, path=(name, key))
            if key not in table.keys:
                self.folder.add("D716", record, "", nearest(key, list(table.keys)), value=key, level=level.code)
                continue
            for column, raw in record.cells.items():
                self._previous_value(record, column, raw, known, values.setdefault(column, [None] * table.count), list(table.keys).index(key))
        for column, listed in values.items():
            missing = np.array([NOT_COLLECTED if value is None else 0 for value in listed], np.uint8)
            table.columns[f"previous.{column}"] = encode(listed, Kind("decimal"), missing if missing.any() else None)

    def _previous_value(self, record: Record, column: str, raw: Any, known: set[str], into: list[Fraction | None], place: int) -> None:
        if column not in known:
            self.folder.add("D712", record, column, nearest(column, list(known)), level="previous")
        elif not is_empty(raw):
            try:
                into[place] = Fraction(str(raw).replace(",", "."))
            except (ValueError, ZeroDivisionError):
                self.folder.add("D705", record, column, value=str(raw)[:60], wanted="număr")
