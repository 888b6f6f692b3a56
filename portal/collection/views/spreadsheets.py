"""A class table between the product and a spreadsheet: pasted blocks read for a preview, the table as a workbook, a workbook brought back."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engine.forms import text_in
from portal.collection import autosave, class_table, pasting, table_workbook
from portal.collection.class_table import TableNow
from portal.collection.pasting import Block
from portal.collection.services import tables
from portal.collection.views.desk import Desk
from portal.network.importing import limits, reading
from portal.ui.errors import ErrorPage
from portal.ui.templatetags.romanian import counted

MOST_TEXT = 500_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_POST
def paste(request: HttpRequest, desk: Desk) -> JsonResponse:
    """What a pasted block would change, for the preview of the grid. Saves nothing."""
    desk.require("fill")
    try:
        data = json.loads(request.body)
        text, row, column = data["text"], data["row"], data["column"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ErrorPage(400, autosave.UNREADABLE) from None
    if not isinstance(text, str) or len(text) > MOST_TEXT or type(row) is not int or not isinstance(column, str):
        raise ErrorPage(400, autosave.UNREADABLE)
    now = class_table.table_now(desk.school_class)
    block = pasting.read_text(now, text, row, column)
    return JsonResponse(_told(block, now))


def _told(block: Block, now: TableNow) -> dict[str, Any]:
    return {
        "matched": [[name, field.code, text_in(field.label, now.language)] for name, field in block.matched],
        "ignored": block.ignored, "changed": block.changed, "same": block.same, "lines": block.lines, "beyond": block.beyond,
        "bad": [{"name": one.name, "row": one.row, "column": one.column, "value": one.value, "sentence": one.sentence} for one in block.bad],
    }  # fmt: skip


def workbook(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The table as a workbook that can be filled in and brought back."""
    now = class_table.table_now(desk.school_class)
    response = HttpResponse(table_workbook.content(now), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="tabel-clasa-{desk.school_class.code}.xlsx"'
    return response


def upload(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A workbook is read and shown as what it would change; a second POST saves what could be read."""
    desk.require("fill")
    now = class_table.table_now(desk.school_class)
    if request.method == "POST" and "cells" in request.POST:
        return _confirmed(request, desk, now)
    problem, block = _block(request, now) if request.method == "POST" else ("", None)
    context = {
        "desk": desk, "table": now, "school_class": desk.school_class, "unit": desk.school_class.parent, "read": block,
        "problems": [("file", problem)] if problem else [], "revision": now.revision, "request_id": uuid4().hex, "grid_url": desk.url("grid"),
        "workbook_url": desk.url("workbook"), "cells": json.dumps(block.changed) if block is not None else "",
    } | desk.frame  # fmt: skip
    return render(request, "collection/table_upload.html", context, status=422 if problem else 200)


def _block(request: HttpRequest, now: TableNow) -> tuple[str, Block | None]:
    """(what is wrong with the file, what was read of it)."""
    file = request.FILES.get("file")
    if file is None:
        return _("Alegeți fișierul cu tabelul clasei."), None
    if file.size is None or file.size > limits.FILE_BYTES:
        return str(reading.REFUSALS["too_large"]), None
    try:
        book = reading.read(file.read())
    except reading.Refused as refused:
        return str(refused.sentence), None
    found = [block for sheet in book.sheets if (block := pasting.read_sheet(now, sheet)) is not None]
    if not found:
        return _("Nicio foaie nu are numele coloanelor tabelului. Descărcați tabelul, completați-l și încărcați același fișier."), None
    return "", max(found, key=lambda block: len(block.matched))


def _confirmed(request: HttpRequest, desk: Desk, now: TableNow) -> HttpResponse:
    revision, cells = _number(request.POST.get("revision", "")), _cells(request)
    sent = autosave.read(json.dumps({"request_id": request.POST.get("request_id", ""), "revision": revision, "cells": cells}).encode())
    typed, _refused = autosave.judged(now, sent.cells)
    tables.save_cells(
        desk.school_class, now.base, typed, desk.author, count=len(now.rows), base_revision=sent.revision, request_id=sent.request_id,
    )  # fmt: skip
    messages.success(request, _("Salvat din fișier: {many}.").format(many=counted(len(typed), _("valoare,valori"))))
    return desk.go("grid")


def _cells(request: HttpRequest) -> Any:
    try:
        return json.loads(request.POST["cells"])
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
