"""Strict YAML 1.2 with positions: what is written is what is read, every value knows its line, and no file can hurt the reader.

Limits are checked on the bytes and on the stream of events, before anything is built. No anchors, tags, merge keys or second
documents. A plain scalar that older YAML would have turned into something else (no, 12:30, 0461100123, 2026.10) stays text, with a
warning to quote it. Sources: YAML 1.2.2 specification, core schema (chapter 10.3).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Mark, Problems, nearest

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000
MAX_FILES = 60
MAX_FOLDER_BYTES = 4_000_000
LIMITS = frozenset(("Y102", "Y106", "Y114", "Y116", "Y121"))
"""Codes of what exceeds a limit of reading: such a folder is not looked at further."""
KINDS = ("methodology", "choices", "forms", "indicators", "validations", "reports", "changes")

NULL = frozenset(("", "~", "null", "Null", "NULL"))
TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{0,17}[1-9]")
SURPRISE = re.compile(
    r"[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?"
    r"|[-+]?0[0-9_]+|[-+]?0[xX][0-9a-fA-F_]+|0o[0-7]+|[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|[-+]?\.[0-9_]+"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|="
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
TAB_INDENT = re.compile(r"^ *\t", re.MULTILINE)

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value starts, how it is written, and where its key stands."""

    line: int
    column: int
    style: str = ""
    key: tuple[int, int] | None = None


@dataclass(slots=True, repr=False)
class Source:
    """One file: its plain content and the place of every value in it. ``file`` is the name used in messages."""

    file: str
    text: str
    data: Any = None
    places: dict[Path_, Place] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    def mark(self, path: Path_ = ()) -> Mark:
        """Where the value at ``path`` starts. Raises ``KeyError`` for a path that the file does not have."""
        place = self.places[path]
        return Mark(self.file, place.line + 1, place.column + 1)

    def key_mark(self, path: Path_) -> Mark:
        """Where the key of the value at ``path`` stands; the value itself for the item of a list."""
        place = self.places[path]
        line, column = place.key or (place.line, place.column)
        return Mark(self.file, line + 1, column + 1)

    def text_mark(self, path: Path_, offset: int) -> Mark:
        """Where character ``offset`` of the text at ``path`` stands in the file, however the text is written."""
        value: Any = self.data
        for key in path:
            value = value[key]
        place = self.places[path]
        if not isinstance(value, str):
            return self.mark(path)
        index = _index_of(self.text, self.starts[place.line] + place.column, place.style, value, offset)
        line = bisect_right(self.starts, index) - 1
        return Mark(self.file, line + 1, index - self.starts[line] + 1)

    @property
    def starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.text))]
        return self._starts

    def line(self, number: int) -> str:
        """Line ``number`` (from 1), '' past the end."""
        if not 1 <= number <= len(self.starts):
            return ""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")


def _index_of(text: str, start: int, style: str, value: str, offset: int) -> int:
    """Walks the value and the file side by side; white space that folding removed is skipped."""
    at = start
    if style in ("'", '"'):
        at += 1
    elif style in ("|", ">"):
        at = text.find("\n", start) + 1
    for position, character in enumerate(value):
        if not character.isspace() or _continues(text, at, style):
            at = _skip_space(text, at, style)
        if position == offset:
            return at
        if not character.isspace() or (at < len(text) and (text[at].isspace() or text[at] == "\\")):
            at += _width(text, at, style)
    return at


def _skip_space(text: str, at: int, style: str) -> int:
    while at < len(text) and (text[at].isspace() or _continues(text, at, style)):
        at += 1
    return at


def _continues(text: str, at: int, style: str) -> bool:
    """Whether a line is broken here without a sign of the value: a backslash before its end, between double quotes."""
    return style == '"' and text[at : at + 2] in ("\\\n", "\\\r")


ESCAPE_WIDTHS = {"x": 4, "u": 6, "U": 10}


def _width(text: str, at: int, style: str) -> int:
    """How many characters of the file write one character of the value."""
    if style == "'" and text[at : at + 2] == "''":
        return 2
    if style == '"' and text[at : at + 1] == "\\":
        return ESCAPE_WIDTHS.get(text[at + 1 : at + 2], 2)
    return 1


# ---- reading ---------------------------------------------------------------------------------------------


def read_folder(folder: Path, problems: Problems) -> list[Source]:
    """Every YAML file of a methodology's folder, in order of name; problems of the folder itself are reported."""
    if not folder.is_dir():
        problems.add("Y101", Mark(folder.name or ".", 1, 1), name=folder)
        return []
    root = folder.resolve().parent
    name = folder.resolve().name
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    if len(files) > MAX_FILES:
        problems.add("Y102", Mark(name, 1, 1), limit=MAX_FILES, found=len(files))
        return []
    sources = []
    total = sum(size for path in files if (size := _size(path)) <= MAX_BYTES)
    if total > MAX_FOLDER_BYTES:
        problems.add("Y121", Mark(name, 1, 1), limit="4 MB", found=total)
        return []
    for path in files:
        kind = path.name.rsplit(".", 1)[0].split("_")[0]
        if kind not in KINDS:
            problems.add("Y103", Mark(f"{name}/{path.name}", 1, 1), nearest(kind, KINDS), name=path.name, kinds=", ".join(KINDS))
            continue
        source = read(path, root, problems)
        if source is not None:
            sources.append(source)
    if not any(path.name.split(".")[0] == "methodology" for path in files):
        problems.add("Y104", Mark(name, 1, 1), name="methodology.yaml")
    return sources


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read(path: Path, root: Path, problems: Problems) -> Source | None:
    """One file, or None when it cannot be read at all (then the problem has been reported)."""
    file = f"{path.parent.resolve().name}/{path.name}"
    try:
        resolved = path.resolve(strict=True)
        if not resolved.is_relative_to(root.resolve()):
            problems.add("Y105", Mark(file, 1, 1))
            return None
        if not resolved.is_file():
            problems.add("Y122", Mark(file, 1, 1))
            return None
        if resolved.stat().st_size > MAX_BYTES:
            problems.add("Y106", Mark(file, 1, 1), limit="1 MB", found=resolved.stat().st_size)
            return None
        raw = resolved.read_bytes()
    except (OSError, RuntimeError):
        problems.add("Y122", Mark(file, 1, 1))
        return None
    return read_text(raw, file, problems)


def read_text(raw: bytes, file: str, problems: Problems) -> Source | None:
    """The source of some bytes, as ``read`` makes it of a file."""
    if len(raw) > MAX_BYTES:
        problems.add("Y106", Mark(file, 1, 1), limit="1 MB", found=len(raw))
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add("Y107", Mark(file, line, error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1))
        return None
    source = Source(file, text)
    for pattern, code in ((CONTROL, "Y108"), (TAB_INDENT, "Y109")):
        match = pattern.search(text)
        if match:
            position = match.end() - 1
            line = bisect_right(source.starts, position) - 1
            problems.add(code, Mark(file, line + 1, position - source.starts[line] + 1), source_line=source.line(line + 1))
            return None
    return _Builder(source, problems).build()


@dataclass(slots=True)
class _Frame:
    """A collection being built: ``key`` waits for its value in a mapping."""

    value: Any
    path: Path_
    key: str | None = None
    key_place: tuple[int, int] | None = None
    ignored: bool = False


class _Refused(Exception):
    """Reading stops here; the problem has been reported."""


@dataclass(slots=True)
class _Builder:
    """Turns the events of the parser into plain content and places, counting as it goes."""

    source: Source
    problems: Problems
    stack: list[_Frame] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def build(self) -> Source | None:
        try:
            for event in yaml.parse(self.source.text, Loader=yaml.CSafeLoader):
                self._take(event)
        except _Refused:
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._add("Y110", mark.line if mark else 0, mark.column if mark else 0, detail=_detail(error))
            return None
        if not self.nodes:
            self._add("Y111", 0, 0)
            return None
        return self.source

    def _add(self, code: str, line: int, column: int, **params: Any) -> None:
        self.problems.add(code, Mark(self.source.file, line + 1, column + 1), source_line=self.source.line(line + 1), **params)

    def _refuse(self, code: str, event: Any, **params: Any) -> None:
        self._add(code, event.start_mark.line, event.start_mark.column, **params)
        raise _Refused

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._node(event)
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._node(event)
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse("Y112", event, name=f"*{event.anchor}")
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse("Y113", event)

    def _node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._refuse("Y114", event, limit=f"{MAX_NODES:,}".replace(",", "."))
        if event.anchor is not None:
            self._refuse("Y112", event, name=f"&{event.anchor}")
        if event.tag is not None:
            self._refuse("Y115", event, name=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def _open(self, event: Any) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._refuse("Y116", event, limit=MAX_DEPTH)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self._refuse("Y117", event)
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._place(value, event, "")
        self.stack.append(_Frame(value, path))

    def _close(self) -> None:
        self.stack.pop()

    def _scalar(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.value, dict) and frame.key is None:
            self._key(frame, event)
            return
        plain = event.style is None or event.style == ""
        value = self._resolve(event) if plain else event.value
        self._place(value, event, "" if plain else event.style)

    def _key(self, frame: _Frame, event: Any) -> None:
        line, column = event.start_mark.line, event.start_mark.column
        if event.value == "<<":
            self._refuse("Y118", event)
        if (event.style is None or event.style == "") and SURPRISE.fullmatch(event.value) and not WHOLE.fullmatch(event.value):
            self._add("Y120", line, column, value=event.value)
        if event.value in frame.value:
            first = self.source.places[(*frame.path, event.value)].key or (0, 0)
            self._add("Y119", line, column, name=event.value, first=first[0] + 1)
            frame.ignored = True
        frame.key, frame.key_place = event.value, (line, column)

    def _place(self, value: Any, event: Any, style: str) -> Path_:
        """Puts a value where it belongs and notes its place; the second of two equal keys is read but not kept."""
        start = event.start_mark
        if not self.stack:
            self.source.data = value
            self.source.places[()] = Place(start.line, start.column, style)
            return ()
        frame = self.stack[-1]
        if isinstance(frame.value, list):
            path: Path_ = (*frame.path, len(frame.value))
            frame.value.append(value)
            self.source.places[path] = Place(start.line, start.column, style)
            return path
        key = frame.key if frame.key is not None else ""
        path = (*frame.path, key)
        if frame.ignored:
            frame.ignored, path = False, (*frame.path, key, "#")
        else:
            frame.value[key] = value
        self.source.places[path] = Place(start.line, start.column, style, frame.key_place)
        frame.key = None
        return path

    def _resolve(self, event: Any) -> Any:
        text = event.value
        if text in NULL:
            return None
        if text in TRUTH:
            return TRUTH[text]
        if WHOLE.fullmatch(text):
            return int(text)
        if DECIMAL.fullmatch(text):
            return Decimal(text)
        if SURPRISE.fullmatch(text):
            self._add("Y120", event.start_mark.line, event.start_mark.column, value=text)
        return text


DETAILS = {
    "could not find expected ':'": "lipsește „:” după o cheie",
    "mapping values are not allowed": "„:” nu are ce căuta aici (textele cu „:” se pun în ghilimele)",
    "did not find expected key": "aliniere greșită sau o cheie lipsă",
    "did not find expected '-' indicator": "aliniere greșită într-o listă",
    "did not find expected ',' or ']'": "lipsește „,” sau „]”",
    "did not find expected ',' or '}'": "lipsește „,” sau „}”",
    "did not find expected node content": "lipsește o valoare",
    "did not find expected alphabetic or numeric character": "„&” și „*” la început de text se pun în ghilimele",
    "did not find expected comment or line break": "după „|” sau „>” urmează rândul următor",
    "did not find expected whitespace": "lipsește un spațiu",
    "did not find expected <document start>": "fișierul nu începe cu o cheie",
    "found unexpected end of stream": "ghilimele sau paranteze neînchise",
    "found character that cannot start any token": "un caracter care trebuie pus în ghilimele",
    "found unknown escape character": "o secvență „\\” necunoscută",
    "found unexpected ':'": "„:” nu are ce căuta aici (textele cu „:” se pun în ghilimele)",
    "found unexpected document indicator": "„---” nu are ce căuta aici",
    "block sequence entries are not allowed": "o listă („-”) nu poate începe aici",
    "found duplicate %YAML directive": "directivele „%” nu sunt admise",
    "found undefined tag handle": "etichetele „!” nu sunt admise",
    "exceeded": "imbricat prea adânc",
}


def _detail(error: yaml.MarkedYAMLError) -> str:
    found = str(error.problem or "")
    return next((romanian for english, romanian in DETAILS.items() if english in found), "scrierea nu este YAML corect")
