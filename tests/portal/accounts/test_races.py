"""Two people at the same moment, on a database with real concurrency (PostgreSQL; SQLite lets one writer in at a time)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from portal.accounts import services
from portal.accounts.models import Invitation, Membership, User
from tests.portal import racing
from tests.portal.people import PASSWORD, Cast, make_cast

pytestmark = [
    pytest.mark.services,  # run on PostgreSQL by tests/services/test_races.py
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]
ROUNDS = 8


@pytest.fixture
def country(transactional_db: None) -> Cast:
    return make_cast()


def at_once(*acts: Callable[[], object]) -> list[str]:
    return racing.at_once(*acts, code=lambda error: error.code if isinstance(error, services.Refusal) else None)


def invited(country: Cast, email: str) -> Invitation:
    return services.invite(by=country["dan"], place=country.places["tiur"], role="unit_manager", email=email)[0]


def join(invitation: Invitation) -> Callable[[], object]:
    return lambda: services.accept_with_new_account(invitation, full_name="Noua Persoană", phone="+40722123456", password=PASSWORD)


def test_one_invitation_accepted_by_three_browsers_makes_one_account(country: Cast) -> None:
    for turn in range(ROUNDS):
        invitation = invited(country, f"nou{turn}@example.ro")
        outcomes = at_once(*[join(invitation)] * 3)
        assert sorted(outcomes) == ["done", "over", "over"]
        assert Membership.objects.filter(user__email=invitation.email).count() == 1


def test_two_invitations_of_one_new_address_make_one_account(country: Cast) -> None:
    for turn in range(ROUNDS):
        first = invited(country, f"nou{turn}@example.ro")
        second, _created = services.invite(by=country["dan"], place=country.places["blaj_unit"], role="unit_manager", email=first.email)
        outcomes = at_once(join(first), join(second))
        assert sorted(outcomes) == ["account_exists", "done"]
        assert User.objects.filter(email=first.email).count() == 1


def test_an_address_invited_by_two_people_has_one_invitation(country: Cast) -> None:
    Membership.objects.create(user=country["doina"], place=country.places["blaj"], role="director")
    for turn in range(ROUNDS):
        ask = {"place": country.places["tiur"], "role": "unit_manager", "email": f"nou{turn}@example.ro"}
        outcomes = at_once(*[lambda who=who, ask=ask: services.invite(by=country[who], **ask) for who in ("dan", "doina", "dan")])
        assert outcomes == ["done"] * 3
        assert Invitation.objects.filter(email=ask["email"]).count() == 1


def test_no_invitation_outlives_the_role_that_makes_it(country: Cast) -> None:
    for turn in range(ROUNDS):
        membership = Membership.objects.create(user=country["doina"], place=country.places["blaj"], role="director")
        at_once(
            lambda turn=turn, membership=membership: services.invite(
                by=membership, place=country.places["tiur"], role="unit_manager", email=f"nou{turn}@example.ro"
            ),
            lambda membership=membership: services.end(membership, by=country["ioana"]),
        )
        assert not Invitation.objects.open_().filter(invited_by=membership).exists()


def test_withdrawing_and_accepting_never_both_win(country: Cast) -> None:
    for turn in range(ROUNDS):
        invitation = invited(country, f"nou{turn}@example.ro")
        at_once(join(invitation), lambda invitation=invitation: services.withdraw(invitation, by=country["dan"]))
        invitation.refresh_from_db()
        assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)
        assert Membership.objects.filter(user__email=invitation.email).exists() == (invitation.accepted_at is not None)


def test_two_national_members_cannot_end_each_other(country: Cast) -> None:
    for _turn in range(ROUNDS):
        Membership.objects.filter(role="national_member").delete()
        two = [Membership.objects.create(user=country[who], place=country.places["country"], role="national_member") for who in ("maria", "mihai")]
        at_once(lambda two=two: services.end(two[0], by=country["mihai"]), lambda two=two: services.end(two[1], by=country["maria"]))
        assert Membership.objects.held().filter(role="national_member").count() == 1
