"""The files of an example as records with positions, before anything is interpreted."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import Mark, Problems
from engine.examples import json_text
from engine.yaml_source import CONTROL

MAX_BYTES = 50_000_000
SEPARATORS = (",", ";", "\t")


@dataclass(slots=True)
class Record:
    """One place as written: its cells and where each stands. ``row`` is the line of a CSV file, the number of the object in JSON."""

    cells: Mapping[str, Any]
    file: str
    row: int
    columns: Mapping[str, int] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()


@dataclass(slots=True)
class Folder:
    """A folder being read; keeps parsed files, since several levels may share one."""

    path: Path
    problems: Problems
    _json: dict[str, Any] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _places: dict[str, dict[json_text.Path, int]] = field(default_factory=dict)

    def mark(self, record: Record, column: str) -> Mark:
        """Where a cell stands: line and number of the column in CSV, line and character in JSON."""
        if not record.file.endswith(".json"):
            return Mark(f"{self.path.name}/{record.file}", record.row, record.columns.get(column, 1))
        return self.place(record.file, (*record.path, column) if column in record.cells else record.path)

    def place(self, file: str, path: json_text.Path) -> Mark:
        """Where the value at a path of a JSON file stands."""
        text = self._texts.get(file, "")
        if file not in self._places:
            self._places[file] = dict(json_text.places(text))
        while path and path not in self._places[file]:
            path = path[:-1]
        return Mark(f"{self.path.name}/{file}", *json_text.line_and_column(text, self._places[file].get(path, 0)))

    def add(self, code: str, record: Record, column: str, suggestion: str = "", **params: Any) -> None:
        self.problems.add(code, self.mark(record, column), suggestion=suggestion, column_name=column, row=record.row, **params)

    def whole(self, code: str, file: str, line: int = 1, column: int = 1, **params: Any) -> None:
        """A problem of a file, or of a place in it that is no cell."""
        self.problems.add(code, Mark(f"{self.path.name}/{file}", line, column), file_name=file, **params)

    def text(self, file: str) -> str | None:
        """The text of a file; None (and a problem) when it cannot be read."""
        path = self.path / file
        if not path.is_file():
            self.whole("D701", file)
            return None
        try:
            raw = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
        except OSError:
            self.whole("D701", file)
            return None
        if raw is None:
            self.whole("D702", file, limit=f"{MAX_BYTES:,}".replace(",", "."))
            return None
        return self._decoded(file, raw)

    def _decoded(self, file: str, raw: bytes) -> str | None:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8-sig", "replace")
            self.whole("D703", file, *json_text.line_and_column(before, len(before)))
            return None
        strange = CONTROL.search(text)
        if strange:
            self.whole("D719", file, *json_text.line_and_column(text, strange.start()))
            return None
        return text

    def json(self, file: str) -> Any:
        """The content of a JSON file; None (and a problem) when it cannot be read."""
        if file not in self._json:
            self._json[file] = self._parse_json(file)
        return self._json[file]

    def _parse_json(self, file: str) -> Any:
        text = self.text(file)
        if text is None:
            return None
        self._texts[file] = text
        try:
            content = json_text.loads(text)
        except json_text.TwiceError as error:
            self._told_twice(file, text, error.key)
            return None
        except (ValueError, RecursionError) as error:
            self.whole("D704", file, getattr(error, "lineno", 1), getattr(error, "colno", 1))
            return None
        if not isinstance(content, dict):
            self.whole("D704", file)
            return None
        return content

    def _told_twice(self, file: str, text: str, key: str) -> None:
        seen = set()
        for path, offset in json_text.places(text):
            if path and path[-1] == key and path in seen:
                self.whole("D720", file, *json_text.line_and_column(text, offset), name=key)
            seen.add(path)

    def records(self, file: str, at: str) -> list[Record] | None:
        """The records of a level: rows of a CSV file, or the object or objects called ``at`` of a JSON file."""
        if not file.endswith(".json"):
            return self._rows(file)
        content = self.json(file)
        if content is None:
            return None
        found = content.get(at, []) if at else content
        listed = found if isinstance(found, list) else [found]
        if (at and at not in content) or not all(isinstance(item, dict) for item in listed):
            mark = self.place(file, (at,) if at in content else ())
            self.whole("D708", file, mark.line, mark.column, name=at)
            return None
        single = not isinstance(found, list)
        return [Record(item, file, number + 1, path=(at,) if single else (at, number)) for number, item in enumerate(listed)]

    def _rows(self, file: str) -> list[Record] | None:
        text = self.text(file)
        if text is None:
            return None
        first = text.split("\n", 1)[0]
        separator = max(SEPARATORS, key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        lines: list[tuple[int, list[str]]] = []
        last = 0
        try:
            header = _header(next(reader, []))
            for row in reader:
                if any(cell.strip() for cell in row):
                    lines.append((reader.line_num, row))
                last = reader.line_num
        except csv.Error:
            self.whole("D709", file, max(last, 1) + 1, 1)
            return None
        if not header:
            self.whole("D722", file)
            return None
        if len(set(header)) < len(header):
            twice = next(number for number, name in enumerate(header) if name in header[:number])
            self.whole("D710", file, 1, twice + 1, name=header[twice])
            return None
        return [self._record(file, line, header, row) for line, row in lines]

    def _record(self, file: str, line: int, header: list[str], row: list[str]) -> Record:
        """One row; more cells than the header has (unless they are empty), or fewer, are a problem of the row."""
        columns = {name: number for number, name in enumerate(header, 1)}
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            self.whole("D711", file, line, len(header) + 1, row=line)
        elif len(row) < len(header):
            self.whole("D721", file, line, len(row) + 1, row=line, name=header[len(row)])
        return Record(dict(zip(header, row, strict=False)), file, line, columns)


def _header(cells: list[str]) -> list[str]:
    """Names of the columns; empty ones at the end are none, others are called by their number."""
    names = [name.strip() for name in cells]
    while names and not names[-1]:
        names.pop()
    return [name or f"({number})" for number, name in enumerate(names, 1)]
