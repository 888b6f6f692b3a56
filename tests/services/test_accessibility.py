"""Every page of the product, empty, filled in and sent back with its mistakes, on a telephone and on a computer: nothing that WCAG 2.2 AA forbids.

The pages are those of ``tests/fixtures/routes.md``, in the world of the routes and in one where nobody has done anything yet: a new page is
looked at without being named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django import DjangoDbBlocker

from tests.portal.lasting import clients, lasting, undone
from tests.portal.route_table import ROLES, ROWS, Row, expected, way_up
from tests.portal.route_world import World, begin, build
from tests.services.audit import audit
from tests.services.drawn import Drawing
from tests.services.inspection import Inspector, drawable

pytestmark = [pytest.mark.services, pytest.mark.django_db]
WORLDS: dict[str, Callable[[], World]] = {"begun": lambda: begin()[0], "full": build}
LEADERS = ("unit_manager", "director", "general_inspector", "national_member")
NO_PAGES = {
    "account_session": "what a script asks for",
    "accounts:missing": "a list in CSV",
    "collection:table_workbook": "a workbook",
    "contact:file": "a file",
    "contact:link_file": "a file",
    "exports:coverage": "a table in CSV",
    "exports:download": "a PDF",
    "exports:history": "a table in CSV",
    "network:changes": "a table in CSV",
    "network:export": "a list in CSV",
    "network:years_file": "a table in CSV",
    "rounds:download_draft": "an archive",
}
"""Addresses that answer with no page, and with what instead."""


@pytest.fixture(scope="module", params=WORLDS)
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with lasting(django_db_blocker, tmp_path_factory.mktemp("data")):
        yield WORLDS[request.param]()


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    return clients(world)


def looks(row: Row, place: str) -> str:
    """Who looks at a page: of those who are shown it, whoever leads the deepest place; where nobody is, of those who are refused."""
    told = expected(row.cells["get"], place)

    def rank(word: str) -> tuple[bool, bool, int]:
        role, at = ROLES.get(word, ("", ""))
        return told[word] == 200, role in LEADERS, len(way_up(at)) if at else 0

    return max((word for word in told if told[word] not in (302, 303, 405)), key=rank, default="")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.page} on {row.on}" for row in ROWS])
def test_a_page_keeps_the_rules_in_every_state(row: Row, world: World, browsers: dict[str, Client], inspector: Inspector) -> None:
    word = looks(row, world.things[row.on][1]) if row.on in world.things else ""
    if not word:
        return
    client, address = browsers[word], world.address(row.page, row.on)
    answer = undone(client, partial(client.get, address, data=world.asks(row.page, row.on)))
    assert drawable(answer) == (answer.status_code != 200 or row.page not in NO_PAGES)
    if drawable(answer):
        found = inspector.faults(client, address, answer, world.sends(row.page, row.on) if row.page in world.data else None)
        assert not found, "\n".join(found)


# ---- that it would be found ------------------------------------------------------------------------------

BROKEN = {
    "a field without a name": ("axe label", "main.querySelector('label').remove()"),
    "text too pale": ("color-contrast", "main.querySelector('h1').style.color = '#ccc'"),
    "a picture that says nothing": ("image-alt", "main.append(new Image())"),
    "targets too small": ("target-size", "main.querySelector('form').innerHTML += '<button type=button class=linklike>x</button>'.repeat(3)"),
    "two first headings": ("2 headings", "main.append(document.createElement('h1'))"),
    "a page wider than the screen": ("at 320: <form", "main.querySelector('form').style.width = '900px'"),
    "a part that scrolls unmarked": ("scrolls sideways", "main.querySelector('form').style.cssText = 'overflow:auto;width:40px'"),
    "text cut off": ("cuts its text off", "main.querySelector('h1').style.cssText = 'overflow:hidden;height:10px'"),
    "a button with no room for its words": (
        "smaller than its text",
        "main.querySelector('.btn').style.cssText = 'height:12px;min-height:0;padding:0'",
    ),
    "a focus that is not seen": ("no outline", "field.style.outline = '0'"),
    "a focus behind a bar": (
        "is hidden behind",
        "main.append(document.createElement('div')); main.lastChild.style.cssText = 'position:fixed;inset:0'",
    ),
    "something that moves": ("moves", "main.querySelector('.btn').style.transition = 'all 1s'"),
    "a choice told by colour": ("only told by its colour", "main.querySelector('p').setAttribute('aria-current', 'true')"),
    "a small target on a phone": ("<input#id_email", "document.body.classList.add('phone'); field.style.cssText = 'height:30px;min-height:0'"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_page_broken_on_purpose_is_found(fault: str, db: None, drawing: Drawing) -> None:
    client, address = Client(), reverse("account_reset_password")
    said, broken = BROKEN[fault]

    def look(page: Page) -> list[str]:
        page.evaluate(f"() => {{ const main = document.querySelector('main'), field = main.querySelector('#id_email'); {broken} }}")
        return audit(page)

    answer = client.get(address)
    assert drawing.show(client, address, answer, audit) == []
    assert any(said in words for words in drawing.show(client, address, answer, look))
