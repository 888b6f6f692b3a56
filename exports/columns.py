"""The columns of exported tables: what each one is called, holds and means. Everything a workbook needs to be typed and documented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

TYPES: dict[str, Text] = {
    "text": _("text"),
    "integer": _("număr întreg"),
    "number": _("număr"),
    "boolean": _("da / nu"),
    "choice": _("listă, o valoare"),
    "choices": _("listă, mai multe valori"),
    "date": _("dată"),
    "moment": _("dată și oră"),
}
"""Types of cells, in words. Numbers are written as numbers, dates as dates, everything else as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """``code`` is stable over the years, ``label`` is for people. ``about``: what a row is (unit, class …), in words; ``measure``: unit of
    measure; ``choices``: code → label of a list; ``meaning``: what the column says, where the label does not."""

    code: str
    label: str
    type: str = "text"
    about: str = ""
    measure: str = ""
    choices: Mapping[str, str] | None = None
    meaning: str = ""
    places: int = 2
    width: int = 0
    """In characters; 0: what the type usually needs. Wide texts are broken into lines."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table to export: its stable code, its title (a legal sheet name), its columns, what one row is."""

    code: str
    title: str
    row: str
    columns: tuple[Column, ...]
    note: str = ""
