"""Generated steps in a browser's hands: what is typed is kept or refused in Romanian; what nobody may send is ignored."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection, Draft, Response
from portal.collection.services import links, tables
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def signed_in(role: str, collection: Collection) -> Client:
    user = User.objects.create_user(f"{role}.{collection.pk}@example.org", "Ana Pop")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    client = Client()
    client.force_login(user)
    return client


def posted(client: Client, url: str) -> dict[str, object]:
    """What a browser would post back from a form as it stands."""
    page = client.get(url).content.decode()
    form = page[page.index('<form method="post" novalidate') :]
    data: dict[str, object] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        if name is None or "disabled" in tag:
            continue
        if kind is not None and kind[1] in ("radio", "checkbox") and "checked" not in tag:
            continue
        data.setdefault(name[1], [])
        data[name[1]].append(value[1] if value else "")  # type: ignore[attr-defined]
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        data[name] = [chosen[1] if chosen else ""]
    for name, body in re.findall(r'<textarea name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        data[name] = [body.strip("\r\n")]
    return data


def step_url(collection: Collection, step: str, section: str = "basic") -> str:
    return reverse("collection:step", args=[collection.pk, section, step])


def test_a_step_posted_as_it_stands_changes_nothing(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    before = Response.objects.get(collection=unit, section="basic").values
    response = client.post(url, posted(client, url))
    assert response.status_code == 303, response.content.decode()[:500]
    assert {k: v for k, v in Response.objects.get(collection=unit, section="basic").values.items() if v is not None} | before == Response.objects.get(
        collection=unit, section="basic"
    ).values


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("12abc", "12abc"), ("1e400", "1e400"), ("NaN", "NaN"), ("inf", "inf"), ("٣٤", "٣٤"), ("１２", "１２"), ("-5", "cel puțin"), ("999999", "cel mult"),
        ("12,5", "întreg"), ("1\x002", ""), ("", "Răspundeți"), ("9" * 1_000_000, ""),
    ],
    ids=["letters", "exponent", "nan", "inf", "arabic digits", "full width", "negative", "too large", "decimal", "nul", "blank", "1 MB"],
)  # fmt: skip
def test_a_number_that_is_none_is_refused_in_romanian_and_stays_on_the_page(worked: WorkedRound, typed: str, words: str) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    data = posted(client, url) | {"general-pupils_total": typed}
    response = client.post(url, data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Există o problemă" in page
    assert "<title>Eroare:" in page
    stored = Response.objects.get(collection=unit, section="basic").values["pupils_total"]
    assert stored == 180
    if 0 < len(typed) < 100 and "\x00" not in typed:
        assert f'value="{typed}"' in page
        assert Draft.objects.get(collection=unit).data["general-pupils_total"] == [typed]


@pytest.mark.parametrize("typed", ["12,5", "12.5"])
def test_both_decimal_signs_are_the_same_number(worked: WorkedRound, typed: str) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    assert client.post(url, posted(client, url) | {"general-distance_next_unit_km": typed}).status_code == 303
    assert Response.objects.get(collection=unit, section="basic").values["distance_next_unit_km"] == "12.5"


def test_fields_that_are_read_only_foreign_or_unknown_are_ignored(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    hostile = {
        "general-siiir_code": "9999999999",
        "general-unit_name": "Altă școală",
        "general-staff_total": "5",
        "general-nimic": "x",
        "siiir_code": "1",
    }
    assert client.post(url, posted(client, url) | hostile).status_code == 303
    values = Response.objects.get(collection=unit, section="basic").values
    assert "9999999999" not in str(values)
    assert "Altă școală" not in str(values)
    assert "nimic" not in values
    assert "staff_total" not in values


def test_a_code_that_is_not_in_the_list_is_refused(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    response = client.post(url, posted(client, url) | {"general-residence": "lunar"})
    assert response.status_code == 422
    assert Response.objects.get(collection=unit, section="basic").values["residence"] != "lunar"


def test_a_hidden_question_is_neither_kept_nor_wrong(worked: WorkedRound) -> None:
    """The details of another criterion are asked only where another criterion was chosen."""
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "practice")
    data = posted(client, url) | {
        "practice-allocation_prep": "alphabetical",
        "practice-allocation_5": "alphabetical",
        "practice-allocation_other": "x" * 5000,
    }
    choices = [choice.code for choice in worked.methodology.choices["allocation"].choices]
    data["practice-allocation_prep"] = data["practice-allocation_5"] = next(code for code in choices if code != "other")
    assert client.post(url, data).status_code == 303
    assert "allocation_other" not in Response.objects.get(collection=unit, section="basic").values


def test_a_building_is_added_and_taken_away_without_losing_what_was_typed(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "buildings")
    data = posted(client, url)
    page = client.post(url, data | {"buildings-0-bld_name": "Corp nou", "buildings-add": "1"})
    assert page.status_code == 200
    assert "Corp nou" in page.content.decode()
    assert "buildings-3-bld_code" in page.content.decode()
    page = client.post(url, data | {"buildings-1-bld_name": "Al doilea", "buildings-remove": "0"})
    assert "Al doilea" in page.content.decode()
    assert "buildings-2-bld_code" not in page.content.decode()
    assert [item["bld_code"] for item in Response.objects.get(collection=unit, section="basic").values["buildings"]] == ["A", "B", "C"]


def test_two_buildings_with_one_code_are_refused(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "buildings")
    response = client.post(url, posted(client, url) | {"buildings-1-bld_code": "A"})
    assert response.status_code == 422
    assert "Există o problemă" in response.content.decode()


def test_answers_of_a_finalised_or_foreign_unit_are_not_written(worked: WorkedRound) -> None:
    unit, other = worked.units["U1"], worked.units["U2"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    data = posted(client, url)
    assert client.post(step_url(other, "general"), data).status_code == 404
    worked.freeze("U1")
    response = client.post(url, data | {"general-pupils_total": "7"})
    assert response.status_code == 423
    assert "Finalizat" in response.content.decode()
    assert Response.objects.get(collection=unit, section="basic").values["pupils_total"] == 180
    assert Draft.objects.get(collection=unit).data["general-pupils_total"] == ["7"]


def test_the_same_request_twice_writes_once(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client, url = signed_in("unit_manager", unit), step_url(unit, "general")
    data = posted(client, url) | {"general-pupils_total": "181"}
    assert client.post(url, data).status_code == client.post(url, data).status_code == 303
    assert unit.events.filter(action="save").count() == 1


# ---- class tables ----------------------------------------------------------------------------------------


def open_class(worked: WorkedRound) -> Collection:
    school_class = worked.classes[next(key for key in worked.classes if key[0] == "U1")]
    user = User.objects.create_user("m@example.org", "M")
    Membership.objects.create(user=user, place=worked.units["U1"].place, role="unit_manager")
    tables.give_back(school_class, Author(user=user), "Corectați.")
    return Collection.objects.get(pk=school_class.pk)


def teacher(school_class: Collection) -> tuple[Client, str]:
    """Somebody without an account, with the link of a class."""
    author = Author(user=User.objects.get(email="m@example.org"))
    return Client(), reverse("collection:link_start", args=[links.token_of(links.send(school_class, author))])


def test_a_link_opens_its_own_table_without_an_account_and_nothing_else(worked: WorkedRound) -> None:
    school_class = open_class(worked)
    client, start = teacher(school_class)
    assert school_class.name in client.get(start).content.decode()
    assert client.get(reverse("collection:table", args=[school_class.pk])).status_code == 302
    assert client.get(start[:-5] + "aaaa/").status_code == 404
    links.revoke(school_class, Author(user=User.objects.get(email="m@example.org")))
    assert client.get(start).status_code == 410


def test_marked_pupils_are_saved_and_the_others_get_the_other_value(worked: WorkedRound) -> None:
    school_class = open_class(worked)
    client, start = teacher(school_class)
    url = f"{start}intrebari/social_grant/"
    response = client.post(url, {"rows": ["2", "5"], "revision": re.search(r'name="revision" value="(\d+)"', client.get(url).content.decode())[1]})  # type: ignore[index]
    assert response.status_code == 303
    rows, _ = tables.stored_rows(school_class)
    assert [row["row_no"] for row in rows if row["social_grant"] == "yes"] == [2, 5]


def test_a_value_outside_the_list_is_refused_and_nothing_is_saved(worked: WorkedRound) -> None:
    school_class = open_class(worked)
    client, start = teacher(school_class)
    before = tables.stored_rows(school_class)
    response = client.post(f"{start}intrebari/ethnicity/", {"v-1": "marțian", "v-2": "roma"})
    assert response.status_code == 422
    assert "Există o problemă" in response.content.decode()
    assert tables.stored_rows(school_class) == before


def test_rows_beyond_the_declared_number_are_ignored(worked: WorkedRound) -> None:
    school_class = open_class(worked)
    client, start = teacher(school_class)
    client.post(f"{start}intrebari/social_grant/", {"rows": ["1", "46", "-1", "x", "٣"]})
    rows, _ = tables.stored_rows(school_class)
    assert len(rows) == school_class.pupils
    assert [row["row_no"] for row in rows if row["social_grant"] == "yes"] == [1]


def test_a_sent_table_shows_its_receipt_and_takes_no_more_answers(worked: WorkedRound) -> None:
    school_class = open_class(worked)
    client, start = teacher(school_class)
    sent = client.post(f"{start}trimitere/", {"request_id": "r1"})
    assert sent.status_code == 303
    assert client.post(f"{start}trimitere/", {"request_id": "r1"}).status_code in (303, 423)
    assert "Tabelul a fost trimis" in client.get(start).content.decode()
    assert client.post(f"{start}intrebari/social_grant/", {"rows": ["1"]}).status_code == 423
    assert Collection.objects.get(pk=school_class.pk).progress == "submitted"
    assert school_class.events.filter(action="submit_class").count() == 1


def test_an_inspector_sees_figures_and_never_rows(worked: WorkedRound) -> None:
    unit = worked.units["U1"]
    client = signed_in("inspector", worked.county)
    school_class = Collection.objects.filter(parent=unit, level=CLASS).first()
    assert school_class is not None
    assert client.get(reverse("collection:table", args=[school_class.pk])).status_code == 403
    page = client.get(reverse("collection:indicator", args=[unit.pk, "A.ROM.4"]))
    assert page.status_code == 200
    rows = {f'<span class="muted small">{number}</span>' for number in range(1, 30)}
    assert not any(row in page.content.decode() for row in rows)
