"""The frame of the pages: who, where, in which language; and the words of Django in formal Romanian."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from portal.ui import frame
from tests.portal.people import Cast

pytestmark = pytest.mark.django_db


def test_the_header_says_who_and_where(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    page = browser_of("tudor").get(reverse("help")).content.decode()
    assert "<b>Tudor Responsabilu</b>" in page and "<span>Responsabil de unitate · Școala Primară Tiur</span>" in page
    assert str(frame.DEFAULT_COMMISSION) in page


def test_the_current_part_of_the_navigation_is_marked(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("tudor")

    def current(address: str) -> list[str]:
        return re.findall(r'aria-current="page">([^<]+)<', browser.get(address).content.decode())

    assert current(reverse("accounts:place", args=[cast.places["tiur"].pk])) == ["Oameni"]
    assert current(reverse("rounds:methodologies")) == ["Metodologii"]
    assert current(reverse("help")) == []


def test_a_stranger_is_offered_the_way_in(client: Client) -> None:
    page = client.get("/").content.decode()
    assert f'href="{reverse("account_login")}"' in page and "Ieșiți din cont" not in page and ">Oameni<" not in page


def test_the_language_is_the_one_chosen_never_the_one_of_the_browser(client: Client) -> None:
    assert '<html lang="ro">' in client.get("/", headers={"accept-language": "en,hu;q=0.9"}).content.decode()
    answer = client.post(reverse("set_language"), {"language": "hu", "next": "/ajutor/"})
    assert answer["Location"] == "/ajutor/"
    page = client.get("/ajutor/").content.decode()
    assert '<html lang="hu">' in page and re.search(r'value="hu"[^>]*aria-current="true"', page)
    client.post(reverse("set_language"), {"language": "xx", "next": "/"})
    assert '<html lang="hu">' in client.get("/").content.decode()
    client.cookies["django_language"] = "../../etc"
    assert '<html lang="ro">' in client.get("/").content.decode()


def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("ioana")
    pages = [
        "/",
        "/cont/",
        "/cont/parola/uitata/",
        reverse("help"),
        reverse("ui:privacy"),
        reverse("ui:accessibility"),
        reverse("accounts:place", args=[cast.places["alba"].pk]),
    ]
    for address in pages:
        page = browser.get(address, follow=True).content.decode()
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page), address
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), address


def test_dates_are_written_as_in_romanian() -> None:
    with override("ro"):
        assert date_format(datetime(2026, 11, 3, 9, 5), "l, j F Y, H:i") == "marți, 3 noiembrie 2026, 09:05"
