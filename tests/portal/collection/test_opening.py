"""Opening a round: a job county by county, which nobody sees before its end, which any worker may go on with, and which takes what the network has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.collection.models import CLASS, Collection, Event, Response
from portal.collection.refusals import Refused
from portal.collection.services import opening, taking
from portal.network import services as network
from portal.network.models import ClassRecord, Level, Place
from portal.network.synthetic import Size
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.rounds import methodologies
from portal.rounds.models import Round, RoundEvent
from portal.rounds.services import RoundRefused, close_round, rewrite_letter
from tests.portal.people import Cast
from tests.portal.worked_round import draft_round, published

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
YEAR = "2025-2026"


@pytest.fixture
def round_(cast: Cast, settings: LazySettings, tmp_path: Path) -> Round:
    """A round in preparation over the cast's two counties, with three recorded classes in Blaj."""
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    for code, name, pupils, year in (
        ("VA", "V A", 24, YEAR),
        ("VB", "V B", 21, YEAR),
        ("VIA", "VI A", 19, YEAR),
        ("X", "De anul trecut", 9, "2024-2025"),
    ):
        unit = cast.places["blaj_unit"]
        facts = {"cls_grade": "5", "nimic": "nimeni nu întreabă"}
        ClassRecord.objects.create(unit=unit, school_year=year, code=code, name=name, pupils=pupils, attributes=facts)
    return draft_round(published())


def address(name: str, round_: Round) -> str:
    return reverse(name, args=[round_.pk])


def everything(round_: Round) -> list[Any]:
    return list(Collection.objects.filter(round=round_).order_by("path").values("level", "place", "code", "name", "path", "pupils", "classes"))


# ---- what is taken ---------------------------------------------------------------------------------------


def test_a_round_takes_every_expected_place_with_its_chain_and_its_facts(round_: Round, cast: Cast) -> None:
    Place.objects.filter(pk=cast.places["tiur"].pk).update(attributes={"residence": "rural"})
    opening.open_round(round_)
    rows = {row.place_id: row for row in Collection.objects.filter(round=round_).exclude(level=CLASS)}
    assert set(rows) == {place.pk for place in cast.places.values()}
    for place in cast.places.values():
        row = rows[place.pk]
        above = rows.get(place.parent_id)
        assert (row.level, row.code, row.name, row.sort_key) == (place.level, place.code, place.name, place.sort_key)
        assert row.path == f"{above.path if above else '/'}{row.pk}/" and row.parent_id == (above.pk if above else None)
    assert rows[cast.places["tiur"].pk].attributes == {"residence": "rural"}
    assert {row.state for row in rows.values()} == {"open"} and not any(row.blocked or row.exempt or row.reopened for row in rows.values())


def test_classes_of_the_year_come_with_the_parameters_the_methodology_asks_for(round_: Round, cast: Cast) -> None:
    opening.open_round(round_)
    unit = Collection.objects.get(round=round_, place=cast.places["blaj_unit"])
    classes = list(unit.children.order_by("sort_key"))
    assert [(row.code, row.name, row.pupils, row.path) for row in classes] == [
        (code, name, pupils, f"{unit.path}{row.pk}/")
        for (code, name, pupils), row in zip((("VA", "V A", 24), ("VB", "V B", 21), ("VIA", "VI A", 19)), classes, strict=True)
    ]
    assert Response.objects.get(collection=classes[0]).values == {"cls_name": "V A", "cls_pupils": 24, "cls_grade": "5"}
    assert (unit.classes, unit.pupils, unit.classes_submitted) == (3, 64, 0)


@pytest.mark.parametrize("closed", ["tiur", "blaj", "alba"])
def test_what_is_closed_or_lies_in_something_closed_is_not_taken(closed: str, round_: Round, cast: Cast) -> None:
    Place.objects.filter(pk=cast.places[closed].pk).update(closed_on=timezone.localdate())
    opening.open_round(round_)
    taken = set(Collection.objects.filter(round=round_).exclude(level=CLASS).values_list("place__path", flat=True))
    assert taken == {path for path in Place.objects.values_list("path", flat=True) if not path.startswith(cast.places[closed].path)}


def test_a_school_without_expected_units_is_not_taken(round_: Round, cast: Cast) -> None:
    Place.objects.filter(pk=cast.places["sebes_unit"].pk).update(collects=False)
    opening.open_round(round_)
    assert not Collection.objects.filter(place__in=[cast.places["sebes"], cast.places["sebes_unit"]]).exists()


def test_taking_again_changes_nothing(round_: Round) -> None:
    opening.open_round(round_)
    before, answers = everything(round_), list(Response.objects.values())
    taking.take_all(round_)
    assert everything(round_) == before and list(Response.objects.values()) == answers


def test_nothing_is_taken_below_what_is_final(round_: Round, cast: Cast) -> None:
    opening.open_round(round_)
    Collection.objects.filter(place=cast.places["blaj"]).update(state=Collection.State.FINALISED)
    Collection.objects.filter(place=cast.places["cluj"]).update(state=Collection.State.FINALISED)
    new = {
        word: Place.objects.create(level=Level.UNIT, parent=cast.places[word], code=f"nou-{word}", name="Nouă") for word in ("blaj", "sebes", "turda")
    }
    ClassRecord.objects.create(unit=cast.places["tiur"], school_year=YEAR, code="I", name="I", pupils=9)
    taking.take_all(round_)
    assert set(Collection.objects.filter(place__in=new.values()).values_list("place", flat=True)) == {new["sebes"].pk}
    assert not Collection.objects.filter(parent__place=cast.places["tiur"]).exists()


def test_a_large_county_takes_as_many_statements_as_a_small_one(round_: Round) -> None:
    network.seed([1], Size(2, 4, 12), 3, YEAR)
    network.seed([2], Size(9, 25, 90), 3, YEAR)
    taking.take_nation(round_)
    methodologies.of(round_.methodology)
    asked = []
    for county in Place.objects.filter(level=Level.COUNTY, code__in=["AR", "AG"]).order_by("-code"):
        with CaptureQueriesContext(connection) as queries:
            made = taking.take(round_, county)
        asked.append((made[CLASS], len(queries)))
    assert asked[0][0] != asked[1][0] and asked[0][1] == asked[1][1]


# ---- the job ---------------------------------------------------------------------------------------------


def test_the_commission_asks_and_a_worker_opens(round_: Round, cast: Cast, browser_of: Browser) -> None:
    commission = browser_of("maria")
    page = commission.get(address("collection:open_round", round_)).content.decode()
    assert "2 inspectorate, 3 școli, 4 unități și 3 clase" in " ".join(page.split())
    answer = commission.post(address("collection:open_round", round_))
    assert (answer.status_code, answer["Location"]) == (303, address("rounds:round", round_))
    page = commission.get(address("rounds:round", round_)).content.decode()
    assert "Pregătire" in page and "Campania se deschide" in page and "Puteți părăsi pagina" in page and "data-under-way" in page
    assert "Deschideți campania" not in page and "se deschide acum" in commission.get(reverse("rounds:rounds")).content.decode()
    outbox.sweep()
    round_.refresh_from_db()
    assert round_.state == Round.State.OPEN and not round_.is_opening
    page = commission.get(address("rounds:round", round_)).content.decode()
    assert "a deschis campania: 2 inspectorate, 3 școli, 4 unități, 3 clase" in page and 'id="progres"' not in page
    event = Event.objects.get(action="open_round")
    assert (event.by, event.collection.level) == (cast["maria"], Level.NATIONAL)


def test_two_clicks_are_one_opening(round_: Round, browser_of: Browser) -> None:
    for _click in range(2):
        browser_of("maria").post(address("collection:open_round", round_))
    assert Job.objects.filter(kind=opening.KIND).count() == 1
    outbox.sweep()
    assert list(RoundEvent.objects.filter(round=round_).values_list("action", flat=True)) == ["opening", "opened"]
    assert browser_of("maria").post(address("collection:open_round", round_)).status_code == 423


@pytest.mark.parametrize("name", ["ioana", "gelu", "anca", "mihai"])
def test_others_open_nothing(name: str, round_: Round, browser_of: Browser) -> None:
    answer = browser_of(name).post(address("collection:open_round", round_))
    round_.refresh_from_db()
    assert answer.status_code == 403 and round_.opening_at is None and not Job.objects.exists()


def test_an_empty_network_is_told_and_opens_nothing(round_: Round, browser_of: Browser) -> None:
    Place.objects.filter(level=Level.UNIT).update(collects=False)
    answer = browser_of("maria").post(address("collection:open_round", round_))
    assert answer.status_code == 423 and "Rețeaua școlară este goală" in answer.content.decode()
    with pytest.raises(Refused):
        opening.open_round(round_)
    assert not Collection.objects.exists()


def half_open(round_: Round, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Job:
    """A job whose worker died after the first of two counties."""
    job = opening.ask(round_, cast["maria"])
    take, taken = taking.take, []

    def first_only(held: Round, below: Place) -> Any:
        if taken:
            raise KeyboardInterrupt
        taken.append(below)
        return take(held, below)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(taking, "take", first_only)
        outbox.run_job(job.pk)
    return job


def test_nobody_sees_a_half_open_round(round_: Round, cast: Cast, browser_of: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    half_open(round_, cast, monkeypatch)
    half = list(Collection.objects.filter(round=round_))
    assert 0 < len(half) < 13 and all(row.place_id != cast.places["turda_unit"].pk for row in half)
    for name in ("maria", "ioana", "dan", "rodica"):
        assert {browser_of(name).get(f"/colectare/{row.pk}/").status_code for row in half} == {404}
    assert browser_of("ioana").get(address("rounds:round", round_)).status_code == 404
    assert "/colectare/" not in browser_of("ioana").get("/", follow=True).content.decode()


def test_after_a_killed_worker_another_goes_on_and_nothing_is_made_twice(round_: Round, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    job = half_open(round_, cast, monkeypatch)
    there = {row.pk: row.path for row in Collection.objects.filter(round=round_)}
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now())
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(outbox, "progress", lambda job, done, total: told.append((done, total)))
    outbox.sweep()
    round_.refresh_from_db()
    rows = {row.pk: row.path for row in Collection.objects.filter(round=round_)}
    assert round_.state == Round.State.OPEN and there.items() <= rows.items() and len(rows) == 13
    assert told == [(1, 2), (2, 2)]
    assert RoundEvent.objects.filter(round=round_, action="opened").count() == 1


def test_a_job_that_runs_again_after_its_end_does_nothing(round_: Round, cast: Cast) -> None:
    opening.open_round(round_)
    before = everything(round_)
    opening.carry_out(round_, cast["maria"])
    assert everything(round_) == before and RoundEvent.objects.filter(action="opened").count() == 1


def test_a_county_that_comes_while_the_round_opens_is_taken(round_: Round, cast: Cast) -> None:
    def somebody_imports(done: int, total: int) -> None:
        if done == total:
            network.seed([3], Size(2, 4, 12), 3, YEAR)

    opening.ask(round_, cast["maria"])
    opening.carry_out(round_, cast["maria"], somebody_imports)
    assert Collection.objects.filter(round=round_, level=Level.COUNTY).count() == 3
    assert Collection.objects.filter(round=round_, level=CLASS).count() == 15


def test_a_failed_opening_is_told_and_tried_again_from_the_page(round_: Round, cast: Cast, browser_of: Browser) -> None:
    job = opening.ask(round_, cast["maria"])
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error="Baza de date nu răspunde.")
    page = browser_of("maria").get(address("rounds:round", round_)).content.decode()
    assert "Baza de date nu răspunde." in page and "Încercați din nou" in page and "data-under-way" not in page
    assert browser_of("maria").post(address("collection:open_round", round_)).status_code == 303
    outbox.sweep()
    round_.refresh_from_db()
    assert round_.state == Round.State.OPEN


def test_while_it_opens_neither_the_letter_nor_the_end_of_the_round_can_be_touched(round_: Round, cast: Cast) -> None:
    opening.ask(round_, cast["maria"])
    with pytest.raises(RoundRefused, match="se deschide chiar acum"):
        rewrite_letter(round_, "Alt text", by=cast["maria"])
    with pytest.raises(RoundRefused, match="Numai o campanie deschisă"):
        close_round(round_, by=cast["maria"])


def test_looking_opens_nothing(round_: Round, browser_of: Browser) -> None:
    browser_of("maria").get(address("collection:open_round", round_))
    round_.refresh_from_db()
    assert round_.opening_at is None and not Job.objects.exists() and not Collection.objects.exists()
