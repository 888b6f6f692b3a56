"""Likely answers become those that a form would keep: defaults and hidden fields by the methodology, and an answer for what is still open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from engine.answers import Completed, complete_places, complete_rows
from engine.encoding import ABSENT
from engine.methodology import Field, Methodology, table_of
from engine.responses import Places

Answers = dict[str, Any]
Columns = dict[str, list[Any]]
PASSES = 4
"""An answer may open another question; four passes reach whatever a form of this kind hides behind each other."""


def places(methodology: Methodology, level: str, answers: Sequence[Mapping[str, Any]], around: Mapping[str, Places], random: Random) -> list[Answers]:
    """One document a place, all sections together; what is computed or read only is not in it."""
    fields = methodology.fields[level]
    columns = {code: [_known(methodology, field, one[code]) if code in one else ABSENT for one in answers] for code, field in fields.items()}
    found = _answered(methodology, fields, columns, lambda: complete_places(methodology, level, columns, around), random)
    asked = {code: cells for code, cells in found.items() if not fields[code].readonly}
    documents = [dict(zip(asked, cells, strict=True)) for cells in zip(*asked.values(), strict=True)]
    return [{code: cell for code, cell in document.items() if cell is not ABSENT and cell is not None} for document in documents]


def rows(methodology: Methodology, owner: str, columns: Columns, sizes: Sequence[int], around: Mapping[str, Places], random: Random) -> Columns:
    """The cells of the tables of all places of a level, under each other."""
    fields = methodology.fields[table_of(methodology, owner).level]
    return _answered(methodology, fields, columns, lambda: complete_rows(methodology, owner, columns, sizes, around), random)


def _answered(
    methodology: Methodology, fields: Mapping[str, Field], columns: Columns, complete: Callable[[], Completed], random: Random
) -> dict[str, list[Any]]:
    for _ in range(PASSES):
        found = complete()
        still = {code: where for code, where in found.open.items() if where and not fields[code].readonly}
        if not still:
            break
        for code, where in still.items():
            cells = columns.setdefault(code, list(found.columns[code]))
            for place in where:
                cells[place] = anything(methodology, fields[code], random)
    return found.columns


def _known(methodology: Methodology, field: Field, value: Any) -> Any:
    """The value, or a blank where it names a choice that this methodology does not have."""
    if not field.choices or value is None:
        return value
    codes = methodology.choices[field.choices].index
    if isinstance(value, list):
        return [code for code in value if code in codes] or None
    return value if value in codes else None


def anything(methodology: Methodology, field: Field, random: Random) -> Any:
    """Some answer of the type of a field, within its limits."""
    if field.choices:
        code = random.choice(list(methodology.choices[field.choices].index))
        return [code] if field.type == "multichoice" else code
    least = int(field.minimum) if field.minimum is not None else 0
    most = int(field.maximum) if field.maximum is not None else least + 10
    match field.type:
        case "boolean":
            return random.random() < 0.5
        case "integer" | "number":
            return random.randint(least, most)
        case "decimal":
            return str(random.randint(least, most))
        case "date":
            return f"2025-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    return "Completat."


def sections(methodology: Methodology, level: str, document: Mapping[str, Any]) -> dict[str, Answers]:
    """A document by section; sections of which it says nothing are not there."""
    found: dict[str, Answers] = {}
    for code, value in document.items():
        found.setdefault(methodology.fields[level][code].section, {})[code] = value
    return found
