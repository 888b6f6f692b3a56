"""Texts of a methodology in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

SOURCE: Final = "ro"


class Untranslated(str):
    """A text in Romanian on a page in another language: templates mark it, so that it is read aloud as Romanian. ``str`` gives the bare text."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        # Without quotation marks: where a text gets into an attribute all the same, it stays one attribute.
        return format_html("<span lang={}>{}</span>", SOURCE, str(self))


def spoken(text: str) -> SafeString:
    """The attribute that says in which language a text is, for the element that holds it; nothing where it is that of the page."""
    return format_html(' lang="{}"', SOURCE) if isinstance(text, Untranslated) else SafeString("")


def like(said: str, *parts: str) -> str:
    """What was put together from texts: untranslated where one of them is."""
    return Untranslated(said) if any(isinstance(part, Untranslated) for part in parts) else said


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, ``Untranslated`` where there is only the Romanian one, '' where there is none."""
    found = texts.get(language)
    if found:
        return found
    fallback = texts.get(SOURCE) or next(iter(texts.values()), "")
    return Untranslated(fallback) if fallback and language != SOURCE else fallback
