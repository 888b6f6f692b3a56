"""Boards: every number leads to exactly the list that it counts; lists are searched, sorted and paged by their address; large ones stay quick."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from portal.accounts.models import Membership, User
from portal.collection import boards
from portal.collection.models import CLASS, Collection, Extension, Result
from portal.collection.services import taking
from portal.network import services as network
from portal.network.models import Level, Place
from portal.network.synthetic import Size
from portal.rounds import methodologies
from portal.rounds.models import Round
from tests.portal.lasting import lasting
from tests.portal.worked_round import draft_round, published

YEAR = "2025-2026"
FINAL = Collection.State.FINALISED
SCHOOLS = 60


@pytest.fixture(scope="module")
def _country(django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A country of two counties, one of them with more schools than a page holds; built once, rolled back at the end."""
    methodologies.forget()
    with lasting(django_db_blocker, tmp_path_factory.mktemp("data")):
        network.seed([0], Size(SCHOOLS, 80, 120), 3, YEAR)
        network.seed([1], Size(3, 6, 12), 3, YEAR)
        taking.take_all(draft_round(published()))
        Round.objects.update(state=Round.State.OPEN)
        yield


@pytest.fixture
def county(_country: None, db: None) -> Collection:
    """The large county, with something of everything in it."""
    county = Collection.objects.get(level=Level.COUNTY, code="AB")
    units = list(Collection.objects.filter(path__startswith=county.path, level=Level.UNIT).order_by("pk"))
    for number, unit in enumerate(units):
        state = number % 8
        change = {
            1: {"progress": "in_progress"},
            2: {"state": FINAL, "progress": "complete", "classes_submitted": F("classes")},
            3: {"reopened": True, "progress": "in_progress"},
            4: {"blocked": True},
            5: {"exempt": True},
            6: {"extended": "requested", "classes_submitted": F("classes"), "progress": "in_progress"},
        }.get(state, {})
        Collection.objects.filter(pk=unit.pk).update(**change)
        if state == 2:
            Result.objects.create(collection=unit, number=1, figures={}, methodology_digest="x", data_digest="x", at_risk=number % 16 == 2)
    return Collection.objects.select_related("round", "place").get(pk=county.pk)


@pytest.fixture
def client(county: Collection) -> Client:
    return signed_in(county, "inspector")


def signed_in(collection: Collection, role: str) -> Client:
    user = User.objects.create_user(f"{role}.{collection.pk}@example.ro", f"Ana {role}")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    client = Client()
    client.force_login(user)
    return client


def page_of(client: Client, collection: Collection, query: str = "") -> str:
    answer = client.get(f"/colectare/{collection.pk}/{query}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def numbers(page: str) -> list[tuple[int, str]]:
    """The numbers on top of a board, each with the address it leads to."""
    listed = page.split('class="kpis"')[1].split("</ul>")[0]
    return [(int(many.replace(".", "")), address) for address, many in re.findall(r'<a href="(\?[^"]*)"[^>]*><b>([\d.]+)</b>', listed)]


def names(page: str) -> list[str]:
    """The places of the list, as shown."""
    body = page.split('id="lista"')[1].split("<tbody>")[1] if "<tbody>" in page.split('id="lista"')[1] else ""
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', body)


def whole_list(client: Client, collection: Collection, query: str) -> list[str]:
    """Every place of a list, page after page."""
    found: list[str] = []
    for number in range(1, 20):
        page = page_of(client, collection, f"{query.split('#')[0]}&pagina={number}")
        found += names(page)
        if "Pagina următoare" not in page:
            return found
    raise AssertionError("the list never ends")


def past(name: str) -> None:
    """One of the round's windows ended yesterday, and those before it too."""
    order = ["opens_at", "class_close", "unit_close", "school_close", "county_close", "amend_until"]
    ends = {one: timezone.now() - timedelta(days=10 - index) for index, one in enumerate(order[: order.index(name) + 1])}
    Round.objects.update(**ends)


# ---- numbers and their lists -----------------------------------------------------------------------------


@pytest.mark.parametrize("closed", ["opens_at", "unit_close", "school_close"])
@pytest.mark.parametrize("level", ["national", "county", "school"])
def test_every_number_equals_the_list_it_leads_to(level: str, closed: str, county: Collection) -> None:
    past(closed)
    place = {"national": county.parent, "county": county, "school": county.children.filter(children__state=FINAL).first()}[level]
    assert place is not None
    role = {"national": "national_member", "county": "inspector", "school": "director"}[level]
    client = signed_in(place, role)
    found = numbers(page_of(client, place))
    assert len(found) == 6
    for many, address in found:
        assert len(whole_list(client, place, address)) == many, address
    if level == "county":
        counts = {address.split("#")[0].removeprefix("?"): many for many, address in found}
        assert counts["nivel=unitati&stare=redeschis"] == 10 and counts["nivel=unitati&stare=la-risc"] == 5
        assert counts["nivel=unitati&stare=cerut"] == 10 and counts["nivel=scoli&stare=fara-cont"] == SCHOOLS
        assert (counts["nivel=unitati&stare=intarziat"] > 0) == (closed != "opens_at")


@pytest.mark.parametrize("state", list(boards.FILTERS))
@pytest.mark.parametrize("level", ["scoli", "unitati"])
def test_every_filter_shows_what_it_says_and_how_much_that_is(state: str, level: str, client: Client, county: Collection) -> None:
    query = f"?nivel={level}&stare={state}"
    page, shown = page_of(client, county, query), whole_list(client, county, query)
    total = SCHOOLS if level == "scoli" else 80
    assert f"{len(shown)} din {total}" in page
    admits = boards.FILTERS[state][1]
    lines = boards.listed(county, {"scoli": "school", "unitati": "unit"}[level])
    assert sorted(shown) == sorted(line.row.name for line in lines if admits(line))


def test_units_without_a_filter_are_all_there_once(client: Client, county: Collection) -> None:
    units = Collection.objects.filter(path__startswith=county.path, level=Level.UNIT).order_by("sort_key", "pk")
    assert whole_list(client, county, "?nivel=unitati") == list(units.values_list("name", flat=True))


# ---- what counts as what ---------------------------------------------------------------------------------


def line_of(county: Collection, row: Collection) -> boards.Line[boards.Row]:
    return next(line for line in boards.listed(county, row.level) if line.row.pk == row.pk)


def fresh_unit(county: Collection) -> Collection:
    return Collection.objects.filter(path__startswith=county.path, level=Level.UNIT, progress="not_started", blocked=False, exempt=False).first()  # type: ignore[return-value]


def test_a_place_is_late_from_its_own_limit_on_until_it_is_final(county: Collection) -> None:
    unit = fresh_unit(county)
    school = unit.parent
    assert school is not None and not line_of(county, unit).late
    past("unit_close")
    county.refresh_from_db()
    assert line_of(county, unit).late and not line_of(county, school).late
    Collection.objects.filter(pk=unit.pk).update(state=FINAL)
    assert not line_of(county, unit).late
    past("school_close")
    county.refresh_from_db()
    assert line_of(county, school).late


def test_an_extension_keeps_its_own_place_from_being_late_until_it_ends(county: Collection) -> None:
    unit = fresh_unit(county)
    past("unit_close")
    county.refresh_from_db()
    person = User.objects.create_user("x@example.ro", "Ion Pop")
    assert unit.parent is not None
    for above in (unit.parent, county):
        Extension.objects.create(collection=above, until=timezone.now() + timedelta(days=3), reason="Inundație.", given_by=person)
    assert line_of(county, unit).late
    given = Extension.objects.create(collection=unit, until=timezone.now() + timedelta(days=3), reason="Inundație.", given_by=person)
    assert not line_of(county, unit).late
    Extension.objects.filter(pk=given.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert line_of(county, unit).late
    Extension.objects.filter(pk=given.pk).update(until=timezone.now() + timedelta(days=3), section="extended")
    assert line_of(county, unit).late


@pytest.mark.parametrize("where", ["unit", "school", "county"])
def test_what_is_exempt_or_below_it_is_never_late(where: str, county: Collection) -> None:
    unit = fresh_unit(county)
    past("unit_close")
    county.refresh_from_db()
    held = {"unit": unit, "school": unit.parent, "county": county}[where]
    assert held is not None and line_of(county, unit).late
    Collection.objects.filter(pk=held.pk).update(exempt=True)
    assert not line_of(county, unit).late


def test_a_reopened_place_is_late_only_after_corrections_end(county: Collection) -> None:
    past("unit_close")
    county.refresh_from_db()
    reopened = Collection.objects.filter(path__startswith=county.path, level=Level.UNIT, reopened=True)[0]
    assert not line_of(county, reopened).late
    past("amend_until")
    county.refresh_from_db()
    assert line_of(county, reopened).late


def test_a_school_begins_with_its_first_unit_and_is_complete_with_its_last(county: Collection) -> None:
    school = county.children.filter(children__progress="not_started").first()
    assert school is not None
    units = Collection.objects.filter(parent=school)
    units.update(state="open", progress="not_started", blocked=False, exempt=False, reopened=False, classes_submitted=0, extended="optional")
    assert line_of(county, school).state == "not_started"
    units.filter(pk=units[0].pk).update(progress="in_progress")
    assert line_of(county, school).state == "in_progress"
    units.update(state=FINAL, progress="complete")
    assert line_of(county, school).state == "complete"
    Collection.objects.filter(pk=school.pk).update(state=FINAL)
    assert line_of(county, school).state == "finalised"


def test_only_the_latest_figures_put_a_unit_at_risk(county: Collection) -> None:
    result = Result.objects.filter(at_risk=True)[0]
    assert line_of(county, result.collection).counts.at_risk == 1
    assert result.collection.parent is not None
    assert line_of(county, result.collection.parent).counts.at_risk >= 1
    Result.objects.filter(pk=result.pk).update(superseded_at=timezone.now())
    assert line_of(county, result.collection).counts.at_risk == 0


# ---- searching, sorting, paging --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["școala țâșnea", "SCOALA TASNEA", "  şcoala   ŢÂŞNEA ", "0161999995", "tasnea 0161999995"])
def test_places_are_found_by_name_or_code_whatever_the_diacritics(typed: str, client: Client, county: Collection) -> None:
    unit = fresh_unit(county)
    Collection.objects.filter(pk=unit.pk).update(name="Școala „Țâșnea Vodă”", code="0161999995")
    page = client.get(f"/colectare/{county.pk}/", {"nivel": "unitati", "q": typed}).content.decode()
    assert names(html.unescape(page)) == ["Școala „Țâșnea Vodă”"] and "1 din 80" in page


def test_columns_sort_both_ways_and_say_which(client: Client, county: Collection) -> None:
    up = whole_list(client, county, "?nivel=unitati&ordine=elevi")
    lines = {line.row.name: line for line in boards.listed(county, "unit")}
    assert [lines[name].counts.pupils for name in up] == sorted(line.counts.pupils for line in lines.values())
    down = whole_list(client, county, "?nivel=unitati&ordine=-elevi")
    assert [lines[name].counts.pupils for name in down] == sorted((line.counts.pupils for line in lines.values()), reverse=True)
    page = page_of(client, county, "?nivel=unitati&ordine=-elevi&stare=in-lucru")
    head = page.split('id="lista"')[1].split("</thead>")[0]
    assert (
        head.count("aria-sort") == 1
        and 'aria-sort="descending"><a class="sort" href="?nivel=unitati&ordine=elevi&stare=in-lucru#lista">Elevi' in head
    )
    assert 'href="?nivel=unitati&ordine=nume&stare=in-lucru#lista">Denumirea' in head
    assert '<caption class="vh">Unități: în lucru</caption>' in page
    for order in boards.SORTS:
        assert len(whole_list(client, county, f"?nivel=scoli&ordine={order}")) == SCHOOLS


def test_pages_keep_the_filter_the_search_and_the_order(client: Client, county: Collection) -> None:
    page = page_of(client, county, "?nivel=unitati&ordine=-elevi&q=a")
    assert "Pagina 1 din 2" in page and 'href="?nivel=unitati&ordine=-elevi&q=a&pagina=2#lista"' in page
    assert len(names(page)) == 50
    last = page_of(client, county, "?nivel=unitati&ordine=-elevi&q=a&pagina=99")
    assert "Pagina 2 din 2" in last and not set(names(page)) & set(names(last)) - set(names(page))


@pytest.mark.parametrize("nonsense", ["?stare=x&ordine=x&nivel=x&pagina=x", "?stare=%00&q=%00&ordine=--elevi&pagina=-1", "?q=" + "a" * 5000])
def test_nonsense_in_the_address_shows_a_list(nonsense: str, client: Client, county: Collection) -> None:
    assert "din 60" in page_of(client, county, nonsense)


def test_an_empty_list_says_so_and_leads_back(client: Client, county: Collection) -> None:
    page = page_of(client, county, "?nivel=unitati&q=nimic%20nu%20se%20cheama%20asa")
    assert "Niciun loc nu corespunde filtrului ales." in page and 'href="?nivel=unitati#lista">Arătați toate' in page


def test_what_may_be_done_is_offered_beside_each_place(client: Client, county: Collection) -> None:
    page = page_of(client, county, "?nivel=unitati&stare=neinceput")
    unit = boards.filtered(boards.listed(county, "unit"), "neinceput", "")[0].row
    assert f"/colectare/{unit.pk}/act/exempt/" in page and f"/colectare/{unit.pk}/act/block/" not in page
    school = boards.listed(county, "school")[0].row
    assert f"/colectare/{school.pk}/act/block/" in page_of(client, county)


# ---- size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["?q=a&stare=neinceput", "?nivel=unitati&ordine=-elevi"])
def test_a_board_asks_as_often_for_sixty_schools_as_for_three(query: str, county: Collection) -> None:
    past("school_close")
    asked = []
    for one in (county, Collection.objects.select_related("place").get(level=Level.COUNTY, code="AR")):
        client = signed_in(one, "inspector")
        page_of(client, one, query)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, one, query)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 45


def test_places_without_a_collection_or_of_classes_are_no_lines(county: Collection) -> None:
    assert Collection.objects.filter(level=CLASS, path__startswith=county.path).exists() and Place.objects.count() > 0
    assert {line.row.level for line in boards.listed(county, "unit")} == {"unit"}
