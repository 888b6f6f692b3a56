"""The second factor: set up with a code drawn here, asked for at sign-in, recovered by codes, taken away when it is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import permissions, sealing, services
from portal.accounts.models import AccountEvent, Membership, User
from tests.portal.people import PASSWORD, PEOPLE, Cast

SET_UP = "/cont/al-doilea-factor/pornire/"
CODES = "/cont/al-doilea-factor/coduri/"
WORDS = [word for word, *_rest in PEOPLE]
Browser = Callable[[str], Client]
Mails = Callable[[], list[EmailMessage]]


def code_of(secret: str, periods: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


@pytest.fixture
def ioana(cast: Cast) -> User:
    """An inspector with a password and no second factor yet."""
    Authenticator.objects.filter(user=cast["ioana"]).delete()
    cast["ioana"].set_password(PASSWORD)
    cast["ioana"].save()
    return cast["ioana"]


def shown_secret(page: str) -> str:
    found = re.search(r'<p class="secret">.*?</span>\s*([A-Z2-7 ]+)</p>', page)
    assert found is not None
    return found[1].replace(" ", "")


def set_up(browser: Client) -> str:
    """Sets it up as a person would; gives the secret that their telephone now has."""
    secret = shown_secret(browser.get(SET_UP).content.decode())
    answer = browser.post(SET_UP, {"code": code_of(secret)})
    assert answer.status_code == 302 and answer["Location"] == CODES
    return secret


def enter(client: Client) -> Any:
    return client.post("/cont/intrare/", {"login": "ioana@example.ro", "password": PASSWORD})


def codes_on(page: str) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"<li>(\d{4} \d{4})</li>", page)]


# ---- setting up ------------------------------------------------------------------------------------------


def test_setting_up_shows_a_code_drawn_here_and_the_secret_as_text(ioana: User, browser_of: Browser) -> None:
    answer = browser_of("ioana").get(SET_UP)
    page = answer.content.decode()
    assert '<svg class="qr"' in page and "Cod QR pentru aplicația de coduri" in page and "style=" not in page
    assert re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page)
    assert "Rolul dumneavoastră cere al doilea factor" in page
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy and "http" not in policy


def test_the_secret_stays_while_the_page_is_looked_at_again(ioana: User, browser_of: Browser) -> None:
    browser = browser_of("ioana")
    first, second = (shown_secret(browser.get(SET_UP).content.decode()) for _look in range(2))
    wrong = browser.post(SET_UP, {"code": "000000"}).content.decode()
    assert first == second == shown_secret(wrong)
    assert "Codul nu este corect." in wrong and "<title>Eroare: " in wrong
    assert not Authenticator.objects.filter(user=ioana).exists()


def test_after_setting_up_the_codes_come_and_everything_is_open(ioana: User, browser_of: Browser, mails: Mails) -> None:
    browser = browser_of("ioana")
    set_up(browser)
    page = browser.get(CODES).content.decode()
    assert "10 coduri nefolosite" in page and len(set(codes_on(page))) == 10
    download = browser.get(f"{CODES}descarcare/")
    assert download["Content-Disposition"].startswith("attachment") and codes_on(page)[0] in download.content.decode()
    assert "no-store" in download["Cache-Control"]
    assert browser.get("/oameni/", follow=True).status_code == 200
    (mail,) = mails()
    assert mail.to == ["ioana@example.ro"] and "Al doilea factor a fost pornit." in mail.body
    assert "Al doilea factor a fost pornit." in browser.get("/cont/").content.decode()


def test_sessions_opened_with_the_password_alone_end_when_it_is_set_up(ioana: User, client: Client) -> None:
    elsewhere = Client()
    for browser in (elsewhere, client):
        enter(browser)
    set_up(client)
    assert client.get("/cont/").status_code == 200
    assert elsewhere.get("/cont/")["Location"].startswith("/cont/intrare/")


def test_the_secret_is_not_readable_in_the_database(ioana: User, browser_of: Browser) -> None:
    secret = set_up(browser_of("ioana"))
    stored = {one.type: str(one.data) for one in Authenticator.objects.filter(user=ioana)}
    assert set(stored) == {"totp", "recovery_codes"} and secret not in stored["totp"]
    assert re.search(r"'seed': 'gAAAA", stored["recovery_codes"])


def test_an_earlier_key_still_opens_what_it_sealed(settings: LazySettings) -> None:
    sealed = sealing.sealed("GEZDGNBV")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "alt" * 20
    assert sealing.opened(sealed) == "GEZDGNBV"
    settings.SECRET_KEY_FALLBACKS = []
    guess, again = sealing.opened(sealed), sealing.opened(sealed)
    assert guess != "GEZDGNBV" and guess != again


# ---- signing in ------------------------------------------------------------------------------------------


@pytest.fixture
def secret(ioana: User, browser_of: Browser) -> str:
    return set_up(browser_of("ioana"))


def test_the_password_alone_does_not_let_in(secret: str, client: Client) -> None:
    assert enter(client)["Location"] == "/cont/al-doilea-factor/cod/"
    assert "_auth_user_id" not in client.session
    assert client.get("/oameni/")["Location"].startswith("/cont/intrare/")
    page = client.get("/cont/al-doilea-factor/cod/").content.decode()
    assert "Scrieți codul din aplicație" in page and 'inputmode="numeric"' in page
    assert client.post("/cont/al-doilea-factor/cod/", {"code": code_of(secret, 1)}).status_code == 302
    assert "_auth_user_id" in client.session


def test_the_way_on_is_kept_through_both_steps(secret: str, client: Client, cast: Cast) -> None:
    page = reverse("accounts:place", args=[cast.places["alba"].pk])
    client.post("/cont/intrare/", {"login": "ioana@example.ro", "password": PASSWORD, "next": page})
    assert client.post("/cont/al-doilea-factor/cod/", {"code": code_of(secret)})["Location"] == page


@pytest.mark.parametrize("written", ["{0} {1}", " {0}{1} ", "{0}-{1}"])
def test_a_code_is_read_as_people_write_it(written: str, secret: str, client: Client) -> None:
    enter(client)
    code = code_of(secret, -1)
    client.post("/cont/al-doilea-factor/cod/", {"code": written.format(code[:3], code[3:])})
    assert "_auth_user_id" in client.session


def test_a_code_seen_over_the_shoulder_opens_nothing_more(secret: str) -> None:
    code, browsers = code_of(secret, 1), (Client(), Client())
    for browser in browsers:
        enter(browser)
        browser.post("/cont/al-doilea-factor/cod/", {"code": code})
    assert ["_auth_user_id" in browser.session for browser in browsers] == [True, False]


def test_old_codes_and_guesses_do_not_let_in_and_are_counted(secret: str, client: Client) -> None:
    enter(client)
    for code in (code_of(secret, -3), code_of(secret, 3), "", "１２３４５６", "abcdef"):
        page = client.post("/cont/al-doilea-factor/cod/", {"code": code}).content.decode()
        assert "Există o problemă" in page
    for _guess in range(2):
        page = client.post("/cont/al-doilea-factor/cod/", {"code": "000000"}).content.decode()
    assert "Prea multe încercări nereușite" in page
    right = client.post("/cont/al-doilea-factor/cod/", {"code": code_of(secret)})
    assert right.status_code == 200 and "_auth_user_id" not in client.session


def test_a_recovery_code_lets_in_once(secret: str, browser_of: Browser, ioana: User) -> None:
    code = codes_on(browser_of("ioana").get(CODES).content.decode())[3]
    outcomes = []
    for _try in range(2):
        client = Client()
        enter(client)
        client.post("/cont/al-doilea-factor/cod/", {"code": code})
        outcomes.append("_auth_user_id" in client.session)
    assert outcomes == [True, False]
    assert "9 coduri nefolosite" in browser_of("ioana").get(CODES).content.decode()


def test_the_page_of_the_code_opens_only_after_the_password(secret: str, client: Client) -> None:
    assert client.get("/cont/al-doilea-factor/cod/")["Location"] == "/cont/intrare/"
    assert client.post("/cont/al-doilea-factor/cod/", {"code": code_of(secret)})["Location"] == "/cont/intrare/"
    assert "_auth_user_id" not in client.session


def test_a_new_password_does_not_go_round_the_second_factor(secret: str, client: Client, mails: Mails) -> None:
    mails()
    client.post("/cont/parola/uitata/", {"email": "ioana@example.ro"})
    (mail,) = mails()
    link = re.search(r"http://[^/]+(/cont/parola/noua/\S+/)", str(mail.body))
    assert link is not None
    address = client.get(link[1])["Location"]
    answer = client.post(address, {"password1": "alte patru cuvinte noi", "password2": "alte patru cuvinte noi"})
    assert answer.status_code == 302, answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert "Parola a fost schimbată." in mails()[0].body
    entered = client.post("/cont/intrare/", {"login": "ioana@example.ro", "password": "alte patru cuvinte noi"})
    assert entered["Location"] == "/cont/al-doilea-factor/cod/"


# ---- keeping it ------------------------------------------------------------------------------------------


def later(browser: Client, minutes: int) -> None:
    """As if the person had signed in so long ago."""
    session = browser.session
    session["signed_in_at"] -= 60 * minutes
    session.save()


@pytest.mark.parametrize("page", [CODES, f"{CODES}noi/", f"{CODES}descarcare/", "/cont/al-doilea-factor/oprire/"])
def test_what_is_delicate_asks_again_who_it_is(page: str, cast: Cast, browser_of: Browser) -> None:
    cast["dan"].set_password(PASSWORD)
    cast["dan"].save()
    browser = browser_of("dan")
    set_up(browser)
    later(browser, 6)
    assert browser.get(page)["Location"] == f"/cont/confirmare/?next={page.replace('/', '%2F')}"
    wrong = browser.post(f"/cont/confirmare/?next={page}", {"password": "alta"}).content.decode()
    assert "Parola nu este corectă." in wrong and "Scrieți un cod din aplicație" in wrong
    assert browser.post(f"/cont/confirmare/?next={page}", {"password": PASSWORD})["Location"] == page
    assert browser.get(page).status_code == 200


def test_new_codes_replace_the_old_ones(secret: str, browser_of: Browser, ioana: User) -> None:
    browser = browser_of("ioana")
    old = codes_on(browser.get(CODES).content.decode())
    assert "Cele de până acum (10 coduri nefolosite)" in browser.get(f"{CODES}noi/").content.decode()
    browser.post(f"{CODES}noi/")
    new = codes_on(browser.get(CODES).content.decode())
    assert len(new) == 10 and not set(old) & set(new)
    assert ioana.account_events.filter(action="codes_renewed", by=ioana).count() == 1


def test_whoever_must_have_it_cannot_turn_it_off(secret: str, browser_of: Browser, ioana: User) -> None:
    browser = browser_of("ioana")
    assert "Opriți al doilea factor" not in browser.get("/cont/al-doilea-factor/").content.decode()
    answer = browser.post("/cont/al-doilea-factor/oprire/").content.decode()
    assert "Rolul dumneavoastră cere al doilea factor, așa că nu se poate opri." in answer
    assert Authenticator.objects.filter(user=ioana, type="totp").exists()


def test_whoever_is_free_turns_it_off_and_is_told(cast: Cast, browser_of: Browser, mails: Mails) -> None:
    browser = browser_of("dan")
    set_up(browser)
    assert "Opriți al doilea factor" in browser.get("/cont/al-doilea-factor/").content.decode()
    assert browser.post("/cont/al-doilea-factor/oprire/").status_code == 302
    assert not Authenticator.objects.filter(user=cast["dan"]).exists()
    assert "Al doilea factor a fost oprit." in mails()[-1].body


def test_a_role_that_needs_it_asks_for_it_in_the_open_session(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of("dan")
    assert browser.get("/cont/").status_code == 200
    Membership.objects.create(user=cast["dan"], place=cast.places["alba"], role="inspector")
    Authenticator.objects.filter(user=cast["dan"]).delete()
    assert browser.get("/cont/")["Location"] == SET_UP


# ---- losing it -------------------------------------------------------------------------------------------

MAY_RESET = {
    "maria": set(WORDS) - {"maria"},
    "gelu": {"dan", "doina"},
    "cornel": {"teo"},
    "dan": {"rodica", "tudor", "olga"},
    "doina": {"sorin"},
    "teo": {"titus"},
}


@pytest.mark.parametrize("person", WORDS)
def test_only_who_leads_the_level_above_takes_a_lost_one_away(person: str, cast: Cast, browser_of: Browser) -> None:
    for word in WORDS:
        Authenticator.objects.get_or_create(user=cast[word], type="totp", defaults={"data": {"secret": ""}})
    assert {word for word in WORDS if permissions.may_reset_factor(cast[person], cast[word])} == MAY_RESET.get(person, set())
    browser = browser_of(person)
    addresses = {word: reverse("accounts:reset_factor", args=[cast.role(word).pk]) for word in WORDS}
    assert {word for word, address in addresses.items() if browser.get(address).status_code == 200} == MAY_RESET.get(person, set())
    refused = [browser.post(addresses[word], {"reason": "x"}).status_code for word in set(WORDS) - MAY_RESET.get(person, set())]
    assert set(refused) <= {403, 404} and not AccountEvent.objects.exists()
    with pytest.raises(services.Refusal):
        services.reset_factor(cast[person], by=cast[person], reason="al meu")


def test_a_director_does_not_take_away_the_factor_of_somebody_who_also_works_above(cast: Cast) -> None:
    assert permissions.may_reset_factor(cast["dan"], cast["olga"])
    Membership.objects.create(user=cast["olga"], place=cast.places["alba"], role="inspector")
    assert not permissions.may_reset_factor(cast["dan"], cast["olga"])
    assert not permissions.may_reset_factor(cast["gelu"], cast["olga"])
    assert permissions.may_reset_factor(cast["maria"], cast["olga"])


def test_taking_it_away_closes_sessions_tells_the_person_and_is_recorded(
    secret: str, ioana: User, cast: Cast, client: Client, browser_of: Browser, mails: Mails
) -> None:
    enter(client)
    client.post("/cont/al-doilea-factor/cod/", {"code": code_of(secret)})
    assert client.get("/cont/").status_code == 200
    mails()
    maria = browser_of("maria")
    assert "Telefon pierdut" in maria.get(reverse("accounts:place", args=[cast.places["alba"].pk])).content.decode()
    address = reverse("accounts:reset_factor", args=[cast.role("ioana").pk])
    assert "Ioana Inspectoru va intra o dată numai cu parola" in maria.get(address).content.decode()
    assert maria.post(address, {"reason": ""}).status_code == 422
    assert maria.post(address, {"reason": "Telefon pierdut, confirmat la telefon."}).status_code == 303
    assert client.get("/cont/")["Location"].startswith("/cont/intrare/")
    event = ioana.account_events.get(action="factor_reset")
    assert (event.by, event.reason) == (cast["maria"], "Telefon pierdut, confirmat la telefon.")
    (mail,) = mails()
    assert mail.to == ["ioana@example.ro"] and "Maria Comisaru" in mail.body and "confirmat la telefon" in mail.body
    assert enter(client)["Location"] == "/"
    assert client.get("/cont/")["Location"] == SET_UP


def test_the_command_helps_the_last_national_member(cast: Cast) -> None:
    said = StringIO()
    call_command("reset_second_factor", "MARIA@example.ro", "--reason", "telefon pierdut", stdout=said)
    assert "maria@example.ro" in said.getvalue() and not Authenticator.objects.filter(user=cast["maria"]).exists()
    event = cast["maria"].account_events.get()
    assert (event.action, event.by, event.reason) == ("factor_reset", None, "telefon pierdut")
    with pytest.raises(CommandError, match="nu are al doilea factor"):
        call_command("reset_second_factor", "maria@example.ro", "--reason", "din nou")
    with pytest.raises(CommandError, match="Nu există"):
        call_command("reset_second_factor", "nimeni@example.ro", "--reason", "x")


def test_the_history_of_accounts_is_not_changed_even_in_the_database(cast: Cast) -> None:
    event = AccountEvent.objects.create(user=cast["dan"], action="factor_on", by=cast["dan"])
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        AccountEvent.objects.filter(pk=event.pk).update(at=timezone.now())
