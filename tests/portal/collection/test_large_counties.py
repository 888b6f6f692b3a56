"""Pages of large places ask the database as often as those of small ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import Membership, User
from portal.collection import generating
from portal.collection.models import CLASS, Collection
from portal.collection.services import opening
from portal.network import services as network
from portal.network.models import Level
from portal.network.synthetic import Size
from portal.rounds import methodologies
from portal.rounds.services import publish
from tests.portal.worked_round import FOLDER, draft_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def counties(settings: LazySettings, tmp_path: Path) -> list[Collection]:
    """Two counties of a round in full: two schools with 12 classes, five schools with 70."""
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    network.seed([0], Size(2, 4, 12), 3, "2025-2026")
    network.seed([1], Size(5, 12, 70), 3, "2025-2026")
    opening.open_round(draft_round(publish(FOLDER)))
    found = list(Collection.objects.filter(level=Level.COUNTY).select_related("place").order_by("code"))
    generating.generate(found, generating.Order(filled=1.0))
    return found


def signed_in(collection: Collection, role: str) -> Client:
    user = User.objects.create_user(f"{role}{collection.pk}@example.ro", "Ana Pop")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    client = Client()
    client.force_login(user)
    return client


def queries_of(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured.captured_queries)


def extreme_units(collection: Collection) -> tuple[Collection, Collection]:
    """The units with the fewest and the most classes."""
    units = Collection.objects.filter(level=Level.UNIT, path__startswith=collection.path).select_related("place").order_by("classes", "pk")
    return units[0], list(units)[-1]


def test_the_board_of_a_county_asks_as_often_for_five_schools_as_for_two(counties: list[Collection]) -> None:
    few, many = (queries_of(signed_in(one, "inspector"), f"/colectare/{one.pk}/?q=a&stare=in-lucru") for one in counties)
    assert few == many < 40


@pytest.mark.parametrize("page", ["sarcini", "raspunsuri", "rezultate"])
def test_pages_of_a_unit_ask_as_often_for_many_classes_as_for_few(counties: list[Collection], page: str) -> None:
    small, large = extreme_units(counties[1])
    assert large.classes > 3 * small.classes
    few, many = (queries_of(signed_in(one, "unit_manager"), f"/colectare/{one.pk}/{page}/") for one in (small, large))
    assert few == many < 60


def test_pages_of_a_class_ask_as_often_for_many_pupils_as_for_few(counties: list[Collection]) -> None:
    classes = Collection.objects.filter(level=CLASS, path__startswith=counties[1].path).order_by("pupils")
    numbers = set()
    for one in (classes[0], list(classes)[-1]):
        assert one.parent is not None
        numbers.add(queries_of(signed_in(one.parent, "unit_manager"), f"/colectare/{one.pk}/tabel/foaie/"))
    assert len(numbers) == 1 and max(numbers) < 40
