"""Touched cells sent by a page: kept once, on top of what others saved, judged one by one; refused with a sentence where writing is refused."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.models import ClassLink, Collection, Response
from portal.collection.services import links, saving, supervising, tables
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def teacher(school_class: Collection, manager: User) -> tuple[Client, str]:
    """Somebody with the link, who has opened the table."""
    token = links.token_of(links.send(school_class, Author(user=manager)))
    client = Client()
    assert client.get(reverse("collection:link_start", args=[token])).status_code == 200
    return client, reverse("collection:link_save", args=[token])


def send(client: Client, url: str, cells: object, revision: object = 0, request_id: object = "r1", **more: Any) -> Any:
    body = {"request_id": request_id, "revision": revision, "cells": cells} | more
    return client.post(url, json.dumps(body), content_type="application/json", headers={"Accept": "application/json"})


def revision_of(school_class: Collection) -> int:
    return tables.stored_rows(school_class)[1]


def stored(school_class: Collection, row: int, column: str) -> Any:
    return tables.stored_rows(school_class)[0][row - 1][column]


def other_than(value: object) -> str:
    return "no" if value == "yes" else "yes"


# ---- a class table ---------------------------------------------------------------------------------------


def test_touched_cells_are_kept_and_the_answer_says_what_follows(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    before = revision_of(school_class)
    answer = send(client, url, {"2.social_grant": "yes", "3.sen": "sen", "3.support_level": None}, before, confirmed=["social_grant", "none_such"])
    told = answer.json()
    assert answer.status_code == 200
    assert told["revision"] == before + 1 == revision_of(school_class)
    assert stored(school_class, 2, "social_grant") == "yes"
    assert stored(school_class, 3, "sen") == "sen"
    assert 3 in told["shown"]["support_level"]
    assert 3 in told["missing"]["support_level"]
    assert "V-T-08" in [check["code"] for check in told["checks"]]
    assert told["refused"] == {}
    assert len(told["saved_at"]) == 5
    event = school_class.events.get(request_id="r1")
    assert event.link_id is not None
    assert "2.gender" not in event.changes
    school_class.table.refresh_from_db()  # type: ignore[attr-defined]
    assert school_class.table.confirmed == ["social_grant"]  # type: ignore[attr-defined]


def test_the_same_request_gives_the_same_answer_and_one_event(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    before = revision_of(school_class)
    value = other_than(stored(school_class, 1, "social_grant"))
    first = send(client, url, {"1.social_grant": value}, before)
    again = send(client, url, {"1.social_grant": value}, before)
    assert first.json() == again.json()
    assert school_class.events.filter(request_id="r1").count() == 1


def test_a_value_that_is_none_is_refused_beside_those_that_are_kept(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    answer = send(client, url, {"1.ethnicity": "marțian", "2.ethnicity": "roma", "3.bench": "99", "4.bench": "doi"}, revision_of(school_class)).json()
    assert set(answer["refused"]) == {"1.ethnicity", "3.bench", "4.bench"}
    assert "cel mult" in answer["refused"]["3.bench"]
    assert stored(school_class, 2, "ethnicity") == "roma"
    assert stored(school_class, 1, "ethnicity") != "marțian"


def test_an_answer_that_is_taken_away_is_blank_and_said_to_be_missing(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    answer = send(client, url, {"5.ethnicity": ""}, revision_of(school_class)).json()
    assert answer["missing"]["ethnicity"] == [5]
    assert stored(school_class, 5, "ethnicity") is None


def test_what_is_no_cell_of_the_table_is_passed_over(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    before = tables.stored_rows(school_class)
    cells = {"0.gender": "f", "99.gender": "f", "-1.gender": "f", "1.row_no": 7, "1.none_such": "x", "gender": "f", "٣.gender": "f", "1.": 1}
    assert send(client, url, cells, before[1]).status_code == 200
    assert tables.stored_rows(school_class) == before


def test_two_people_in_one_table_lose_nothing(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base = revision_of(school_class)
    at_the_desk = reverse("collection:table_save", args=[school_class.pk])
    assert send(signed_in(manager), at_the_desk, {"1.ethnicity": "roma"}, base, "desk").status_code == 200
    told = send(client, url, {"2.ethnicity": "roma"}, base, "phone").json()
    assert told["others"] == ["1.ethnicity"]
    assert told["cells"]["1.ethnicity"] == "roma"
    assert [stored(school_class, row, "ethnicity") for row in (1, 2)] == ["roma", "roma"]


def test_the_same_cell_changed_twice_is_a_conflict_with_both_values(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base = revision_of(school_class)
    changed = {"1.ethnicity": "roma", "3.ethnicity": "roma"}
    send(signed_in(manager), reverse("collection:table_save", args=[school_class.pk]), changed, base, "desk")
    answer = send(client, url, {"1.ethnicity": "german", "2.ethnicity": "german"}, base, "phone")
    assert answer.status_code == 409
    told = {"code": "conflict", "revision": base + 1, "cells": {"1.ethnicity": ["german", "roma"]}, "others": {"3.ethnicity": "roma"}}
    assert answer.json() == told
    assert stored(school_class, 2, "ethnicity") != "german"
    told = send(client, url, {"1.ethnicity": "german", "2.ethnicity": "german"}, base + 1, "chosen")
    assert told.status_code == 200
    assert stored(school_class, 1, "ethnicity") == "german"


def test_a_cell_put_back_as_it_was_overwrites_nobody(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base, before = revision_of(school_class), stored(school_class, 1, "ethnicity")
    send(signed_in(manager), reverse("collection:table_save", args=[school_class.pk]), {"1.ethnicity": "roma"}, base, "desk")
    assert send(client, url, {"1.ethnicity": before}, base, "phone").status_code == 200
    assert stored(school_class, 1, "ethnicity") == "roma"


@pytest.mark.parametrize(
    "body",
    ["", "[]", "null", "{}", '{"request_id": "", "revision": 0, "cells": {}}', '{"request_id": "a", "revision": -1, "cells": {}}',
     '{"request_id": "a", "revision": true, "cells": {}}', '{"request_id": "a", "revision": 0, "cells": []}', "[" * 100_000,
     '{"request_id": "a", "revision": 0, "cells": {"1.gender": {"$": 1}}}', '{"request_id": "a\\u0000", "revision": 0, "cells": {}}',
     '{"request_id": "a", "revision": 0, "cells": {"1.gender": 1e400}}', '{"request_id": "a", "revision": 0, "cells": {}, "confirmed": [1]}'],
)  # fmt: skip
def test_a_request_that_cannot_be_understood_changes_nothing(school_class: Collection, manager: User, body: str) -> None:
    client, url = teacher(school_class, manager)
    before = tables.stored_rows(school_class)
    answer = client.post(url, body, content_type="application/json", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert "Reîncărcați pagina" in answer.json()["sentence"]
    assert tables.stored_rows(school_class) == before


def test_only_a_post_saves(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    assert client.get(url).status_code == 405


# ---- where writing is refused ----------------------------------------------------------------------------


def test_a_link_that_ended_has_half_an_hour_of_grace_for_a_table_already_open(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base = revision_of(school_class)
    ClassLink.objects.filter(collection=school_class).update(expires_at=timezone.now())
    assert send(client, url, {"1.ethnicity": "roma"}, base).status_code == 200
    stranger = send(Client(), url, {"2.ethnicity": "roma"}, base, "r2")
    assert (stranger.status_code, stranger.json()["code"]) == (410, "link_expired")
    assert "Linkul a expirat" in stranger.json()["sentence"]
    ClassLink.objects.filter(collection=school_class).update(expires_at=timezone.now() - timedelta(minutes=31))
    assert send(client, url, {"2.ethnicity": "roma"}, base, "r3").status_code == 410


def test_revoking_and_blocking_know_no_grace(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base, by = revision_of(school_class), Author(user=manager)
    supervising.block(school_class, by)
    blocked = send(client, url, {"1.ethnicity": "roma"}, base)
    assert (blocked.status_code, blocked.json()["code"]) == (423, "blocked_here")
    assert "„Blocat”" in blocked.json()["sentence"]
    supervising.unblock(school_class, by)
    links.revoke(school_class, by)
    revoked = send(client, url, {"1.ethnicity": "roma"}, base)
    assert (revoked.status_code, revoked.json()["code"]) == (410, "link_revoked")
    assert stored(school_class, 1, "ethnicity") != "roma"


def test_a_table_that_was_sent_or_frozen_takes_no_cells(worked: WorkedRound, school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    base = revision_of(school_class)
    worked.freeze("U1")
    assert send(client, url, {"1.ethnicity": "roma"}, base).json()["code"].startswith("finalised")
    other = next(one for key, one in worked.classes.items() if key[0] == "U1" and one.pk != school_class.pk)
    assert send(signed_in(manager), reverse("collection:table_save", args=[other.pk]), {"1.ethnicity": "roma"}, base).status_code == 423


def test_who_reads_only_is_told_so_and_who_is_a_stranger_finds_nothing(worked: WorkedRound, school_class: Collection) -> None:
    director, inspector = (User.objects.create_user(f"{name}@example.org", name) for name in ("director", "inspector"))
    Membership.objects.create(user=director, place=worked.school.place, role="director")  # type: ignore[misc]
    Membership.objects.create(user=inspector, place=worked.county.place, role="inspector")  # type: ignore[misc]
    url = reverse("collection:table_save", args=[school_class.pk])
    assert [send(signed_in(who), url, {"1.ethnicity": "roma"}).status_code for who in (director, inspector)] == [403, 403]
    assert send(signed_in(User.objects.create_user("x@example.org", "X")), url, {"1.ethnicity": "roma"}).status_code == 404
    ended = send(Client(), url, {"1.ethnicity": "roma"})
    assert ended.status_code == 401
    assert "Intrați din nou în cont" in ended.json()["sentence"]


def test_a_database_that_is_away_answers_try_again(school_class: Collection, manager: User) -> None:
    client, url = teacher(school_class, manager)
    with mock.patch.object(saving, "append", side_effect=OperationalError("away")):
        answer = send(client, url, {"1.ethnicity": "roma"}, revision_of(school_class))
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/json"
    assert stored(school_class, 1, "ethnicity") != "roma"


def test_a_page_that_sends_without_end_is_slowed_down_alone(school_class: Collection, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client, url = teacher(school_class, manager)
    moment = timezone.now().timestamp()
    monkeypatch.setattr("portal.ui.throttling.time.time", lambda: moment)
    answers = [send(client, url, {}, revision_of(school_class), f"r{number}").status_code for number in range(125)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert send(signed_in(manager), reverse("collection:table_save", args=[school_class.pk]), {}, 0).status_code == 200


def test_a_post_without_the_token_of_the_page_is_refused_in_words(school_class: Collection, manager: User) -> None:
    _client, url = teacher(school_class, manager)
    answer = send(Client(enforce_csrf_checks=True), url, {"1.ethnicity": "roma"})
    assert answer.status_code == 403
    assert "reîncărcați pagina" in answer.json()["sentence"]


# ---- a step of the unit ----------------------------------------------------------------------------------


def step_url(collection: Collection, step: str, section: str = "basic") -> str:
    return reverse("collection:save_step", args=[collection.pk, section, step])


def test_answers_of_a_step_are_kept_one_by_one(worked: WorkedRound, manager: User) -> None:
    unit = worked.units["U1"]
    client, base = signed_in(manager), Response.objects.get(collection=unit, section="basic").revision
    told = send(client, step_url(unit, "general"), {"pupils_total": "181", "staff_total": "5", "residence": "lunar", "siiir_code": "1"}, base).json()
    assert set(told["refused"]) == {"residence"}
    values = Response.objects.get(collection=unit, section="basic").values
    assert values["pupils_total"] == 181
    assert "staff_total" not in values
    assert "siiir_code" not in values or values["siiir_code"] != "1"
    assert told["revision"] == base + 1
    assert told["shown"]["pupils_total"] is True


def test_a_cell_of_a_building_is_kept_and_the_others_stay(worked: WorkedRound, manager: User) -> None:
    unit = worked.units["U1"]
    before = Response.objects.get(collection=unit, section="basic")
    told = send(signed_in(manager), step_url(unit, "buildings"), {"buildings[B].bld_name": "Corp nou", "buildings[Z].bld_name": "x"}, before.revision)
    assert set(told.json()["refused"]) == {"buildings[Z].bld_name"}
    after = Response.objects.get(collection=unit, section="basic").values["buildings"]
    assert [item["bld_code"] for item in after] == ["A", "B", "C"]
    assert after[1]["bld_name"] == "Corp nou"
    assert after[0] == before.values["buildings"][0]


def test_two_people_in_one_step_keep_both_and_are_told(worked: WorkedRound, manager: User) -> None:
    unit, client = worked.units["U1"], signed_in(manager)
    base = Response.objects.get(collection=unit, section="basic").revision
    send(client, step_url(unit, "general"), {"pupils_total": "181"}, base, "one")
    told = send(client, step_url(unit, "general"), {"distance_next_unit_km": "3,5"}, base, "two").json()
    assert told["others"] == ["pupils_total"]
    assert told["cells"]["pupils_total"] == 181
    assert send(client, step_url(unit, "general"), {"pupils_total": "182"}, base, "three").status_code == 409


def test_a_step_that_is_not_there_or_belongs_to_others_does_not_exist(worked: WorkedRound, manager: User) -> None:
    client = signed_in(manager)
    assert send(client, step_url(worked.units["U1"], "none_such"), {}).status_code == 404
    assert send(client, step_url(worked.units["U2"], "general"), {}).status_code == 404
    worked.freeze("U1")
    assert send(client, step_url(worked.units["U1"], "general"), {"pupils_total": "181"}).status_code == 423
