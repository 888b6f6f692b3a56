"""Whether forms, levels and their data fit together: seen before any formula is read.

What cannot be used is taken out and its names are lost, so that formulas that use them cause no further message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.declarations import Declarations, FieldEntry
from engine.entries import Entry, Path
from engine.levels import Level, Topology

NUMBERS = ("integer", "decimal", "number", "date")
CHOICES = ("choice", "multichoice")
MISPLACED: Mapping[str, tuple[str, ...]] = {
    "choices": CHOICES, "min": NUMBERS, "max": NUMBERS, "max_places": ("decimal",), "max_length": ("text", "textarea"), "level": ("place",),
    "room": ("integer",),
}  # fmt: skip
"""Keys of a question that only some types take."""


def check(declared: Declarations, levels: Mapping[str, Level], topology: Topology) -> None:
    """Report what does not fit; questions that cannot belong anywhere are taken out."""
    for form in declared.forms:
        level = str(form.data.get("level"))
        if declared.known(form, ("level",), "level", levels):
            _check_steps(declared, form, level, topology)
            _check_table(declared, form, level, topology)
        else:
            _lose(declared, [found for found in declared.fields if _inside(found.entry, form, ())])
    _check_steps_twice(declared)
    _check_rows_twice(declared)
    for found in declared.fields:
        if not declared.damaged(found.entry):
            _check_field(declared, found, levels)
    _check_header(declared, levels)


def _inside(entry: Entry, outer: Entry, path: Path) -> bool:
    whole = (*outer.path, *path)
    return entry.source is outer.source and entry.path[: len(whole)] == whole


def _lose(declared: Declarations, fields: list[FieldEntry]) -> None:
    for found in fields:
        declared.lose(str(found.entry.data.get("code")))
        declared.fields.remove(found)


# ---- forms ---------------------------------------------------------------------------------------------


def _check_steps(declared: Declarations, form: Entry, level: str, topology: Topology) -> None:
    listed = form.data.get("steps")
    for index, step in enumerate(listed if isinstance(listed, list) else []):
        repeat = step.get("repeat") if isinstance(step, dict) else None
        if not isinstance(repeat, dict):
            continue
        path: Path = ("steps", index, "repeat")
        inside = [found for found in declared.fields if _inside(found.entry, form, ("steps", index))]
        if not _below(declared, form, (*path, "level"), repeat.get("level"), level, topology):
            _lose(declared, inside)
        else:
            declared.known(form, (*path, "key"), "field", [str(found.entry.data.get("code")) for found in inside])


def _check_table(declared: Declarations, form: Entry, level: str, topology: Topology) -> None:
    table = form.data.get("table")
    if not isinstance(table, dict):
        return
    columns = [found for found in declared.fields if _inside(found.entry, form, ("table",))]
    if not _below(declared, form, ("table", "level"), table.get("level"), level, topology):
        _lose(declared, columns)
        declared.lose("changed")
        return
    own = {str(found.entry.data.get("code")): found for found in declared.fields if found.level == level}
    _count_of(declared, form, ("table", "rows"), table.get("rows"), own)
    for found in columns:
        room = found.entry.data.get("room")
        for side, code in room.items() if isinstance(room, dict) else ():
            _count_of(declared, found.entry, ("room", side), code, own)
    declared.known(form, ("table", "number"), "field", [str(found.entry.data.get("code")) for found in columns])


def _count_of(declared: Declarations, entry: Entry, path: Path, code: Any, own: Mapping[str, FieldEntry]) -> None:
    """A question of the owner that gives a number of rows (or of seats)."""
    if declared.known(entry, path, "field", list(own)) and code in own and own[str(code)].entry.data.get("type") != "integer":
        entry.add(declared.problems, "N146", path, name=code)


def _below(declared: Declarations, form: Entry, path: Path, lower: Any, level: str, topology: Topology) -> bool:
    if not declared.known(form, path, "level", declared.levels):
        return False
    if topology.is_above(level, str(lower)):
        return True
    form.add(declared.problems, "N147", path, name=lower, level=level)
    return False


def _check_steps_twice(declared: Declarations) -> None:
    first: dict[tuple[str, str], Entry] = {}
    for form in declared.forms:
        listed = form.data.get("steps")
        for index, step in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(step, dict):
                entry = Entry(step, form.source, (*form.path, "steps", index))
                _twice(declared, first, (str(form.data.get("level")), str(step.get("code"))), entry, "code")


def _check_rows_twice(declared: Declarations) -> None:
    first: dict[tuple[str, str], Entry] = {}
    for form in declared.forms:
        table = form.data.get("table")
        if isinstance(table, dict):
            _twice(declared, first, ("", str(table.get("level"))), Entry(table, form.source, (*form.path, "table")), "level")


def _twice(declared: Declarations, first: dict[tuple[str, str], Entry], key: tuple[str, str], entry: Entry, at: str) -> None:
    earlier = first.setdefault(key, entry)
    if earlier is not entry:
        mark = earlier.mark(at)
        entry.add(declared.problems, "N110", (at,), name=key[1], first=f"{mark.file}:{mark.line}")


# ---- questions -----------------------------------------------------------------------------------------


def _check_field(declared: Declarations, found: FieldEntry, levels: Mapping[str, Level]) -> None:
    entry, data = found.entry, found.entry.data
    for key, types in MISPLACED.items():
        if key in data and data.get("type") not in types:
            entry.add(declared.problems, "N148", (key,), name=key, type=data.get("type"))
    if "default" in data and "default_formula" in data:
        entry.add(declared.problems, "N149", ("default_formula",), one="default", other="default_formula")
    rules = data.get("default_if")
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(rule, dict) and ("value" in rule) == ("formula" in rule):
            entry.add(declared.problems, "N149", ("default_if", index), one="value", other="formula")
    if data.get("type") == "place":
        _check_place(declared, found, levels)


def _check_place(declared: Declarations, found: FieldEntry, levels: Mapping[str, Level]) -> None:
    """Where a question names a place of a parent level, the link of that parent is a question that exists."""
    entry, target = found.entry, found.entry.data.get("level")
    if target is None:
        entry.add(declared.problems, "S102", (), name="level")
    elif declared.known(entry, ("level",), "level", declared.levels) and found.level in levels:
        link = levels[found.level].parents.get(str(target))
        codes = {other.entry.data.get("code") for other in declared.fields if other.level == found.level}
        if link is not None and link not in codes:
            entry.add(declared.problems, "N150", ("level",), name=entry.data.get("code"), target=target, level=found.level, link=link)


# ---- the header ----------------------------------------------------------------------------------------


def _check_header(declared: Declarations, levels: Mapping[str, Level]) -> None:
    header = declared.header
    for part in ("rows", "places"):
        declared.known(header, ("examples", part, "level"), "level", levels)
    publication = header.data.get("publication")
    never = publication.get("never") if isinstance(publication, dict) else None
    for index in range(len(never) if isinstance(never, list) else 0):
        declared.known(header, ("publication", "never", index), "level", levels)
    for code, level in levels.items():
        if level.data is not None and level.data.file.endswith(".json") and not level.data.at:
            header.add(declared.problems, "S102", ("levels", code, "data"), name="at")
