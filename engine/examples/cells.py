"""One cell of a file: text or JSON value in, exact value or a problem code out.

Empty is missing, not_answered. Numbers take a decimal point or a decimal comma, ASCII digits only, at most 12 digits before it and 6 after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from engine.formula.tree import Kind
from engine.typed import Refused
from engine.typed.values import day, truth

NUMBER = re.compile(r"[+-]?[0-9]{1,12}([.,][0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class BadCell(Exception):
    """``code`` of the catalogue, with what it needs to say; ``suggestions`` among which the nearest is offered."""

    code: str
    value: str
    wanted: str
    suggestions: tuple[str, ...] = ()


def shown(raw: Any) -> str:
    """A cell as messages show it: as it is written in JSON where it is no text."""
    return raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)


def is_empty(raw: Any) -> bool:
    return raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip())


def parse_cell(raw: Any, kind: Kind, index: Mapping[str, int]) -> Any:
    """The value of a cell that is not empty: Fraction, bool, str, choice position or bit set. Raises ``BadCell``."""
    match kind.name:
        case "integer":
            return _number(raw, whole=True)
        case "decimal" | "ratio" | "real":
            return _number(raw, whole=False)
        case "boolean":
            return _truth(raw)
        case "choice":
            return _code(_text(raw, "un cod"), index)
        case "multichoice":
            codes = raw if isinstance(raw, list) else str(raw).split("|")
            return sum({1 << _code(_text(code, "un cod"), index) for code in codes})
        case "date":
            return _date(raw)
    return _text(raw, "un text")


def _text(raw: Any, wanted: str) -> str:
    if not isinstance(raw, (str, int)) or isinstance(raw, bool):
        raise BadCell("D707", shown(raw), wanted)
    return str(raw).strip()


def _number(raw: Any, whole: bool) -> Fraction:
    text = str(raw).strip() if isinstance(raw, (str, int)) and not isinstance(raw, bool) else ""
    if not NUMBER.fullmatch(text):
        raise BadCell("D705", shown(raw), "un număr întreg" if whole else "un număr")
    number = Fraction(text.replace(",", "."))
    if whole and number.denominator != 1:
        raise BadCell("D705", shown(raw), "un număr întreg")
    return number


def _truth(raw: Any) -> bool:
    try:
        found = truth(raw) if isinstance(raw, (str, int)) else None
    except Refused:
        found = None
    if found is None:
        raise BadCell("D707", shown(raw), "da sau nu (yes / no)")
    return found


def _code(text: str, index: Mapping[str, int]) -> int:
    if text not in index:
        raise BadCell("D706", text, "cod", tuple(index))
    return index[text]


def _date(raw: Any) -> Fraction:
    try:
        return Fraction(date.fromisoformat(str(day(raw if isinstance(raw, str) else shown(raw)))).toordinal())
    except Refused:
        raise BadCell("D707", shown(raw), "o dată (2025-10-15)") from None
