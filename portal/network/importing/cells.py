"""From what a cell holds to the value of its field. What does not fit is reported at the cell's address and has no value."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from portal.network import codes, counties
from portal.network.importing.columns import Field
from portal.network.importing.workbook import Cell, Odd
from portal.network.ordering import comma_below

Content = str | int | float | bool | Odd
SEPARATORS = re.compile(r"[|;,/]|\s+și\s+")
WHOLE = re.compile(r"\d{1,3}(\.\d{3})+|\d+")
ESCAPED = re.compile(r"^'(?=[=+\-@\t])")
"""The apostrophe that exports put before text that looks like a formula."""
LARGEST = 1e9


class Report(Protocol):
    def __call__(self, code: str, **params: object) -> None: ...


Converter = Callable[[Field, Any, Report], Any]


class BadCell(Exception):
    """A cell that does not fit its field: the code of the problem and what its sentence needs."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def value_of(field: Field, cell: Cell, report: Report) -> Any:
    """The value of a cell; None when it is empty or does not fit (then reported)."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    try:
        return CONVERTERS[field.type](field, _fitting(field, cell), report)
    except BadCell as bad:
        report(bad.code, field=field.label, **bad.params)
        return None


def _fitting(field: Field, cell: Content) -> Content:
    """The cell, unless its type alone tells that it does not fit."""
    if isinstance(cell, Odd) and cell.kind == "error":
        raise BadCell("cell_error", value=cell.text)
    if isinstance(cell, Odd) and field.type != "date":
        raise BadCell("wrong_type", value=_("o dată calendaristică"))
    if isinstance(cell, bool) and field.type != "boolean":
        raise BadCell("wrong_type", value=_("o valoare logică (adevărat sau fals)"))
    return cell


def clean(text: str) -> str:
    """Text as it is stored: comma-below letters, composed, without invisible characters, single spaces."""
    text = unicodedata.normalize("NFC", comma_below(ESCAPED.sub("", text)))
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " * character.isspace() for character in text)
    return " ".join(text.split())


def number(cell: str | int | float) -> float:
    """A number as a cell or as Romanian text holds it (1.234,5). Anything else, negative or too large, is a bad cell."""
    found = _from_text(clean(cell).replace(" ", "")) if isinstance(cell, str) else float(cell)
    if found is None or not 0 <= found < LARGEST:
        raise BadCell("no_number", value=cell)
    return found


def _from_text(text: str) -> float | None:
    whole, _comma, decimals = text.partition(",")
    if not decimals and not WHOLE.fullmatch(whole):
        whole, _point, decimals = whole.partition(".")
    if not WHOLE.fullmatch(whole) or (decimals and not decimals.isdecimal()):
        return None
    return float(f"{whole.replace('.', '')}.{decimals or 0}")


def shown(value: float) -> str:
    """A number in a sentence, with a decimal comma."""
    return f"{value:g}".replace(".", ",")


def _text(field: Field, cell: str | int | float, report: Report) -> str | None:
    text = clean(str(cell))
    if len(text) > field.max_length:
        raise BadCell("too_long", most=field.max_length, value=text)
    if isinstance(cell, str) and comma_below(cell) != cell:
        report("cedilla")
    return text or None


def _code(field: Field, cell: str | int | float, report: Report) -> str:
    written = clean(str(cell)).replace(" ", "").removesuffix(".0")
    # No county begins with two zeros, so a spreadsheet can have dropped only one.
    code = f"0{written}" if len(written) == codes.LENGTH - 1 else written
    if not codes.well_formed(code) or (code != written and not codes.consistent(code)):
        raise BadCell("code_shape", value=written)
    if code != written:
        report("zeros_restored", value=written, read=code)
    elif not codes.consistent(code):
        report("control_digit", value=code, found=code[-1], wanted=codes.control_digit(code))
    return code


def _county(field: Field, cell: str | int | float, report: Report) -> str:
    county = counties.named(str(cell))
    if county is None:
        raise BadCell("county_unknown", value=cell)
    return county.code


def _integer(field: Field, cell: str | int | float, report: Report) -> int:
    found = number(cell)
    if not found.is_integer():
        raise BadCell("half", value=shown(found))
    return int(found)


def _decimal(field: Field, cell: str | int | float, report: Report) -> float | int:
    found = number(cell)
    if found.is_integer():
        return int(found)
    report("half_class", field=field.label, value=shown(found))
    return round(found, 2)


def _choice(field: Field, cell: str | int | float, report: Report) -> str | None:
    code = field.listed.code_of(str(cell))
    if code is None:
        report("value_unknown" if field.required else "value_left_out", field=field.label, value=cell)
    return code


def _choices(field: Field, cell: str | int | float, report: Report) -> list[str] | None:
    """Several values in one cell, in the order of the list. A label may itself hold a separator, so the whole cell is tried first."""
    whole = field.listed.code_of(str(cell))
    parts = [] if whole else [part for part in SEPARATORS.split(str(cell)) if part.strip()]
    found = {whole} if whole else {_choice(field, part, report) for part in parts}
    return [code for code in field.listed.labels if code in found] or None


def _boolean(field: Field, cell: str | int | float | bool, report: Report) -> bool | None:
    code = _choice(field, str(cell), report)
    return None if code is None else code == "true"


def _date(field: Field, cell: str | int | float | Odd, report: Report) -> str:
    text = cell.text[:10] if isinstance(cell, Odd) else clean(str(cell))
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date().isoformat()
        except ValueError:
            continue
    raise BadCell("no_date", value=text)


CONVERTERS: dict[str, Converter] = {
    "text": _text,
    "code": _code,
    "county": _county,
    "integer": _integer,
    "decimal": _decimal,
    "choice": _choice,
    "choices": _choices,
    "boolean": _boolean,
    "date": _date,
}
