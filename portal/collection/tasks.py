"""The tasks of a unit: its steps, its classes, its deadlines, and what is left before it can be finalised. Read only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from portal.accounts.models import User
from portal.collection.class_links import WITHOUT, Way, way_of
from portal.collection.last_year import classes_before
from portal.collection.models import CLASS, Collection
from portal.collection.permissions import actor_of, chain_of, chain_rows
from portal.collection.readiness import StepState, form_of, obstacles_of, step_states
from portal.collection.sections import extended_sections, required_sections
from portal.collection.selectors import classes_of
from portal.collection.standing import Actor, Chain, Decision, Obstacles
from portal.collection.workflow import decide
from portal.rounds import methodologies


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class of the list: the word of its table, of its link, and what may be done with it now."""

    way: Way
    deeds: tuple[str, ...]

    @property
    def row(self) -> Collection:
        return self.way.row

    @property
    def state(self) -> str:
        return self.way.table

    @property
    def link(self) -> str:
        return self.way.state


@dataclass(frozen=True, slots=True)
class Tasks:
    """Everything the task list of a unit shows. ``may``: decisions by act; ``extended_classes``: classes are asked something in the extended part."""

    required: Sequence[StepState]
    optional: Sequence[StepState]
    classes: Sequence[ClassLine]
    obstacles: Obstacles
    may: dict[str, Decision]
    chain: Chain
    extended_classes: bool
    copyable: int = 0
    """Classes of last year that may be copied: only into a unit that has none yet."""

    @property
    def complete(self) -> int:
        return sum(1 for one in self.required if one.state == "complete")

    @property
    def without_link(self) -> int:
        return sum(1 for one in self.classes if one.link in WITHOUT and one.way.waits)


CLASS_DEEDS = ("return_class", "recall_class", "block", "unblock")
UNIT_ACTS = ("fill", "fill_extended", "define_classes", "manage_links", "finalise", "finalise_extended", "explain", "view_rows")


def tasks_of(unit: Collection, user: User, at: datetime | None = None) -> Tasks:
    now = at or timezone.now()
    rows = chain_rows(unit)
    actor = actor_of(user, rows)
    methodology = methodologies.of(unit.round.methodology)
    required, extended = required_sections(methodology), extended_sections(methodology)
    states = step_states(unit)
    obstacles = obstacles_of(unit, states=states)
    chain = chain_of(unit, rows, obstacles)
    basic, further = replace(chain, sections=required), replace(chain, obstacles=Obstacles(), sections=extended)
    asked = {"fill": basic, "finalise": basic, "fill_extended": further, "finalise_extended": further}
    classes = [_line(row, unit, rows, actor, now) for row in classes_of(unit).prefetch_related("extensions")]
    may = {act: decide(act, actor, asked.get(act, chain), now) for act in UNIT_ACTS}
    return Tasks(
        required=[one for one in states if one.section in required],
        optional=[one for one in states if one.section not in required],
        classes=classes,
        obstacles=obstacles,
        may=may,
        chain=chain,
        extended_classes=any(field.section in extended for step in form_of(methodology, CLASS).steps for field in step.fields),
        copyable=len(classes_before(unit)) if may["define_classes"] and not classes else 0,
    )


def _line(row: Collection, unit: Collection, rows: Sequence[Collection], actor: Actor, now: datetime) -> ClassLine:
    row.round = unit.round
    chain = chain_of(row, [row, *rows])
    deeds = tuple(act for act in CLASS_DEEDS if decide(act, actor, chain, now))
    return ClassLine(way_of(row, now), deeds)
