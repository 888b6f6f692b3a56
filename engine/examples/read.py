"""An example folder becomes a ``Dataset``; what is wrong is told by file, row and column, and then nothing is evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset import ColumnData, Dataset, Table
from engine.encoding import encode
from engine.errors import MethodologyError, Problem, Problems, TooManyProblems, nearest
from engine.examples.cells import BadCell, is_empty, parse_cell, shown
from engine.examples.files import Folder, Record
from engine.examples.links import Links
from engine.formula.quantities import InputQuantity
from engine.formula.tree import Kind
from engine.levels import Level, top_down
from engine.methodology import Methodology
from engine.values import NOT_ANSWERED, NOT_COLLECTED

PREVIOUS = re.compile(r"-?[0-9]{1,15}([.,][0-9]{1,15})?(/[0-9]{1,15})?")


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
    try:
        for level in top_down(methodology.levels, methodology.topology):
            reader.read_level(level)
        reader.check_names()
    except TooManyProblems:
        pass
    found = tuple(problems.sorted())
    if any(problem.level == "error" for problem in found):
        return None, found
    return Dataset(methodology.topology, reader.tables), found


@dataclass(slots=True)
class _Reader:
    methodology: Methodology
    folder: Folder
    tables: dict[str, Table] = field(default_factory=dict)
    links: Links = field(init=False)

    def __post_init__(self) -> None:
        self.links = Links(self.methodology, self.folder, self.tables)

    def read_level(self, level: Level) -> None:
        if level.data is None:
            self.tables[level.code] = Table(level.code, 1, ("",), {p: np.zeros(1, np.int32) for p in level.parents})
            return
        records = self.folder.records(level.data.file, level.data.at)
        if records is None:
            self.links.unread.add(level.code)
            self.tables[level.code] = Table(level.code, 0, (), {p: np.zeros(0, np.int32) for p in level.parents})
            return
        self._check_columns(level, records)
        links = self.links.of(level, records)
        if level.owner:
            order = np.argsort(links[level.owner], kind="stable")
            records = [records[index] for index in order]
            links = {parent: index[order] for parent, index in links.items()}
        keys = [str(record.cells.get(level.data.key, "")).strip() for record in records]
        self.links.remember(level, records, keys, links)
        columns = {name: self._column(name, kind, level, records) for name, kind in self._present(level, records).items()}
        table = Table(level.code, len(records), keys, links, columns)
        if level.owner:
            arrived = np.zeros(self.tables[level.owner].count, np.bool_)
            arrived[links[level.owner][links[level.owner] >= 0]] = True
            table.received = arrived
        self.tables[level.code] = table
        if level.data.previous:
            self._previous(level, level.data.file, level.data.previous)

    def check_names(self) -> None:
        """Names inside the JSON files that no level reads."""
        read: dict[str, set[str]] = {}
        for level in self.methodology.levels.values():
            if level.data is not None and level.data.at:
                read.setdefault(level.data.file, set()).update((level.data.at, level.data.previous))
        for file, names in read.items():
            content = self.folder.json(file) if file.endswith(".json") else None
            for name in content or ():
                if name not in names:
                    mark = self.folder.place(file, (name,))
                    self.folder.problems.add("D725", mark, nearest(name, names), name=name, file_name=file)

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
        names = {level.data.key, *(link for link in level.parents.values() if link), *self.links.scoping(level)}
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

    # ---- last year ---------------------------------------------------------------------------------------

    def _previous(self, level: Level, file: str, name: str) -> None:
        """Last year's frozen values, by key of the place and name of the value."""
        content = (self.folder.json(file) or {}).get(name)
        table = self.tables[level.code]
        known = {n.removeprefix("previous.") for at, n in self.methodology.quantities if at == level.code}
        places = {key: place for place, key in enumerate(table.keys)}
        values: dict[str, list[Fraction | None]] = {}
        if not isinstance(content, dict | None):
            self._misshapen(file, (name,), name)
            return
        for key, given in (content or {}).items():
            record = Record(given if isinstance(given, dict) else {}, file, places.get(key, 0) + 1, path=(name, key))
            if not isinstance(given, dict):
                self._misshapen(file, (name, key), f"{name}.{key}")
            elif key not in places and level.code not in self.links.unread:
                self.folder.add("D716", record, name, nearest(key, list(places)), value=key, level=level.code)
            for column, raw in record.cells.items() if key in places else ():
                self._previous_value(record, column, raw, known, values.setdefault(column, [None] * table.count), places[key])
        for column, listed in values.items():
            missing = np.array([NOT_COLLECTED if value is None else 0 for value in listed], np.uint8)
            table.columns[f"previous.{column}"] = encode(listed, Kind("decimal"), missing if missing.any() else None)

    def _misshapen(self, file: str, path: tuple[str | int, ...], name: str) -> None:
        self.folder.problems.add("D724", self.folder.place(file, path), name=name)

    def _previous_value(self, record: Record, column: str, raw: Any, known: set[str], into: list[Fraction | None], place: int) -> None:
        if column not in known:
            self.folder.add("D712", record, column, nearest(column, list(known)), level="previous")
        elif not is_empty(raw):
            text = str(raw).strip() if isinstance(raw, (str, int)) and not isinstance(raw, bool) else ""
            try:
                into[place] = Fraction(text.replace(",", ".")) if PREVIOUS.fullmatch(text) else None
            except ZeroDivisionError:
                into[place] = None
            if into[place] is None:
                self.folder.add("D705", record, column, value=shown(raw)[:60], wanted="un număr")
