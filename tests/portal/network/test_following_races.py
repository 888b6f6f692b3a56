"""An import that reaches an open round while somebody saves there, on a database with real concurrency (PostgreSQL)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection, transaction

from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection, Response
from portal.collection.services import following, opening, saving
from portal.collection.services.following import classes, places
from portal.network.models import ClassRecord
from portal.rounds import methodologies
from portal.rounds.models import Round
from tests.portal.people import Cast, make_cast
from tests.portal.worked_round import draft_round, published

pytestmark = [
    pytest.mark.services,  # run on PostgreSQL by tests/services/test_races.py
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL"),
]
YEAR = "2025-2026"


@pytest.fixture
def country(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Cast:
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    cast = make_cast()
    ClassRecord.objects.create(unit=cast.places["blaj_unit"], school_year=YEAR, code="VA", name="V A", pupils=24, attributes={"cls_grade": "5"})
    opening.open_round(draft_round(published()))
    return cast


def follow(cast: Cast) -> None:
    """The network has another number of pupils; the round follows."""
    with transaction.atomic():
        ClassRecord.objects.update(pupils=25)
        unit = cast.places["blaj_unit"].pk
        change = following.Change(classes=frozenset([(unit, "VA")]), school_year=YEAR)
        following.follow(Round.objects.select_related("methodology").get(), change, None, "import")


def while_following(cast: Cast, act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The act begins when the follower has just looked at what is untouched; the order in which both ended."""
    looked, ended, find = threading.Event(), [], classes.untouched

    def slow(rows: Any) -> Any:
        ids = list(find(rows).values_list("pk", flat=True))
        looked.set()
        time.sleep(1)
        return Collection.objects.filter(pk__in=ids)

    def run(name: str, what: Callable[[], object]) -> None:
        try:
            what()
            ended.append(name)
        finally:
            connection.close()

    monkeypatch.setattr(classes, "untouched", slow)
    follower = threading.Thread(target=run, args=("follow", lambda: follow(cast)))
    follower.start()
    assert looked.wait(20)
    other = threading.Thread(target=run, args=("save", act))
    other.start()
    follower.join(30)
    other.join(30)
    return ended


def save(cast: Cast) -> Callable[[], object]:
    row = Collection.objects.select_related("round__methodology", "parent__parent").get(level=CLASS)
    return lambda: saving.save_section(row, "basic", {"cls_girls": 9}, Author(user=cast["rodica"]))


def test_a_save_waits_for_the_import_and_nothing_of_either_is_lost(country: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert while_following(country, save(country), monkeypatch) == ["follow", "save"]
    values = Response.objects.get().values
    assert (values["cls_girls"], values["cls_pupils"]) == (9, 25)


def test_without_the_lock_the_save_would_be_lost(country: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    monkeypatch.setattr(places, "hold", lambda *locks: None)
    assert while_following(country, save(country), monkeypatch) == ["save", "follow"]
    assert "cls_girls" not in Response.objects.get().values


def test_a_save_elsewhere_does_not_wait(country: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    unit = Collection.objects.select_related("round__methodology", "parent").get(place=country.places["turda_unit"])
    act = lambda: saving.save_section(unit, "basic", {"pupils_total": 6}, Author(user=country["titus"]))  # noqa: E731
    assert while_following(country, act, monkeypatch) == ["save", "follow"]
