"""Contact: anybody asks the people of a level, with or without an account; only those people and whoever asked ever see it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal.accounts import services as accounts
from portal.accounts.models import Membership
from portal.contact import routing, services
from portal.contact.models import Ticket, TicketFile, TicketMessage
from portal.network.models import Level, Place
from portal.outbox.models import Job
from tests.engine.test_personal_data import CODE
from tests.portal.people import PEOPLE, Cast

Browser = Callable[[str], Client]
Mails = Callable[[], list[EmailMessage]]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
TEXT = "Nu văd clasa a V-a în lista unității.\nCe este de făcut?"


@pytest.fixture(autouse=True)
def _data_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"


def typed(cast: Cast, to: str, **more: Any) -> dict[str, Any]:
    given = {"to": cast.places[to].pk, "subject": "Clasă care lipsește", "text": TEXT, "request_id": uuid4().hex}
    return given | more


def stranger(cast: Cast, to: str, **more: Any) -> dict[str, Any]:
    return typed(cast, to) | {"name": "Vasile Învățătoru", "email": "Vasile@example.org", "phone": ""} | more


def address(cast: Cast, about: str) -> str:
    return f"{reverse('contact:ask')}?loc={cast.places[about].pk}"


def asked(cast: Cast, client: Client, to: str = "tiur", **more: Any) -> Ticket:
    """A question of somebody without an account."""
    answer = client.post(address(cast, "tiur"), stranger(cast, to, **more))
    assert answer.status_code == 303, answer.content.decode()
    return Ticket.objects.latest("pk")


def link_of(ticket: Ticket) -> str:
    return reverse("contact:link", args=[services.link_token(ticket)])


def chosen(page: str) -> str:
    found = re.search(r'<input type="radio" name="to" value="(\d+)"[^>]*checked', page)
    return found[1] if found else ""


# ---- whom to ask -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "about", "first"),
    [
        ("olga", "blaj_unit", "blaj_unit"),  # an operator asks the manager of the same unit
        ("rodica", "blaj_unit", "blaj"),
        ("dan", "blaj", "alba"),
        ("ioana", "alba", "alba"),
        ("gelu", "alba", "country"),
        ("maria", "country", "country"),
        ("dan", "tiur", "alba"),
        ("dan", "sebes_unit", "sebes_unit"),  # a place where one has no role: as anybody from outside
    ],
)
def test_the_level_above_is_proposed(person: str, about: str, first: str, cast: Cast, browser_of: Browser) -> None:
    page = browser_of(person).get(address(cast, about)).content.decode()
    assert chosen(page) == str(cast.places[first].pk)


def test_a_stranger_is_proposed_the_place_itself_and_may_choose_every_level(cast: Cast, client: Client) -> None:
    page = client.get(address(cast, "tiur")).content.decode()
    assert chosen(page) == str(cast.places["tiur"].pk)
    offered = re.findall(r'name="to" value="(\d+)"', page)
    assert offered == [str(cast.places[place].pk) for place in ("tiur", "blaj", "alba", "country")]
    for words in ("Unitatea: Școala Primară Tiur", "Inspectoratul: Inspectoratul Școlar Județean Alba", "Comisia națională (CNDIE)"):
        assert words in page


def test_a_level_without_people_is_named_and_cannot_be_chosen(cast: Cast, client: Client) -> None:
    accounts.end(cast.role("tudor"), by=cast["dan"])
    page = client.get(address(cast, "tiur")).content.decode()
    assert "Școala Primară Tiur (Unitate) nu are încă pe nimeni cu cont." in page and chosen(page) == str(cast.places["blaj"].pk)
    assert client.post(address(cast, "tiur"), stranger(cast, "tiur")).status_code == 422
    assert client.post(address(cast, "tiur"), stranger(cast, "cluj")).status_code == 422
    assert not Ticket.objects.exists()


def test_a_place_is_found_without_an_account_and_without_scripts(cast: Cast, client: Client) -> None:
    assert client.get(reverse("contact:ask"))["Location"] == reverse("contact:find")
    for query, words in (("tiur", "Școala Primară Tiur"), ("0162100016", "Școala Primară Tiur"), ("sebes", "Nr. 2 Sebeș")):
        page = client.get(reverse("contact:find"), {"q": query}).content.decode()
        assert words in page
    assert f'href="{address(cast, "tiur")}"' in client.get(reverse("contact:find"), {"q": "tiur"}).content.decode()
    assert "Niciun loc nu corespunde." in client.get(reverse("contact:find"), {"q": "<script>"}).content.decode()
    assert "tasks" not in client.get(reverse("contact:find"), {"q": "ti"}).content.decode()
    nowhere = client.get(reverse("contact:ask"), {"loc": "0"}).content.decode()
    assert re.findall(r'name="to" value="(\d+)"', nowhere) == [str(cast.places["country"].pk)]
    for odd in ("999999", "9" * 14):
        assert client.get(reverse("contact:ask"), {"loc": odd}).status_code == 404
    cast.places["tiur"].closed_on = "2026-09-01"
    cast.places["tiur"].save()
    assert client.get(address(cast, "tiur")).status_code == 404


def test_help_stands_on_every_page_with_the_place_of_the_page(cast: Cast, browser_of: Browser, client: Client) -> None:
    blaj = cast.places["blaj"].pk
    for page in (f"/oameni/{blaj}/", f"/oameni/{blaj}/invitati-mai-multi/", f"/retea/{blaj}/"):
        text = browser_of("dan").get(page).content.decode()
        assert f'<a class="help" href="/contact/?loc={blaj}"><span class="long">Aveți nevoie de ajutor?</span>' in text, page
    for page in ("/", "/ajutor/", "/metodologii/", "/cont/intrare/", "/nimic/"):
        assert '<a class="help" href="/contact/"><span class="long">Aveți nevoie de ajutor?</span>' in client.get(page).content.decode(), page


# ---- with an account -------------------------------------------------------------------------------------


def test_a_question_reaches_the_people_of_the_level_by_mail_and_in_their_inbox(cast: Cast, browser_of: Browser, mails: Mails) -> None:
    answer = browser_of("rodica").post(address(cast, "blaj_unit"), typed(cast, "blaj"))
    ticket = Ticket.objects.get()
    assert answer["Location"] == reverse("contact:ticket", args=[ticket.pk])
    assert (ticket.place, ticket.about, ticket.author, ticket.state) == (cast.places["blaj"], cast.places["blaj_unit"], cast["rodica"], "new")
    (mail,) = mails()
    assert mail.to == ["dan@example.ro"] and "Nu văd clasa" in mail.body and f"/contact/mesaje/{ticket.pk}/" in mail.body
    inbox = browser_of("dan").get(reverse("contact:received")).content.decode()
    assert "Clasă care lipsește" in inbox and "Rodica Responsabilu" in inbox and "Mesaje (1)" in inbox and ">Nou<" in inbox


def test_the_answer_comes_by_mail_and_in_the_account_and_the_thread_goes_on(cast: Cast, browser_of: Browser, mails: Mails) -> None:
    rodica, dan = browser_of("rodica"), browser_of("dan")
    rodica.post(address(cast, "blaj_unit"), typed(cast, "blaj"))
    ticket = Ticket.objects.get()
    mails()
    page = reverse("contact:ticket", args=[ticket.pk])
    shown = dan.get(page).content.decode()
    assert "Nu văd clasa a V-a în lista unității.<br>Ce este de făcut?" in shown and "rodica@example.ro" in shown and "0722 123 456" in shown
    assert dan.post(page, {"text": "Adăugați-o din „Clasă nouă”.", "request_id": uuid4().hex}).status_code == 303
    (mail,) = mails()
    assert mail.to == ["rodica@example.ro"] and mail.subject == "Răspuns: Clasă care lipsește" and "Adăugați-o" in mail.body
    assert "Mesaje (" not in dan.get(reverse("contact:received")).content.decode()
    mine = rodica.get(reverse("contact:sent")).content.decode()
    assert "Cu răspuns" in mine
    assert "Adăugați-o din" in rodica.get(page).content.decode() and "Scrieți din nou" in rodica.get(page).content.decode()
    rodica.post(page, {"text": "Mulțumesc, dar nu merge.", "request_id": uuid4().hex})
    ticket.refresh_from_db()
    assert ticket.state == "again" and [mail.to for mail in mails()] == [["dan@example.ro"]]
    assert dan.post(reverse("contact:close", args=[ticket.pk])).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    rodica.post(page, {"text": "Încă o întrebare.", "request_id": uuid4().hex})
    ticket.refresh_from_db()
    assert ticket.state == "again" and ticket.messages.count() == 4


ANSWERS_AT_ALBA = {"gelu", "ioana"}


@pytest.mark.parametrize("person", [word for word, *_rest in PEOPLE])
def test_only_who_answers_at_the_place_and_who_asked_see_it(person: str, cast: Cast, browser_of: Browser) -> None:
    browser_of("dan").post(address(cast, "blaj"), typed(cast, "alba", attachments=SimpleUploadedFile("poza.png", PNG)))
    ticket, file = Ticket.objects.get(), TicketFile.objects.get()
    browser = browser_of(person)
    seen = person in ANSWERS_AT_ALBA | {"dan"}
    assert browser.get(reverse("contact:ticket", args=[ticket.pk])).status_code == (200 if seen else 404)
    assert browser.get(reverse("contact:file", args=[ticket.pk, file.pk])).status_code == (200 if seen else 404)
    posted = browser.post(reverse("contact:ticket", args=[ticket.pk]), {"text": "Un răspuns.", "request_id": uuid4().hex})
    assert posted.status_code == (303 if seen else 404)
    assert browser.post(reverse("contact:close", args=[ticket.pk])).status_code == (303 if person in ANSWERS_AT_ALBA else 404)
    listed = browser.get(reverse("contact:received"), {"stare": ""}).content.decode()
    assert ("Clasă care lipsește" in listed) == (person in ANSWERS_AT_ALBA)
    last = TicketMessage.objects.latest("pk")
    assert last.answer == (person in ANSWERS_AT_ALBA) and last.by == cast[person if seen else "dan"]


def test_those_asked_are_those_who_answer(cast: Cast) -> None:
    asked = {word: {person.full_name.split()[0] for person in routing.people_asked(place)} for word, place in cast.places.items()}
    assert asked["country"] == {"Maria", "Mihai"} and asked["alba"] == {"Gelu", "Ioana"}
    assert asked["blaj"] == {"Dan"} and asked["blaj_unit"] == {"Rodica"}


def test_whoever_lost_the_role_sees_and_is_told_nothing_more(cast: Cast, browser_of: Browser, mails: Mails) -> None:
    browser_of("rodica").post(address(cast, "blaj_unit"), typed(cast, "blaj"))
    accounts.end(cast.role("dan"), by=cast["ioana"])
    assert mails() == []
    assert browser_of("dan").get(reverse("contact:ticket", args=[Ticket.objects.get().pk])).status_code == 404
    Membership.objects.create(user=cast["doina"], place=cast.places["blaj"], role="director")
    assert "Clasă care lipsește" in browser_of("doina").get(reverse("contact:received")).content.decode()


def test_each_figure_of_the_inbox_equals_its_list(cast: Cast, browser_of: Browser) -> None:
    for number, state in enumerate(["new", "again", "new", "answered", "closed", "closed"]):
        Ticket.objects.create(reference=f"R{number}", place=cast.places["alba"], subject=f"S{number}", state=state, author=cast["dan"])
    Ticket.objects.create(reference="X", place=cast.places["cluj"], subject="Al altora", author=cast["teo"])
    browser = browser_of("ioana")
    page = browser.get(reverse("contact:received")).content.decode()
    counts = dict(re.findall(r'stare=(\w+)#lista"[^>]*><b>(\d+)</b>', page))
    assert counts == {"asteapta": "3", "raspunse": "1", "inchise": "2"}
    for group, count in counts.items():
        listed = browser.get(reverse("contact:received"), {"stare": group})
        assert listed.context["page"].paginator.count == int(count) and "Al altora" not in listed.content.decode()
    assert "Mesaje (3)" in page


# ---- without an account ----------------------------------------------------------------------------------


def test_without_an_account_one_gets_a_reference_and_a_link_of_ones_own(cast: Cast, client: Client, mails: Mails) -> None:
    answer = client.post(address(cast, "tiur"), stranger(cast, "tiur"))
    ticket = Ticket.objects.get()
    assert answer["Location"] == link_of(ticket)
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert ticket.reference in text and "Nu văd clasa" in text and "Păstrați adresa acestei pagini" in text
    assert page["Referrer-Policy"] == "strict-origin" and page["X-Robots-Tag"] == "noindex" and "no-store" in page["Cache-Control"]
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", ticket.reference) and (ticket.name, ticket.email) == ("Vasile Învățătoru", "vasile@example.org")
    sent = {mail.to[0]: mail for mail in mails()}
    assert set(sent) == {"tudor@example.ro", "vasile@example.org"}
    confirmation = sent["vasile@example.org"]
    assert link_of(ticket) in confirmation.body and ticket.reference in confirmation.subject
    assert "Nu văd" not in confirmation.body and "Vasile" not in confirmation.body and "Clasă" not in confirmation.subject + confirmation.body


def test_the_thread_goes_on_through_the_link(cast: Cast, client: Client, browser_of: Browser, mails: Mails) -> None:
    ticket = asked(cast, client)
    mails()
    browser_of("tudor").post(reverse("contact:ticket", args=[ticket.pk]), {"text": "Verificați lista.", "request_id": uuid4().hex})
    (mail,) = mails()
    assert mail.to == ["vasile@example.org"] and "Verificați lista." in mail.body and link_of(ticket) in mail.body
    text = client.get(link_of(ticket)).content.decode()
    assert "Verificați lista." in text and "Tudor Responsabilu" in text and "tudor@example.ro" not in text
    assert client.post(link_of(ticket), {"text": "Am verificat.", "request_id": uuid4().hex}).status_code == 303
    ticket.refresh_from_db()
    assert ticket.state == "again" and TicketMessage.objects.latest("pk").writer == "Vasile Învățătoru"


def test_the_link_is_kept_nowhere_and_guessing_is_counted(cast: Cast, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    from config.logs import blotted

    ticket = asked(cast, client)
    token = services.link_token(ticket)
    stored = str(Ticket.objects.values().get()) + str(list(Job.objects.values("key", "payload")))
    assert token not in stored and "vasile" not in str(list(Job.objects.values("key", "payload")))
    assert token not in blotted(f"GET {link_of(ticket)}anexe/1/")
    answers = [client.get(reverse("contact:link", args=["a" * 32])).status_code for _guess in range(32)]
    assert answers[0] == 404 and answers[-1] == 429
    assert client.get(link_of(ticket)).status_code == 200


def test_the_public_reference_opens_nothing(cast: Cast, client: Client) -> None:
    ticket = asked(cast, client)
    other = asked(cast, client, subject="Alta")
    file = TicketFile.objects.create(message=other.messages.get(), name="x.png", kind="png", size=1)
    assert client.get(f"/contact/discutii/{ticket.reference}/").status_code == 404
    assert client.get(reverse("contact:link_file", args=[services.link_token(ticket), file.pk])).status_code == 404
    assert client.get(reverse("contact:ticket", args=[ticket.pk]))["Location"].startswith("/cont/intrare/")


def test_too_many_messages_wait_and_nothing_typed_is_lost(cast: Cast, client: Client) -> None:
    answers = [client.post(address(cast, "tiur"), stranger(cast, "tiur")) for _again in range(7)]
    page = answers[-1].content.decode()
    assert answers[4].status_code == 303 and answers[-1].status_code == 422
    assert "S-au trimis prea multe mesaje." in page and "Nu văd clasa" in page and "Vasile@example.org" in page
    assert Ticket.objects.count() == 5


def test_the_same_form_sent_twice_is_one_message(cast: Cast, client: Client, browser_of: Browser, mails: Mails) -> None:
    form = stranger(cast, "tiur")
    assert client.post(address(cast, "tiur"), form)["Location"] == client.post(address(cast, "tiur"), form)["Location"]
    assert Ticket.objects.count() == TicketMessage.objects.count() == 1
    reply = {"text": "Da.", "request_id": uuid4().hex}
    for _click in range(2):
        assert browser_of("tudor").post(reverse("contact:ticket", args=[Ticket.objects.get().pk]), reply).status_code == 303
    assert TicketMessage.objects.count() == 2 and len(mails()) == 3
    stolen = browser_of("dan").post(address(cast, "blaj"), typed(cast, "alba", request_id=form["request_id"]))
    assert stolen["Location"] == reverse("contact:ticket", args=[Ticket.objects.get(author=cast["dan"]).pk])  # never somebody else's


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
    assert b"".join(answer) == content  # type: ignore[arg-type]
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
