"""How complete and how timely every place is, as a table: the numbers of ``portal.collection.completeness``, one row a place and kind of thing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from exports import single
from exports.columns import Column, Layout
from exports.datasets import PLACE, framed
from exports.layouts import place_columns
from portal.collection import completeness
from portal.collection.models import Collection
from portal.collection.words import WAITED_FOR
from portal.network.models import Level

COVERAGE = "stadiu"
NUMBERS = ("expected", "exempt", "received", "on_time", "late", "rate", "timely")


def layout() -> Layout:
    about, whole = _("Stadiul colectării"), _("Gol: nu se așteaptă nimic. Trunchiat, nu rotunjit: 100 înseamnă toate.")
    columns = (
        *place_columns(),
        Column("level", _("Nivelul"), "choice", about, choices={level.value: str(level.label) for level in Level}),
        Column("what", _("Ce se așteaptă"), "choice", about, choices={kind: str(word) for kind, word in WAITED_FOR.items()}),
        Column("expected", _("Așteptate"), "integer", about, meaning=_("Din campanie, fără cele exceptate.")),
        Column("exempt", _("Exceptate"), "integer", about, meaning=_("Chiar ele sau un loc de deasupra.")),
        Column("received", _("Primite"), "integer", about, meaning=_("Valide acum: tabele trimise, locuri finalizate.")),
        Column("on_time", _("Primite la timp"), "integer", about, meaning=_("Sosite prima dată înaintea termenului campaniei pentru nivelul lor.")),
        Column("late", _("Primite după termen"), "integer", about, meaning=_("Datorită unei prelungiri sau, la clase, trimise de unitate.")),
        Column("rate", _("Primite din cele așteptate"), "number", about, "%", meaning=whole),
        Column("timely", _("Primite la timp din cele așteptate"), "number", about, "%", meaning=whole),
    )
    return Layout(COVERAGE, about, _("ce se așteaptă la un loc"), columns)


def table(collection: Collection) -> tuple[Layout, pd.DataFrame]:
    """A place and every place below it, in the order of the network."""
    declared = layout()
    rows = list(_rows(collection))
    codes = [column.code for column in declared.columns]
    return declared, framed(declared, {code: [row[place] for row in rows] for place, code in enumerate(codes)})


def _rows(collection: Collection) -> Iterator[tuple[Any, ...]]:
    for row, named, tallies in completeness.lines(collection):
        names = _names(row, named)
        for kind, tally in tallies.items():
            yield (*names, row.level, kind, *(_plain(getattr(tally, name)) for name in NUMBERS))


def _names(row: Collection, named: dict[str, Collection]) -> tuple[str | None, ...]:
    """The columns that name a unit; of a place above units the lower ones are blank."""
    at = {**named, row.level: row}
    known: dict[str, str | None] = {}
    for level, place in at.items():
        known |= {f"{level}.code": place.code, f"{level}.name": place.name}
    return tuple(known.get(code) for code in PLACE)


def content(collection: Collection, shape: str) -> bytes:
    """The table as a file of its own."""
    return single.content(*table(collection), _("Stadiul colectării – %(name)s") % {"name": collection.name}, shape)


def _plain(value: int | Fraction | None) -> int | float | None:
    return float(value) if isinstance(value, Fraction) else value


def sentences(collection: Collection) -> Iterator[tuple[str, int | str]]:
    """The numbers of the place itself, for the first sheet."""
    for kind, tally in completeness.of(collection).items():
        what = WAITED_FOR[kind]
        yield _("%(what)s: așteptate") % {"what": what}, tally.expected
        yield _("%(what)s: exceptate") % {"what": what}, tally.exempt
        yield _("%(what)s: primite") % {"what": what}, tally.received
        yield _("%(what)s: primite la timp") % {"what": what}, tally.on_time
    yield _("Elevi în unitățile așteptate"), completeness.pupils_of(collection)
