"""What a place answered last year, as its forms propose it: shown as a proposal, and an answer only once somebody saves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engine.forms import StepForm
from engine.forms.fields import Answer
from engine.methodology import Methodology, Step
from portal.collection.contexts import joined, methodology_of, stored_answers
from portal.collection.last_year import classes_before, place_before
from portal.collection.models import CLASS, Collection
from portal.collection.review import in_words
from portal.network.ordering import folded

LONGEST = 120
"""Characters of an answer that are quoted beside its question."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """``answers``: everything that the place answered, in the codes of its methodology of then."""

    year: str
    methodology: Methodology
    answers: Mapping[str, Any]

    def items(self, step: Step) -> list[Mapping[str, Any]]:
        """The items that stood where this repeating step stands now."""
        steps = (one.code for form in self.methodology.forms for one in form.steps if one.repeat == step.repeat)
        return next((self.answers[code] for code in steps if self.answers.get(code)), [])


def proposals_of(collection: Collection) -> Proposals | None:
    """Last year's answers of a unit or a class; None where it has none."""
    before = _class_before(collection) if collection.level == CLASS else place_before(collection)
    if before is None:
        return None
    methodology = methodology_of(before)
    return Proposals(before.round.school_year, methodology, joined(stored_answers(before), methodology))


def _class_before(school_class: Collection) -> Collection | None:
    """The class of the same name in the same unit: classes are numbered anew every year."""
    assert school_class.parent is not None
    return next((row for row in classes_before(school_class.parent) if folded(row.name) == folded(school_class.name)), None)


def mark(forms: Iterable[StepForm], year: str) -> None:
    """Say beside each question what was answered last year: to be confirmed, or where it differs from what stands there now."""
    for form in forms:
        for field in form.fields.values():
            assert isinstance(field, Answer)
            said = _said(form, field, year)
            if said:
                field.help_text = format_html("{} {}", said, field.help_text) if field.help_text else said


def _said(form: StepForm, field: Answer, year: str) -> SafeString | str:
    answer = Truncator(in_words(form.methodology, field.question, field.last_year, form.language)).chars(LONGEST)
    if field.proposed:
        words = _("De anul trecut (%(year)s): %(answer)s.") % {"year": year, "answer": answer}
        return format_html('<span class="proposal">{}</span> {}', words, _("Confirmați sau schimbați."))
    if answer and field.last_year != form.initial.get(field.question.code):
        return _("Anul trecut (%(year)s): %(answer)s.") % {"year": year, "answer": answer}
    return ""
