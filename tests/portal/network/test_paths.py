"""What begins with a path: everything below a place and nothing beside it, found by the index on every database."""

from __future__ import annotations

import pytest
from django.db import connection

from portal.network.models import Level, Place

pytestmark = pytest.mark.django_db


def chain(*codes: str) -> list[Place]:
    """Places under each other."""
    made: list[Place] = []
    for level, code in zip((Level.NATIONAL, Level.COUNTY, Level.SCHOOL, Level.UNIT), codes, strict=False):
        made.append(Place.objects.create(level=level, parent=made[-1] if made else None, code=code, name=code))
    return made


def test_below_a_place_is_what_begins_with_its_path() -> None:
    nation, county, school, unit = chain("RO", "AB", "1", "1")
    Place.objects.filter(pk=unit.pk).update(path=f"{county.path[:-1]}0/")  # a sibling whose id begins with the same digits
    below = Place.objects.filter(path__startswith=county.path)
    assert set(below) == {county, school}
    assert set(Place.objects.filter(path__startswith=nation.path)) == {nation, county, school, unit}
    assert set(Place.objects.filter(children__path__startswith=county.path)) == {nation, county}
    assert Place.objects.filter(path__startswith="").count() == 4
    assert not Place.objects.filter(path__startswith="/%").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite finds a prefix")
def test_sqlite_finds_a_prefix_by_the_index() -> None:
    plan = Place.objects.filter(path__startswith="/1/2/").explain()
    assert "USING INDEX" in plan and "path>? AND path<?" in plan
