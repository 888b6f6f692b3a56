"""One act on many places: whom it touches is shown before, what it came to at each place after; it can be undone; a double click does it once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.collection.deeds import DEEDS
from portal.collection.models import Batch, Collection
from portal.collection.services import finalising, supervising
from portal.outbox import services as outbox
from tests.portal import small_round
from tests.portal.small_round import SmallRound

pytestmark = pytest.mark.django_db
SCHOOLS = {"A": {f"A{number}": {f"A{number}x": 1} for number in range(1, 5)}, "B": {"B1": {"B1x": 1}}}


@pytest.fixture
def small(db: None) -> SmallRound:
    return small_round.build(SCHOOLS)


@pytest.fixture
def inspector(small: SmallRound) -> Client:
    client = Client()
    client.force_login(small.author("inspector", "A").person)
    return client


def address(small: SmallRound, act: str, board: str = "A") -> str:
    return reverse("collection:many", args=[small.ids[board], act])


def ask(client: Client, small: SmallRound, act: str, *words: str, **more: str) -> HttpResponse:
    return client.get(address(small, act), {"loc": [small.ids[word] for word in words]} | more)  # type: ignore[return-value]


def do(client: Client, small: SmallRound, act: str, *words: str, **more: str) -> HttpResponse:
    return client.post(address(small, act), {"loc": [small.ids[word] for word in words], "request_id": "r1"} | more)  # type: ignore[return-value]


def outcome(client: Client, answer: HttpResponse) -> str:
    assert answer.status_code == 303
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(answer["Location"]).content.decode()).split())


def blocked(small: SmallRound) -> set[str]:
    return {word for word in small.ids if small[word].blocked}


def test_the_page_before_says_whom_it_touches_and_whom_not_and_why(small: SmallRound, inspector: Client) -> None:
    supervising.block(small["A2"], small.author("inspector", "A"))
    page = " ".join(re.sub(r"<[^>]+>", " ", ask(inspector, small, "block", "A1", "A2", "A3").content.decode()).split())
    assert "3 locuri alese" in page and "2 din 3 pot fi atinse acum" in page
    assert "2 unități și 2 clase se află dedesubt și sunt atinse." in page
    assert "Rămâne cum este: Este deja blocat." in page
    assert blocked(small) == {"A2"}


def test_each_place_has_its_own_result_and_one_refusal_stops_no_other(small: SmallRound, inspector: Client) -> None:
    supervising.block(small["A2"], small.author("inspector", "A"))
    told = outcome(inspector, do(inspector, small, "block", "A1", "A2", "A3", reason="Se verifică."))
    assert "făcut la 2 din 3" in told and "Nu s-a făcut Este deja blocat." in told
    assert blocked(small) == {"A1", "A2", "A3"}
    assert small["A1"].events.get().reason == "Se verifică."


def test_an_act_on_many_is_undone_where_it_was_done_and_nowhere_else(small: SmallRound, inspector: Client) -> None:
    supervising.block(small["A2"], small.author("inspector", "A"))
    do(inspector, small, "block", "A1", "A2", "A3", reason="Se verifică.")
    batch = Batch.objects.get()
    undo = reverse("collection:many_undo", args=[small.ids["A"], batch.pk])
    assert "2 locuri sunt atinse" in inspector.get(undo).content.decode()
    told = outcome(inspector, inspector.post(undo))
    assert "Deblocați: făcut la 2 din 2" in told
    assert blocked(small) == {"A2"}
    inspector.post(undo)
    assert Batch.objects.count() == 2
    assert "Acțiunea a fost anulată." in inspector.get(reverse("collection:many_done", args=[small.ids["A"], batch.pk])).content.decode()


def test_unblocking_and_exempting_many_can_be_undone_extending_and_reminding_cannot(small: SmallRound, inspector: Client) -> None:
    tries = {
        "exempt": {"reason": "other", "text": "Se mută."}, "extend": {"reason": "Inundație.", "until": "31.12.2035 16:00"}, "remind": {},
    }  # fmt: skip
    small.author("director", "A1")
    undoable = {}
    for number, (act, data) in enumerate(tries.items(), 1):
        told = outcome(inspector, do(inspector, small, act, f"A{number}" if act != "remind" else "A4", request_id=act, **data))
        undoable[act] = "Anulați acțiunea" in told
        pk = Batch.objects.get(action=act).pk
        assert inspector.get(reverse("collection:many_undo", args=[small.ids["A"], pk])).status_code == (200 if undoable[act] else 404)
    assert undoable == {"exempt": True, "extend": False, "remind": False}
    exempted = Batch.objects.get(action="exempt")
    inspector.post(reverse("collection:many_undo", args=[small.ids["A"], exempted.pk]))
    assert not small["A1"].exempt
    assert small["A1"].events.get(action="withdraw_exemption").reason == "Anularea acțiunii: exceptați din campanie."


def test_a_double_click_does_it_once_and_gets_the_same_answer(small: SmallRound, inspector: Client) -> None:
    first = do(inspector, small, "block", "A1", "A3", reason="Se verifică.")
    second = do(inspector, small, "block", "A1", "A3", reason="Se verifică.")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert Batch.objects.count() == 1 and small["A1"].events.count() == 1
    assert "făcut la 2 din 2" in outcome(inspector, second)


def test_all_places_of_a_filter_are_chosen_at_once(small: SmallRound, inspector: Client) -> None:
    small.finalise("A1")
    page = inspector.get(address(small, "remind"), {"toate": "1", "stare": "finalizat"}).content.decode()
    assert "1 loc ales" in page and "Are deja starea" in page
    assert "4 locuri alese" in inspector.get(address(small, "block"), {"toate": "1"}).content.decode()
    assert "1 loc ales" in inspector.get(address(small, "block"), {"toate": "1", "q": "scoala a2"}).content.decode()


def test_nothing_chosen_leads_back_to_the_list_with_what_to_do(small: SmallRound, inspector: Client) -> None:
    answer = inspector.get(address(small, "block"))
    assert answer.status_code == 303 and answer["Location"].endswith("#lista")
    assert "Alegeți cel puțin un loc din listă." in inspector.get(answer["Location"]).content.decode()


def test_what_is_asked_is_asked_once_for_all_and_what_was_typed_stays(small: SmallRound, inspector: Client) -> None:
    answer = do(inspector, small, "extend", "A1", "A2", reason="Inundație.", until="ieri")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Există o problemă" in page and "Inundație." in page and 'value="ieri"' in page
    assert page.count('name="loc"') == 2 and not Batch.objects.exists()


@pytest.mark.parametrize(
    ("role", "place", "status"), [("analyst", "A", 403), ("director", "A1", 404), ("inspector", "B", 404), ("national_member", "nation", 403)]
)
def test_whoever_may_not_do_it_to_one_may_not_do_it_to_many(small: SmallRound, role: str, place: str, status: int) -> None:
    client = Client()
    client.force_login(small.author(role, place).person)
    assert ask(client, small, "block", "A1", "A2").status_code == status
    assert do(client, small, "block", "A1", "A2", reason="x").status_code == status
    assert blocked(small) == set()


def test_places_of_another_board_are_not_reached_through_this_one(small: SmallRound, inspector: Client) -> None:
    assert do(inspector, small, "block", "B1", "A1x", reason="x").status_code == 303
    assert blocked(small) == set()


def test_many_are_reminded_by_mail_each_place_once_a_day(small: SmallRound, inspector: Client) -> None:
    for word in ("A1", "A2"):
        small.author("director", word)
    small.finalise("A2")
    told = outcome(inspector, do(inspector, small, "remind", "A1", "A2", "A3"))
    assert "făcut la 1 din 3" in told and "Nimeni nu are încă un cont aici" in told and "Are deja starea" in told
    while outbox.sweep():
        pass
    [sent] = mail.outbox
    assert sent.to == [small.author("director", "A1").person.email]
    assert sent.subject == "Termen: Școala A1"
    assert "Termenul: " in sent.body and reverse("collection:board", args=[small.ids["A1"]]) in sent.body
    assert "I s-a reamintit deja" in outcome(inspector, do(inspector, small, "remind", "A1", request_id="r2"))


def test_a_reminder_of_what_is_done_meanwhile_is_let_go(small: SmallRound, inspector: Client) -> None:
    small.author("director", "A1")
    do(inspector, small, "remind", "A1")
    small.finalise("A1")
    mail.outbox.clear()
    while outbox.sweep():
        pass
    assert [message for message in mail.outbox if "Termen" in message.subject] == []


def test_a_batch_broken_off_goes_on_where_it_stopped(small: SmallRound, inspector: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process dies after the first place: the repeated request does the others, and the first is not done twice."""
    real: Callable[..., None] = supervising.block
    done: list[str] = []

    def dying(collection: Collection, *arguments: object, **more: object) -> None:
        if done:
            raise SystemExit
        done.append(collection.name)
        real(collection, *arguments, **more)

    with monkeypatch.context() as patched:
        patched.setitem(DEEDS, "block", replace(DEEDS["block"], perform=dying))
        with pytest.raises(SystemExit):
            do(inspector, small, "block", "A1", "A2", "A3", reason="Se verifică.")
    assert blocked(small) == {"A1"}
    assert "făcut la 3 din 3" in outcome(inspector, do(inspector, small, "block", "A1", "A2", "A3", reason="Se verifică."))
    assert small["A1"].events.count() == 1


def test_the_board_offers_the_acts_that_some_place_admits(small: SmallRound, inspector: Client) -> None:
    page = inspector.get(reverse("collection:board", args=[small.ids["A"]])).content.decode()
    assert {act for act in ("block", "remind", "exempt", "extend", "unblock") if f"impreuna/{act}/" in page} == {
        "block",
        "remind",
        "exempt",
        "extend",
    }
    assert page.count('type="checkbox" name="loc"') == 4
    analyst = Client()
    analyst.force_login(small.author("analyst", "A").person)
    assert "impreuna/" not in analyst.get(reverse("collection:board", args=[small.ids["A"]])).content.decode()
    for word in ("A1", "A2", "A3", "A4"):
        small.finalise(word)
    finalising.finalise(small["A"], small.author("general_inspector", "A"))
    assert "impreuna/exempt/" not in inspector.get(reverse("collection:board", args=[small.ids["A"]])).content.decode()
