"""The lists of the network's pages: counties, schools with their units, the facts and classes of one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from portal.network import selectors as network
from portal.network.importing.columns import Columns
from portal.network.models import ClassRecord, Level, Place

SCHOOLS_A_PAGE = 50

# ---- counties --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CountyLine:
    """A county in the national list: how many schools and units it has, how many of them take part, how many pupils and classes."""

    place: Place
    schools: int = 0
    units: int = 0
    expected_schools: int = 0
    expected_units: int = 0
    pupils: int = 0
    classes: int = 0


def county_lines(nation: Place, year: str) -> list[CountyLine]:
    """Every county, in four queries."""
    lines = {county.path: CountyLine(county) for county in nation.children.order_by("sort_key")}
    below = Place.objects.filter(level__in=(Level.SCHOOL, Level.UNIT), closed_on=None)
    for path, level, collects, attributes in below.values_list("path", "level", "collects", "attributes"):
        line = lines[_county_path(path)]
        word = "schools" if level == Level.SCHOOL else "units"
        setattr(line, word, getattr(line, word) + 1)
        setattr(line, f"expected_{word}", getattr(line, f"expected_{word}") + collects)
        line.pupils += attributes.get("pupils_total") or 0
    for path in ClassRecord.objects.filter(school_year=year, unit__closed_on=None).values_list("unit__path", flat=True):
        lines[_county_path(path)].classes += 1
    return list(lines.values())


def _county_path(path: str) -> str:
    return "/".join(path.split("/")[:3]) + "/"


# ---- schools and their units -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked of the list of schools, as it stands in the address."""

    query: str = ""
    state: str = ""
    residence: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Filters:
        state, residence = parameters.get("stare", ""), parameters.get("mediu", "")
        return cls(
            parameters.get("q", "").strip()[:100],
            state if state in ("participa", "nu-participa", "inchise") else "",
            residence if residence in ("urban", "rural") else "",
        )

    def apply(self, places: QuerySet[Place]) -> QuerySet[Place]:
        if self.state == "inchise":
            places = places.exclude(closed_on=None)
        else:
            places = places.filter(closed_on=None)
        if self.state in ("participa", "nu-participa"):
            places = places.filter(collects=self.state == "participa")
        if self.residence:
            places = places.filter(attributes__residence=self.residence)
        return places

    def __bool__(self) -> bool:
        return bool(self.query or self.state or self.residence)


@dataclass(slots=True)
class SchoolLine:
    """A school with those of its units that the filters let through."""

    school: Place
    units: list[Place] = field(default_factory=list)
    classes: Counter[int] = field(default_factory=Counter)

    @property
    def rows(self) -> list[tuple[Place, int]]:
        """Each unit with the number of its classes."""
        return [(unit, self.classes[unit.pk]) for unit in self.units]


def schools(place: Place, filters: Filters, year: str, number: str | None) -> tuple[Page[Place], list[SchoolLine]]:
    """A page of the schools at and below a place that fit, or have a unit that fits."""
    units = filters.apply(Place.objects.filter(level=Level.UNIT, path__startswith=place.path))
    found = network.matching(units, filters.query)
    named = network.matching(Place.objects.filter(level=Level.SCHOOL, path__startswith=place.path), filters.query)
    fitting = Q(pk__in=found.values("parent")) | Q(pk__in=named.filter(pk__in=units.values("parent")))
    ordered = Place.objects.filter(fitting, level=Level.SCHOOL).select_related("parent").order_by("parent__sort_key", "sort_key", "pk")
    page = Paginator(ordered, SCHOOLS_A_PAGE).get_page(number)
    lines = {school.pk: SchoolLine(school) for school in page}
    whole = set(named.filter(pk__in=lines).values_list("pk", flat=True))
    shown = units.filter(parent__in=lines).filter(Q(parent__in=whole) | Q(pk__in=found.filter(parent__in=lines).values("pk")))
    for unit in shown.order_by("sort_key", "pk"):
        lines[unit.parent_id or 0].units.append(unit)
    _count_classes(lines, year)
    return page, list(lines.values())


def _count_classes(lines: dict[int, SchoolLine], year: str) -> None:
    by_unit = {unit.pk: line for line in lines.values() for unit in line.units}
    for unit in ClassRecord.objects.filter(unit__parent__in=lines, school_year=year).values_list("unit", flat=True):
        if unit in by_unit:
            by_unit[unit].classes[unit] += 1


# ---- one place -------------------------------------------------------------------------------------------


def facts(place: Place, known: Columns) -> list[tuple[str, Any]]:
    """What is known of a place, in words: label, value."""
    return [(field.label, field.shown(place.attributes[field.code])) for field in known.fields if field.attribute and field.code in place.attributes]


def classes(unit: Place, known: Columns, year: str) -> list[dict[str, Any]]:
    """The classes of a unit in a year, their parameters in words."""
    rows = []
    for record in network.classes_of([unit.pk], year):
        values = {field.code: field.shown(record.parameters.get(field.code)) for field in known.fields}
        rows.append(values | {"code": record.code})
    return rows


def pupils_of(classes_: Iterable[dict[str, Any]]) -> int:
    return sum(row["cls_pupils"] for row in classes_)


def years_of(place: Place) -> list[str]:
    """The school years with classes at and below a place, latest first."""
    return [row["school_year"] for row in network.class_totals(place)]
