"""What the script of a page sends of touched cells, and what it is told back. Reads and words; the saving itself is a service."""

from __future__ import annotations

import json
from collections.abc import Collection as Container
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from engine.forms import text_in
from portal.collection.class_table import TableNow, cleaned
from portal.collection.computing import Fired
from portal.collection.documents import Cells, rows_as_cells
from portal.collection.services.saving import Saved
from portal.collection.step_cells import Judged
from portal.collection.words import said_when
from portal.ui.errors import ErrorPage

MOST_CELLS = 3000
MOST_CHARACTERS = 20_000
UNREADABLE = _("Cererea nu a putut fi înțeleasă. Reîncărcați pagina; modificările netrimise se păstrează în acest browser.")


@dataclass(frozen=True, slots=True)
class Sent:
    """Touched cells, the revision they began from, the columns looked at. ``request_id``: the same for every repetition of one request."""

    request_id: str
    revision: int
    cells: Mapping[str, Any]
    confirmed: tuple[str, ...]


def read(body: bytes) -> Sent:
    """The request of a script. Answers 400 for anything else."""
    try:
        data = json.loads(body)
        sent = Sent(data["request_id"], data["revision"], data["cells"], tuple(data.get("confirmed", ())))
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        raise ErrorPage(400, UNREADABLE) from None
    if not (
        _is_name(sent.request_id, 64) and _is_number(sent.revision) and _are_cells(sent.cells) and all(_is_name(one, 60) for one in sent.confirmed)
    ):
        raise ErrorPage(400, UNREADABLE)
    return sent


def _is_name(value: object, most: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= most and value.isprintable()


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 10**9


def _are_cells(cells: object) -> bool:
    return isinstance(cells, dict) and len(cells) <= MOST_CELLS and all(_is_name(name, 200) and _is_plain(value) for name, value in cells.items())


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= 200 and all(isinstance(one, str) and len(one) <= 200 for one in value)
    if isinstance(value, str):
        return len(value) <= MOST_CHARACTERS
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 10**15)


# ---- tables ----------------------------------------------------------------------------------------------


def judged(now: TableNow, cells: Mapping[str, Any]) -> tuple[Cells, dict[str, str]]:
    """(the touched cells as they may be stored, why the others may not). A blank is kept as one; what is no cell of the table is passed over."""
    rows = [dict(row) for row in now.rows]
    codes = {field.code for field in now.columns}
    touched = {}
    for name, value in cells.items():
        number, _dot, code = name.partition(".")
        if code in codes and number.isascii() and number.isdecimal() and 1 <= int(number) <= len(rows):
            rows[int(number) - 1][code] = touched[f"{int(number)}.{code}"] = value
    kept, wrong = cleaned(now, rows, list(codes))
    refused = {name: problem for problem in wrong if (name := f"{problem.row}.{problem.field}") in touched}
    stored = rows_as_cells(kept)
    typed = {name: stored.get(name) for name, value in touched.items() if name not in refused and (name in stored or value in (None, ""))}
    return typed, {name: problem.in_language(now.language) for name, problem in refused.items()}


def of_table(
    before: TableNow, after: TableNow, typed: Container[str], saved: Saved, refused: Mapping[str, str], fired: Iterable[Fired]
) -> dict[str, Any]:
    """What the page is told after a save of a table.

    ``cells``: those that changed without being typed here, computed ones and those of ``others``; ``shown``: of the columns whose cells
    come and go, the rows in which they are asked; ``missing``: rows that still lack an answer, by column.
    """
    old, new = rows_as_cells(before.rows), rows_as_cells(after.rows)
    others = {name for name in saved.others if name not in typed}
    missing: dict[str, list[int]] = {}
    for problem in after.problems:
        missing.setdefault(problem.field, []).append(problem.row or 0)
    return _told(saved, refused) | {
        "cells": {name: value for name, value in new.items() if name not in typed and (name in others or value != old.get(name))},
        "others": sorted(others),
        "shown": after.shown_rows,
        "missing": missing,
        "done": after.done,
        "asked": len(after.asked),
        "checks": [{"code": one.check.code, "severity": one.check.severity, "message": text_in(one.check.message, after.language)} for one in fired],
    }


def of_step(saved: Saved, found: Judged, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What the page is told after a save of a step."""
    others = {name for name in saved.others if name not in found.typed}
    cells = {name: value for name, value in stored.items() if name in others}
    return _told(saved, found.refused) | {"cells": cells | found.computed, "others": sorted(others), "shown": found.shown}


def _told(saved: Saved, refused: Mapping[str, str]) -> dict[str, Any]:
    """What every save answers."""
    return {"revision": saved.revision, "saved_at": said_when(saved.at), "refused": dict(refused)}
