"""Every page of the product, asked by everybody: the statuses written in ``tests/fixtures/routes.md``. An address without a row fails the suite."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from functools import partial

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoDbBlocker

from portal.collection import access
from portal.collection.deeds import DEEDS
from portal.collection.models import Collection
from portal.collection.services.together import TOGETHER
from tests.portal.lasting import clients, lasting, undone
from tests.portal.route_table import ROWS, Row, expected
from tests.portal.route_world import World, build

pytestmark = pytest.mark.django_db

# ---- the world -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _light() -> Iterator[None]:
    """Five thousand requests over a heap that hardly changes: nothing is collected meanwhile, and refusals that are expected are not logged."""
    gc.collect()
    gc.disable()
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
    gc.enable()


@pytest.fixture(scope="module")
def world(_light: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with lasting(django_db_blocker, tmp_path_factory.mktemp("data")) as patched:
        # Only statuses are asked here; drawing four thousand pages would take minutes, and other tests do it.
        patched.setattr("django.template.backends.django.Template.render", lambda *arguments, **named: "")
        yield build()


@pytest.fixture(scope="module")
def browsers(world: World) -> dict[str, Client]:
    return clients(world)


def answered(world: World, browsers: dict[str, Client], row: Row, method: str) -> dict[str, int]:
    """Status by person of one request each, with nothing left of any of them."""
    address, found = world.address(row.page, row.on), {}
    for word in expected(row.cells[method], world.things[row.on][1]):
        sent = world.sends(row.page, row.on) if method == "post" else {"data": world.asks(row.page, row.on)}
        found[word] = undone(browsers[word], partial(getattr(browsers[word], method), address, **sent)).status_code
    return found


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("row", ROWS, ids=[f"{row.page} on {row.on}" for row in ROWS])
def test_a_page_answers_everybody_as_its_row_says(row: Row, method: str, world: World, browsers: dict[str, Client]) -> None:
    wanted, found = expected(row.cells[method], world.things[row.on][1]), answered(world, browsers, row, method)
    wrong = [f"{word} gets {found[word]}, not {status}" for word, status in wanted.items() if found[word] != status]
    assert not wrong, "; ".join(wrong)


# ---- the table itself ------------------------------------------------------------------------------------


def names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"


def test_every_address_of_the_product_has_a_row_and_every_row_an_address() -> None:
    assert {row.page.partition(" ")[0] for row in ROWS} == set(names(get_resolver().url_patterns))


def test_no_row_says_something_twice() -> None:
    assert len({(row.page, row.on) for row in ROWS}) == len(ROWS)


def test_every_deed_and_every_act_on_many_has_a_row() -> None:
    written = [row.page.partition(" ") for row in ROWS]
    assert {act for page, _blank, act in written if page == "collection:deed"} == set(DEEDS)
    assert {act for page, _blank, act in written if page == "collection:many"} >= set(TOGETHER)


def test_a_page_that_lets_everybody_in_is_found(world: World, browsers: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is sensitive: without the question who may see a place, the row of its board does not hold any more."""
    row = next(row for row in ROWS if (row.page, row.on) == ("collection:board", "county"))
    monkeypatch.setattr(access, "visible_to", lambda user: Collection.objects.all())
    assert answered(world, browsers, row, "get") != expected(row.cells["get"], "alba")


def test_words_of_the_table_mean_whom_they_say() -> None:
    assert expected("200 director; 403 rest", "blaj_unit") == {
        "tudor": 404, "doina": 404, "carmen": 404, "anonymous": 302, "dan": 200,
        "maria": 403, "mihai": 403, "anca": 403, "gelu": 403, "ioana": 403, "andrei": 403, "rodica": 403, "olga": 403,
    }  # fmt: skip
    assert set(expected("200", "").values()) == {200, 302}
