"""The official list of 2024-2025, where it is at hand: its counts, its round trip, its pupils."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from portal.network.exporting import rows, workbook
from portal.network.importing import runs
from portal.network.importing.columns import columns_of
from portal.network.models import Level, Place
from tests.portal.network.books import codes_of, dry

pytestmark = pytest.mark.django_db
NETWORK, PUPILS = "retea-scolara-2024-2025-fara-contact.xlsx", "unitati_profil.csv"


def expected(county: str, level: str) -> int:
    place = Place.objects.get(level=Level.COUNTY, code=county)
    return Place.objects.filter(path__startswith=place.path, level=level, collects=True).count()


def with_pupils(county: str) -> list[Place]:
    place = Place.objects.get(level=Level.COUNTY, code=county)
    return [unit for unit in Place.objects.filter(path__startswith=place.path, level=Level.UNIT) if unit.attributes.get("pupils_total")]


def test_the_country_is_imported_with_its_pupils_and_comes_back_unchanged(official_lists: Path) -> None:
    content = (official_lists / NETWORK).read_bytes()
    read, plan = dry(content)
    assert codes_of(read, "error") == [] and len(read.records) == 18_200
    wrong = {problem.params["value"] for problem in read.problems if problem.code == "control_digit"}
    assert wrong == {"2061203908", "2691109371"}
    assert Counter(place.level for place in plan.created) == {"national": 1, "county": 42, "school": 7_546, "unit": 18_200}
    runs.write("network", plan)
    assert dry(content)[1].changes_nothing

    read, plan = dry((official_lists / PUPILS).read_bytes(), "pupils")
    assert codes_of(read, "error") == [] and read.sums["pupils"] == 2_923_700
    runs.write("pupils", plan)
    assert Counter(Place.objects.filter(collects=True).values_list("level", flat=True)) == {
        "national": 1,
        "county": 42,
        "school": 7_197,
        "unit": 17_612,
    }
    # Expected are the units with pupils and those of which no number is known; the facts of the product count the former.
    assert len(with_pupils("AB")) == 431 and expected("AB", "unit") == 432 and expected("AB", "school") == 146
    assert len(with_pupils("B")) == 691 and expected("B", "unit") == 710
    assert len({unit.parent_id for unit in with_pupils("B")}) == 663

    capital = Place.objects.get(level=Level.COUNTY, code="B")
    columns = columns_of("network")
    read, plan = dry(workbook.content(columns, rows.rows_of(columns, capital)))
    assert codes_of(read, "error") == [] and plan.changes_nothing and not plan.missing and len(read.records) == 743
