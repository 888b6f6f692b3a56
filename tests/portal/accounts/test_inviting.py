"""Inviting: once per address, mailed with a link that only the mail holds, sent again, withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import services
from portal.accounts.models import Invitation
from portal.accounts.services.invitations import link_token
from portal.outbox.models import Job
from tests.portal.people import Cast

Mails = Callable[[], list[EmailMessage]]


def invited(cast: Cast, email: str = "nou@example.ro") -> Invitation:
    return services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email=email, full_name="Noua Persoană")[0]


def test_an_invitation_is_mailed_with_its_link(cast: Cast, mails: Mails) -> None:
    invitation = invited(cast)
    (mail,) = mails()
    assert mail.to == ["nou@example.ro"]
    assert mail.subject == "Invitație: Responsabil de unitate, Școala Primară Tiur"
    assert "Bună ziua, Noua Persoană," in mail.body and "Dan Directoru" in mail.body
    assert f"/invitatii/{link_token(invitation)}/" in mail.body
    invitation.refresh_from_db()
    assert invitation.sent_at is not None


def test_nothing_stored_holds_the_token_or_the_address_of_a_job(cast: Cast) -> None:
    invitation = invited(cast)
    job = Job.objects.get(kind="invitation")
    stored = f"{Invitation.objects.filter(pk=invitation.pk).values().get()}"
    assert link_token(invitation) not in stored + str(job.payload) + job.key
    assert "nou@example.ro" not in str(job.payload) + job.key


def test_the_same_address_is_invited_once_whatever_its_case(cast: Cast, mails: Mails) -> None:
    first = invited(cast, "Nou@Example.RO")
    assert first.email == "nou@example.ro"
    again, created = services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="  NOU@example.ro ")
    assert (again, created) == (first, False)
    assert len(mails()) == 1


def test_whoever_has_the_role_is_not_invited_to_it(cast: Cast) -> None:
    with pytest.raises(services.Refusal) as refused:
        services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="TUDOR@example.ro")
    assert refused.value.code == "held"


def test_an_expired_invitation_is_renewed_by_inviting_again(cast: Cast, mails: Mails) -> None:
    late = timezone.now() - timedelta(days=20)
    old, _created = services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro", at=late)
    assert old.state() == Invitation.State.EXPIRED and mails() == []
    again, created = services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro")
    assert again.pk == old.pk and not created and again.state() == Invitation.State.PENDING
    assert len(mails()) == 1


def test_sending_again_keeps_the_link_and_moves_the_end(cast: Cast, mails: Mails) -> None:
    invitation = invited(cast)
    mails()
    token, later = link_token(invitation), timezone.now() + timedelta(days=3)
    assert services.resend(invitation, by=cast["dan"], at=later)
    invitation.refresh_from_db()
    assert link_token(invitation) == token and invitation.expires_at == later + timedelta(days=14)


def test_two_clicks_are_one_mail(cast: Cast, mails: Mails, browser_of: Callable[[str], Client]) -> None:
    invitation = invited(cast)
    browser = browser_of("dan")
    for _click in range(2):
        answer = browser.post(reverse("accounts:resend", args=[invitation.pk]), follow=True)
        assert "acum câteva minute" in answer.content.decode()
    assert len(mails()) == 1


def test_a_withdrawn_invitation_is_not_mailed_any_more(cast: Cast, mails: Mails) -> None:
    invitation = invited(cast)
    services.withdraw(invitation, by=cast["dan"])
    assert mails() == []
    with pytest.raises(services.Refusal):
        services.resend(invitation, by=cast["dan"], at=timezone.now() + timedelta(days=1))


def test_after_withdrawing_the_same_person_gets_another_link(cast: Cast) -> None:
    first = invited(cast)
    services.withdraw(first, by=cast["dan"])
    second = invited(cast)
    assert second.pk != first.pk and link_token(second) != link_token(first)


@pytest.mark.parametrize("stranger", ["doina", "rodica", "tudor", "andrei", "cornel"])
def test_only_who_may_name_the_role_sends_again_or_withdraws(stranger: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    invitation = invited(cast)
    with pytest.raises(services.Refusal):
        services.withdraw(invitation, by=cast[stranger])
    with pytest.raises(services.Refusal):
        services.resend(invitation, by=cast[stranger])
    for page in ("accounts:withdraw", "accounts:resend"):
        assert browser_of(stranger).post(reverse(page, args=[invitation.pk])).status_code in (403, 404)
    invitation.refresh_from_db()
    assert invitation.state() == Invitation.State.PENDING


def test_an_inspector_who_sees_the_unit_is_told_why_not(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    answer = browser_of("ioana").get(reverse("accounts:withdraw", args=[invited(cast).pk]))
    assert answer.status_code == 403
    assert "Nu aveți acces" in answer.content.decode()


def test_withdrawing_asks_first(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    invitation = invited(cast)
    address = reverse("accounts:withdraw", args=[invitation.pk])
    question = browser_of("dan").get(address)
    assert "Revocați invitația?" in question.content.decode()
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    assert browser_of("dan").post(address).status_code == 303
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None


def test_reminding_touches_only_those_without_an_answer(cast: Cast, mails: Mails, browser_of: Callable[[str], Client]) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    services.end(cast.role("tudor"), by=cast["dan"])
    services.invite(by=cast["dan"], place=cast.places["tiur"], role="unit_manager", email="nou@example.ro", at=yesterday)
    services.invite(
        by=cast["dan"], place=cast.places["blaj_unit"], role="unit_manager", email="inca@example.ro", at=yesterday
    )  # led by Rodica already
    mails()
    address = reverse("accounts:remind", args=[cast.places["blaj"].pk])
    question = browser_of("dan").get(address).content.decode()
    assert "Pleacă 1 mesaj" in question and "nou@example.ro" in question and "inca@example.ro" not in question
    answer = browser_of("dan").post(address, follow=True).content.decode()
    assert "Invitații trimise din nou: 1." in answer
    assert [mail.to for mail in mails()] == [["nou@example.ro"]]


@pytest.mark.parametrize("stranger", ["ioana", "rodica", "doina", "maria", "andrei"])
def test_only_who_names_below_reminds(stranger: str, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    answer = browser_of(stranger).post(reverse("accounts:remind", args=[cast.places["blaj"].pk]))
    assert answer.status_code in (403, 404)


def test_a_refused_form_keeps_what_was_typed(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    typed = {"email": "fără arond", "full_name": "Ana Ștefănescu", "role": "operator"}
    answer = browser_of("rodica").post(reverse("accounts:invite", args=[cast.places["blaj_unit"].pk]), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r"<title>Eroare: ", page) and "Există o problemă" in page
    assert 'value="fără arond"' in page and 'value="Ana Ștefănescu"' in page
    assert 'href="#id_email"' in page
