"""Sessions: they end by themselves, warn before, can be seen and closed; a form that arrives too late is sent once after signing in again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Invitation, User
from tests.engine.test_personal_data import CODE
from tests.portal.people import PASSWORD, Cast

Browser = Callable[[str], Client]
SESSION, INTERRUPTED = "/cont/sesiune/", "/cont/intrerupt/"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36"


@pytest.fixture
def dan(cast: Cast) -> User:
    cast["dan"].set_password(PASSWORD)
    cast["dan"].save()
    return cast["dan"]


def enter(client: Client, who: str = "dan", **more: str) -> Any:
    return client.post("/cont/intrare/", {"login": f"{who}@example.ro", "password": PASSWORD} | more)


def pass_by(client: Client, seconds: float) -> None:
    """As if so much time had gone by since the last page."""
    session = client.session
    session["ends_at"] -= seconds
    session["signed_in_at"] -= seconds
    session.save()


# ---- the end ---------------------------------------------------------------------------------------------


def test_a_session_ends_after_two_hours_without_a_page(dan: User, client: Client) -> None:
    enter(client)
    pass_by(client, 2 * 3600 - 60)
    assert client.get("/cont/").status_code == 200  # a page in time moves the end
    pass_by(client, 2 * 3600 - 60)
    assert client.get("/cont/").status_code == 200
    pass_by(client, 2 * 3600 + 1)
    assert client.get("/cont/")["Location"] == "/cont/intrare/?next=/cont/"
    assert "_auth_user_id" not in client.session


def test_no_session_is_longer_than_twenty_hours(dan: User, client: Client) -> None:
    enter(client)
    for _hour in range(19):
        pass_by(client, 3600)
        assert client.get("/cont/").status_code == 200
    assert client.get(SESSION).json()["seconds"] <= 3600
    pass_by(client, 3601)
    assert client.get("/cont/").status_code == 302


def test_a_session_that_does_not_know_its_end_is_over(dan: User, client: Client) -> None:
    enter(client)
    session = client.session
    del session["ends_at"]
    session.save()
    assert client.get("/cont/").status_code == 302


def test_every_page_warns_five_minutes_before_and_one_click_prolongs(dan: User, client: Client) -> None:
    enter(client)
    page = client.get("/cont/").content.decode()
    box = re.search(r'<div class="timeout" role="alert" hidden data-seconds="(\d+)" data-warned-before="300">', page)
    assert box is not None and 7190 <= int(box[1]) <= 7200
    assert "Rămâneți în cont" in page and f'action="{SESSION}"' in page
    pass_by(client, 7000)
    assert 190 <= client.get(SESSION).json()["seconds"] <= 200  # asking does not prolong
    assert client.post(SESSION).json()["seconds"] >= 7199
    pass_by(client, 7000)
    back = client.post(SESSION, {"next": "/cont/?a=1"})
    assert back.status_code == 303 and back["Location"] == "/cont/?a=1"
    assert client.post(SESSION, {"next": "https://rau.example/"})["Location"] == "/"
    assert 'class="timeout"' not in Client().get("/").content.decode()


def test_most_pages_write_nothing_for_it(dan: User, client: Client) -> None:
    enter(client)
    before = client.session["ends_at"]
    pass_by(client, 60)
    client.get("/cont/")
    assert client.session["ends_at"] == before - 60
    pass_by(client, 300)
    client.get("/cont/")
    assert client.session["ends_at"] > before - 10


# ---- the list --------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_the_others_can_be_closed(dan: User, cast: Cast, browser_of: Browser) -> None:
    here, there, stranger = Client(HTTP_USER_AGENT=CHROME), Client(HTTP_USER_AGENT="curl/8"), browser_of("doina")
    enter(here)
    enter(there)
    page = here.get("/cont/sesiuni/").content.decode()
    assert "2 sesiuni" in page and "Chrome, Windows" in page and "alt program" in page and page.count("cea de acum") == 1
    assert "2 sesiuni" in here.get("/cont/sesiuni/").content.decode()  # looking closes nothing
    closed = here.post("/cont/sesiuni/", follow=True).content.decode()
    assert "Celelalte sesiuni au fost închise." in closed and "1 sesiune" in closed
    assert there.get("/cont/").status_code == 302
    assert here.get("/cont/").status_code == stranger.get("/cont/").status_code == 200


def test_leaving_takes_the_session_off_the_list(dan: User, client: Client) -> None:
    enter(client)
    assert UserSession.objects.count() == 1
    client.post("/cont/iesire/")
    assert UserSession.objects.count() == 0


# ---- what arrives too late -------------------------------------------------------------------------------


def invite_form(cast: Cast) -> tuple[str, dict[str, str]]:
    typed = {"email": "nou@example.ro", "full_name": "Ana Ștefănescu", "role": "unit_manager"}
    return reverse("accounts:invite", args=[cast.places["tiur"].pk]), typed


def posted_late(client: Client, cast: Cast, **headers: str) -> Any:
    enter(client)
    pass_by(client, 8000)
    address, typed = invite_form(cast)
    return client.post(address, typed, headers=headers)


def sent_again(page: str) -> dict[str, str]:
    form = page[page.index('<main id="continut"') : page.index("Vedeți ce ați scris")]
    return dict(re.findall(r'<input type="hidden" name="((?!csrf)[^"]*)" value="([^"]*)">', form))


def test_a_form_that_arrives_too_late_is_sent_once_after_signing_in_again(dan: User, cast: Cast, client: Client) -> None:
    address, typed = invite_form(cast)
    answer = posted_late(client, cast)
    assert answer["Location"] == f"/cont/intrare/?next={INTERRUPTED}"
    assert "Ce ați scris s-a păstrat" in client.get(answer["Location"]).content.decode()
    assert not Invitation.objects.exists()
    assert enter(client, next=INTERRUPTED)["Location"] == INTERRUPTED
    page = client.get(INTERRUPTED).content.decode()
    assert f'<form method="post" action="{address}">' in page and "<li>Ana Ștefănescu</li>" in page
    assert sent_again(page) == typed
    assert client.post(address, sent_again(page)).status_code == 303
    assert Invitation.objects.get().email == "nou@example.ro"
    assert client.get(INTERRUPTED)["Location"] == "/"  # not offered a second time


def test_it_is_given_to_its_own_person_only(dan: User, cast: Cast, client: Client) -> None:
    cast["tudor"].set_password(PASSWORD)
    cast["tudor"].save()
    posted_late(client, cast)
    enter(client, "tudor")
    answer = client.get(INTERRUPTED, follow=True)
    assert "Ștefănescu" not in answer.content.decode() and "interrupted" not in client.session
    client.post("/cont/iesire/")
    enter(client)
    assert "Ștefănescu" not in client.get(INTERRUPTED, follow=True).content.decode()


def test_what_was_typed_can_be_given_up(dan: User, cast: Cast, client: Client) -> None:
    posted_late(client, cast)
    enter(client)
    assert client.post(INTERRUPTED).status_code == 303
    assert "interrupted" not in client.session and not Invitation.objects.exists()


def test_a_script_that_asks_something_keeps_nothing(dan: User, cast: Cast, client: Client) -> None:
    address, _typed = invite_form(cast)
    assert posted_late(client, cast, **{"Sec-Fetch-Dest": "empty"})["Location"] == f"/cont/intrare/?next={address}"


def test_strangers_and_passwords_are_not_kept(dan: User, cast: Cast, client: Client) -> None:
    address, typed = invite_form(cast)
    assert client.post(address, typed)["Location"] == f"/cont/intrare/?next={address}"
    assert not client.session.items()
    enter(client)
    pass_by(client, 8000)
    client.post("/cont/parola/", {"oldpassword": PASSWORD, "password1": "altele", "password2": "altele"})
    assert "interrupted" not in client.session
    enter(client)
    pass_by(client, 8000)
    client.post(address, typed | {f"field{number}": "x" * 200_000 for number in range(6)})
    assert "interrupted" not in client.session


def test_a_personal_code_is_not_kept_here_either(dan: User, cast: Cast, client: Client) -> None:
    address, typed = invite_form(cast)
    enter(client)
    pass_by(client, 8000)
    client.post(address, typed | {"full_name": f"Ion {CODE}"})
    assert CODE not in str(client.session.items()) and "nou@example.ro" in str(client.session.items())


def test_hostile_text_stays_text(dan: User, cast: Cast, client: Client) -> None:
    address, typed = invite_form(cast)
    enter(client)
    pass_by(client, 8000)
    client.post(address, typed | {'"><script>alert(1)</script>': '"><script>alert(2)</script>'})
    enter(client)
    assert "<script>alert" not in client.get(INTERRUPTED).content.decode()


def test_a_page_from_before_signing_in_elsewhere_is_offered_once_more(dan: User, cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(dan)
    address, typed = invite_form(cast)
    browser.get(address)
    stale = typed | {"csrfmiddlewaretoken": "a" * 64}
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert browser.post(address, stale, headers=headers).status_code == 403
        assert "interrupted" not in browser.session
    answer = browser.post(address, stale, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303 and answer["Location"] == INTERRUPTED
    assert not Invitation.objects.exists()
    page = browser.get(INTERRUPTED).content.decode()
    assert sent_again(page) == typed
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    assert browser.post(address, sent_again(page) | {"csrfmiddlewaretoken": token[1]}).status_code == 303
    assert Invitation.objects.count() == 1
