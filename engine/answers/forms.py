"""The answers of one place: what is proposed, what is shown, and what is kept of what was submitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.answers.context import NOTHING_AROUND, Context
from engine.answers.logic import Logic, logic_of
from engine.answers.problems import AnswerProblem, problem_of
from engine.answers.sheet import Sheet, carried, place_sheet, proposed
from engine.encoding import ABSENT, Stored
from engine.methodology import Field, Methodology, Step
from engine.responses import Document
from engine.typed import Refused


@dataclass(frozen=True, slots=True)
class Question:
    """The state of a field: its answer or what is proposed instead (None: blank), whether it is shown, whether it must be answered."""

    field: Field
    value: Stored
    shown: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Cleaned:
    """``values``: what may be stored, by field; blanks are None, hidden fields are not there. ``problems`` in the order of the fields."""

    values: dict[str, Stored]
    problems: tuple[AnswerProblem, ...]


def initial(methodology: Methodology, level: str, context: Context = NOTHING_AROUND) -> dict[str, Stored]:
    """The answers a form begins with: those stored, then what the register and last year propose, then defaults. Blanks are left out."""
    sheet = _completed(logic_of(methodology, level), {}, context)[0]
    return {code: cells[0] for code, cells in sheet.columns.items() if cells[0] is not ABSENT and cells[0] is not None}  # type: ignore[misc]


def last_year(methodology: Methodology, level: str, previous: Document) -> dict[str, Stored]:
    """What last year's answers propose, for the questions that declare it."""
    return proposed(logic_of(methodology, level), Context(previous=previous))


def carried_over(methodology: Methodology, level: str, previous: Document) -> dict[str, Stored]:
    """Last year's answers to all questions that still can be answered so, declared or not: for copying what stays as it is."""
    return carried(logic_of(methodology, level), previous)


def shown(methodology: Methodology, level: str, answers: Mapping[str, Any], context: Context = NOTHING_AROUND) -> dict[str, Question]:
    """The state of every field, given answers that may still hold mistakes (those count as blank)."""
    logic = logic_of(methodology, level)
    sheet, _ = _completed(logic, answers, context)
    visible, required = sheet.states()
    values = {code: None if cells[0] is ABSENT else cells[0] for code, cells in sheet.columns.items()}
    return {code: Question(field, values[code], visible[code][0], required[code][0]) for code, field in logic.fields.items()}  # type: ignore[arg-type]


def clean(
    methodology: Methodology,
    level: str,
    answers: Mapping[str, Any],
    context: Context = NOTHING_AROUND,
    fields: Collection[str] | None = None,
) -> Cleaned:
    """What may be kept of the answers of one place, and what is wrong with them; with ``fields``, only for these (a step, a few cells).

    First everything is read, then absent answers are completed (stored, prefilled, default), then it is decided what is shown and
    required, and only then judged: a hidden field is neither kept nor wrong. Absent means that the key is not there; a blank stays blank.
    Read-only fields keep what is stored, proposed or computed, whatever was submitted.
    """
    logic = logic_of(methodology, level)
    sheet, refused = _completed(logic, answers, context)
    visible, required = sheet.states()
    values: dict[str, Stored] = {}
    problems: list[AnswerProblem] = []
    for code, field in logic.fields.items():
        if (fields is not None and code not in fields) or not visible[code][0]:
            continue
        cell = sheet.columns[code][0]
        why = refused.get(code) or _refused(logic, sheet, field, cell, required[code][0])
        if why is not None:
            problems.append(problem_of(code, why))
        elif cell is not ABSENT:
            values[code] = cell  # type: ignore[assignment]
    return Cleaned(values, tuple(problems))


def _completed(logic: Logic, answers: Mapping[str, Any], context: Context) -> tuple[Sheet, dict[str, Refused]]:
    """(everything there is to say about the answers, why some of those submitted cannot be read)."""
    submitted = {code: answers[code] for code, field in logic.fields.items() if code in answers and not field.readonly}
    read, refused = logic.read({**context.stored, **submitted})
    sheet = place_sheet(logic, read, context)
    sheet.complete()
    return sheet, refused


def _refused(logic: Logic, sheet: Sheet, field: Field, cell: Any, required: bool) -> Refused | None:
    if cell is None or cell is ABSENT:
        return Refused("A801") if required and not field.readonly else None
    if field.type == "place":
        keys = sheet.dataset.tables[field.target].keys
        known = logic.declares(sheet.context.places, field.target)
        return Refused("A816", value=cell) if known and cell not in keys else None
    return None


# ---- items of repeating steps ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CleanedItems:
    """``items``: what may be stored, in the order submitted; problems carry the number of the item."""

    items: list[dict[str, Stored]]
    problems: tuple[AnswerProblem, ...]


def clean_items(
    methodology: Methodology,
    step: Step,
    items: Sequence[Mapping[str, Any]],
    context: Context = NOTHING_AROUND,
    fields: Collection[str] | None = None,
) -> CleanedItems:
    """The items of a repeating step, each cleaned like a form; their number and their keys are looked at as well.

    At most one more than the step allows is read. ``context.places`` holds the owner, and not the items themselves.
    """
    problems = [*_count_problems(step, len(items))]
    kept: list[dict[str, Stored]] = []
    seen: set[Stored] = set()
    for number, item in enumerate(items[: (step.maximum or len(items)) + 1], 1):
        if not isinstance(item, Mapping):
            problems.append(AnswerProblem("", "A815", number))
            continue
        cleaned = clean(methodology, step.repeat, item, context, fields)
        problems += [replace(found, row=number) for found in cleaned.problems]
        key = cleaned.values.get(step.key)
        if key is not None and key in seen:
            problems.append(AnswerProblem(step.key, "A817", number, params={"value": key}))
        seen.add(key)
        kept.append(cleaned.values)
    return CleanedItems(kept, tuple(problems))


def _count_problems(step: Step, count: int) -> Sequence[AnswerProblem]:
    if count < step.minimum:
        return [AnswerProblem("", "A820", params={"found": count, "limit": step.minimum})]
    if step.maximum and count > step.maximum:
        return [AnswerProblem("", "A821", params={"found": count, "limit": step.maximum})]
    return []
