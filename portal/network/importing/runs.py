"""The three kinds of import behind one door: read a list, plan it, write the plan, undo what was written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.network.importing import applying, classes, places, pupils, records
from portal.network.importing.applying import Difference
from portal.network.importing.columns import Columns
from portal.network.importing.headers import Mapping
from portal.network.importing.plan import Plan
from portal.network.importing.records import Reading
from portal.network.importing.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Order:
    """What an import is asked to do. ``scope``: the counties that may be touched, None for all.

    ``clear_missing``: on which day to close the places, or (any day) to take out the classes, that the list does not mention.
    """

    kind: str
    scope: frozenset[str] | None = None
    school_year: str = ""
    clear_missing: date | None = None


def check(workbook: Workbook, mapping: Mapping, columns: Columns, order: Order) -> tuple[Reading, Plan]:
    """The dry run: what the list says and what it would change. Running it is the same plan, written."""
    sheet = workbook.sheet(mapping.sheet)
    assert sheet is not None, "the mapping names a sheet of this workbook"
    reading = records.read(sheet, mapping, columns)
    return reading, plan(reading, order)


def plan(reading: Reading, order: Order) -> Plan:
    if order.kind == "classes":
        return classes.plan(reading, order.school_year, order.scope, remove_missing=order.clear_missing is not None)
    if order.kind == "pupils":
        return pupils.plan(reading, order.scope)
    return places.plan(reading, order.scope, close_missing=order.clear_missing)


def write(kind: str, plan: Plan) -> Difference:
    """Writes a plan in one transaction."""
    return applying.write_classes(plan) if kind == "classes" else applying.write_places(plan)


def undo(kind: str, difference: Difference) -> None:
    """Takes back what was written. Raises ``applying.CannotUndo``."""
    undoing: Callable[[Difference], None] = applying.undo_classes if kind == "classes" else applying.undo_places
    undoing(difference)
