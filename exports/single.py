"""One table as a file of its own, made while somebody waits."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd

from exports import csv_archive
from exports.columns import Layout
from exports.workbook import Book

SHAPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def content(layout: Layout, frame: pd.DataFrame, title: str, shape: str) -> bytes:
    """The file. ``shape``: one of ``SHAPES``; ``title``: what a workbook says of itself."""
    return _csv(layout, frame) if shape == "csv" else _workbook(layout, frame, title)


def _csv(layout: Layout, frame: pd.DataFrame) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(column.code for column in layout.columns)
    writer.writerows(zip(*(csv_archive.written(column, frame[column.code].tolist()) for column in layout.columns), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _workbook(layout: Layout, frame: pd.DataFrame, title: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        book = Book(path, title, Path(folder))
        book.add(layout, frame)
        book.close()
        return path.read_bytes()
