"""CSV files in a ZIP, for programs and for spreadsheets set to Romanian: UTF-8 with a mark, ``;`` between values, decimal comma, codes of lists.

That is the convention of ``read.csv2`` in R; in pandas ``sep=";", decimal=","``. Dates are ISO. A text that a spreadsheet would take for a
formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

import pandas as pd
from django.utils.translation import gettext as _

from exports.columns import Column, Layout
from exports.wording import BUCHAREST

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""Characters with which a spreadsheet may begin to read a text as a formula or a command."""


def how_written() -> str:
    """For the first table."""
    return _(
        "Fișiere CSV: UTF-8 cu marcaj, valori despărțite prin punct și virgulă, virgulă zecimală, date ca AAAA-LL-ZZ, listele prin coduri, "
        "da / nu ca 1 / 0. Un text care începe ca o formulă are un apostrof în față."
    )


class Archive:
    """Files under way in a folder, zipped at the end. ``add`` may be called with one table again and again."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self.path, self.scratch = path, scratch
        self.files: dict[str, TextIO] = {}

    def add(self, layout: Layout, frame: pd.DataFrame) -> None:
        """Rows of a table, in its file; stable codes are the head."""
        opened = layout.code not in self.files
        if opened:
            self.files[layout.code] = (self.scratch / f"{layout.code}.csv").open("w", encoding="utf-8-sig", newline="")
        writer = csv.writer(self.files[layout.code], delimiter=";")
        if opened:
            writer.writerow(column.code for column in layout.columns)
        columns = [written(column, frame[column.code].tolist()) for column in layout.columns]
        writer.writerows(zip(*columns, strict=True))

    plain = add

    def close(self) -> None:
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED) as archive:
            for code, file in self.files.items():
                file.close()
                archive.write(file.name, f"{code}.csv")


def written(column: Column, values: Iterable[Any]) -> list[str]:
    """The cells of a column."""
    return ["" if value is None else cell(value) for value in values]


def cell(value: Any) -> str:
    """One value as CSV."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (int, float)):
        return str(value).replace(".", ",")
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, datetime):
        return value.astimezone(BUCHAREST).strftime("%Y-%m-%d %H:%M:%S")
    return escaped(str(value))


def escaped(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
