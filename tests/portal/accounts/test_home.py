"""The first page leads each to their place; help names the people one level up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Membership
from portal.accounts.services import end
from tests.portal.people import Cast

Browser = Callable[[str], Client]


def test_a_stranger_learns_what_this_is_and_where_to_go(client: Client, db: None) -> None:
    page = client.get("/").content.decode()
    for address in (reverse("account_login"), reverse("help"), reverse("rounds:methodologies"), reverse("ui:privacy"), reverse("ui:accessibility")):
        assert f'href="{address}"' in page
    assert "Nu vă trebuie cont." in page


def test_one_role_leads_straight_to_its_place(cast: Cast, browser_of: Browser) -> None:
    assert browser_of("tudor").get("/")["Location"] == reverse("accounts:place", args=[cast.places["tiur"].pk])
    assert browser_of("tudor").get("/oameni/")["Location"] == reverse("accounts:place", args=[cast.places["tiur"].pk])


def test_several_places_are_offered(cast: Cast, browser_of: Browser) -> None:
    Membership.objects.create(user=cast["dan"], place=cast.places["blaj_unit"], role="unit_manager")
    Membership.objects.create(user=cast["dan"], place=cast.places["blaj_unit"], role="operator")
    page = browser_of("dan").get("/").content.decode()
    assert "Alegeți unde lucrați acum" in page and "Responsabil de unitate, Operator" in page
    for place in ("blaj", "blaj_unit"):
        assert f'href="{reverse("accounts:place", args=[cast.places[place].pk])}"' in page
    assert "<span>Director, Responsabil de unitate, Operator · Școala Gimnazială „Ion Exemplescu” Blaj</span>" in page.replace("&quot;", '"')


def test_roles_at_many_places_are_counted_in_the_header(cast: Cast, browser_of: Browser) -> None:
    Membership.objects.create(user=cast["dan"], place=cast.places["sebes"], role="director")
    assert "2 roluri, la 2 locuri" in browser_of("dan").get("/").content.decode()


def test_an_account_without_roles_is_told_so(cast: Cast, browser_of: Browser) -> None:
    browser = browser_of("tudor")
    end(cast.role("tudor"), by=cast["dan"])
    page = browser.get("/").content.decode()
    assert "Nu aveți niciun rol acum." in page and "Fără rol" in page and 'href="/oameni/"' not in page
    assert browser.get("/oameni/").status_code == 200


@pytest.mark.parametrize(
    ("person", "helper"),
    [
        ("olga", "Rodica Responsabilu"),
        ("rodica", "Dan Directoru"),
        ("dan", "Gelu Inspector-Șef"),
        ("andrei", "Ioana Inspectoru"),
        ("gelu", "Maria Comisaru"),
        ("mihai", "Maria Comisaru"),
    ],
)
def test_help_names_who_stands_one_level_up(person: str, helper: str, cast: Cast, browser_of: Browser) -> None:
    page = browser_of(person).get(reverse("help")).content.decode()
    assert helper in page and "0722 123 456" in page


def test_help_climbs_over_a_level_without_people(cast: Cast, browser_of: Browser) -> None:
    end(cast.role("dan"), by=cast["ioana"])
    assert "Ioana Inspectoru" in browser_of("tudor").get(reverse("help")).content.decode()


def test_help_tells_a_stranger_no_names(cast: Cast, client: Client) -> None:
    page = client.get(reverse("help")).content.decode()
    assert "Cine pe cine ajută" in page and not any(user.full_name in page or user.email in page for user in cast.people.values())
