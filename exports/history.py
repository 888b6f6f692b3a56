"""The history of a place as a file: one row an event, the newest first. Cells of saves are counted; what they held is not in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from exports import single
from exports.columns import Column, Layout
from exports.datasets import framed
from portal.collection.history import entry_of, events_of
from portal.collection.models import LEVELS, Collection


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
    """The file."""
    return single.content(layout(), frame(collection), _("Istoric – %(name)s") % {"name": collection.name}, shape)
