"""Contact: anybody asks the people of a level, with or without an account; only those people and whoever asked ever see it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.accounts import services as accounts
from portal.accounts.models import Membership
from portal.contact import routing, services
from portal.contact.models import Ticket, TicketFile, TicketMessage
from portal.outbox.models import Job
from tests.portal.contact.questions import PNG, Browser, Mails, address, asked, chosen, link_of, stranger, typed
from tests.portal.people import PEOPLE, Cast

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
