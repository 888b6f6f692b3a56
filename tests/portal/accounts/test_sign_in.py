"""Signing in and out, forgotten passwords, and who tries to get in without being asked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import User
from portal.outbox.models import Job
from tests.portal.people import PASSWORD, Cast

ENTRANCE, FORGOTTEN = "/cont/intrare/", "/cont/parola/uitata/"


@pytest.fixture
def dan(cast: Cast) -> User:
    cast["dan"].set_password(PASSWORD)
    cast["dan"].save()
    return cast["dan"]


def enter(client: Client, email: str = "dan@example.ro", password: str = PASSWORD, **more: str) -> int:
    return client.post(ENTRANCE, {"login": email, "password": password} | more).status_code


def inside(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_address_and_password_let_one_in(dan: User, client: Client) -> None:
    assert enter(client, "  DAN@Example.RO ") == 302 and inside(client)


def test_the_session_is_new_hidden_from_scripts_and_ends_with_the_browser(dan: User, client: Client) -> None:
    client.get(ENTRANCE)
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    enter(client)
    cookie = client.cookies["sessionid"]
    assert cookie.value != before
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == ""


@pytest.mark.parametrize("email", ["dan@example.ro", "nimeni@example.ro"])
def test_a_wrong_pair_is_answered_alike_for_known_and_unknown(email: str, dan: User, client: Client) -> None:
    page = client.post(ENTRANCE, {"login": email, "password": "altceva cu totul"}).content.decode()
    assert "Adresa de e-mail sau parola nu este corectă." in page and "<title>Eroare: Intrați în cont" in page
    assert f'value="{email}"' in page and "altceva cu totul" not in page
    assert not inside(client)


class CountingHasher(MD5PasswordHasher):
    """Hashing is what takes time at sign-in; this one counts."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


def test_a_wrong_pair_costs_the_same_for_known_unknown_and_without_password(dan: User, settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    dan.set_password(PASSWORD)
    dan.save()
    costs = []
    for email in ("dan@example.ro", "nimeni@example.ro", "doina@example.ro"):
        CountingHasher.hashed = 0
        enter(Client(), email, "altceva cu totul")
        costs.append(CountingHasher.hashed)
    assert costs == [1, 1, 1]


@pytest.mark.parametrize("path", ["/", ENTRANCE, FORGOTTEN, "/cont/", "/cont/al-doilea-factor/", "/cont/sesiuni/", "/nimic/"])
def test_no_page_lets_itself_be_framed(path: str, dan: User, client: Client) -> None:
    client.force_login(dan)
    answer = client.get(path)
    assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_who_is_closed_out_stays_out(dan: User, client: Client) -> None:
    User.objects.filter(pk=dan.pk).update(is_active=False)
    enter(client)
    assert not inside(client)


def test_after_five_failures_even_the_right_password_waits(dan: User, client: Client) -> None:
    for _attempt in range(5):
        enter(client, password="greșită de tot")
    page = client.post(ENTRANCE, {"login": "dan@example.ro", "password": PASSWORD}).content.decode()
    assert "Prea multe încercări nereușite" in page and not inside(client)


def test_a_flood_from_one_address_meets_a_romanian_429(dan: User, client: Client) -> None:
    answers = [client.post(ENTRANCE, {"login": f"om{attempt}@example.ro", "password": "x"}) for attempt in range(40)]
    assert answers[-1].status_code == 429 and answers[-1]["Retry-After"] == "60"
    assert "Prea multe încercări" in answers[-1].content.decode()


@pytest.mark.parametrize(
    "target", ["https://rau.example/", "//rau.example/", "javascript:alert(1)", "/\\rau.example", "http:///rau.example", "https:rau.example"]
)
def test_signing_in_and_out_lead_nowhere_else(target: str, dan: User, client: Client) -> None:
    answer = client.post(ENTRANCE, {"login": "dan@example.ro", "password": PASSWORD, "next": target})
    assert answer["Location"] == reverse("home")
    assert client.post(reverse("account_logout"), {"next": target})["Location"] == reverse("home")
    answer = client.post(reverse("set_language"), {"language": "ro", "next": target})
    assert answer["Location"] == "/"


def test_signing_in_leads_on_to_where_one_was_going(dan: User, cast: Cast, client: Client) -> None:
    page = reverse("accounts:place", args=[cast.places["blaj"].pk])
    assert client.get(page)["Location"] == f"{ENTRANCE}?next={page}"
    assert f'name="next" value="{page}"' in client.get(f"{ENTRANCE}?next={page}").content.decode()
    assert client.post(ENTRANCE, {"login": "dan@example.ro", "password": PASSWORD, "next": page})["Location"] == page


def test_a_link_to_leave_does_not_sign_one_out(dan: User, client: Client) -> None:
    enter(client)
    assert "Ieșiți din cont?" in client.get(reverse("account_logout")).content.decode()
    assert inside(client)
    client.post(reverse("account_logout"))
    assert not inside(client)


def test_a_form_from_elsewhere_is_refused_in_romanian(dan: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(ENTRANCE, {"login": "dan@example.ro", "password": PASSWORD})
    assert answer.status_code == 403 and "Pagina a stat deschisă prea mult" in answer.content.decode()
    assert not inside(browser)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(ENTRANCE).content.decode())
    assert token is not None
    assert browser.post(ENTRANCE, {"login": "dan@example.ro", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}).status_code == 302


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_confirm_email", "socialaccount_signup", "account_request_login_code"])
def test_the_rest_of_allauth_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path", ["/cont/inscriere/", "/cont/signup/", "/accounts/signup/", "/cont/email/", "/accounts/login/", "/cont/social/signup/", "/admin/"]
)
def test_nobody_signs_up_alone(path: str, cast: Cast, client: Client) -> None:
    for answer in (client.get(path), client.post(path, {"email": "eu@example.ro", "password1": PASSWORD})):
        assert answer.status_code == 404
    assert not User.objects.filter(email="eu@example.ro").exists()


def test_a_forgotten_password_is_answered_alike_and_costs_alike(dan: User, mails: Callable[[], list[EmailMessage]]) -> None:
    Client().post(FORGOTTEN, {"email": "altul@example.ro"})  # the count of this computer exists from here on
    said, asked, statements = [], [], []
    for email in ("dan@example.ro", "nimeni@example.ro"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(FORGOTTEN, {"email": email})
        statements.append([re.sub(r"'[^']*'|\d+", "", query["sql"]) for query in queries])
        page = re.sub(r'value="\w{64}"', "", client.get(answer["Location"]).content.decode())  # the tokens of forms
        said.append((answer.status_code, answer["Location"], page))
        asked.append(Job.objects.filter(kind="password_reset").count())
    assert said[0] == said[1] and asked == [2, 3]
    assert statements[0] == statements[1]
    assert [mail.to for mail in mails()] == [["dan@example.ro"]]


def test_the_link_of_a_forgotten_password_works_once(dan: User, client: Client, mails: Callable[[], list[EmailMessage]]) -> None:
    client.post(FORGOTTEN, {"email": "DAN@example.ro"})
    (mail,) = mails()
    link = re.search(r"http://[^/]+(/cont/parola/noua/\S+/)", str(mail.body))
    assert link is not None
    for _scanner in range(2):
        assert client.get(link[1]).status_code == 302  # looking uses nothing up
    form = client.get(link[1], follow=True)
    address, new = form.redirect_chain[-1][0], "alte patru cuvinte noi"
    assert link[1] not in form.content.decode()
    short = client.post(address, {"password1": "scurt", "password2": "scurt"}).content.decode()
    assert "Are nevoie de cel puțin 10 caractere" in short
    assert client.post(address, {"password1": new, "password2": new}).status_code == 302
    dan.refresh_from_db()
    assert dan.check_password(new) and not inside(client)
    assert "nu mai este valabil" in Client().get(link[1], follow=True).content.decode()


def test_many_requests_for_one_address_send_few_mails(dan: User, client: Client, mails: Callable[[], list[EmailMessage]]) -> None:
    answers = [client.post(FORGOTTEN, {"email": "dan@example.ro"}).status_code for _again in range(8)]
    assert answers[-1] == 429 and len(mails()) == 5


def test_changing_the_password_asks_for_the_present_one(dan: User, client: Client) -> None:
    enter(client)
    new = {"password1": "alte patru cuvinte noi", "password2": "alte patru cuvinte noi"}
    assert "Parola de acum nu este corectă" in client.post("/cont/parola/", {"oldpassword": "greșită", **new}).content.decode()
    other = Client()
    enter(other)
    assert client.post("/cont/parola/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert client.get("/cont/").status_code == 200
    assert other.get("/cont/").status_code == 302  # every other browser is signed out


def test_an_account_without_a_password_gets_one_by_mail(cast: Cast, client: Client) -> None:
    client.force_login(cast["dan"])
    assert client.get("/cont/parola/", follow=True).redirect_chain[-1][0] == FORGOTTEN
