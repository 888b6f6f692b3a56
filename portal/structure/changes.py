"""Differences of the network as a table: of a list that is imported, of two rounds side by side. For a page, and to be taken away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.network.exporting import delimited, workbook
from portal.network.importing.plan import KINDS
from portal.network.models import Level

Change = list[str]
"""Kind, level, code, name, from, to."""
TITLES: Mapping[str, str | Promise] = {
    "created": gettext_lazy("Noi în rețea"),
    **KINDS,
    "merged": gettext_lazy("Se comasează cu altă școală"),
    "split": gettext_lazy("Se desparte din ele o școală nouă"),
    "removed": gettext_lazy("Se scot din evidență"),
    "missing": gettext_lazy("Lipsesc din listă"),
    "gone": gettext_lazy("Nu mai sunt în rețea"),
}
"""Kinds of change in words, in the order in which they are shown."""
LEVELS: Mapping[str, str | Promise] = {level.value: level.label for level in Level} | {"class": gettext_lazy("Clasă")}
WIDTHS = [34, 12, 14, 48, 48, 48]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def heads() -> list[str]:
    return [_("Schimbarea"), _("Nivelul"), _("Codul"), _("Denumirea"), _("Înainte"), _("Acum")]


def in_words(changes: Iterable[Change]) -> list[list[str]]:
    """Kind by kind, in the order of the titles."""
    order = {kind: place for place, kind in enumerate(TITLES)}
    found = sorted(changes, key=lambda change: order[change[0]])
    return [[str(TITLES[kind]), str(LEVELS[level]), *rest] for kind, level, *rest in found]


def content(changes: Iterable[Change], shape: str) -> bytes:
    """The table as a file. ``shape``: one of ``TYPES``."""
    rows = in_words(changes)
    if shape == "csv":
        return "".join(delimited.table(heads(), rows)).encode()
    return workbook.table(_("Schimbări"), heads(), WIDTHS, rows)
