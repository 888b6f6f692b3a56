"""Questions to the network that more than one room asks."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from portal.network.models import ClassRecord, Level, Place
from portal.network.ordering import folded

NEW_SCHOOL_YEAR = (8, 1)
"""From this day of a year on, preparations are for the school year that begins in it."""


def school_year_of(day: datetime.date) -> str:
    """The school year that a day belongs to, as ``2025-2026``."""
    first = day.year if (day.month, day.day) >= NEW_SCHOOL_YEAR else day.year - 1
    return f"{first}-{first + 1}"


def at_or_below(places: Iterable[Place]) -> QuerySet[Place]:
    """The places given and everything below them."""
    below = Q(pk__in=[])
    for place in places:
        below |= Q(path__startswith=place.path)
    return Place.objects.filter(below)


def matching(places: QuerySet[Place], query: str) -> QuerySet[Place]:
    """The places whose name, code or locality holds every word of the query, whatever the diacritics."""
    for word in folded(query).split():
        places = places.filter(search_text__contains=word)
    return places


def units_of(place: Place) -> QuerySet[Place]:
    """The open units at and below a place, in the order of the network."""
    units = Place.objects.filter(level=Level.UNIT, path__startswith=place.path, closed_on=None)
    return units.select_related("parent__parent").order_by("parent__parent__sort_key", "parent__sort_key", "parent_id", "sort_key", "code")


def classes_of(units: Iterable[int], school_year: str) -> QuerySet[ClassRecord]:
    """The recorded classes of units in a school year, by unit and name. ``parameters`` of each is what a round prefills."""
    return ClassRecord.objects.filter(unit__in=units, school_year=school_year).order_by("unit_id", "sort_key", "code")


def classes_below(place: Place, school_year: str) -> QuerySet[ClassRecord]:
    """The recorded classes of the open units at and below a place, in the order of the network."""
    classes = ClassRecord.objects.filter(unit__path__startswith=place.path, unit__closed_on=None, school_year=school_year)
    order = ("unit__parent__parent__sort_key", "unit__parent__sort_key", "unit__parent_id", "unit__sort_key", "unit__code")
    return classes.select_related("unit").order_by(*order, "sort_key", "code")


def class_totals(place: Place) -> list[Any]:
    """By school year, latest first: how many classes and pupils are recorded at and below a place."""
    rows = ClassRecord.objects.filter(unit__path__startswith=place.path).values("school_year")
    return list(rows.annotate(classes=Count("pk"), pupils=Sum("pupils")).order_by("-school_year"))
