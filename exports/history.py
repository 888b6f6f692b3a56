"""The history of a place as a file: one row an event, the newest first. Cells of saves are counted; what they held is not in it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from exports import csv_archive
from exports.columns import Column, Layout
from exports.datasets import framed
from exports.workbook import Book
from portal.collection.history import entry_of, events_of
from portal.collection.models import LEVELS, Collection

SHAPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def layout() -> Layout:
    levels = {code: str(word) for code, word in LEVELS}
    columns = (
        Column("at", _("Când"), "moment"),
        Column("action", _("Codul acțiunii")),
        Column("what", _("Ce"), width=40),
        Column("place.level", _("Nivelul"), "choice", choices=levels),
        Column("place.code", _("Codul locului")),
        Column("place.name", _("Unde"), width=40),
        Column("who", _("Cine")),
        Column("through", _("Prin")),
        Column("before", _("Din starea")),
        Column("after", _("În starea")),
        Column("reason", _("De ce"), width=60),
        Column("section", _("Secțiunea")),
        Column("cells", _("Câmpuri schimbate"), "integer"),
    )
    return Layout("istoric", _("Istoric"), _("un eveniment"), columns)


def frame(collection: Collection) -> pd.DataFrame:
    rows = [entry_of(event) for event in events_of(collection)]
    columns: dict[str, list[Any]] = {name: [getattr(row, name) or None for row in rows] for name in SIMPLE}
    columns |= {f"place.{name}": [getattr(row.place, name) for row in rows] for name in ("level", "code", "name")}
    return framed(layout(), columns)


SIMPLE = ("at", "action", "what", "who", "through", "before", "after", "reason", "section", "cells")


def content(collection: Collection, shape: str) -> bytes:
    """The file. Raises ``KeyError`` for a shape that is none of ``SHAPES``."""
    return {"csv": _csv, "xlsx": _workbook}[shape](collection)


def _csv(collection: Collection) -> bytes:
    shown, rows, text = layout(), frame(collection), io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(column.code for column in shown.columns)
    writer.writerows(zip(*(csv_archive.written(column, rows[column.code].tolist()) for column in shown.columns), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _workbook(collection: Collection) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.xlsx"
        book = Book(path, _("Istoric – %(name)s") % {"name": collection.name}, Path(folder))
        book.add(layout(), frame(collection))
        book.close()
        return path.read_bytes()
