"""Pages in English and Hungarian: nothing of ours is left in Romanian, what is not translated is marked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from portal.accounts.models import Invitation, User
from portal.collection.models import Collection
from portal.contact.models import Ticket, TicketMessage
from portal.network.models import Place
from portal.rounds.models import Round
from tests.portal.lasting import clients, lasting, undone
from tests.portal.network.books import HEADER
from tests.portal.route_table import ROLES, ROWS, Row, expected
from tests.portal.route_world import World, build

pytestmark = pytest.mark.django_db
ROMANIAN = re.compile(
    r"[ăâîșțĂÂÎȘȚ]|\b(?:este|sunt|pentru|sau|din|care|nu|elevi|elevii|clase|clasele|unitatea|unități|trimis|finalizat)\b", re.IGNORECASE
)
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta"}
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-l", "data-ended", "data-failed", "data-asks")
"""Attributes whose text people read or hear."""


class Spoken(HTMLParser):
    """The texts of a page, each with the language in which it is read aloud; ``bare``: those that no element of their own can mark."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: list[str] = [""]
        self.tags: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.bare: list[tuple[str, str]] = []
        self.misplaced: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        language = known.get("lang") or self.languages[-1]
        self.bare += [(language, known[name]) for name in SPOKEN if name in known]
        self.misplaced += [f"{tag} {name}={value}" for name, value in known.items() if "<span lang" in value]
        if tag == "span" and {"title", "option", "textarea"} & set(self.tags[-1:]):
            self.misplaced.append(f"{self.tags[-1]} <span>")
        if tag not in VOID:
            self.languages.append(language)
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.tags:
            while self.tags.pop() != tag:
                self.languages.pop()
            self.languages.pop()

    def handle_data(self, data: str) -> None:
        inside = self.tags[-1] if self.tags else ""
        if inside == "script":
            self.texts += [(said, text) for text, said in words_of(json.loads(data), self.languages[-1])]
        elif data.strip() and inside != "textarea":
            (self.bare if inside == "title" else self.texts).append((self.languages[-1], " ".join(data.split())))


def words_of(value: Any, language: str) -> Iterator[tuple[str, str]]:
    """The texts that a page gives its script, each with its language."""
    if isinstance(value, dict):
        for one in value.values():
            yield from words_of(one, value.get("lang") or language)
    elif isinstance(value, list):
        for one in value:
            yield from words_of(one, language)
    elif isinstance(value, str):
        yield value, language


def left_in_romanian(page: str, data: list[str]) -> list[str]:
    """Texts of a page in Romanian that are read aloud in another language. ``data``: names and texts that people gave."""
    parser = Spoken()
    parser.feed(page)
    marked = sorted({text for spoken, text in parser.texts if spoken == "ro"}, key=len, reverse=True)
    texts = [(spoken, text, data) for spoken, text in parser.texts] + [(spoken, text, [*data, *marked]) for spoken, text in parser.bare]
    found = parser.misplaced
    for spoken, text, known in texts:
        for one in known:
            text = text.replace(one, "")
        if spoken != "ro" and ROMANIAN.search(text):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with lasting(django_db_blocker, tmp_path_factory.mktemp("data")):
        yield build()


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[tuple[str, str], Client]:
    """A browser for everybody in each language."""
    made = {(language, word): client for language in ("en", "hu") for word, client in clients(world).items()}
    for (language, _word), client in made.items():
        client.cookies["django_language"] = language
    return made


@pytest.fixture(scope="module")
def data(world: World) -> list[str]:
    """What people wrote or lists brought: names of places and persons, texts of messages. The longest first."""
    texts = {*Place.objects.values_list("name", flat=True), *Collection.objects.values_list("name", flat=True)}
    texts |= {*User.objects.values_list("full_name", flat=True), *Invitation.objects.values_list("email", flat=True)}
    texts |= {*TicketMessage.objects.values_list("text", flat=True), *Ticket.objects.values_list("name", flat=True)}
    texts |= {*Ticket.objects.values_list("subject", flat=True), *Round.objects.values_list("letter", flat=True)}
    texts |= {"Școala Blaj", "Grădinița nouă"}  # of the lists that were uploaded
    return sorted(filter(None, texts), key=len, reverse=True)


def reader_of(row: Row, place: str) -> str:
    """Somebody who gets the page; '' where nobody does."""
    found = expected(row.cells["get"], place)
    return next((word for word in ("anonymous", *ROLES) if found.get(word) == 200), "")


PAGES = [row for row in ROWS if not row.page.startswith(("network:export", "exports:download", "contact:download"))]


@pytest.mark.parametrize("language", ["en", "hu"])
@pytest.mark.parametrize("row", PAGES, ids=[f"{row.page} on {row.on}" for row in PAGES])
def test_a_page_says_nothing_of_ours_in_romanian(
    row: Row, language: str, world: World, browsers: dict[tuple[str, str], Client], data: list[str]
) -> None:
    word = reader_of(row, world.things[row.on][1])
    if not word:
        return
    browser = browsers[language, word]
    answer = undone(browser, partial(browser.get, world.address(row.page, row.on), world.asks(row.page, row.on)))
    if not answer["Content-Type"].startswith("text/html"):
        return
    page = answer.content.decode()
    assert f'<html lang="{language}">' in page
    left = left_in_romanian(page, data + HEADER if row.page == "network:columns" else data)
    assert not left, " | ".join(left)


def test_the_search_finds_what_is_left_and_lets_pass_what_is_marked() -> None:
    page = '<html lang="hu"><title>Bursă – Monitorozás</title><h1 lang="ro">Bursă</h1><p>Școala Blaj</p><p data-l="Elevi">x</p><p>Tanulók<b>este</b></p></html>'
    assert left_in_romanian(page, ["Școala Blaj"]) == ["este", "Elevi"]
    assert left_in_romanian('<html lang="hu"><title><span lang=ro>A</span></title><p title="<span lang=ro>A</span>"></p></html>', []) == [
        "title <span>", "p title=<span lang=ro>A</span>",
    ]  # fmt: skip


# ---- the switch ------------------------------------------------------------------------------------------


def switched(client: Client, page: str, language: str) -> str:
    """The page after its switch was used, as a browser without scripts does it."""
    before = client.get(page).content.decode()
    form = re.search(r'<form class="lang" method="post" action="([^"]+)"(.*?)</form>', before, re.DOTALL)
    assert form is not None, page
    assert [html.unescape(name) for name in re.findall(r"<button[^>]*>([^<]+)</button>", form[2])] == ["Română", "English", "Magyar"]
    assert re.findall(r'<button[^>]* lang="(\w+)"', form[2]) == ["ro", "en", "hu"]
    back = re.search(r'name="next" value="([^"]*)"', form[2])
    assert back is not None
    answer = client.post(form[1], {"language": language, "next": html.unescape(back[1])})
    assert answer.status_code == 302
    return client.get(answer["Location"]).content.decode()


def test_a_page_of_a_class_link_has_the_switch(world: World) -> None:
    client = Client()
    page = switched(client, world.address("collection:link_start", "link"), "hu")
    assert '<html lang="hu">' in page and "Válaszoljon 1 rövid kérdésre" in page
