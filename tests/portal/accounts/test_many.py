"""Inviting and reminding many: from a file, with the list of who is missing, in waves."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import xlsxwriter
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import services
from portal.accounts.models import Invitation
from portal.network.models import Level, Place
from portal.outbox import services as outbox
from portal.outbox.models import Job
from tests.portal.people import Cast

Browser = Callable[[str], Client]
Mails = Callable[[], list[EmailMessage]]


def workbook(rows: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def uploaded(content: bytes, name: str = "lista.xlsx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "rows": ""}


def address(cast: Cast, place: str) -> str:
    return reverse("accounts:invite_many", args=[cast.places[place].pk])


LISTED = [["Lista directorilor"], [], ["Denumire", "Cod SIIIR", "Email", "Nume și prenume"],
          ["Blaj", 161100018, "Nou.Blaj@example.ro", "Noul Director"], ["Sebeș", "0161100027", "nou.sebes@example.ro", ""], []]  # fmt: skip


def test_a_workbook_is_read_by_its_headings_looked_at_and_sent(cast: Cast, browser_of: Browser, mails: Mails) -> None:
    browser = browser_of("ioana")
    looked = browser.post(address(cast, "alba"), uploaded(workbook(LISTED))).content.decode()
    assert "Trimiteți 2 invitații" in looked and "0161100018\tnou.blaj@example.ro".casefold() in looked.casefold()
    assert mails() == [] and not Invitation.objects.exists()
    rows = looked[looked.index('<textarea name="rows"') :].partition(">")[2].partition("</textarea>")[0].strip("\n")
    browser.post(address(cast, "alba"), {"rows": rows, "trimiteti": "da"})
    assert set(Invitation.objects.values_list("email", "place__code", "role", "full_name")) == {
        ("nou.blaj@example.ro", "0161100018", "director", "Noul Director"), ("nou.sebes@example.ro", "0161100027", "director", ""),
    }  # fmt: skip
    assert len(mails()) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1250"])
def test_a_text_file_is_read_as_well(encoding: str, cast: Cast, browser_of: Browser) -> None:
    text = "Cod;Numele;E-mail\n0161100018;Ana Ştefănescu;ana@example.ro\n".encode(encoding)
    looked = browser_of("ioana").post(address(cast, "alba"), uploaded(text, "lista.csv")).content.decode()
    assert "Trimiteți 1 invitație" in looked and "Ana Ștefănescu" in looked


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7", "Acesta este un document PDF"),
        (b"PK\x03\x04 rupt", "deteriorat"),
        (b"", "Fișierul este gol."),
        (workbook([["Denumire", "Persoana"], ["Blaj", "Ana"]]), "Alegeți coloana pentru „E-mail”."),
    ],
    ids=["pdf", "broken", "empty", "no columns"],
)
def test_a_file_that_is_no_list_is_refused_and_nothing_is_sent(content: bytes, said: str, cast: Cast, browser_of: Browser, mails: Mails) -> None:
    answer = browser_of("ioana").post(address(cast, "alba"), uploaded(content) | {"trimiteti": "da"})
    assert answer.status_code == 422 and said in answer.content.decode() and "Există o problemă" in answer.content.decode()
    assert mails() == [] and not Invitation.objects.exists()


def test_nothing_given_is_said(cast: Cast, browser_of: Browser) -> None:
    assert "Alegeți un fișier, lipiți lista" in browser_of("ioana").post(address(cast, "alba"), {"rows": " "}).content.decode()


def test_the_list_of_who_is_missing_comes_back_filled_in(cast: Cast, browser_of: Browser) -> None:
    Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code="0161900007", name="=Școala „Nouă”; Aiud")
    browser = browser_of("ioana")
    answer = browser.get(reverse("accounts:missing", args=[cast.places["alba"].pk]))
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"].startswith("attachment")
    assert text.splitlines() == ["Cod;E-mail;Numele;Denumirea", '0161900007;;;"\'=Școala „Nouă”; Aiud"']
    filled = text.replace("0161900007;;", "0161900007;nou@example.ro;").encode("utf-8-sig")
    assert "Trimiteți 1 invitație" in browser.post(address(cast, "alba"), uploaded(filled, "fara-cont.csv")).content.decode()


@pytest.mark.parametrize("stranger", ["andrei", "maria", "carmen", "dan", "rodica"])
def test_only_who_names_below_gets_the_list(stranger: str, cast: Cast, browser_of: Browser) -> None:
    assert browser_of(stranger).get(reverse("accounts:missing", args=[cast.places["alba"].pk])).status_code in (403, 404)


@pytest.mark.parametrize(
    ("person", "place", "leader", "missing"),
    [("maria", "country", "cornel", "Inspectoratul Școlar Județean Cluj"), ("gelu", "alba", "doina", "Nr. 2 Sebeș"), ("ioana", "alba", "doina", "Nr. 2 Sebeș"), ("dan", "blaj", "tudor", "Școala Primară Tiur")],
)  # fmt: skip
def test_each_level_sees_who_directly_below_has_no_account(
    person: str, place: str, leader: str, missing: str, cast: Cast, browser_of: Browser
) -> None:
    page = reverse("accounts:place", args=[cast.places[place].pk])
    browser = browser_of(person)
    assert browser.get(page, {"situatia": "missing"}).context["page"].paginator.count == 0
    role = cast.role(leader)
    role.ended_at = timezone.now()
    role.save()
    listed = browser.get(page, {"situatia": "missing"})
    assert [line.place for line in listed.context["page"]] == [role.place] and missing in listed.content.decode()


def test_reminders_leave_in_waves(cast: Cast, browser_of: Browser, settings: LazySettings, mailoutbox: list[EmailMessage]) -> None:
    """150 schools are reminded with one click; not 150 mails at once."""
    settings.OUTBOX_RATES = {"mail": 40}
    yesterday = timezone.now() - timedelta(days=1)
    for number in range(150):
        school = Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code=f"01619{number:05d}", name=f"Școala Nr. {number}")
        services.invite(by=cast["ioana"], place=school, role="director", email=f"director{number}@example.ro", at=yesterday)
    Job.objects.all().delete()
    answer = browser_of("ioana").post(reverse("accounts:remind", args=[cast.places["alba"].pk]), follow=True)
    assert "Invitații trimise din nou: 150." in answer.content.decode()
    waves = []
    for _minute in range(6):
        before = len(mailoutbox)
        while outbox.sweep():
            pass
        waves.append(len(mailoutbox) - before)
        Job.objects.update(started_at=timezone.now() - timedelta(seconds=61))  # a minute later
    assert waves == [40, 40, 40, 30, 0, 0]
    assert len({mail.to[0] for mail in mailoutbox}) == 150
