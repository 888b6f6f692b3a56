"""The letter that opens a round: a PDF for every inspectorate, mailed with its text to whoever works there, now or when somebody comes."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exports import letter, pdf, services
from exports.models import Document
from portal.accounts.models import Membership, User
from portal.accounts.services import invitations, joining
from portal.collection.models import Collection
from portal.collection.services import opening
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.rounds import letters, methodologies
from portal.rounds.letters import Block
from portal.rounds.models import Round
from portal.rounds.services import close_round, move_windows, rewrite_letter
from tests.exports.test_pdf import MARKUP, inflated, needs_poppler, text_of
from tests.portal.people import Cast, email_of, make_cast
from tests.portal.worked_round import draft_round, published

pytestmark = pytest.mark.django_db
PLAIN = "Către {inspectorat}\n\nÎncepe campania {an școlar}, cu ăâîșț și őű.\n\nVă rugăm:\n– să verificați;\n– să numiți.\n\nTermenul: {clase}."


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def round_(cast: Cast, folder: Path) -> Round:
    """In preparation, with a letter of its own."""
    methodologies.forget()
    made = draft_round(published())
    rewrite_letter(made, PLAIN)
    made.refresh_from_db()
    return made


def work() -> list[EmailMultiAlternatives]:
    """Lets the worker do everything; the mails that left."""
    while outbox.sweep():
        pass
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent  # type: ignore[return-value]


def opened(round_: Round) -> list[EmailMultiAlternatives]:
    opening.open_round(round_)
    round_.refresh_from_db()
    return work()


def join(cast: Cast, word: str, role: str, email: str, by: str) -> User:
    invitation, _new = invitations.invite(by=cast[by], place=cast.places[word], role=role, email=email)
    return joining.accept_with_new_account(invitation, full_name="Nou Venit", phone="0712345678", password="o parolă destul de lungă")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def round_page(user: User, round_: Round) -> str:
    return " ".join(browser(user).get(reverse("rounds:round", args=[round_.pk])).content.decode().split())


# ---- the document ----------------------------------------------------------------------------------------


def test_opening_makes_a_letter_to_every_inspectorate(round_: Round) -> None:
    opened(round_)
    documents = list(Document.objects.filter(kind="letter").order_by("collection__code"))
    assert [(one.collection.code, one.number, one.path.is_file()) for one in documents] == [("AB", 1, True), ("CJ", 1, True)]
    assert all(one.ready_at and one.size == one.path.stat().st_size and one.methodology_digest for one in documents)


@needs_poppler
def test_the_letter_on_paper_has_its_title_block_its_text_and_its_tags(round_: Round) -> None:
    opened(round_)
    path = Document.objects.get(kind="letter", collection__code="AB").path
    text = text_of(path)
    flat = " ".join(text.split())
    for words in ("Monitorizarea segregării școlare", "Deschiderea campaniei 2025-2026", "cu ăâîșț și őű", "– să verificați;", "Pagina 1 din 1"):
        assert words in flat, words
    assert flat.count("Inspectoratul Școlar Județean Alba") == 1 and not re.search("[şţŞŢ]", text)
    told = subprocess.run(["pdfinfo", "-struct-text", str(path)], check=True, capture_output=True, text=True).stdout
    assert all(part in told for part in ("H1", "Table", "TH", "L ", "LI"))
    inside = inflated(path.read_bytes())
    assert re.search(rb"pdfuaid:part[>=\"']+1", inside) and b"/Lang (ro)" in inside and inside.count(b"/FontFile") == 2
    info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    assert "A4" in info and re.search(r"Title:\s+Deschiderea campaniei 2025-2026", info)


@needs_poppler
def test_markup_in_a_letter_stays_text(round_: Round, tmp_path: Path) -> None:
    Round.objects.filter(pk=round_.pk).update(letter=MARKUP)
    opened(round_)
    flat = "".join(text_of(Document.objects.filter(kind="letter").first().path).split())  # type: ignore[union-attr]
    assert "".join(MARKUP.split()) in flat and "root:" not in flat


def test_counties_of_official_lists_are_addressed_as_inspectorates() -> None:
    assert letters.inspectorate("Alba") == "Inspectoratul Școlar Județean Alba"
    assert letters.inspectorate("București") == "Inspectoratul Școlar al Municipiului București"
    assert letters.inspectorate("Inspectoratul Școlar Județean Cluj") == "Inspectoratul Școlar Județean Cluj"


def test_a_text_is_read_as_paragraphs_and_lists() -> None:
    assert letters.blocks("Unu\ndoi\r\n\r\nTrei:\n– a\n - b\n\n\n\n• c\nd\n") == [
        Block("Unu\ndoi"), Block("Trei:"), Block(items=("a", "b")), Block(items=("c",)), Block("d")
    ]  # fmt: skip
    assert letters.blocks(" \n\n–\n") == []


# ---- mail ------------------------------------------------------------------------------------------------


def test_everybody_who_leads_or_works_in_an_inspectorate_gets_text_and_pdf(round_: Round) -> None:
    Membership.objects.filter(user__email=email_of("carmen")).update(ended_at=timezone.now())
    sent = opened(round_)
    assert sorted(one.to[0] for one in sent) == sorted(email_of(name) for name in ("gelu", "ioana", "cornel"))
    for one in sent:
        county = "Cluj" if one.to[0] == email_of("cornel") else "Alba"
        assert f"Către Inspectoratul Școlar Județean {county}" in one.body and "Începe campania 2025-2026, cu ăâîșț și őű." in one.body
        [(name, content, kind)] = one.attachments
        document = Document.objects.get(kind="letter", collection__place__name__contains=county)
        assert (name, content, kind) == (document.download_name, document.path.read_bytes(), "application/pdf")
    assert not any("Către" in str(job.payload) for job in Job.objects.all())
    assert work() == []


def without_general_inspector(cast: Cast) -> None:
    Membership.objects.filter(place=cast.places["cluj"]).update(ended_at=timezone.now())


def test_an_inspectorate_without_an_account_gets_its_letter_when_somebody_comes_to_lead_it(round_: Round, cast: Cast) -> None:
    without_general_inspector(cast)
    assert {one.to[0] for one in opened(round_)} == {email_of("gelu"), email_of("ioana")}
    assert "pleacă la primul inspector general care acceptă invitația" in round_page(cast["maria"], round_)
    user = join(cast, "cluj", "general_inspector", "nou@example.ro", by="maria")
    sent = [one for one in work() if "campania" in one.subject]
    assert [one.to for one in sent] == [["nou@example.ro"]] and sent[0].attachments
    cast.people["nou"] = user
    join(cast, "cluj", "inspector", "ajutor@example.ro", by="nou")
    join(cast, "alba", "inspector", "alt@example.ro", by="gelu")
    assert [one for one in work() if "campania" in one.subject] == []


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_outside_an_open_round_nobody_gets_a_letter_on_joining(state: str, round_: Round, cast: Cast) -> None:
    without_general_inspector(cast)
    if state == "closed":
        opened(round_)
        close_round(round_)
    join(cast, "cluj", "general_inspector", "nou@example.ro", by="maria")
    assert [one for one in work() if "campania" in one.subject] == []


def test_windows_that_moved_make_another_letter_and_the_first_is_kept_as_outdated(round_: Round, cast: Cast) -> None:
    without_general_inspector(cast)
    opened(round_)
    later = round_.class_close + timedelta(days=1)
    move_windows(round_, {"class_close": later})
    join(cast, "cluj", "general_inspector", "nou@example.ro", by="maria")
    [sent] = [one for one in work() if "campania" in one.subject]
    first, second = Document.objects.filter(kind="letter", collection__code="CJ").order_by("number")
    assert first.outdated_at is not None and first.path.is_file() and second.outdated_at is None
    assert sent.attachments[0][1] == second.path.read_bytes()
    assert services.issue_letter(Collection.objects.select_related("round__methodology").get(pk=second.collection_id)) == second


def test_a_mail_whose_pdf_cannot_be_made_waits_and_leaves_with_it_later(round_: Round, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> None:
        raise pdf.NotMade("Bibliotecile cu care se fac documentele PDF nu sunt instalate pe server.")

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "write", broken)
        assert opened(round_) == []
    assert set(Job.objects.filter(kind__in=["letter", "round_letter"]).values_list("state", flat=True)) == {"waiting"}
    Job.objects.filter(kind="letter", key=Document.objects.get(collection__code="AB").key).update(state="failed")
    page = round_page(cast["maria"], round_)
    assert "nu sunt instalate pe server" in page and "Încercați din nou" in page
    Job.objects.update(not_before=timezone.now())
    document = Document.objects.get(collection__code="AB")
    address = reverse("exports:try_again", args=[document.collection_id, document.pk])
    assert browser(cast["maria"]).post(address)["Location"] == reverse("rounds:round", args=[round_.pk])
    assert len(work()) == 4 and Document.objects.filter(ready_at=None).count() == 0


# ---- the page of the round -------------------------------------------------------------------------------


def test_letters_are_downloaded_from_the_page_of_the_round_by_those_who_see_the_county(round_: Round, cast: Cast) -> None:
    opened(round_)
    documents = {one.collection.code: one for one in Document.objects.filter(kind="letter")}
    address = {code: reverse("exports:download", args=[one.collection_id, one.pk]) for code, one in documents.items()}
    seen = {"maria": {"AB", "CJ"}, "anca": {"AB", "CJ"}, "ioana": {"AB"}, "cornel": {"CJ"}, "dan": set(), "rodica": set()}
    for name, codes in seen.items():
        page, client = round_page(cast[name], round_), browser(cast[name])
        assert {code for code in address if address[code] in page} == codes
        assert {code for code in address if client.get(address[code]).status_code == 200} == codes
    answer = browser(cast["maria"]).get(address["AB"])
    assert b"".join(answer.streaming_content) == documents["AB"].path.read_bytes()  # type: ignore[attr-defined]
    assert "trimisă la 2 persoane" in round_page(cast["maria"], round_)


def test_a_round_in_preparation_shows_no_letters_to_download(round_: Round, cast: Cast) -> None:
    assert "Scrisoarea de deschidere, ca PDF" not in round_page(cast["maria"], round_)


def test_the_digest_names_the_text_and_not_the_day(round_: Round, cast: Cast) -> None:
    opened(round_)
    county = Collection.objects.select_related("round__methodology").get(code="AB")
    today, tomorrow = (letter.letter_to(county, timezone.now() + timedelta(days=days)) for days in (0, 1))
    assert today.digest == tomorrow.digest and today.facts != tomorrow.facts
