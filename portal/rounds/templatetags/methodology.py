"""Words for the parts of a methodology."""

from __future__ import annotations

from django import template

from engine.methodology import Methodology

register = template.Library()
TYPE_WORDS = {
    "text": "text scurt",
    "textarea": "text",
    "integer": "număr întreg",
    "decimal": "număr cu zecimale",
    "boolean": "da sau nu",
    "date": "dată",
    "choice": "o alegere",
    "multichoice": "una sau mai multe alegeri",
    "place": "alegere dintre locurile declarate",
    "number": "număr dat automat",
}
NOTE_WORDS = {
    "not_applied": "nu se aplică",
    "substituted": "valoare pusă în locul celei care lipsește",
    "propagated": "date incomplete, deci fără valoare",
    "skipped": "calculat fără ce lipsește",
    "broken": "întrerupere de serie",
}


@register.filter
def type_word(code: str) -> str:
    return TYPE_WORDS[code]


@register.filter
def choice_words(methodology: Methodology, code: str) -> str:
    return " · ".join(choice.label.get("ro", choice.code) for choice in methodology.choices[code].choices)


@register.filter
def note_word(note: str) -> str:
    return NOTE_WORDS.get(note, "")
