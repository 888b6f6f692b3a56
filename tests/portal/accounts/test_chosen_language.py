"""The language a person has chosen: the switch of the frame, the account that remembers it, the mails that speak it."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils.translation import override

from portal.accounts import services
from portal.accounts.models import User
from portal.ui import errors
from tests.portal.people import PASSWORD, Cast
from tests.portal.test_languages import left_in_romanian, switched

pytestmark = pytest.mark.django_db


def test_the_switch_comes_back_to_the_same_page_under_a_prefix_too(prefix: str, client: Client) -> None:
    for address in ("cont/intrare/?next=/x", "ajutor/", "metodologii/?a=1&b=2"):
        page = switched(client, f"/{prefix}{address}", "hu")
        assert '<html lang="hu">' in page and 'lang="hu" aria-current="true"' in page
        assert f'name="next" value="/{prefix}{html.escape(address)}"' in page


def test_error_pages_speak_the_language_of_the_browser(client: Client, settings: LazySettings) -> None:
    settings.DEBUG = False
    client.cookies["django_language"] = "hu"
    page = client.get("/nimic/").content.decode()
    assert '<html lang="hu">' in page and "Ez az oldal nem létezik" in page
    assert left_in_romanian(page, []) == []
    with override("hu"):
        failed = errors.page(RequestFactory().get("/"), 503).content.decode()
    assert '<html lang="hu">' in failed and "A platform túlterhelt" in failed and left_in_romanian(failed, []) == []


def test_a_chosen_language_is_kept_with_the_account_and_found_in_another_browser(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("tudor")
    assert User.objects.get(pk=cast["tudor"].pk).language == ""
    browser.post(reverse("set_language"), {"language": "hu", "next": "/"})
    assert User.objects.get(pk=cast["tudor"].pk).language == "hu"
    browser.post(reverse("set_language"), {"language": "xx", "next": "/"})
    browser.get(reverse("set_language"))
    person = User.objects.get(pk=cast["tudor"].pk)
    assert person.language == "hu"
    person.set_password(PASSWORD)
    person.save()
    other = Client()
    answer = other.post(reverse("account_login"), {"login": cast["tudor"].email, "password": PASSWORD})
    assert answer.status_code == 302 and other.cookies["django_language"].value == "hu"
    assert '<html lang="hu">' in other.get(reverse("help")).content.decode()


# ---- mails -----------------------------------------------------------------------------------------------


def test_a_mail_speaks_the_language_its_reader_has_chosen(cast: Cast, mails: Callable[[], list[EmailMessage]]) -> None:
    User.objects.filter(pk=cast["tudor"].pk).update(language="hu")
    for place, email in (("blaj_unit", cast["tudor"].email), ("tiur", "nou@example.ro")):
        services.invite(by=cast["dan"], place=cast.places[place], role="unit_manager", email=email)
    known, unknown = mails()
    assert known.subject.startswith("Meghívó: Egységfelelős, ") and "A link" in known.body and "Az iskolai szegregáció monitorozása" in known.body
    assert '<html lang="hu">' in str(known.alternatives[0][0])  # type: ignore[attr-defined]
    assert unknown.subject.startswith("Invitație: Responsabil de unitate, ") and "Linkul este valabil" in unknown.body
