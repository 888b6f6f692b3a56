"""Free text that people write anywhere in the product: nothing personal may stand in it (``engine.typed.personal`` says what that is)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from engine.answers.problems import problem_of
from engine.typed import Refused, refuse_personal

PERSONAL_CODE, TOO_LONG = "A822", "A813"
MOST_CHARACTERS = 200_000
"""Longer texts are not looked through and count as refused: no field takes as much."""


def personal_data_in(text: str) -> str:
    """What is wrong with a text and what to do, in the language of the reader; '' when nothing personal is in it."""
    refused = _refusal(text)
    return problem_of("", refused).in_language(get_language() or "ro") if refused is not None else ""


def holds_personal_code(text: str) -> bool:
    """Whether a text must not be kept even where telephones and addresses are asked for."""
    refused = _refusal(text)
    return refused is not None and refused.code in (PERSONAL_CODE, TOO_LONG)


def _refusal(text: str) -> Refused | None:
    if len(text) > MOST_CHARACTERS:
        return Refused(TOO_LONG, found=len(text), limit=MOST_CHARACTERS)
    try:
        refuse_personal(text)
    except Refused as refused:
        return refused
    return None


def no_personal_data(text: str) -> None:
    """Validator of form fields."""
    said = personal_data_in(text)
    if said:
        raise ValidationError(said, code="personal")


class FreeText(forms.CharField):
    """A text of several lines in which nothing personal may stand. ``required_words``: what is said when it is empty."""

    default_validators = [no_personal_data]

    def __init__(self, *, required_words: Any = "", rows: int = 3, **kwargs: Any) -> None:
        given: dict[str, Any] = {"max_length": 1000, "widget": forms.Textarea(attrs={"rows": rows})}
        errors = {"required": required_words} if required_words else {}
        super().__init__(error_messages=errors, **given | kwargs)
