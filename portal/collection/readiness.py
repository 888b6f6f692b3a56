"""How far a place is, and what stands between it and its finalisation. The counts shown, and those that decide, are the same."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from engine.answers import AnswerProblem, Context, clean, clean_items
from engine.methodology import Form, Methodology, Step
from portal.collection.computing import Computed, Fired, compute
from portal.collection.contexts import class_context, methodology_of, stored_answers, unit_context
from portal.collection.models import CLASS, Collection, Explanation
from portal.collection.sections import extended_sections, required_sections
from portal.collection.standing import Obstacles
from portal.network.models import Level

UNIT, SCHOOL, COUNTY, NATIONAL = (level.value for level in (Level.UNIT, Level.SCHOOL, Level.COUNTY, Level.NATIONAL))


@dataclass(frozen=True, slots=True)
class StepState:
    """One step of a section's form. ``problems``: what is missing or wrong in what is stored; ``items``: keys of a repeating step."""

    step: Step
    section: str
    started: bool
    problems: tuple[AnswerProblem, ...]
    items: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        if not self.started:
            return "not_started"
        return "in_progress" if self.problems else "complete"


def form_of(methodology: Methodology, level: str) -> Form:
    return next(form for form in methodology.forms if form.level == level)


def sections_of(step: Step) -> list[str]:
    """The sections that a step has fields of, its own first."""
    return list(dict.fromkeys([step.section, *(field.section for field in step.fields)]))


def step_of(methodology: Methodology, level: str, section: str, code: str) -> Step | None:
    """A step that asks something in a section; None when there is none of this code."""
    return next((step for step in form_of(methodology, level).steps if step.code == code and section in sections_of(step)), None)


def step_states(collection: Collection, sections: Container[str] | None = None) -> list[StepState]:
    """Every step of the form of a unit or a class in every section (or some), in the order of the methodology."""
    methodology, documents = methodology_of(collection), stored_answers(collection)
    context = class_context(collection) if collection.level == CLASS else unit_context(collection)
    return [
        _state(methodology, step, one, dict(documents.get(one, {})), context)
        for step in form_of(methodology, collection.level).steps
        for one in sections_of(step)
        if (sections is None or one in sections) and any(field.section == one for field in step.fields)
    ]


def _state(methodology: Methodology, step: Step, section: str, document: dict[str, object], context: Context) -> StepState:
    codes = [field.code for field in step.fields if field.section == section]
    if step.repeat:
        items = context.stored.get(step.code) or []
        found = clean_items(methodology, step, items, Context(places=context.places), codes)
        return StepState(step, section, step.code in document, found.problems, tuple(str(item.get(step.key, "")) for item in items))
    editable = [field.code for field in step.fields if field.section == section and not field.readonly]
    started = any(code in document for code in editable)
    return StepState(step, section, started, clean(methodology, step.level, {}, context, codes).problems)


def unexplained(fired: Sequence[Fired]) -> list[Fired]:
    """Those of the checks that ask for a reason and have none."""
    asked = [one for one in fired if one.check.severity == "explain"]
    written = set(Explanation.objects.filter(collection__in={one.collection.pk for one in asked}).values_list("collection", "check_code"))
    return [one for one in asked if (one.collection.pk, one.check.code) not in written]


def obstacles_of(collection: Collection, computed: Computed | None = None, states: Sequence[StepState] | None = None) -> Obstacles:
    """What stands between a place and its finalisation. ``computed``, ``states``: of a unit, where they are known already."""
    if collection.level == UNIT:
        return _of_unit(collection, computed or compute(collection), states if states is not None else step_states(collection))
    below = {SCHOOL: UNIT, COUNTY: SCHOOL, NATIONAL: COUNTY}[collection.level]
    left = collection.children.filter(level=below, exempt=False).exclude(state=Collection.State.FINALISED).count()
    return Obstacles(children=left)


def _of_unit(unit: Collection, computed: Computed, states: Sequence[StepState]) -> Obstacles:
    required = required_sections(methodology_of(unit))
    incomplete = sum(1 for one in states if one.section in required and (one.problems or not one.started))
    classes = unit.children.filter(level=CLASS)
    waiting = classes.exclude(progress=Collection.Progress.SUBMITTED).count()
    if not classes.exists():
        waiting = 1
    fired = [one for one in computed.fired(unit) if one.check.section in required]
    must_fix = sum(1 for one in fired if one.check.severity == "must_fix")
    return Obstacles(sections=incomplete, classes=waiting, must_fix=must_fix, explain=len(unexplained(fired)))


def obstacles_of_extended(unit: Collection) -> Obstacles:
    """What stands between the extended part of a unit, its buildings and classes, and its own finalisation."""
    methodology = methodology_of(unit)
    extended = extended_sections(methodology)
    places = [unit, *unit.children.filter(level=CLASS).select_related("round__methodology", "parent__parent")]
    states = [one for place in places for one in step_states(place, extended)]
    fired = [one for one in compute(unit, pending=True).fired(unit) if one.check.section in extended]
    return Obstacles(
        sections=sum(1 for one in states if one.problems or not one.started),
        must_fix=sum(1 for one in fired if one.check.severity == "must_fix"),
        explain=len(unexplained(fired)),
    )
