"""Touched answers of one step as cells: judged by the rules of the form, one by one, so that what is right is kept beside what is not.

A cell is ``field``, or ``step[key].field`` in an item that is stored already; new items, and keys, are kept with their whole form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from engine.answers import Context, clean, shown
from engine.methodology import Field, Methodology, Step
from portal.collection.documents import Cells, quoted

NOT_YET = _("Acest element al listei nu este salvat încă. Apăsați „Salvați și continuați” ca să îl salvați întreg.")


@dataclass(slots=True)
class Judged:
    """``typed``: what may be stored; ``refused``: why the rest may not; ``computed``: read-only answers as they follow; ``shown``: what is asked."""

    typed: Cells = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    computed: Cells = field(default_factory=dict)
    shown: dict[str, bool] = field(default_factory=dict)


def judged(methodology: Methodology, step: Step, section: str, cells: Mapping[str, Any], context: Context, language: str) -> Judged:
    """The touched cells of a step. Names that are none of its questions are passed over."""
    found = Judged()
    questions = [question for question in step.fields if question.section == section]
    if not step.repeat:
        _judge(found, methodology, step.level, questions, "", cells, context, language)
        return found
    found.refused = {name: str(NOT_YET) for name in cells if name.startswith(f"{step.code}[")}
    for item in context.stored.get(step.code) or []:
        prefix = f"{step.code}[{quoted(item.get(step.key, ''))}]."
        touched = {name.removeprefix(prefix): value for name, value in cells.items() if name.startswith(prefix)}
        if touched:
            found.refused = {name: why for name, why in found.refused.items() if not name.startswith(prefix)}
            _judge(
                found, methodology, step.repeat, [question for question in questions if question.code != step.key], prefix, touched,
                Context(places=context.places, stored=item), language,
            )  # fmt: skip
    return found


def _judge(
    found: Judged,
    methodology: Methodology,
    level: str,
    questions: list[Field],
    prefix: str,
    touched: Mapping[str, Any],
    context: Context,
    language: str,
) -> None:
    codes = {question.code for question in questions if not question.readonly}
    answers = {code: value for code, value in touched.items() if code in codes}
    result = clean(methodology, level, answers, context, list(answers))
    wrong = {problem.field: problem for problem in result.problems}
    for code in answers:
        if code in wrong and wrong[code].code != "A801":
            found.refused[prefix + code] = wrong[code].in_language(language)
        elif code in result.values or code in wrong:
            found.typed[prefix + code] = result.values.get(code)
    states = shown(methodology, level, answers, context)
    found.shown |= {prefix + question.code: states[question.code].shown for question in questions}
    found.computed |= {prefix + question.code: states[question.code].value for question in questions if question.readonly}
