"""Ending and replacing roles: rights go at once, invitations made under them too, and the country is never left without anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal.accounts import permissions, services
from portal.accounts.models import Invitation, Membership, User
from tests.portal.people import PEOPLE, Cast

# Whoever may name somebody may also end their role; the table of the ladder, person by person.
MAY_END = {
    "maria": {"maria", "mihai", "anca", "gelu", "cornel"},
    "gelu": {"ioana", "andrei", "dan", "doina"},
    "ioana": {"andrei", "dan", "doina"},
    "cornel": {"carmen", "teo"},
    "carmen": {"teo"},
    "dan": {"rodica", "tudor"},
    "doina": {"sorin"},
    "teo": {"titus"},
    "rodica": {"olga"},
}
WORDS = [word for word, *_rest in PEOPLE]


@pytest.mark.parametrize("person", WORDS)
def test_a_person_ends_exactly_the_roles_they_could_give(person: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    second = User.objects.create_user("a.doua@example.ro", "A Doua")  # so that Maria is not the last one
    Membership.objects.create(user=second, place=cast.places["country"], role="national_member")
    roles = {word: Membership.objects.filter(user=cast[word]).earliest("pk") for word in WORDS}
    browser = browser_of(person)
    offered = {word for word, role in roles.items() if browser.get(reverse("accounts:end_role", args=[role.pk])).status_code == 200}
    assert offered == MAY_END.get(person, set())
    for word in set(WORDS) - offered:
        with pytest.raises(services.Refusal):
            services.end(roles[word], by=cast[person])
    assert Membership.objects.filter(ended_at__isnull=False).count() == 0


def test_rights_end_at_once_also_in_a_browser_that_stays_open(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser, page = browser_of("dan"), reverse("accounts:place", args=[cast.places["blaj"].pk])
    assert browser.get(page).status_code == 200
    assert browser_of("ioana").post(reverse("accounts:end_role", args=[cast.role("dan").pk])).status_code == 303
    assert browser.get(page).status_code == 404
    assert "Nu aveți niciun rol acum" in browser.get(reverse("home")).content.decode()
    assert permissions.invitable_roles(cast["dan"], cast.places["tiur"]) == []


def test_ending_asks_first_and_says_what_dies_with_it(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro")
    address = reverse("accounts:end_role", args=[cast.role("dan").pk])
    question = browser_of("ioana").get(address).content.decode()
    assert "Încheiați rolul?" in question and "se revocă 1 invitație neacceptată" in question
    assert cast.role("dan").ended_at is None


def test_the_record_says_who_ended_it_and_stays(cast: Cast) -> None:
    membership = cast.role("dan")
    services.end(membership, by=cast["ioana"])
    services.end(membership, by=cast["gelu"])
    membership.refresh_from_db()
    assert membership.ended_at is not None and membership.ended_by == cast["ioana"]


def test_replacing_ends_and_invites_both_or_neither(cast: Cast, browser_of: Callable[[str], Client], mails: Callable[[], list[EmailMessage]]) -> None:
    browser, address = browser_of("ioana"), reverse("accounts:replace_role", args=[cast.role("dan").pk])
    refused = browser.post(address, {"email": "dan@example", "full_name": "Alt Director"})
    assert refused.status_code == 422 and cast.role("dan").ended_at is None
    answer = browser.post(address, {"email": "urmas@example.ro", "full_name": "Alt Director"})
    assert answer.status_code == 303
    assert not Membership.objects.held().filter(user=cast["dan"]).exists()
    invitation = Invitation.objects.get(email="urmas@example.ro")
    assert (invitation.place, invitation.role) == (cast.places["blaj"], "director")
    assert [mail.to for mail in mails()] == [["urmas@example.ro"]]


def test_replacing_somebody_by_another_who_already_has_the_role_ends_nothing(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    Membership.objects.create(user=cast["doina"], place=cast.places["blaj"], role="director")
    answer = browser_of("ioana").post(reverse("accounts:replace_role", args=[cast.role("dan").pk]), {"email": "doina@example.ro"})
    assert answer.status_code == 422 and "are deja rolul" in answer.content.decode()
    assert cast.role("dan").ended_at is None


def test_the_last_national_member_stays(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    answer = browser_of("maria").post(reverse("accounts:end_role", args=[cast.role("maria").pk]), follow=True)
    assert "singurul membru CNDIE" in answer.content.decode()
    assert cast.role("maria").ended_at is None
    Membership.objects.create(user=cast["mihai"], place=cast.places["country"], role="national_member")
    services.end(cast.role("maria"), by=cast["maria"])
    assert not Membership.objects.held().filter(user=cast["maria"]).exists()


def test_a_role_can_be_held_again_after_it_ended(cast: Cast) -> None:
    services.end(cast.role("tudor"), by=cast["dan"])
    invitation, _created = services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="tudor@example.ro")
    services.accept(invitation, by=cast["tudor"])
    assert cast.role("tudor").place == cast.places["tiur"]
    assert Membership.objects.filter(user=cast["tudor"]).count() == 2
