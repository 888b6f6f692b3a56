"""What is wrong with an answer: where, a code of the catalogue, and the sentence in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any, Final

from engine.catalogue import CATALOGUE
from engine.errors import nearest
from engine.typed import Refused

MEANT: Final = {"ro": "Ați vrut „{}”?", "en": "Did you mean “{}”?", "hu": "Erre gondolt: „{}”?"}


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """``field``: code of the field, '' for a whole table or list. ``row``: number (from 1) of the row or item, None for a plain answer."""

    field: str
    code: str
    row: int | None = None
    params: Mapping[str, Any] = made(default_factory=dict)
    candidates: Iterable[str] = made(default=(), compare=False, repr=False)

    @property
    def suggestion(self) -> str:
        """What was probably meant, '' when nothing comes near. Looked for only when somebody reads it."""
        return nearest(str(self.params.get("value", "")), self.candidates)

    @property
    def message(self) -> str:
        """What is wrong and what to do, in Romanian."""
        return self.in_language("ro")

    def in_language(self, language: str) -> str:
        """The same in the language of the reader; in Romanian where it is not translated."""
        said, remedy = CATALOGUE[self.code].said(language)
        suggestion = self.suggestion
        meant = MEANT.get(language, MEANT["ro"]).format(suggestion) if suggestion else ""
        return " ".join(part for part in (said.format_map(self.params), meant, remedy.format_map(self.params)) if part)


def problem_of(field_code: str, refused: Refused, row: int | None = None) -> AnswerProblem:
    return AnswerProblem(field_code, refused.code, row, refused.params, refused.candidates)
