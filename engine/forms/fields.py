"""One field of a methodology as a form field: its label in the reader's language and the control that suits its type.

Nothing is judged here: what was typed goes to ``engine.answers`` as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms

from engine.answers import Context
from engine.encoding import Stored
from engine.forms.texts import text_in
from engine.methodology import Field, Methodology

FEW: Final = 6
"""Up to this many choices stand as radio buttons; a longer list is a select."""
TRUTH: Final = {"ro": ("Da", "Nu"), "en": ("Yes", "No"), "hu": ("Igen", "Nem")}
BLANK: Final = {"ro": "Alegeți", "en": "Choose", "hu": "Válasszon"}
DATE_HINT: Final = {"ro": "De exemplu 15.10.2025.", "en": "For example 15.10.2025.", "hu": "Például 15.10.2025."}
INPUT_MODES: Final = {"integer": "numeric", "number": "numeric", "decimal": "decimal", "date": "numeric"}


class Answer(forms.Field):
    """The answer to one question, taken as typed. ``question``: the field of the methodology; ``shown``: whether it is asked now;
    ``last_year``: last year's answer, None without one; ``proposed``: that answer stands in the form and nobody has confirmed it yet."""

    def __init__(self, question: Field, widget: forms.Widget, language: str) -> None:
        hint = text_in(question.hint, language) or (text_in(DATE_HINT, language) if question.type == "date" else "")
        super().__init__(label=text_in(question.label, language), help_text=hint, widget=widget)
        self.question = question
        self.shown = True
        self.last_year: Stored = None
        self.proposed = False

    def clean(self, value: Any) -> Any:
        return value

    def prepare_value(self, value: Any) -> Any:
        """A stored answer as its control shows it; what was typed stays as it is."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if self.question.type == "date" and isinstance(value, str):
            return as_local_date(value)
        if self.question.type == "decimal" and isinstance(value, str):
            return value.replace(".", ",") if value.replace(".", "", 1).lstrip("-").isdecimal() else value
        return value


def as_local_date(value: str) -> str:
    """An ISO date as Romanians write it; anything else unchanged."""
    try:
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    except ValueError:
        return value


def answer_field(methodology: Methodology, question: Field, context: Context, language: str) -> Answer:
    """The form field of a question."""
    return Answer(question, widget_of(methodology, question, context, language), language)


def widget_of(methodology: Methodology, question: Field, context: Context, language: str) -> forms.Widget:
    """The control of a question, by its type."""
    match question.type:
        case "boolean":
            yes, no = TRUTH.get(language, TRUTH["ro"])
            return forms.RadioSelect(choices=[("true", yes), ("false", no)])
        case "choice" | "multichoice":
            listed = [(choice.code, text_in(choice.label, language)) for choice in methodology.choices[question.choices].choices]
            return forms.CheckboxSelectMultiple(choices=listed) if question.type == "multichoice" else _one_of(listed, language)
        case "place":
            return _one_of([(key, key) for key in place_keys(methodology, context, question.target)], language)
        case "textarea":
            return forms.Textarea(attrs=_length(question) | {"rows": 4})
    return forms.TextInput(attrs=_length(question) | {"inputmode": INPUT_MODES.get(question.type, "text"), "autocomplete": "off"})


def _one_of(listed: Sequence[tuple[str, str]], language: str) -> forms.Widget:
    if len(listed) <= FEW:
        return forms.RadioSelect(choices=listed)
    return forms.Select(choices=[("", text_in(BLANK, language)), *((code, str(said)) for code, said in listed)])  # an option holds bare text


def _length(question: Field) -> dict[str, Any]:
    return {"maxlength": question.max_length} if question.max_length else {}


def place_keys(methodology: Methodology, context: Context, level: str) -> list[str]:
    """Keys of the places of a level that a repeating step declares, as far as the answers around say."""
    for form in methodology.forms:
        for step in form.steps:
            if step.repeat == level and form.level in context.places:
                documents = [listed[0] or {} for listed in context.places[form.level].answers.values()]
                return list(dict.fromkeys(str(item.get(step.key)) for found in documents for item in found.get(step.code) or []))
    return []
