"""The history of a place: it only grows, in the database as well, and says who, what, when, from, to, why, through what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from portal.accounts.models import User
from portal.collection.models import Event, Unchangeable
from portal.collection.services import finalising, saving, supervising, tables
from portal.collection.standing import Obstacles
from tests.portal.small_round import SmallRound, ahead

pytestmark = pytest.mark.django_db
REASON = "=cmd|' /C calc'!A0 – inundație"


@pytest.fixture
def lived(small: SmallRound) -> SmallRound:
    """A unit with a past: saved, sent through a link, blocked, finalised, reopened, extended."""
    inspector, director = small.author("inspector", "A"), small.author("director", "A1")
    small.answer("A1x", rooms=7)
    link = small.link("A1x-1")
    rows = [{"row_no": 1, "grant": "yes"}, {"row_no": 2, "grant": "no"}]
    tables.save_rows(small["A1x-1"], [], rows, link, base_revision=0)
    tables.submit(small["A1x-1"], rows, link, Obstacles())
    supervising.block(small["A1x"], director, "Se verifică.")
    supervising.unblock(small["A1x"], director)
    small.finalise("A1x")
    finalising.reopen(small["A1x"], director, "Numărul sălilor.")
    supervising.extend(small["A1x"], inspector, ahead(3), REASON, "basic")
    supervising.exempt(small["A1y"], inspector, "too_small", "Trei copii.")
    return small


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- it only grows ---------------------------------------------------------------------------------------


def change_by_object(event: Event) -> None:
    event.reason = "altul"
    event.save()


REFUSED: dict[str, Callable[[Event], object]] = {
    "the object": change_by_object,
    "its deletion": lambda event: event.delete(),
    "a query": lambda event: Event.objects.filter(pk=event.pk).update(reason="altul"),
    "a deleting query": lambda event: Event.objects.filter(pk=event.pk).delete(),
}


@pytest.mark.parametrize("door", REFUSED)
def test_an_event_is_changed_by_no_door_of_the_program(lived: SmallRound, door: str) -> None:
    event = lived["A1x"].events.order_by("pk").first()
    assert event is not None
    with pytest.raises(Unchangeable):
        REFUSED[door](event)


STATEMENTS = ["UPDATE collection_event SET reason = 'altul'", "UPDATE collection_event SET at = at", "DELETE FROM collection_event"]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_history(lived: SmallRound, statement: str) -> None:
    before = list(Event.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="history is only appended to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(Event.objects.order_by("pk").values()) == before


# ---- what it says ----------------------------------------------------------------------------------------


def rows_of(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in found]


def test_the_page_of_a_unit_tells_what_happened_to_it_and_its_classes(lived: SmallRound) -> None:
    page = browser(lived.author("director", "A1").person).get(reverse("collection:history", args=[lived.ids["A1x"]])).content.decode()
    told = [row[1:] for row in rows_of(page)]
    assert ["Redeschis", "Unitatea A1x", "director A1", "pagină", "Finalizat → Redeschis", "Numărul sălilor."] in told
    assert ["Blocat", "Unitatea A1x", "director A1", "pagină", "În lucru → În lucru, Blocat", "Se verifică."] in told
    assert ["Tabel trimis", "1", "cine are linkul clasei 1", "link de clasă", "În lucru → Trimis", "–"] in told
    assert any(row[0].startswith("Prelungire dată, până la ") and row[0].endswith("De bază") for row in told)
    assert any(row[0].startswith("Răspunsuri salvate: 1 câmp") for row in told)
    moments = [row[0] for row in rows_of(page)]
    assert all(re.fullmatch(r"\d\d\.\d\d\.\d{4}, \d\d:\d\d", moment) for moment in moments)


def test_the_page_of_a_school_tells_what_happened_to_its_units_without_their_answers(lived: SmallRound) -> None:
    page = browser(lived.author("inspector", "A").person).get(reverse("collection:history", args=[lived.ids["A1"]])).content.decode()
    told = rows_of(page)
    assert {row[2] for row in told} == {"Unitatea A1x", "Unitatea A1y"}
    assert not any("salvate" in row[1] for row in told)
    exempted = next(row for row in told if row[1] == "Exceptat")
    assert exempted[5:] == ["În lucru → În lucru, Exceptat", "Prea puțini elevi pentru indicatori: Trei copii."]


def test_the_history_as_a_file_says_the_same_as_the_page(lived: SmallRound) -> None:
    client = browser(lived.author("director", "A1").person)
    page = rows_of(client.get(reverse("collection:history", args=[lived.ids["A1x"]])).content.decode())
    address = reverse("exports:history", args=[lived.ids["A1x"], "csv"])
    text = client.get(address).content.decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["place.name"] for row in told] == [row[2] for row in page]
    assert [row["who"] for row in told] == [row[3] for row in page]
    assert {row["reason"] for row in told} >= {"Se verifică.", "Numărul sălilor.", "'" + REASON}
    assert [row["section"] for row in told if row["action"] == "extend"] == ["basic"]
    book = client.get(reverse("exports:history", args=[lived.ids["A1x"], "xlsx"]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_name("Istoric").to_python()
    assert sheet[1] == list(told[0]) and len(sheet) == len(told) + 2
    assert REASON in {row[sheet[1].index("reason")] for row in sheet[2:]}


def test_no_answer_is_in_the_history_only_how_many_changed(lived: SmallRound) -> None:
    saving.save_section(lived["A1x"], "basic", {"rooms": 42}, lived.manager("A1x"))
    client = browser(lived.author("director", "A1").person)
    for address in (reverse("collection:history", args=[lived.ids["A1x"]]), reverse("exports:history", args=[lived.ids["A1x"], "csv"])):
        assert "rooms" not in client.get(address).content.decode()


def test_the_file_is_for_whoever_sees_the_place(lived: SmallRound) -> None:
    address = reverse("exports:history", args=[lived.ids["A1x"], "csv"])
    assert browser(lived.author("analyst", "A").person).get(address).status_code == 200
    assert browser(lived.manager("B1x").person).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert browser(lived.author("analyst", "A").person).get(address.replace(".csv", ".pdf")).status_code == 404
    assert browser(lived.author("analyst", "A").person).post(address).status_code == 405
