"""The command that lets the first national member in."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts.models import Membership, User
from portal.network.models import Level, Place
from tests.portal.people import PASSWORD

pytestmark = pytest.mark.django_db


def run(*arguments: str, stdin: str = "", monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
    out = io.StringIO()
    call_command("create_national_member", *arguments, stdout=out)
    return out.getvalue().strip()


def test_it_prints_a_link_that_makes_the_account(client: Client) -> None:
    link = run("Prima@Example.ro", "Prima Persoană")
    assert run("prima@example.ro", "Prima Persoană") == link
    form = {"full_name": "Prima Persoană", "phone": "0722123456", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post(urlsplit(link).path, form).status_code == 302
    held = Membership.objects.get(user__email="prima@example.ro")
    assert held.role == "national_member" and held.place == Place.objects.get(level=Level.NATIONAL)
    with pytest.raises(CommandError, match="are deja rolul"):
        run("prima@example.ro", "Prima Persoană")


def test_with_a_password_it_makes_the_account_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("demo@example.ro", "Demo Membru", "--password-stdin", stdin=f"{PASSWORD}\n", monkeypatch=monkeypatch) == "demo@example.ro: rol dat."
    again = run("demo@example.ro", "Demo Membru", "--password-stdin", stdin="o altă parolă lungă\n", monkeypatch=monkeypatch)
    assert again == "demo@example.ro: avea deja rolul."
    assert User.objects.get(email="demo@example.ro").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("email", "name", "password"),
    [("demo@", "Demo Membru", PASSWORD), ("demo@example.ro", "<b>", PASSWORD), ("demo@example.ro", "Demo Membru", "123")],
)
def test_what_is_wrong_is_refused_with_a_sentence(email: str, name: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match=r"^[A-ZȘ].*\.$"):
        run(email, name, "--password-stdin", stdin=password, monkeypatch=monkeypatch)
    assert not User.objects.exists()
