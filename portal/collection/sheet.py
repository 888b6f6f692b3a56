"""The controls of a class table as HTML for pages without scripts: hundreds of them, of which only the values change from class to class.

The options of a column, each chosen once, lie ready for a version and a language. End tags and quotes that HTML does not ask for are left
out: they are a third of a page that goes to phones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from engine.forms import like, spoken, text_in
from engine.methodology import Field, Methodology
from portal.collection.class_table import Cell, Option, TableNow

Faults = Mapping[tuple[int | None, str], str]


def sheet_of(now: TableNow, faults: Faults, writable: bool) -> SafeString:
    """Head and body of the table: one control a cell, named ``c-ROW-COLUMN``."""
    heads = "".join(f'<th scope="col" id=h-{field.code}>{conditional_escape(text_in(field.label, now.language))}</th>' for field in now.asked)
    columns = [_cells(now, field, faults, "" if writable else " disabled") for field in now.asked]
    lines = "".join(f'<tr><th scope="row" id=r-{number}>{number}{"".join(cells)}' for number, cells in enumerate(zip(*columns, strict=True), 1))
    return SafeString(f'<thead><tr><th scope="col">{escape(_("Nr."))}</th>{heads}</tr></thead><tbody>{lines}</tbody>')


def _cells(now: TableNow, field: Field, faults: Faults, state: str) -> list[str]:
    """One column of cells, from the first row to the last."""
    code, state = field.code, state + spoken(text_in(field.label, now.language))
    options = options_of(now.methodology, field, now.language) if field.choices else None
    found = []
    for number, (row, shown) in enumerate(zip(now.rows, now.state.shown[code], strict=True), 1):
        if not shown:
            found.append('<td><span class="muted">–</span>')
            continue
        value, fault = row.get(code), faults.get((number, code), "")
        named = f'name=c-{number}-{code} aria-labelledby="r-{number} h-{code}"{_invalid(number, code, fault)}{state}'
        opened = "<td class=bad>" if fault else "<td>"
        if options is None:
            shown_value = "" if value is None else conditional_escape(value)
            found.append(f'{opened}<input {named} value="{shown_value}" inputmode="numeric" maxlength="12" autocomplete="off">')
        else:
            found.append(f"{opened}<select {named}>{options.get(value) or options[None]}</select>")
    return found


def _invalid(number: int, code: str, fault: str) -> str:
    """Only a cell with a fault is led to, by the summary of faults, and so needs a name of its own in the page."""
    return f' id="c-{number}-{code}" aria-invalid="true" title="{escape(fault)}"' if fault else ""


@lru_cache(maxsize=512)
def options_of(methodology: Methodology, field: Field, language: str) -> Mapping[str | None, str]:
    """The options of a column with each of its values chosen; under None with a blank one chosen."""
    choices = [(choice.code, escape(text_in(choice.label, language))) for choice in methodology.choices[field.choices].choices]

    def written(chosen: str | None) -> str:
        return "".join(f'<option value="{escape(code)}"{" selected" if code == chosen else ""}>{label}' for code, label in choices)

    blank = f'<option value="">–{written(None)}'
    return {None: blank} | {code: written(code) for code, _label in choices}


# ---- one question over all rows --------------------------------------------------------------------------


def chips_of(cells: Sequence[Cell], marked: str) -> SafeString:
    """One chip a row that is asked, on where the row has the marked value."""
    return SafeString(
        "".join(
            f'<li><label class="chip"><input type="checkbox" name="rows" value="{cell.number}"{" checked" if cell.value == marked else ""}>'
            f'<span class="y">{cell.number}</span></label></li>'
            for cell in cells
            if cell.shown
        )
    )


def rows_of(cells: Sequence[Cell], options: Sequence[Option]) -> SafeString:
    """One control a row that is asked, named ``v-ROW``: a list where there are ``options``, else a number is written."""
    pupil = escape(_("Elevul {n}"))
    blanks = {True: escape(_("Alegeți")), False: escape(_("Fără răspuns"))}
    listed = [(escape(option.code), escape(option.label)) for option in options]
    told = spoken(like("", *(option.label for option in options)))

    @cache
    def written(chosen: str) -> str:
        return "".join(f'<option value="{code}"{" selected" if code == chosen else ""}>{label}</option>' for code, label in listed)

    def control(cell: Cell) -> str:
        value = "" if cell.value is None else str(escape(cell.value))
        named = f'id="v-{cell.number}" name="v-{cell.number}"' + (' aria-invalid="true"' if cell.problem else "")
        if not listed:
            return f'<input {named} value="{value}" inputmode="numeric" maxlength="12" autocomplete="off">'
        blank = f'<option value="">{blanks[cell.required]}</option>' if cell.value is None or not cell.required else ""
        return f"<select {named}{told}>{blank}{written(value)}</select>"

    def line(cell: Cell) -> str:
        problem = f'<p class="error">{escape(cell.problem)}</p>' if cell.problem else ""
        return f'<li><label for="v-{cell.number}">{pupil.replace("{n}", str(cell.number))}</label>{control(cell)}{problem}</li>'

    return SafeString("".join(line(cell) for cell in cells if cell.shown))
