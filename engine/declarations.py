"""Everything a folder declares, collected over its files, families expanded, still as plain data with positions.

Collects and reports what can be seen without looking into formulas: duplicate codes, references to things that are not declared.
An entry with a structural mistake of its own is *damaged*: its name stays declared, so that nothing follows from the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.catalogue.words import KINDS
from engine.entries import Entry, Path
from engine.errors import Mark, Problems, nearest
from engine.families import FAMILIES, Declared, expand, shape
from engine.yaml_source import Source

LISTS = ("criteria", "constants", "scales", "definitions", "groups", "cohorts", "calculations", "indicators", "validations")
SINGULAR = {"criteria": "criterion", "groups": "group", "sections": "section", "levels": "level"}
HARMLESS = ("S101",)
"""Structural problems that leave an entry usable (an unknown key)."""


@dataclass(slots=True)
class FieldEntry:
    """A field with the place it was declared in. ``step`` is a step code, or '' for attributes of a level without a form."""

    entry: Entry
    level: str
    step: str
    section: str
    in_table: bool = False


@dataclass(slots=True, repr=False)
class Declarations:
    """The collected content. ``lists`` holds expanded entries by kind; ``by_code`` the same by code, first one wins."""

    sources: list[Source]
    problems: Problems
    header: Entry
    lists: dict[str, list[Entry]] = field(default_factory=dict)
    by_code: dict[str, dict[str, Entry]] = field(default_factory=dict)
    levels: dict[str, Entry] = field(default_factory=dict)
    choices: dict[str, Entry] = field(default_factory=dict)
    sections: dict[str, Entry] = field(default_factory=dict)
    forms: list[Entry] = field(default_factory=list)
    fields: list[FieldEntry] = field(default_factory=list)
    damaged_lines: dict[str, list[int]] = field(default_factory=dict)
    unmade: list[re.Pattern[str]] = field(default_factory=list)
    """Shapes of names that would be declared but for a mistake told elsewhere; ``.*`` when a whole file or part of it was lost."""

    def damaged(self, entry: Entry, key: str = "") -> bool:
        """True when a structural mistake was found inside this entry (or inside one of its keys)."""
        lines = self.damaged_lines.get(entry.source.file)
        if not lines or (key and key not in entry.data):
            return False
        data, start = (entry.data[key], (key,)) if key else (entry.data, ())
        marks = [entry.mark(*path).line for path in _paths(data, start)]
        return any(min(marks) <= line <= max(marks) for line in lines)

    def lose(self, name: str) -> None:
        """Something of this name cannot be declared because of a mistake: nothing more is to be said of its uses."""
        self.unmade.append(re.compile(re.escape(name.lower().replace(".", "_"))))

    def might_be(self, name: str) -> bool:
        """True for a name that would be declared but for a mistake told elsewhere."""
        key = name.lower().replace(".", "_")
        return any(shape.fullmatch(key) for shape in self.unmade)

    def known(self, entry: Entry, path: Path, kind: str, known: Mapping[str, Any] | list[str]) -> bool:
        """Report the reference at ``path`` when it is not among ``known``."""
        value = value_at(entry.data, path)
        if value is None or isinstance(value, (dict, list)) or value in known:
            return True
        if self.might_be(str(value)):
            return False
        entry.add(self.problems, "N120", path, suggestion=nearest(str(value), list(known)), name=value, kind=KINDS[kind], kind_en=kind)
        return False


def _paths(value: Any, path: Path) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _paths(item, (*path, key))


def value_at(value: Any, path: Path) -> Any:
    """The value at a path inside plain content; None where there is none."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        else:
            value = value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None
    return value


def collect(sources: list[Source], problems: Problems, whole: bool = True) -> Declarations | None:
    """All declarations of the sources; None when the header file is not usable. ``whole``: nothing was lost while reading."""
    header = next((s for s in sources if kind_of(s) == "methodology"), None)
    if header is None or not isinstance(header.data, dict):
        return None
    found = Declarations(sources, problems, Entry(header.data, header, ()))
    if not whole:
        found.unmade.append(re.compile(".*"))
    for problem in problems.errors:
        if problem.code not in HARMLESS:
            found.damaged_lines.setdefault(problem.file, []).append(problem.line)
    _collect_header(found, header)
    _collect_lists(found)
    _collect_choices(found)
    _collect_forms(found)
    _expand_families(found)
    for kind in LISTS:
        found.by_code[kind] = _unique(found, found.lists[kind], kind)
    return found


def kind_of(source: Source) -> str:
    """``forms_x.yaml`` is of kind forms."""
    name = source.file.replace("\\", "/").rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[0].split("_")[0]


def _collect_header(found: Declarations, header: Source) -> None:
    for code, data in _mapping(header.data.get("levels")):
        found.levels[code] = Entry(data, header, ("levels", code))
    for index, data in _items(header.data.get("sections")):
        found.sections[str(data.get("code"))] = Entry(data, header, ("sections", index))
    for code, entry in found.levels.items():
        for index, data in _items(entry.data.get("fields")):
            child = Entry(data, header, ("levels", code, "fields", index))
            found.fields.append(FieldEntry(child, code, "", str(data.get("section") or "")))


def _collect_lists(found: Declarations) -> None:
    for kind in LISTS:
        entries = found.lists.setdefault(kind, [])
        for source in found.sources:
            home = "validations" if kind == "validations" else "indicators"
            if isinstance(source.data, dict) and kind_of(source) == home:
                entries += [Entry(data, source, (kind, index)) for index, data in _items(source.data.get(kind))]


def _collect_choices(found: Declarations) -> None:
    for source in found.sources:
        data = source.data if isinstance(source.data, dict) else {}
        for code, listed in _mapping(data.get("choices")) if kind_of(source) == "choices" else ():
            if code in found.choices:
                _duplicate(found, source.key_mark(("choices", code)), source, code, found.choices[code].mark())
                continue
            found.choices[code] = Entry(listed, source, ("choices", code))


def _collect_forms(found: Declarations) -> None:
    for source in found.sources:
        data = source.data if isinstance(source.data, dict) else {}
        for index, form in _items(data.get("forms")):
            entry = Entry(form, source, ("forms", index))
            found.forms.append(entry)
            _collect_steps(found, entry)


def _collect_steps(found: Declarations, form: Entry) -> None:
    level = str(form.data.get("level"))
    for index, step in _items(form.data.get("steps")):
        repeat = step.get("repeat")
        at = str(repeat.get("level")) if isinstance(repeat, dict) else level
        for number, data in _items(step.get("fields")):
            child = Entry(data, form.source, (*form.path, "steps", index, "fields", number))
            section = str(data.get("section") or step.get("section") or "")
            found.fields.append(FieldEntry(child, at, str(step.get("code")), section))
    table = form.data.get("table")
    if isinstance(table, dict):
        for number, data in _items(table.get("columns")):
            child = Entry(data, form.source, (*form.path, "table", "columns", number))
            section = str(data.get("section") or table.get("section") or "")
            found.fields.append(FieldEntry(child, str(table.get("level")), "table", section, in_table=True))


def _expand_families(found: Declarations) -> None:
    languages = found.header.data.get("languages")
    names = tuple(str(name) for name in languages) if isinstance(languages, list) else ()
    members = {SINGULAR[kind]: {str(entry.data.get("code")): entry.data for entry in found.lists[kind]} for kind in ("criteria", "groups")}
    members["section"] = {code: entry.data for code, entry in found.sections.items()}
    members["level"] = {code: entry.data | {"code": code} for code, entry in found.levels.items()}
    sets: dict[str, list[str]] = {}
    for source in found.sources:
        if isinstance(source.data, dict) and isinstance(source.data.get("sets"), dict):
            sets |= source.data["sets"]
    declared = Declared(members, sets, names, str(found.header.data.get("primary_language")), unmade=found.unmade)
    for kind in FAMILIES:
        found.lists[kind] = [one for entry in found.lists[kind] for one in _expanded(found, entry, declared)]


def _expanded(found: Declarations, entry: Entry, declared: Declared) -> Iterator[Entry]:
    """The entries of a family; one whose ``for_each`` or overrides are no such thing at all makes none."""
    shaped = isinstance(entry.data.get("for_each", []), (dict, list)) and isinstance(entry.data.get("each", {}), dict)
    if shaped and not found.damaged(entry, "for_each"):
        yield from expand(entry, declared, found.problems)
    else:
        found.unmade.append(shape(entry))


def _unique(found: Declarations, entries: list[Entry], kind: str) -> dict[str, Entry]:
    unique: dict[str, Entry] = {}
    for entry in entries:
        code = str(entry.data.get("code"))
        if code in unique:
            mark = entry.mark("code") if "code" in entry.data else entry.mark()
            _duplicate(found, mark, entry.source, code, unique[code].mark("code"))
        else:
            unique[code] = entry
    return unique


def _duplicate(found: Declarations, mark: Mark, source: Source, code: str, first: Mark) -> None:
    found.problems.add("N110", mark, source_line=source.line(mark.line), name=code, first=f"{first.file}:{first.line}")


def _items(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings of a list, with their index; nothing when it is no list."""
    if isinstance(value, list):
        yield from ((index, item) for index, item in enumerate(value) if isinstance(item, dict))


def _mapping(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield from ((str(code), item) for code, item in value.items() if isinstance(item, dict))
