"""The catalogues are complete: what the product says is said in every language, with the same gaps, and compiled."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Message
from django.utils.translation import gettext, ngettext, override, pgettext

from tests import catalogues
from tests.catalogues import forms_of

GAP = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
REPAIR = "run: python -m tests.catalogues, then translate what is empty in portal/ui/locale"
CEDILLA = re.compile("[ŞşŢţ]")


def messages(language: str) -> list[Message]:
    return [message for message in catalogues.read(language) if message.id]


def of_packages() -> set[tuple[object, object]]:
    return {(message.id, message.context) for message in catalogues.of_packages()}


@pytest.mark.parametrize("language", [catalogues.SOURCE, *catalogues.TRANSLATED])
def test_everything_that_is_said_stands_in_the_catalogue(language: str) -> None:
    held = {(message.id, message.context) for message in messages(language)}
    wanted = {(text, context) for text, context, _where in catalogues.wanted(language)}
    assert wanted - held == set(), REPAIR
    assert held - wanted == set(), REPAIR


@pytest.mark.parametrize("language", [catalogues.SOURCE, *catalogues.TRANSLATED])
def test_every_message_is_translated_and_none_is_a_guess(language: str) -> None:
    wrong = [message.id for message in messages(language) if message.fuzzy or not all(form.strip() for form in forms_of(message.string))]
    assert wrong == [], REPAIR
    counted = [message for message in messages(language) if not isinstance(message.string, str)]
    assert {len(message.string) for message in counted} == {catalogues.PLURALS[language][0]}


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_gaps_are_those_of_the_source(language: str) -> None:
    """A form for a single thing may leave its number out; words of packages may leave out what their Romanian leaves out too."""
    theirs = of_packages()
    wrong = []
    for message in messages(language):
        if (message.id, message.context) in theirs:
            continue
        wanted = [sorted(GAP.findall(text)) for text in forms_of(message.id)]
        found = [sorted(GAP.findall(form)) for form in forms_of(message.string)]
        if found[-1] != wanted[-1] or (len(found) > 1 and found[0] not in wanted):
            wrong.append((message.id, message.string))
    assert wrong == []


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_edges_of_a_message_are_those_of_the_source(language: str) -> None:
    """A space or a break at the beginning or the end joins a message to what stands beside it."""
    edges = re.compile(r"^\s*|\s*$")
    assert [m.id for m in messages(language) if edges.findall(forms_of(m.id)[-1]) != edges.findall(forms_of(m.string)[-1])] == []


@pytest.mark.parametrize("language", catalogues.TRANSLATED)
def test_counted_words_have_the_forms_of_the_language(language: str) -> None:
    """Words that ``counted`` takes are written „elev,elevi”: the translation has as many as the language has plurals."""
    counted = [
        message
        for message in messages(language)
        if isinstance(message.id, str) and re.fullmatch(r"[^\W\d][^,.:;%{]*,[^\W\d][^,.:;%{ ][^,.:;%{]*", message.id)
    ]
    assert len(counted) > 30
    assert [message.id for message in counted if len(str(message.string).split(",")) != catalogues.PLURALS[language][0]] == []


@pytest.mark.parametrize("language", [catalogues.SOURCE, *catalogues.TRANSLATED])
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    assert catalogues.po(language).with_suffix(".mo").read_bytes() == catalogues.mo_bytes(language), REPAIR


def test_romanian_letters_have_a_comma_below() -> None:
    for language in (catalogues.SOURCE, *catalogues.TRANSLATED):
        assert [message.string for message in messages(language) if CEDILLA.search("".join(forms_of(message.string)))] == []


@pytest.mark.parametrize("language", [catalogues.SOURCE, *catalogues.TRANSLATED])
def test_django_says_what_is_written(language: str) -> None:
    with override(language):
        for message in messages(language):
            if isinstance(message.id, str):
                said = pgettext(message.context, message.id) if message.context else gettext(message.id)
                assert said == message.string


def test_words_of_packages_are_counted_too() -> None:
    short = (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    )
    with override("ro"):
        assert ngettext(*short, 10) == "Parola este prea scurtă. Are nevoie de cel puțin %d caractere."
        assert ngettext(*short, 20) == "Parola este prea scurtă. Are nevoie de cel puțin %d de caractere."
        assert ngettext(*short, 101) == "Parola este prea scurtă. Are nevoie de cel puțin %d caractere."
    with override("hu"):
        assert ngettext(*short, 20) == "A jelszó túl rövid. Legalább %d karakter szükséges."


def test_django_reads_the_catalogues() -> None:
    singular, plural = "Lipsește un răspuns", "Lipsesc %(many)s răspunsuri"
    said = {}
    for language in ("ro", "en", "hu"):
        with override(language):
            said[language] = gettext("Clasa"), [ngettext(singular, plural, many) % {"many": many} for many in (1, 5, 20)]
    assert said == {
        "ro": ("Clasa", ["Lipsește un răspuns", "Lipsesc 5 răspunsuri", "Lipsesc 20 de răspunsuri"]),
        "en": ("Class", ["One answer is missing", "5 answers are missing", "20 answers are missing"]),
        "hu": ("Osztály", ["1 válasz hiányzik", "5 válasz hiányzik", "20 válasz hiányzik"]),
    }


def test_the_extractor_reads_every_way_of_saying() -> None:
    python = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext
_("one" " text"); gettext_lazy("two"); ngettext("a thing", "%d things", 2); pgettext("of a place", "three"); other("four")
"""
    assert list(catalogues.in_python(python)) == [
        catalogues.Said("one text"), catalogues.Said("two"), catalogues.Said("a thing", "%d things"), catalogues.Said("three", "", "of a place"),
    ]  # fmt: skip
    template = (
        '{% load i18n %}{% translate "five" %}{% blocktranslate with a=b|c:_("six,sixes") %}seven {{ a }}{% endblocktranslate %}'
        "{% blocktranslate count n=m %}eight{% plural %}{{ n }} eights{% endblocktranslate %}{% sort_head _('nine') %}<p>ten</p>"
    )
    assert set(catalogues.in_template(template)) == {
        catalogues.Said("five"), catalogues.Said("six,sixes"), catalogues.Said("seven %(a)s"), catalogues.Said("eight", "%(n)s eights"),
        catalogues.Said("nine"),
    }  # fmt: skip
