"""Invitations are no ladder: nobody climbs, nobody steps sideways. Every person of the cast tries every role at every place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts import permissions, services
from portal.accounts.models import Invitation
from portal.accounts.roles import ROLES
from tests.portal.people import PEOPLE, PLACES, Cast

# The whole table of who may name whom, as the rules have it. Whoever is missing may name nobody.
MAY_NAME: dict[str, set[tuple[str, str]]] = {
    "maria": {
        ("country", "national_member"),
        ("country", "methodologist"),
        ("country", "analyst"),
        ("alba", "general_inspector"),
        ("cluj", "general_inspector"),
    },
    "gelu": {("alba", "inspector"), ("alba", "analyst"), ("blaj", "director"), ("sebes", "director")},
    "ioana": {("alba", "analyst"), ("blaj", "director"), ("sebes", "director")},
    "cornel": {("cluj", "inspector"), ("cluj", "analyst"), ("turda", "director")},
    "carmen": {("cluj", "analyst"), ("turda", "director")},
    "dan": {("blaj_unit", "unit_manager"), ("tiur", "unit_manager")},
    "doina": {("sebes_unit", "unit_manager")},
    "teo": {("turda_unit", "unit_manager")},
    "rodica": {("blaj_unit", "operator")},
    "tudor": {("tiur", "operator")},
    "sorin": {("sebes_unit", "operator")},
    "titus": {("turda_unit", "operator")},
}
WORDS = [word for word, *_rest in PEOPLE]
EVERYWHERE = [(place, role) for place, *_rest in PLACES for role in ROLES]
FITTING = [(place, role) for place, level, *_rest in PLACES for role in ROLES if level in ROLES[role].levels] + [
    ("tiur", "director"),
    ("alba", "national_member"),
]


@pytest.mark.parametrize("person", WORDS)
def test_a_person_names_exactly_whom_the_table_says(person: str, cast: Cast) -> None:
    made = set()
    for place, role in EVERYWHERE:
        try:
            services.invite(by=cast[person], place=cast.places[place], role=role, email="nou@example.ro")
            made.add((place, role))
        except services.Refusal as refusal:
            assert refusal.code == "rank"
    assert made == MAY_NAME.get(person, set())


@pytest.mark.parametrize("person", WORDS)
def test_the_page_offers_exactly_whom_the_table_says(person: str, cast: Cast) -> None:
    offered = {(word, role) for word, place in cast.places.items() for role in permissions.invitable_roles(cast[person], place)}
    assert offered == MAY_NAME.get(person, set())


@pytest.mark.parametrize("person", WORDS)
def test_a_raw_request_gets_no_further_than_the_page(person: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser = browser_of(person)
    for place, role in FITTING:
        answer = browser.post(reverse("accounts:invite", args=[cast.places[place].pk]), {"email": "nou@example.ro", "role": role})
        allowed = (place, role) in MAY_NAME.get(person, set())
        assert answer.status_code in ((303,) if allowed else (403, 404, 422)), (place, role)
    made = Invitation.objects.values_list("place__code", "place__level", "role")
    expected = {(cast.places[place].code, cast.places[place].level, role) for place, role in MAY_NAME.get(person, set())}
    assert set(made) == expected


def test_a_role_named_by_its_membership_gives_only_what_that_role_gives(cast: Cast) -> None:
    with pytest.raises(services.Refusal):
        services.invite(by=cast.role("dan"), place=cast.places["sebes_unit"], role="unit_manager", email="nou@example.ro")
    invitation, created = services.invite(by=cast.role("dan"), place=cast.places["tiur"], role="unit_manager", email="nou@example.ro")
    assert created and invitation.invited_by == cast.role("dan")


def test_what_was_ended_names_nobody(cast: Cast) -> None:
    membership = cast.role("dan")
    services.end(membership, by=cast["ioana"])
    for by in (cast["dan"], membership):
        with pytest.raises(services.Refusal):
            services.invite(by=by, place=cast.places["tiur"], role="unit_manager", email="nou@example.ro")


def test_a_closed_place_takes_nobody(cast: Cast) -> None:
    place = cast.places["tiur"]
    place.closed_on = "2026-09-01"
    place.save()
    with pytest.raises(services.Refusal) as refused:
        services.invite(by=cast["dan"], place=place, role="unit_manager", email="nou@example.ro")
    assert refused.value.code == "closed"
