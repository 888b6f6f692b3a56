"""The page an invitation leads to: looking changes nothing, accepting happens once and only for whom it is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import takewhile

import pytest
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import services, tokens
from portal.accounts.models import Invitation, Membership, User
from portal.accounts.services.invitations import link_token
from tests.portal.people import PASSWORD, Cast

FORM = {"full_name": "Noua  Persoană", "phone": "0722.123-456", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def invitation(cast: Cast) -> Invitation:
    return services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro", full_name="Noua Persoana")[0]


def page_of(invitation: Invitation) -> str:
    return reverse("accounts:invitation", args=[link_token(invitation)])


def roles_of(email: str) -> set[tuple[str, str]]:
    return set(Membership.objects.held().filter(user__email=email).values_list("place__name", "role"))


def test_looking_changes_nothing(invitation: Invitation, client: Client) -> None:
    for method in (client.get, client.head, client.options):
        method(page_of(invitation))
    invitation.refresh_from_db()
    assert invitation.state() == Invitation.State.PENDING and roles_of("nou@example.ro") == set()


def test_the_page_shows_role_place_and_address_and_asks_the_rest(invitation: Invitation, client: Client) -> None:
    answer = client.get(page_of(invitation))
    page = answer.content.decode()
    assert "Responsabil de unitate" in page and "Școala Primară Tiur" in page and "nou@example.ro" in page
    assert 'name="email" value="nou@example.ro"' in page and 'type="hidden"' in page
    assert "no-store" in answer["Cache-Control"] and answer["Referrer-Policy"] == "strict-origin"


def test_accepting_makes_the_account_and_signs_in(invitation: Invitation, client: Client) -> None:
    answer = client.post(page_of(invitation), FORM)
    assert answer.status_code == 302 and answer["Location"] == reverse("home")
    user = User.objects.get(email="nou@example.ro")
    assert (user.full_name, user.phone, user.check_password(PASSWORD)) == ("Noua Persoană", "+40722123456", True)
    assert roles_of("nou@example.ro") == {("Școala Primară Tiur", "unit_manager")}
    assert client.session["_auth_user_id"] == str(user.pk)


def test_what_is_posted_beside_the_form_gives_nothing(invitation: Invitation, client: Client, cast: Cast) -> None:
    more = {"email": "alt@example.ro", "role": "national_member", "place": cast.places["country"].pk, "is_active": "1"}
    client.post(page_of(invitation), FORM | more)
    assert roles_of("nou@example.ro") == {("Școala Primară Tiur", "unit_manager")}
    assert not User.objects.filter(email="alt@example.ro").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"full_name": ""}, "Scrieți numele și prenumele."),
        ({"full_name": "<script>alert(1)</script>"}, "numai cu litere"),
        ({"phone": "12345"}, "număr de telefon complet"),
        ({"phone": ""}, "Scrieți numărul de telefon."),
        ({"password1": "scurtă", "password2": "scurtă"}, "Parola este prea scurtă. Are nevoie de cel puțin 10 caractere."),
        ({"password1": "password123", "password2": "password123"}, "folosită de prea mulți oameni"),
        ({"password1": "nou@example.ro", "password2": "nou@example.ro"}, "Parola seamănă prea mult cu adresa de e-mail."),
        ({"password2": "altceva cu totul"}, "Cele două parole nu sunt la fel."),
    ],
)
def test_what_is_wrong_is_said_in_romanian_and_nothing_happens(wrong: dict[str, str], said: str, invitation: Invitation, client: Client) -> None:
    answer = client.post(page_of(invitation), FORM | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "<script>alert" not in page
    assert not User.objects.filter(email="nou@example.ro").exists()


def test_accepting_twice_is_once(invitation: Invitation, client: Client) -> None:
    client.post(page_of(invitation), FORM)
    again = client.post(page_of(invitation), FORM)
    assert again.status_code == 303  # the same person is simply led home
    stranger = Client().get(page_of(invitation))
    assert stranger.status_code == 410 and "a fost deja acceptată" in stranger.content.decode()
    assert Membership.objects.filter(user__email="nou@example.ro").count() == 1


def test_withdrawn_expired_and_orphaned_links_say_so(invitation: Invitation, client: Client, cast: Cast) -> None:
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post(page_of(invitation), FORM)
    assert answer.status_code == 410 and "Invitația a expirat" in answer.content.decode()
    Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    services.withdraw(invitation, by=cast["dan"])
    answer = client.post(page_of(invitation), FORM)
    assert answer.status_code == 410 and "a fost revocată" in answer.content.decode()
    assert not User.objects.filter(email="nou@example.ro").exists()


def test_an_invitation_dies_with_the_role_that_made_it(invitation: Invitation, client: Client, cast: Cast) -> None:
    assert services.end(cast.role("dan"), by=cast["ioana"]) == 1
    assert client.post(page_of(invitation), FORM).status_code == 410
    assert roles_of("nou@example.ro") == set()


def test_an_account_that_exists_signs_in_and_confirms(cast: Cast, client: Client, browser_of: Callable[[str], Client]) -> None:
    invitation, _created = services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="RODICA@example.ro")
    outside = client.get(page_of(invitation)).content.decode()
    assert "Intrați în cont ca să acceptați invitația" in outside and f"?next={page_of(invitation).replace('/', '%2F')}" in outside
    assert client.post(page_of(invitation), FORM).status_code == 200  # no second account, no other password
    browser = browser_of("rodica")
    assert "Acceptați invitația?" in browser.get(page_of(invitation)).content.decode()
    assert roles_of("rodica@example.ro") == {("Școala Gimnazială „Ion Exemplescu” Blaj", "unit_manager")}
    assert browser.post(page_of(invitation)).status_code == 303
    assert ("Școala Primară Tiur", "unit_manager") in roles_of("rodica@example.ro")
    assert User.objects.get(email="rodica@example.ro").has_usable_password() is False


def test_somebody_else_who_is_signed_in_is_asked_and_gets_nothing(invitation: Invitation, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    browser = browser_of("tudor")
    asked = browser.get(page_of(invitation)).content.decode()
    assert "Invitația este pentru altă adresă" in asked and "tudor@example.ro" in asked and "Ieșiți din cont și continuați" in asked
    assert browser.post(page_of(invitation), FORM).status_code == 409
    assert not User.objects.filter(email="nou@example.ro").exists()
    left = browser.post(reverse("account_logout"), {"next": page_of(invitation)})
    assert left["Location"] == page_of(invitation)
    assert "Acceptați și faceți contul" in browser.get(page_of(invitation)).content.decode()


def test_the_service_gives_a_role_to_nobody_else_either(invitation: Invitation, cast: Cast) -> None:
    with pytest.raises(services.Refusal) as refused:
        services.accept(invitation, by=cast["tudor"])
    assert refused.value.code == "other_person"


def test_tokens_cannot_be_guessed_or_borrowed(invitation: Invitation, client: Client) -> None:
    for token in (
        tokens.token("link", invitation.pk, 1),
        tokens.token("invitation", invitation.pk, 2),
        tokens.token("invitation", invitation.pk + 1, 1),
    ):
        assert token != link_token(invitation)
        assert client.get(reverse("accounts:invitation", args=[token])).status_code == 404
    for address in (f"/invitatii/{invitation.pk}/", f"/invitatii/{invitation.token_hash}/", "/invitatii//", f"/invitatii/{'a' * 31}/"):
        assert client.get(address).status_code == 404


def test_a_token_copied_in_capitals_still_works(invitation: Invitation, client: Client) -> None:
    assert client.get(reverse("accounts:invitation", args=[link_token(invitation).upper()])).status_code == 200


def test_guessing_is_slowed_and_good_links_are_not(invitation: Invitation, client: Client) -> None:
    guesses = (client.get(reverse("accounts:invitation", args=[tokens.token("guess", guess, 1)])).status_code for guess in range(100))
    answers = list(takewhile(lambda status: status == 404, guesses))
    assert 30 <= len(answers) < 100  # 30 in a minute of the clock, so up to 60 where the minute turns
    assert client.get(page_of(invitation)).status_code == 200


@contextmanager
def rival(act: Callable[[], object]) -> Iterator[None]:
    """Something that another request does between our look at the database and our insert."""

    def strike(instance: User, **kwargs: object) -> None:
        pre_save.disconnect(strike, sender=User)
        act()

    pre_save.connect(strike, sender=User)
    try:
        yield
    finally:
        pre_save.disconnect(strike, sender=User)


def test_a_rival_who_takes_the_address_first_leaves_one_account(invitation: Invitation, client: Client) -> None:
    with rival(lambda: User.objects.bulk_create([User(email="nou@example.ro", full_name="Mai Repede")])):
        answer = client.post(page_of(invitation), FORM)
    assert answer.status_code == 303 and answer["Location"] == page_of(invitation)
    invitation.refresh_from_db()
    assert invitation.accepted_at is None and not Membership.objects.filter(user__email="nou@example.ro").exists()


def test_a_page_opened_before_the_withdrawal_accepts_nothing(invitation: Invitation, cast: Cast) -> None:
    stale = services.find(link_token(invitation))
    assert stale is not None
    services.withdraw(invitation, by=cast["dan"])
    with pytest.raises(services.Refusal) as refused:
        services.accept_with_new_account(stale, full_name="Noua Persoană", phone="+40722123456", password=PASSWORD)
    assert refused.value.code == "over"
