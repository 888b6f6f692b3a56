"""Every address of the product has a door: which pages are open to all is written here, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from portal.accounts.middleware import OPEN_WITHOUT_SECOND_FACTOR
from tests.portal.people import PEOPLE, Cast

OPEN_TO_ALL = {
    "home", "help", "set_language", "ui:accessibility", "ui:privacy",
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate", "accounts:invitation",
    "rounds:methodologies", "rounds:methodology", "rounds:forms", "rounds:indicator",
    "collection:link_start", "collection:link_overview", "collection:link_question", "collection:link_row", "collection:link_summary",
    "collection:link_send", "collection:link_receipt", "collection:link_save", "contact:ask", "contact:find", "contact:link", "contact:link_file",
}  # fmt: skip
IN_EXPRESSIONS = {"token": "a" * 32, "uidb36": "1", "key": "x", "file": "1"}
"""What fits the named parts of addresses that are regular expressions."""
COMPULSORY = [word for word, _name, role, _place in PEOPLE if role not in ("director", "unit_manager", "operator")]
FREE = [word for word, _name, role, _place in PEOPLE if role in ("director", "unit_manager", "operator")]


def routes(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of every page; whether anything is at that address does not matter: doors come first."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            assert pattern.name, f"an address without a name: {pattern.pattern}"
            given = {name: 1 if isinstance(kind, IntConverter) else "x" for name, kind in pattern.pattern.converters.items()}
            given |= {name: IN_EXPRESSIONS[name] for name in pattern.pattern.regex.groupindex if name not in given}
            name = f"{space}{pattern.name}"
            yield name, reverse(name, kwargs=given)


ROUTES = dict(routes())


def leads_to(answer: object, name: str) -> bool:
    return getattr(answer, "status_code", 0) in (302, 303) and str(answer["Location"]).split("?")[0] == reverse(name)  # type: ignore[index]


@pytest.mark.parametrize("name", ROUTES)
def test_a_stranger_is_asked_to_sign_in_everywhere_but_on_the_open_pages(name: str, client: Client, db: None) -> None:
    for answer in (client.get(ROUTES[name]), client.post(ROUTES[name])):
        asked = leads_to(answer, "account_login") and "next=" in answer["Location"]
        assert asked == (name not in OPEN_TO_ALL), (answer.status_code, answer.get("Location"))


def test_the_open_pages_are_pages() -> None:
    assert set(ROUTES) >= OPEN_TO_ALL and set(ROUTES) >= OPEN_WITHOUT_SECOND_FACTOR


@pytest.mark.parametrize("name", sorted(set(ROUTES) - OPEN_WITHOUT_SECOND_FACTOR))
def test_an_inspector_without_a_second_factor_gets_nowhere_else(name: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    Authenticator.objects.filter(user=cast["ioana"]).delete()
    browser = browser_of("ioana")
    for answer in (browser.get(ROUTES[name]), browser.post(ROUTES[name])):
        assert leads_to(answer, "mfa_activate_totp"), (answer.status_code, answer.get("Location"))


@pytest.mark.parametrize("name", sorted(OPEN_WITHOUT_SECOND_FACTOR))
def test_setting_it_up_leaving_and_help_stay_open(name: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    Authenticator.objects.filter(user=cast["ioana"]).delete()
    assert not leads_to(browser_of("ioana").get(ROUTES[name]), "mfa_activate_totp")


@pytest.mark.parametrize("person", COMPULSORY)
def test_it_is_compulsory_for_the_commission_and_inspectorates(person: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    assert not leads_to(browser_of(person).get("/cont/"), "mfa_activate_totp")
    Authenticator.objects.filter(user=cast[person]).delete()
    assert leads_to(browser_of(person).get("/cont/"), "mfa_activate_totp")


@pytest.mark.parametrize("person", FREE)
def test_it_is_free_for_schools_and_units(person: str, browser_of: Callable[[str], Client]) -> None:
    assert browser_of(person).get("/cont/").status_code == 200


def test_the_demonstration_does_not_insist_and_says_so(cast: Cast, browser_of: Callable[[str], Client], settings: LazySettings) -> None:
    settings.DEMO = True
    Authenticator.objects.filter(user=cast["ioana"]).delete()
    browser = browser_of("ioana")
    assert browser.get("/cont/").status_code == 200
    assert "Aceasta este o demonstrație" in browser.get("/cont/al-doilea-factor/").content.decode()
