"""Contact: what is not taken in – personal data, other files, too much – is said, and nothing is half kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.contact import services
from portal.contact.models import Ticket, TicketFile
from portal.network.models import Level, Place
from portal.outbox.models import Job
from tests.engine.test_personal_data import CODE
from tests.portal.contact.questions import PNG, Browser, Mails, address, asked, link_of, stranger
from tests.portal.people import Cast

# ---- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("personal", [CODE, f"{CODE}.0", " ".join(CODE), "mama: 0733 123 456", "ion@example.ro"])
@pytest.mark.parametrize("field", ["subject", "text"])
def test_nothing_personal_is_taken_in(field: str, personal: str, cast: Cast, client: Client) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur", **{field: f"Elevul {personal}"}))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Textul pare să conțină" in page and f'href="#id_{field}"' in page and f"Elevul {personal}" in page
    assert not Ticket.objects.exists()


def test_ones_own_address_and_telephone_are_of_course_taken(cast: Cast, client: Client) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur") | {"phone": "0733 123 456"})
    assert answer.status_code == 303 and Ticket.objects.get().phone == "+40733123456"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to": ""}, "Alegeți cine să răspundă."),
        ({"name": ""}, "Scrieți numele și prenumele."),
        ({"email": "vasile@"}, "Scrieți o adresă de e-mail completă"),
        ({"phone": "12"}, "Scrieți un număr de telefon complet"),
        ({"subject": " "}, "Scrieți subiectul, în câteva cuvinte."),
        ({"text": ""}, "Scrieți mesajul."),
        ({"text": "x" * 5001}, "5000"),
    ],
)
def test_what_is_wrong_is_said_in_romanian(wrong: dict[str, str], said: str, cast: Cast, client: Client) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur") | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "<title>Eroare: " in page and not Ticket.objects.exists()


def office(part: str, *more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


FILES = [
    ("raport.pdf", b"%PDF-1.7\n...", "pdf"), ("poza.png", PNG, "png"), ("poza.jpg", b"\xff\xd8\xff\xe0...", "jpeg"),
    ("lista.xlsx", office("xl/workbook.xml"), "xlsx"), ("nota.docx", office("word/document.xml"), "docx"), ("minciuna.exe", PNG, "png"),
]  # fmt: skip
REFUSED = [
    ("pagina.pdf", b"<html><script>alert(1)</script>"), ("poza.svg", b"<svg xmlns='x' onload='alert(1)'/>"), ("program.png", b"MZ\x90\x00"),
    ("lista.csv", b"nume;clasa\n"), ("macro.xlsx", office("xl/workbook.xml", "xl/vbaProject.bin")), ("arhiva.docx", b"PK\x03\x04 rupt"),
    ("altceva.xlsx", office("altceva.xml")), ("gol.pdf", b""), ("mare.png", PNG + b"0" * 5_000_000),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "kind"), FILES, ids=[name for name, *_rest in FILES])
def test_a_file_is_kept_by_its_id_and_given_back_to_be_saved(name: str, content: bytes, kind: str, cast: Cast, client: Client) -> None:
    ticket = asked(cast, client, attachments=SimpleUploadedFile(name, content))
    file = TicketFile.objects.get()
    assert (file.name, file.kind, file.size) == (name, kind, len(content))
    assert file.path.read_bytes() == content and name not in str(file.path)
    answer = client.get(reverse("contact:link_file", args=[services.link_token(ticket), file.pk]))
    assert answer.getvalue() == content
    assert answer["Content-Disposition"] == f'attachment; filename="{file.download_name}"' and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream" and name in client.get(link_of(ticket)).content.decode()


@pytest.mark.parametrize(("name", "content"), REFUSED, ids=[name for name, _content in REFUSED])
def test_other_files_are_refused_whatever_they_are_called(name: str, content: bytes, cast: Cast, client: Client, tmp_path: Path) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur", attachments=SimpleUploadedFile(name, content)))
    page = answer.content.decode()
    assert answer.status_code == 422 and (f"„{name}”" in page or "gol" in page) and "alegeți-le din nou" in page
    assert not Ticket.objects.exists() and not (tmp_path / "data" / "contact").exists()


def test_four_files_are_too_many(cast: Cast, client: Client) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur", attachments=[SimpleUploadedFile(f"{n}.png", PNG) for n in range(4)]))
    assert answer.status_code == 422 and "Trimiteți cel mult trei." in answer.content.decode()
    asked(cast, client, attachments=[SimpleUploadedFile(f"{n}.png", PNG) for n in range(3)])
    assert TicketFile.objects.count() == 3


def test_hostile_text_and_names_stay_text(cast: Cast, client: Client, browser_of: Browser, mails: Mails) -> None:
    hostile = '"><img src=x onerror=alert(1)>{{ 7|add:7 }}'
    ticket = asked(cast, client, subject=hostile, text=hostile, attachments=SimpleUploadedFile(hostile, PNG))
    tudor = browser_of("tudor")
    pages = [
        client.get(link_of(ticket)), tudor.get(reverse("contact:ticket", args=[ticket.pk])), tudor.get(reverse("contact:received")),
        client.post(address(cast, "tiur"), stranger(cast, "tiur", subject=hostile, text=hostile, name=hostile)),
    ]  # fmt: skip
    html = [str(mail.alternatives[0][0]) for mail in mails() if mail.alternatives]
    for text in [page.content.decode() for page in pages] + html:
        assert "<img" not in text and ">14<" not in text


def test_a_form_without_its_token_is_refused(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post(address(cast, "tiur"), stranger(cast, "tiur")).status_code == 403 and not Ticket.objects.exists()


def test_a_file_that_cannot_be_written_leaves_nothing_half_done(cast: Cast, client: Client, settings: LazySettings, tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("")
    settings.DATA_DIR = tmp_path / "blocked"
    client.raise_request_exception = False
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur", attachments=SimpleUploadedFile("poza.png", PNG)))
    assert answer.status_code == 500 and not Ticket.objects.exists() and not Job.objects.exists()


def test_a_search_costs_the_same_for_any_number_of_places(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        Place.objects.create(level=Level.SCHOOL, parent=cast.places["alba"], code=f"01619{number:05d}", name=f"Școala Nr. {number}")
    with django_assert_max_num_queries(6):
        page = client.get(reverse("contact:find"), {"q": "scoala nr"}).content.decode()
    assert "Pagina 1 din 4" in page
