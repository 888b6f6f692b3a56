"""Documents as cells: differences, what was touched, conflicts, merging. Pure functions of plain data.

A cell is named by its path: ``field`` for an answer, ``step[key].field`` inside a repeating step, ``row.column`` in a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Cells = dict[str, Any]
MISSING = None


def cells_of(values: Mapping[str, Any], keys: Mapping[str, str]) -> Cells:
    """A section's document as cells. ``keys``: the key field of each repeating step."""
    cells: Cells = {}
    for name, value in values.items():
        if name in keys and isinstance(value, list):
            for item in value:
                key = quoted(item.get(keys[name], ""))
                cells[f"{name}[{key}]"] = True
                cells |= {f"{name}[{key}].{field}": answer for field, answer in item.items()}
        else:
            cells[name] = value
    return cells


def quoted(key: object) -> str:
    """A key as a part of a cell's name."""
    return str(key).replace("%", "%25").replace("[", "%5B").replace("]", "%5D")


def document_of(cells: Mapping[str, Any], keys: Mapping[str, str]) -> dict[str, Any]:
    """The document again; items of repeating steps in the order in which they came."""
    values: dict[str, Any] = {name: [] for name in keys if any(cell.startswith(f"{name}[") for cell in cells)}
    items: dict[str, dict[str, Any]] = {}
    for cell, answer in cells.items():
        step, bracket, rest = cell.partition("[")
        if not bracket:
            if answer is not MISSING:
                values[cell] = answer
            continue
        head, _, field = rest.rpartition("].") if "]." in rest else (rest.removesuffix("]"), "", "")
        name = f"{step}[{head}]"
        if not field and answer:
            items[name] = {}
            values[step].append(items[name])
        elif field and name in items and answer is not MISSING:
            items[name][field] = answer
    return values


def rows_as_cells(rows: Sequence[Mapping[str, Any]]) -> Cells:
    """A table as cells, rows numbered from 1."""
    return {f"{number}.{column}": value for number, row in enumerate(rows, 1) for column, value in row.items()}


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs: cell → [from, to]; None where it was or is not there."""
    names = dict.fromkeys([*before, *after])
    return {name: [before.get(name), after.get(name)] for name in names if before.get(name) != after.get(name)}


def as_of(now: Mapping[str, Any], later: Iterable[Mapping[str, Sequence[Any]]]) -> Cells:
    """The cells as they were before these changes (newest last) were made."""
    cells = dict(now)
    for changed in reversed(list(later)):
        cells |= {name: pair[0] for name, pair in changed.items()}
    return cells


def merge(base: Mapping[str, Any], stored: Mapping[str, Any], typed: Mapping[str, Any]) -> tuple[Cells, dict[str, tuple[Any, Any]]]:
    """(stored cells with what was touched written over them, conflicts: cell → (typed, stored)).

    Touched is what differs from ``base``, the cells as the author last saw them. A conflict is a touched cell that somebody else has
    changed meanwhile to another value.
    """
    touched = {name: value for name, value in typed.items() if value != base.get(name)}
    conflicts = {
        name: (value, stored.get(name)) for name, value in touched.items() if stored.get(name) != base.get(name) and stored.get(name) != value
    }
    return {**stored, **touched}, conflicts
