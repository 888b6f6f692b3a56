"""The desk of class links: sent to many at once, sent again, copied, printed, extended, revoked; how far every class is, with times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import qrcode
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.collection.class_links import ways_of
from portal.collection.models import ClassLink, Collection
from portal.collection.refusals import Refused
from portal.collection.services import links, tables
from portal.collection.standing import Decision
from portal.rounds import windows
from portal.ui import qr
from tests.portal.small_round import SmallRound, build

pytestmark = pytest.mark.django_db
Mails = Callable[[], list[EmailMessage]]


@pytest.fixture
def small(db: None) -> SmallRound:
    return build({"A": {"A1": {"A1x": 3}}})


@pytest.fixture
def manager(small: SmallRound) -> Client:
    client = Client()
    client.force_login(small.manager("A1x").user)
    return client


def desk(small: SmallRound) -> str:
    return reverse("collection:links", args=[small["A1x"].pk])


def words(response: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def states(small: SmallRound) -> list[tuple[str, str, bool, bool]]:
    ways = ways_of(small["A1x"], timezone.now())
    return [(way.state, way.table, way.linked_at is not None, way.table_at is not None) for way in ways]


def test_all_links_that_are_missing_go_out_in_one_act(small: SmallRound, manager: Client, mails: Mails) -> None:
    fields = [f"email-{small[f'A1x-{number}'].pk}" for number in (1, 2, 3)]
    page = manager.get(desk(small))
    assert "Linkul este prima cale" in words(page)
    response = manager.post(desk(small), {fields[0]: "unu@example.org", fields[1]: "", fields[2]: "trei@example.org", "act": "send"})
    assert (response.status_code, response.headers["Location"]) == (303, desk(small))
    assert sorted(mail.to[0] for mail in mails()) == ["trei@example.org", "unu@example.org"]
    assert [state for state, *_rest in states(small)] == ["sent"] * 3
    shown = manager.get(desk(small))
    addresses = shown.content.decode().split('<textarea id="addresses"')[1].split(">", 1)[1].split("<")[0].splitlines()
    assert [line.partition(": ")[0] for line in addresses] == ["1", "2", "3"]
    for number, line in enumerate(addresses, 1):
        assert Client().get(line.partition(": ")[2]).status_code == 200
        assert small[f"A1x-{number}"].link.opened_at is not None


def test_a_bad_address_sends_nothing_and_keeps_what_was_typed(small: SmallRound, manager: Client, mails: Mails) -> None:
    fields = [f"email-{small[f'A1x-{number}'].pk}" for number in (1, 2, 3)]
    response = manager.post(desk(small), {fields[0]: "unu@example.org", fields[1]: "doi@", fields[2]: "", "act": "send"})
    assert response.status_code == 422
    assert "Adresa nu are forma nume@domeniu.ro." in words(response)
    assert 'value="doi@"' in response.content.decode()
    assert (mails(), ClassLink.objects.count()) == ([], 0)


def test_one_class_that_is_refused_leaves_every_link_as_it_was(small: SmallRound, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    last, send = small["A1x-3"], links.send

    def refusing(row: Collection, *how: Any) -> ClassLink:
        if row == last:
            raise Refused(Decision(False, "blocked_here", "Clasa este blocată."))
        return send(row, *how)

    monkeypatch.setattr(links, "send", refusing)
    response = manager.post(desk(small), {"act": "send"})
    assert response.status_code == 423 and "Clasa este blocată." in words(response)
    assert ClassLink.objects.count() == 0


def test_every_class_shows_how_far_it_is_and_since_when(small: SmallRound, manager: Client) -> None:
    by = small.manager("A1x")
    for number in (1, 2):
        links.send(small[f"A1x-{number}"], by)
    first = small["A1x-1"].link
    assert states(small) == [("sent", "not_started", True, False), ("sent", "not_started", True, False), ("none", "not_started", False, False)]
    Client().get(reverse("collection:link_start", args=[links.token_of(first)]))
    tables.save_cells(small["A1x-1"], [{"row_no": 1}, {"row_no": 2}], {"1.grant": "yes"}, by, count=2, base_revision=0)
    small.send("A1x-2")
    assert states(small) == [("opened", "in_progress", True, True), ("sent", "submitted", True, True), ("none", "not_started", False, False)]
    opened = timezone.localtime(ClassLink.objects.get(pk=first.pk).opened_at)
    for page in (desk(small), reverse("collection:tasks", args=[small["A1x"].pk])):
        shown = words(manager.get(page))
        for word in ("Deschis", "În lucru", "Link trimis", "Trimis", "fără link", f"{opened:%H:%M}"):
            assert word in shown, (page, word)


def test_links_are_sent_again_to_those_with_an_address_who_have_not_finished(small: SmallRound, manager: Client, mails: Mails) -> None:
    by = small.manager("A1x")
    sent = [links.send(small[f"A1x-{number}"], by, email) for number, email in ((1, "unu@example.org"), (2, ""), (3, "trei@example.org"))]
    small.send("A1x-3")
    mails()
    assert manager.post(desk(small), {"act": "again"}).status_code == 303
    again = mails()
    assert [mail.to for mail in again] == [["unu@example.org"]]
    assert links.token_of(sent[0]) in str(again[0].body)


def test_all_links_are_extended_at_once_but_never_past_the_classes(small: SmallRound, manager: Client) -> None:
    by, limit = small.manager("A1x"), small.round.class_close
    for number in (1, 2):
        links.send(small[f"A1x-{number}"], by, valid_days=1)
    late = manager.post(desk(small), {"act": "extend", "until": f"{timezone.localtime(limit) + timedelta(days=2):%d.%m.%Y}"})
    assert late.status_code == 422
    assert f"Linkul nu poate trece de termenul claselor: {windows.words(limit, limit=True)}." in words(late)
    until = timezone.localtime(timezone.now() + timedelta(days=5)).replace(hour=16, minute=0, second=0, microsecond=0)
    assert manager.post(desk(small), {"act": "extend", "until": f"{until:%d.%m.%Y %H:%M}"}).status_code == 303
    assert set(ClassLink.objects.values_list("expires_at", flat=True)) == {until}


def test_the_page_of_one_class_sends_again_and_keeps_the_address(small: SmallRound, manager: Client, mails: Mails) -> None:
    row, by = small["A1x-1"], small.manager("A1x")
    token = links.token_of(links.send(row, by, "unu@example.org"))
    mails()
    address = reverse("collection:link", args=[row.pk])
    page = manager.get(address).content.decode()
    assert 'value="unu@example.org"' in page
    assert token in page
    assert manager.post(address, {"act": "send", "email": "alt@"}).status_code == 422
    assert manager.post(address, {"act": "send", "email": "alt@example.org"}).status_code == 303
    assert [mail.to for mail in mails()] == [["alt@example.org"]]
    assert links.token_of(small["A1x-1"].link) == token


def test_a_link_is_revoked_in_two_steps(small: SmallRound, manager: Client) -> None:
    row, by = small["A1x-1"], small.manager("A1x")
    address, start = reverse("collection:revoke_link", args=[row.pk]), reverse("collection:link_start", args=[links.token_of(links.send(row, by))])
    asked = words(manager.get(address))
    assert "Toate copiile linkului încetează imediat" in asked
    assert "puteți trimite oricând unul nou" in asked
    assert Client().get(start).status_code == 200
    assert manager.post(address).status_code == 303
    assert Client().get(start).status_code == 410
    assert states(small)[0][:2] == ("revoked", "not_started")


def test_the_sheet_has_a_slip_for_every_class_that_still_has_to_answer(small: SmallRound, manager: Client) -> None:
    by, address = small.manager("A1x"), reverse("collection:slips", args=[small["A1x"].pk])
    assert "Nu este nimic de tipărit" in words(manager.get(address))
    made = [links.send(small[f"A1x-{number}"], by) for number in (1, 2, 3)]
    small.send("A1x-3")
    response = manager.get(address)
    page = response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert page.count('<article class="slip">') == page.count("<svg") == 2
    assert [links.token_of(link) in page for link in made] == [True, True, False]
    assert f"Valabil până la {windows.words(made[0].expires_at, limit=True)}." in words(response)
    alone = manager.get(address, {"clasa": small["A1x-2"].pk}).content.decode()
    assert [links.token_of(link) in alone for link in made] == [False, True, False]


def test_a_code_drawn_is_the_code_of_the_address() -> None:
    text = "https://exemplu.edu.ro/mds/t/2hkryoyfruiccs45eeqh3b4zixppgb25/"
    drawn = qr.svg(text, "Cod")
    code = qrcode.QRCode()
    code.add_data(text)
    wanted = {(x, y) for y, row in enumerate(code.get_matrix()) for x, dark in enumerate(row) if dark}
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", drawn)
    assert all(wide == back for _x, _y, wide, back in runs)
    assert {(int(x) + step, int(y)) for x, y, wide, _back in runs for step in range(int(wide))} == wanted


def test_classes_are_read_without_the_rows_of_their_tables(small: SmallRound) -> None:
    small.send("A1x-1")
    row = ways_of(small["A1x"], timezone.now())[0].row
    assert "content" in row.table.get_deferred_fields()
    assert row.progress == Collection.Progress.SUBMITTED
