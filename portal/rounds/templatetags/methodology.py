"""Words for the parts of a methodology."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from engine import Problem
from engine.methodology import Methodology
from portal.ui.templatetags.romanian import label

register = template.Library()
TYPE_WORDS: dict[str, str | Promise] = {
    "text": _("text scurt"),
    "textarea": _("text"),
    "integer": _("număr întreg"),
    "decimal": _("număr cu zecimale"),
    "boolean": _("da sau nu"),
    "date": _("dată"),
    "choice": _("o alegere"),
    "multichoice": _("una sau mai multe alegeri"),
    "place": _("alegere dintre locurile declarate"),
    "number": _("număr dat automat"),
}
NOTE_WORDS: dict[str, str | Promise] = {
    "not_applied": _("nu se aplică"),
    "substituted": _("valoare pusă în locul celei care lipsește"),
    "propagated": _("date incomplete, deci fără valoare"),
    "skipped": _("calculat fără ce lipsește"),
    "broken": _("întrerupere de serie"),
}


@register.filter
def type_word(code: str) -> str | Promise:
    return TYPE_WORDS[code]


@register.filter
def choice_words(methodology: Methodology, code: str) -> str:
    return format_html_join(" · ", "{}", ((label(choice.label),) for choice in methodology.choices[code].choices))


@register.filter
def message(problem: Problem) -> str:
    """What is wrong, in the language of the page."""
    return label({"ro": problem.message, "en": problem.message_en})


@register.filter
def remedy(problem: Problem) -> str:
    """What to do about it."""
    return label({"ro": problem.remedy, "en": problem.remedy_en})


@register.filter
def note_word(note: str) -> str | Promise:
    return NOTE_WORDS.get(note, "")
