"""The files of an example as records with positions, before anything is interpreted."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.errors import Mark, Problems
from engine.yaml_source import read

MAX_BYTES = 50_000_000


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

    def mark(self, record: Record, column: str) -> Mark:
        """Where a cell stands: line and number of the column in CSV, line and character in JSON."""
        if record.file.endswith(".json"):
            return self._json_mark(record, column)
        return Mark(f"{self.path.name}/{record.file}", record.row, record.columns.get(column, 1))

    def _json_mark(self, record: Record, column: str) -> Mark:
        source = read(self.path / record.file, self.path.parent, Problems())
        path = (*record.path, column) if column in record.cells else record.path
        try:
            return source.mark(path) if source is not None else Mark(f"{self.path.name}/{record.file}", 1, 1)
        except KeyError:
            return Mark(f"{self.path.name}/{record.file}", 1, 1)

    def add(self, code: str, record: Record, column: str, suggestion: str = "", **params: Any) -> None:
        self.problems.add(code, self.mark(record, column), suggestion=suggestion, column_name=column, row=record.row, **params)

    def whole(self, code: str, file: str, **params: Any) -> None:
        """A problem of a whole file."""
        self.problems.add(code, Mark(f"{self.path.name}/{file}", 1, 1), file_name=file, **params)

    def text(self, file: str) -> str | None:
        path = self.path / file
        if not path.is_file():
            self.whole("D701", file)
            return None
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            self.whole("D702", file, limit=f"{MAX_BYTES:,}".replace(",", "."))
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.whole("D703", file)
            return None

    def json(self, file: str) -> Any:
        """The content of a JSON file; None (and a problem) when it cannot be read."""
        if file not in self._json:
            self._json[file] = self._parse_json(file)
        return self._json[file]

    def _parse_json(self, file: str) -> Any:
        text = self.text(file)
        if text is None:
            return None
        try:
            content = json.loads(text, parse_float=str, parse_constant=str)
        except (json.JSONDecodeError, RecursionError) as error:
            line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
            self.problems.add("D704", Mark(f"{self.path.name}/{file}", line, column), file_name=file)
            return None
        if not isinstance(content, dict):
            self.whole("D704", file)
            return None
        return content

    def records(self, file: str, at: str) -> list[Record] | None:
        """The records of a level: rows of a CSV file, or the object or objects called ``at`` of a JSON file."""
        if not file.endswith(".json"):
            return self._rows(file)
        content = self.json(file)
        if content is None:
            return None
        found = content.get(at, []) if at else content
        listed = found if isinstance(found, list) else [found]
        if at not in content or not all(isinstance(item, dict) for item in listed):
            self.whole("D708", file, name=at)
            return None
        single = not isinstance(found, list)
        return [Record(item, file, number + 1, path=(at,) if single else (at, number)) for number, item in enumerate(listed)]

    def _rows(self, file: str) -> list[Record] | None:
        text = self.text(file)
        if text is None:
            return None
        first = text.split("\n", 1)[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error:
            self.problems.add("D709", Mark(f"{self.path.name}/{file}", reader.line_num, 1), file_name=file)
            return None
        columns = {name: number + 1 for number, name in enumerate(header)}
        if len(columns) < len(header):
            twice = next(name for name in header if header.count(name) > 1)
            self.whole("D710", file, name=twice)
            return None
        records = []
        for line, row in lines:
            if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
                self.problems.add("D711", Mark(f"{self.path.name}/{file}", line, len(header) + 1), file_name=file, row=line)
            records.append(Record(dict(zip(header, row, strict=False)), file, line, columns))
        return records
