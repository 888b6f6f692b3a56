"""The sheet of a class table as HTML for pages without scripts: hundreds of controls, of which only the values change from class to class.

The options of a column, each chosen once, lie ready for a version and a language.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from engine.forms import text_in
from engine.methodology import Field, Methodology
from portal.collection.class_table import TableNow

Faults = Mapping[tuple[int | None, str], str]


def sheet_of(now: TableNow, faults: Faults, writable: bool) -> SafeString:
    """Head and body of the table: one control a cell, named ``c-ROW-COLUMN``."""
    heads = "".join(f'<th scope="col">{escape(text_in(field.label, now.language))}</th>' for field in now.asked)
    columns = [_cells(now, field, faults, "" if writable else " disabled") for field in now.asked]
    lines = "".join(f'<tr><th scope="row">{number}</th>{"".join(cells)}</tr>' for number, cells in enumerate(zip(*columns, strict=True), 1))
    return SafeString(f'<thead><tr><th scope="col">{escape(_("Nr."))}</th>{heads}</tr></thead><tbody>{lines}</tbody>')


def _cells(now: TableNow, field: Field, faults: Faults, state: str) -> list[str]:
    """One column of cells, from the first row to the last."""
    code, label = field.code, escape(text_in(field.label, now.language))
    options = options_of(now.methodology, field, now.language) if field.choices else None
    found = []
    for number, (row, shown) in enumerate(zip(now.rows, now.state.shown[code], strict=True), 1):
        if not shown:
            found.append('<td><span class="muted">–</span></td>')
            continue
        value, fault = row.get(code), faults.get((number, code), "")
        named = f'id="c-{number}-{code}" name="c-{number}-{code}" aria-label="{number}, {label}"{_invalid(fault)}{state}'
        opened = '<td class="bad">' if fault else "<td>"
        if options is None:
            shown_value = "" if value is None else conditional_escape(value)
            found.append(f'{opened}<input {named} value="{shown_value}" inputmode="numeric" maxlength="12" autocomplete="off"></td>')
        else:
            found.append(f"{opened}<select {named}>{options.get(value) or options[None]}</select></td>")
    return found


def _invalid(fault: str) -> str:
    return f' aria-invalid="true" title="{escape(fault)}"' if fault else ""


@lru_cache(maxsize=512)
def options_of(methodology: Methodology, field: Field, language: str) -> Mapping[str | None, str]:
    """The options of a column with each of its values chosen; under None with a blank one chosen."""
    choices = [(choice.code, escape(text_in(choice.label, language))) for choice in methodology.choices[field.choices].choices]

    def written(chosen: str | None) -> str:
        return "".join(f'<option value="{code}"{" selected" if code == chosen else ""}>{label}</option>' for code, label in choices)

    blank = f'<option value="">–</option>{written(None)}'
    return {None: blank} | {code: written(code) for code, _label in choices}
