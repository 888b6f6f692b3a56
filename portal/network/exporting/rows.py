"""The rows of each list, by field code, as people read the values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.network import selectors
from portal.network.importing.columns import Columns
from portal.network.models import ClassRecord, Place

Row = list[Any]


def rows_of(columns: Columns, place: Place, school_year: str = "") -> Iterator[Row]:
    """The rows of a list at and below a place, one cell a field of its columns. Units without classes have a row to be filled in."""
    records = {"network": _network, "pupils": _pupils, "classes": _classes}[columns.kind](place, school_year)
    return ([field.shown(record.get(field.code)) for field in columns.fields] for record in records)


def _network(place: Place, school_year: str) -> Iterator[dict[str, Any]]:
    for unit in selectors.units_of(place):
        school = unit.parent
        assert school is not None and school.parent is not None
        tree = {"county": school.parent.code, "school_code": school.code, "school_name": school.name, "code": unit.code, "name": unit.name}
        yield unit.attributes | tree


def _pupils(place: Place, school_year: str) -> Iterator[dict[str, Any]]:
    for unit in selectors.units_of(place):
        known = unit.attributes
        levels, languages = known.get("levels"), known.get("teaching_languages")
        counts = {"pupils": known.get("pupils_total"), "classes": known.get("classes_total")}
        yield {"code": unit.code, "unit_name": unit.name, "level": levels, "language": languages} | counts


def _classes(place: Place, school_year: str) -> Iterator[dict[str, Any]]:
    by_unit: dict[int, list[ClassRecord]] = {}
    for record in selectors.classes_below(place, school_year):
        by_unit.setdefault(record.unit_id, []).append(record)
    for unit in selectors.units_of(place):
        start = {"school_year": school_year, "unit_code": unit.code, "unit_name": unit.name}
        recorded = by_unit.get(unit.pk, [])
        yield from (start | record.parameters | {"code": record.code} for record in recorded)
        if not recorded and unit.collects:
            yield start
