"""Lists as workbooks: how to fill them in, the list with its codes and choices, the lists of values. Text is always written as text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from portal.network.importing.columns import Columns, Field
from portal.network.importing.values import Listed
from portal.network.importing.workbook import column_letters

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEADER_ROWS = 2
"""Codes of the fields, then their labels; either finds the columns on import."""
ROWS_TO_ADD = 1000
WIDTHS = {"code": 14, "text": 32, "integer": 12, "decimal": 12, "county": 9, "date": 12}


def content(columns: Columns, rows: Iterable[list[Any]]) -> bytes:
    """The workbook of a list; without rows it is a template to be filled in."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        small = book.add_format({"font_color": "#46525F", "font_size": 8})
        _instructions(book, columns, bold)
        sheet = book.add_worksheet(titles()[columns.kind])
        lists = book.add_worksheet(_("Liste"))
        _list(sheet, columns, rows, bold, small, book.add_format({"num_format": "@"}))
        _values(lists, columns, bold)
        sheet.activate()
    return stream.getvalue()


def table(title: str, heads: list[str], widths: list[int], rows: Iterable[list[str]]) -> bytes:
    """A sheet of texts under their heads, which stay in sight and can be filtered."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        sheet, bold = book.add_worksheet(title), book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        text, last = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}), 0
        for place, (head, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, head, bold)
        for last, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                sheet.write_string(last, place, cell, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
    return stream.getvalue()


def titles() -> dict[str, str]:
    """What the sheet of each list is called."""
    return {"network": _("Rețea"), "pupils": _("Efective"), "classes": _("Clase")}


def _instructions(book: Any, columns: Columns, bold: Any) -> None:
    sheet = book.add_worksheet(_("Instrucțiuni"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 90)
    row = 0
    for sentence in sentences(columns.kind):
        sheet.write_string(row, 0, sentence)
        row += 1
    for index, heading in enumerate((_("Coloana"), _("Cod"), _("Ce se scrie"))):
        sheet.write_string(row + 1, index, heading, bold)
    for offset, field in enumerate(columns.fields, row + 2):
        for index, text in enumerate((field.label, field.code, explanation(field))):
            sheet.write_string(offset, index, text)


def sentences(kind: str) -> list[str]:
    """What one has to know before filling in a list."""
    whole = {
        "network": _("Un rând este o unitate. O școală cu personalitate juridică are același cod în ambele coloane de coduri."),
        "pupils": _("Un rând este o unitate sau o parte a ei (un nivel, o limbă); rândurile aceleiași unități se adună."),
        "classes": _("Un rând este o clasă. Pentru mai multe clase ale unei unități, copiați codul unității pe fiecare rând."),
    }
    return [
        whole[kind],
        _("Completați foaia „{sheet}” sub cele două rânduri de antet și nu ștergeți antetul.").format(sheet=titles()[kind]),
        _("Nu scrieți nume de elevi, coduri numerice personale sau alte date personale."),
        _("La import se arată mai întâi ce s-ar schimba; nimic nu se aplică fără confirmarea dumneavoastră."),
    ]


def explanation(field: Field) -> str:
    """What a column takes."""
    accepts = {
        "code": _("Codul SIIIR, 10 cifre, cu zerourile de la început."),
        "integer": _("Număr întreg."),
        "decimal": _("Număr; se pot scrie și jumătăți."),
        "county": _("Județul, cu cele două litere sau cu numele întreg."),
        "choice": _("O valoare din listă."),
        "choices": _("Una sau mai multe valori din listă, despărțite prin |."),
        "boolean": _("Da sau Nu."),
        "date": _("Dată, zz.ll.aaaa."),
        "text": _("Text, cel mult {most} de caractere.").format(most=field.max_length),
    }
    parts = [_("Obligatoriu.") if field.required else "", accepts[field.type], field.hint]
    return " ".join(part for part in parts if part)


def _list(sheet: Any, columns: Columns, rows: Iterable[list[Any]], bold: Any, small: Any, text: Any) -> None:
    for index, field in enumerate(columns.fields):
        sheet.set_column(index, index, WIDTHS.get(field.type, 24), text if field.type in ("code", "text") else None)
        sheet.write_string(0, index, field.code, small)
    for index, field in enumerate(columns.fields):
        sheet.write_string(1, index, field.label, bold)
    last = HEADER_ROWS
    for last, row in enumerate(rows, HEADER_ROWS):
        for index, value in enumerate(row):
            _write(sheet, last, index, value, text)
    sheet.freeze_panes(HEADER_ROWS, 0)
    sheet.autofilter(1, 0, last, len(columns.fields) - 1)
    _validate(sheet, columns, last + ROWS_TO_ADD)


def _write(sheet: Any, row: int, index: int, value: Any, text: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, index, value, text)
    elif value is not None:
        sheet.write_number(row, index, value)


def _validate(sheet: Any, columns: Columns, last: int) -> None:
    """Lists to choose from, and whole numbers where they are asked for."""
    for index, field in enumerate(columns.fields):
        if field.type == "integer":
            rule = {"validate": "integer", "criteria": ">=", "value": 0, "error_title": field.label, "error_message": _("Scrieți un număr întreg.")}
            sheet.data_validation(HEADER_ROWS, index, last, index, rule)
        elif field.type in ("choice", "boolean"):
            sheet.data_validation(HEADER_ROWS, index, last, index, {"validate": "list", "source": _source(columns, field)})


def _listed(columns: Columns) -> list[Listed]:
    return list({field.choices.name: field.choices for field in columns.fields if field.choices}.values())


def _source(columns: Columns, field: Field) -> str:
    names = [one.name for one in _listed(columns)]
    letters = column_letters(names.index(field.listed.name))
    return f"='{_('Liste')}'!${letters}$2:${letters}${len(field.listed.labels) + 1}"


def _values(sheet: Any, columns: Columns, bold: Any) -> None:
    """One column a list of values. Written row by row, as constant memory asks."""
    headings = {field.choices.name: field.label for field in reversed(columns.fields) if field.choices}
    lists = [[headings[one.name], *one.labels.values()] for one in _listed(columns)]
    sheet.set_column(0, len(lists), 30)
    for row in range(max(map(len, lists))):
        for index, entries in enumerate(lists):
            if row < len(entries):
                sheet.write_string(row, index, entries[row], bold if row == 0 else None)
