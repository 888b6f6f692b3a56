"""The answers of a unit or a class as they are checked before finalising: by section and step, with what is missing and what is unusual."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language

import engine
from engine.answers import Context, shown
from engine.forms import text_in
from engine.forms.fields import TRUTH, as_local_date
from engine.methodology import Field, Methodology, Step
from portal.accounts.models import User
from portal.collection.computing import Computed, Fired, compute
from portal.collection.contexts import class_context, methodology_of, unit_context
from portal.collection.figures import hide_rows, row_levels
from portal.collection.models import CLASS, Collection, Explanation
from portal.collection.permissions import allowed
from portal.collection.readiness import form_of, obstacles_of, sections_of
from portal.collection.sections import required_sections, writing_act
from portal.collection.services.explaining import field_name
from portal.collection.standing import Decision, Obstacles
from portal.ui.templatetags.romanian import signs

LAST_YEAR = "previous."
"""How formulas name numbers of last year."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question with its answer in words; '' when it has none yet. ``missing``: it must be answered and is not."""

    label: str
    answer: str
    missing: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one step in one section, or of one item of it. ``editable``: the person may change them now."""

    title: str
    section: str
    step: str
    item: str
    lines: tuple[AnswerLine, ...]
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """A check that fires: its sentence, where, and the reason written for it. ``name``: of the field for the reason; ``open``: the person may
    write it now; ``trace``: what was compared, of a check that looks at last year's numbers, which stand on no other page; ``fault``: what is
    wrong with a reason just typed."""

    severity: str
    code: str
    section: str
    message: str
    where: str
    collection: Collection
    name: str
    reason: str
    open: bool = False
    trace: engine.Trace | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """``may_fill``: whether the basic answers may be changed, and why not."""

    groups: Sequence[Group]
    remarks: Sequence[Remark]
    obstacles: Obstacles | None
    may_fill: Decision
    may_finalise: Decision | None

    @property
    def may_explain(self) -> bool:
        return any(remark.open for remark in self.remarks)


def review_of(collection: Collection, user: User) -> Review:
    """Everything the check-answers page shows."""
    methodology = methodology_of(collection)
    is_class = collection.level == CLASS
    context = class_context(collection) if is_class else unit_context(collection)
    computed = compute(collection, pending=True)
    required = required_sections(methodology)
    obstacles = None if is_class else obstacles_of(collection, computed)
    writable = {
        section.code: bool(allowed(user, writing_act(methodology, section.code), collection, sections=[section.code]))
        for section in methodology.sections
    }
    return Review(
        groups=[replace(one, editable=writable[one.section]) for one in groups(methodology, collection.level, context)],
        remarks=_opened(remarks(methodology, collection, computed), required, collection, user),
        obstacles=obstacles,
        may_fill=allowed(user, "fill", collection, sections=required),
        may_finalise=None if is_class else allowed(user, "finalise", collection, obstacles=obstacles, sections=required),
    )


def as_typed(review: Review, texts: Mapping[str, str], faults: Mapping[str, str]) -> Review:
    """The same with reasons as they were just typed, and what is wrong with them."""
    remarks = [replace(one, reason=texts.get(one.name, one.reason), fault=faults.get(one.name, "")) for one in review.remarks]
    return replace(review, remarks=remarks)


def _opened(listed: Sequence[Remark], required: frozenset[str], collection: Collection, user: User) -> list[Remark]:
    """Reasons are written on the page of the unit; those of the extended part as long as its answers are."""
    if collection.level == CLASS or not any(remark.severity == "explain" for remark in listed):
        return list(listed)
    own, extended = bool(allowed(user, "explain", collection)), bool(allowed(user, "explain_extended", collection))
    return [replace(one, open=one.severity == "explain" and (own if one.section in required else extended)) for one in listed]


# ---- answers in words ------------------------------------------------------------------------------------


def groups(methodology: Methodology, level: str, context: Context) -> list[Group]:
    """The answers of a form, step by step; what is not asked is left out."""
    language = get_language() or "ro"
    found: list[Group] = []
    for step in form_of(methodology, level).steps:
        for section in sections_of(step):
            questions = [field for field in step.fields if field.section == section]
            if questions:
                found += _groups_of(methodology, step, section, questions, context, language)
    return found


def _groups_of(methodology: Methodology, step: Step, section: str, questions: Sequence[Field], context: Context, language: str) -> list[Group]:
    title = text_in(step.title, language)
    if not step.repeat:
        lines = _lines(methodology, step.level, questions, context, language)
        return [Group(title, section, step.code, "", lines)]
    found = []
    for item in context.stored.get(step.code) or []:
        lines = _lines(methodology, step.repeat, questions, Context(places=context.places, stored=item), language)
        found.append(Group(title, section, step.code, str(item.get(step.key, "")), lines))
    return found or [Group(title, section, step.code, "", ())]


def _lines(methodology: Methodology, level: str, questions: Sequence[Field], context: Context, language: str) -> tuple[AnswerLine, ...]:
    states = shown(methodology, level, {}, context)
    return tuple(
        AnswerLine(
            text_in(question.label, language),
            in_words(methodology, question, context.stored.get(question.code), language),
            states[question.code].required and context.stored.get(question.code) in (None, "", []),
        )
        for question in questions
        if states[question.code].shown
    )


def in_words(methodology: Methodology, question: Field, value: Any, language: str) -> str:
    """A stored answer as people read it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return TRUTH.get(language, TRUTH["ro"])[0 if value else 1]
    if question.choices:
        labels = {choice.code: text_in(choice.label, language) for choice in methodology.choices[question.choices].choices}
        return ", ".join(labels.get(code, str(code)) for code in (value if isinstance(value, list) else [value]))
    if question.type == "date":
        return as_local_date(str(value))
    return str(value).replace(".", signs().decimal) if question.type == "decimal" else str(value)


# ---- checks ----------------------------------------------------------------------------------------------


def remarks(methodology: Methodology, collection: Collection, computed: Computed) -> list[Remark]:
    """The checks that fire at a unit (and in its buildings and classes), the heaviest first."""
    unit = collection.parent if collection.level == CLASS else collection
    if unit is None or unit.exempt:
        return []
    fired = computed.fired(collection)
    required = required_sections(methodology)
    written = _written(unit)
    order = {"must_fix": 0, "explain": 1, "note": 2}
    listed = sorted(fired, key=lambda one: (one.check.section not in required, order[one.check.severity]))
    return [replace(_remark(one, unit, written), trace=_compared(one, computed)) for one in listed]


def _compared(fired: Fired, computed: Computed) -> engine.Trace | None:
    """What a check that looks at last year compared; single rows are left out."""
    if LAST_YEAR not in fired.check.quantity.text:
        return None
    trace = engine.explain(computed.methodology, computed.dataset, fired.check.code, fired.place)
    hide_rows(trace, row_levels(computed))
    return trace


def _written(unit: Collection) -> Mapping[tuple[int, str], str]:
    rows = Explanation.objects.filter(collection__path__startswith=unit.path).values_list("collection", "check_code", "text")
    return {(pk, code): text for pk, code, text in rows}


def _remark(fired: Fired, unit: Collection, written: Mapping[tuple[int, str], str]) -> Remark:
    check, place = fired.check, fired.collection
    where = "" if place.pk == unit.pk and check.level == unit.level else place.name if place.pk != unit.pk else fired.key
    message = text_in(check.message, get_language() or "ro")
    return Remark(
        check.severity, check.code, check.section, message, where, place, field_name(place, check.code), written.get((place.pk, check.code), "")
    )
