"""Deeds in a browser's hands: asked first, with whom they touch; done once; refused with a sentence and everything typed kept."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from portal.collection.authors import Author
from portal.collection.deeds import DEEDS
from portal.collection.models import Collection
from portal.collection.services import finalising, saving, supervising
from portal.collection.words import EVENTS
from portal.collection.workflow import ACTS
from tests.portal.small_round import SmallRound, ahead

pytestmark = pytest.mark.django_db
SILENT = {
    "fill",
    "fill_extended",
    "view",
    "view_rows",
    "export",
    "edit_place",
    "import_network",
    "manage_round",
    "edit_methodology",
    "publish_methodology",
}
"""Acts that are no events of a place under their own name: reading, saving (``save``), and what other rooms record."""


def browser(author: Author) -> Client:
    client = Client()
    client.force_login(author.person)
    return client


def page_of(small: SmallRound, word: str, act: str) -> str:
    return reverse("collection:deed", args=[small.ids[word], act])


def text(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_every_deed_has_words_in_the_history() -> None:
    assert set(DEEDS) <= set(ACTS)
    assert set(ACTS) - SILENT <= set(EVENTS)


def test_one_section_is_returned_from_the_list_of_units_and_the_unit_reads_the_message(small: SmallRound) -> None:
    small.answer_extended("A1x")
    small.finalise("A1x")
    director, manager = browser(small.author("director", "A1")), browser(small.manager("A1x"))
    board = director.get(reverse("collection:board", args=[small.ids["A1"]])).content.decode()
    assert page_of(small, "A1x", "return_section") in board and page_of(small, "A1y", "return_section") not in board
    asked = director.get(page_of(small, "A1x", "return_section"))
    assert "Restul datelor și tabelele claselor rămân înghețate." in text(asked)
    assert director.post(page_of(small, "A1x", "return_section"), {"section": "extended", "reason": "Sălile."}).status_code == 422
    empty = director.post(page_of(small, "A1x", "return_section"), {"section": "basic", "reason": ""})
    assert empty.status_code == 422 and "Scrieți ce este de corectat." in text(empty)
    done = director.post(page_of(small, "A1x", "return_section"), {"section": "basic", "reason": "Numărați sălile."}, follow=True)
    assert done.redirect_chain[0][1] == 303 and "secțiune returnată" in text(done)
    tasks = text(manager.get(reverse("collection:tasks", args=[small.ids["A1x"]])))
    assert "Secțiunea „De bază” a fost trimisă înapoi." in tasks and "Numărați sălile." in tasks
    step = reverse("collection:step", args=[small.ids["A1x"], "basic", "general"])
    assert manager.get(step).status_code == 200
    assert manager.get(reverse("collection:step", args=[small.ids["A1x"], "extended", "further"])).status_code == 302
    refused = manager.get(page_of(small, "A1x-1", "recall_class"))
    assert refused.status_code == 423 and "restul rămâne înghețat" in text(refused)


def test_the_extended_part_is_asked_for_filled_and_finalised_in_the_browser(small: SmallRound) -> None:
    small.finalise("A1")
    inspector, manager = browser(small.author("inspector", "A")), browser(small.manager("A1x"))
    asked = inspector.post(page_of(small, "A1x", "request_extended"), {"reason": "Risc ridicat.", "until": "31.12.2035"}, follow=True)
    assert "monitorizarea extinsă a fost cerută" in text(asked)
    tasks = reverse("collection:tasks", args=[small.ids["A1x"]])
    assert "Această secțiune este cerută. Termenul este 31 decembrie 2035, ora 24:00." in text(manager.get(tasks))
    assert "Date extinse" in text(manager.get(tasks))
    waiting = manager.get(page_of(small, "A1x", "finalise_extended"))
    assert "Înainte de finalizare mai sunt:" in text(waiting) and '<form method="post" novalidate' not in waiting.content.decode()
    step = reverse("collection:step", args=[small.ids["A1x"], "extended", "further"])
    form = manager.get(step).content.decode()
    fields = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form)) | {"further-teachers": "2"}
    assert manager.post(step, fields).status_code == 303
    for school_class in small.classes_of("A1x"):
        saving.save_section(small[school_class], "extended", {"cls_helper": False}, small.manager("A1x"))
    ready = manager.get(page_of(small, "A1x", "finalise_extended"))
    assert "Finalizați monitorizarea extinsă acum" in text(ready)
    manager.post(page_of(small, "A1x", "finalise_extended"))
    assert small["A1x"].extended == "finalised"
    assert "Răspunsurile sunt înghețate" in text(manager.get(tasks))
    returned = inspector.post(page_of(small, "A1x", "return_extended"), {"reason": "Numărați profesorii."}, follow=True)
    assert "monitorizarea extinsă a fost returnată" in text(returned)


def test_reasons_of_the_extended_part_are_written_on_the_page_of_a_final_unit(small: SmallRound) -> None:
    small.finalise("A1x")
    supervising.request_extended(small["A1x"], small.author("inspector", "A"), ahead(5), "Risc.")
    small.answer_extended("A1x", teachers=1)
    manager, address = browser(small.manager("A1x")), reverse("collection:answers", args=[small.ids["A1x"]])
    page = manager.get(address).content.decode()
    [field] = re.findall(r'name="(reason-[^"]+)"', page)
    assert "Un singur profesor este neobișnuit." in page
    assert re.findall(r'href="[^"]*/pasi/([^/]+)/', page) == ["extended"]
    assert manager.post(reverse("collection:explain", args=[small.ids["A1x"]]), {field: "Școală mică."}).status_code == 303
    finalising.finalise_extended(small["A1x"], small.manager("A1x"))


def test_an_extension_asks_for_the_whole_place_or_one_section(small: SmallRound) -> None:
    inspector = browser(small.author("inspector", "A"))
    page = text(inspector.get(page_of(small, "A1x", "extend")))
    assert "Unitatea întreagă" in page and "De bază" in page and "Extinsă" in page
    assert "Unitatea întreagă" not in text(inspector.get(page_of(small, "A1", "extend")))
    wrong = inspector.post(page_of(small, "A1x", "extend"), {"reason": "Inundație în sat.", "until": "31.13.2035", "section": "extended"})
    assert wrong.status_code == 422 and "Inundație în sat." in wrong.content.decode() and 'value="31.13.2035"' in wrong.content.decode()
    assert re.search(r'value="extended"[^>]*checked', wrong.content.decode())
    assert inspector.post(page_of(small, "A1x", "extend"), {"reason": "Inundație.", "until": "31.12.2035", "section": "extended"}).status_code == 303
    assert small["A1x"].extensions.get().section == "extended"


def test_finalising_shows_what_is_missing_and_offers_no_button_until_nothing_is(small: SmallRound) -> None:
    manager = browser(small.manager("A1x"))
    assert "1 pas de completat" in text(manager.get(page_of(small, "A1x", "finalise")))
    assert "Finalizați acum" not in text(manager.get(page_of(small, "A1x", "finalise")))
    refused = manager.post(page_of(small, "A1x", "finalise"))
    assert refused.status_code == 423 and "Secțiuni obligatorii necompletate: 1." in text(refused)
    small.fill("A1x")
    assert "Finalizați acum" in text(manager.get(page_of(small, "A1x", "finalise")))
    assert manager.post(page_of(small, "A1x", "finalise")).status_code == 303


def test_a_deed_posted_twice_is_done_once_and_answered_alike(small: SmallRound) -> None:
    director = browser(small.author("director", "A1"))
    form = director.get(page_of(small, "A1x", "block")).content.decode()
    request_id = re.search(r'name="request_id" value="(\w+)"', form)
    assert request_id is not None
    data = {"reason": "Se verifică.", "request_id": request_id[1]}
    answers = [director.post(page_of(small, "A1x", "block"), data) for _ in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(303, reverse("collection:board", args=[small.ids["A1"]]))] * 2
    assert small["A1x"].events.filter(action="block").count() == 1
    again = director.post(page_of(small, "A1x", "block"), data | {"request_id": "another"})
    assert again.status_code == 423 and "Este deja blocat." in text(again)


def test_a_place_with_the_wrong_level_for_an_act_does_not_exist_for_it(small: SmallRound) -> None:
    inspector = browser(small.author("inspector", "A"))
    assert inspector.get(page_of(small, "A1", "return_class")).status_code == 404
    assert inspector.get(page_of(small, "A1", "nimic")).status_code == 404
    assert Collection.objects.filter(blocked=True).count() == 0
