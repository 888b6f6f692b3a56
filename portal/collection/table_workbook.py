"""A class table as a workbook: one row a pupil, values in words with lists to choose from. It comes back through ``pasting``."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _

from engine.forms import text_in
from portal.collection.class_table import TableNow
from portal.network.importing.workbook import column_letters

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def content(now: TableNow) -> bytes:
    """The workbook; cells that are not asked stay empty."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        sheet, lists = book.add_worksheet(_("Tabelul clasei")), book.add_worksheet(_("Liste"))
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 32)
        sheet.write_string(0, 0, _number_label(now), bold)
        for row in range(1, len(now.rows) + 1):
            sheet.write_number(row, 0, row)
        for place, field in enumerate(now.asked, 1):
            options = now.listed(field)
            sheet.set_column(place, place, 18)
            sheet.write_string(0, place, text_in(field.label, now.language), bold)
            lists.write_string(0, place, text_in(field.label, now.language), bold)
            for line, option in enumerate(options, 1):
                lists.write_string(line, place, option.label)
            if options:
                letters = column_letters(place)
                source = f"='{lists.get_name()}'!${letters}$2:${letters}${len(options) + 1}"
                sheet.data_validation(1, place, max(1, len(now.rows)), place, {"validate": "list", "source": source, "error_type": "warning"})
            for cell in now.cells(field):
                if cell.shown and isinstance(cell.value, int):
                    sheet.write_number(cell.number, place, cell.value)
                elif cell.shown:
                    sheet.write_string(cell.number, place, cell.label)
    return stream.getvalue()


def _number_label(now: TableNow) -> str:
    return next(text_in(field.label, now.language) for field in now.table.columns if field.code == now.table.number)
