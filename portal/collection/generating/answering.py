"""What a county answers: drawn from the top down, completed by the methodology, kept as far as each unit has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.methodology import Step
from engine.responses import Document, Places
from engine.storage import encode_tables
from portal.collection.computing import facts_of
from portal.collection.generating import completing, likely, planted, pupils, shares
from portal.collection.generating.classes import PlannedClass
from portal.collection.generating.county import BEGUN, COMPLETE, UNTOUCHED, County, InventedUnit
from portal.collection.generating.likely import Answers, Circumstances
from portal.collection.generating.shares import Shares
from portal.collection.models import CLASS, Collection
from portal.network.models import Level

SCHOOL, UNIT = Level.SCHOOL.value, Level.UNIT.value
SUBMITTED, IN_PROGRESS, NOT_STARTED = Collection.Progress.SUBMITTED, Collection.Progress.IN_PROGRESS, Collection.Progress.NOT_STARTED


@dataclass(frozen=True, slots=True)
class InventedClass:
    """A class with its parameters by section, its table and how far that has come."""

    unit: InventedUnit
    plan: PlannedClass
    documents: dict[str, Answers]
    table: bytes
    progress: str


def answer(county: County) -> Iterator[InventedClass]:
    """Every class with what it answers; the documents of the units and the planted cases are set before the first comes."""
    if not county.units:
        return
    drawn, blank = _shares(county)
    around = _places(county)
    stories = _circumstances(county, drawn)
    buildings = [likely.of_buildings(one, county.random) for one in stories]
    units = _answer_units(county, around, stories, buildings)
    parameters = _answer_classes(county, around, buildings, blank)
    tables = _tables(county, around, drawn, [one.get("residence") for one in units], parameters, blank)
    for number, plan, document, table in zip(county.of_unit, county.classes, parameters, tables, strict=True):
        unit = county.units[number]
        yield InventedClass(unit, plan, _kept(county, unit, plan, document), table, _progress(county, unit))


# ---- likelihoods -----------------------------------------------------------------------------------------


def _shares(county: County) -> tuple[Shares, list[int]]:
    """(how likely, with the planted cases in it; the classes in which two benches are left blank)."""
    urban = np.array([unit.facts.get("residence") == "urban" for unit in county.units])
    special = np.array([bool(unit.facts.get("special_school")) for unit in county.units])
    localities = [unit.locality for unit in county.units]
    drawn = shares.draw(county.chance, county.collection.code, localities, urban, special, np.array(county.of_unit))
    grouped: dict[int, list[tuple[int, PlannedClass]]] = defaultdict(list)
    for place, (number, plan) in enumerate(zip(county.of_unit, county.classes, strict=True)):
        unit = county.units[number]
        if unit.begun == COMPLETE and unit.row.code not in county.order.begun and not special[number]:
            grouped[number].append((place, plan))
    units, blank = planted.plant(grouped, drawn, county.order.blank)
    county.planted = {case: county.units[number].row.code for case, number in units.items()}
    return drawn, blank


def _circumstances(county: County, drawn: Shares) -> list[Circumstances]:
    children: Counter[str] = Counter()
    for unit in county.units:
        children[unit.locality] += unit.pupils
    return [
        Circumstances(unit.facts, unit.classes, float(roma), float(hungarian), int(children[unit.locality] * 1.15) + 10)
        for unit, roma, hungarian in zip(county.units, drawn.community_roma, drawn.community_hungarian, strict=True)
    ]


# ---- places of the data set ------------------------------------------------------------------------------


def _places(county: County) -> dict[str, Places]:
    """The schools, and the units with no more than their place among them."""
    schools = {unit.row.parent_id: unit.row.parent for unit in county.units}
    index = {pk: number for number, pk in enumerate(schools)}
    facts = [facts_of(county.methodology, school) for school in schools.values() if school is not None]
    return {
        SCHOOL: Places([str(pk) for pk in schools], answers=_by_section(county, SCHOOL, facts)),
        UNIT: Places([unit.row.code for unit in county.units], {SCHOOL: [index[unit.row.parent_id] for unit in county.units]}),
    }


def _by_section(county: County, level: str, answers: Sequence[Document]) -> dict[str, Sequence[Document | None]]:
    """Documents of places by section, as data sets take them."""
    split = [completing.sections(county.methodology, level, one) for one in answers]
    codes = {field.section for field in county.methodology.fields.get(level, {}).values()}
    return {code: [one.get(code) for one in split] for code in codes}


# ---- units and their buildings ---------------------------------------------------------------------------


def _answer_units(
    county: County, around: dict[str, Places], stories: Sequence[Circumstances], buildings: Sequence[Sequence[Answers]]
) -> list[Answers]:
    """The completed answers of every unit; its documents become what it has answered so far."""
    facts = [facts_of(county.methodology, unit.row) for unit in county.units]
    given = [known | likely.of_unit(story, county.random) for known, story in zip(facts, stories, strict=True)]
    answers = completing.places(county.methodology, UNIT, given, around, county.random)
    around[UNIT].answers = _by_section(county, UNIT, [known | one for known, one in zip(facts, answers, strict=True)])
    steps = [step for form in county.methodology.forms if form.level == UNIT for step in form.steps]
    items = {step.code: _items(county, around, step, buildings) for step in steps if step.repeat}
    for number, (unit, answered) in enumerate(zip(county.units, answers, strict=True)):
        unit.documents = _asked(county, unit, _unit_documents(county, unit, steps, answered, {code: items[code][number] for code in items}))
    return answers


def _items(county: County, around: Mapping[str, Places], step: Step, buildings: Sequence[Sequence[Answers]]) -> list[list[Answers]]:
    """The completed items of a repeating step, by unit: whatever it asks, there are as many as buildings."""
    owners = [number for number, listed in enumerate(buildings) for _ in listed]
    given = [{**one, step.key: one["bld_code"]} for listed in buildings for one in listed]
    keys = [str(one[step.key]) for one in given]
    found: list[list[Answers]] = [[] for _ in buildings]
    complete = completing.places(county.methodology, step.repeat, given, {**around, step.repeat: Places(keys, {UNIT: owners})}, county.random)
    for owner, document in zip(owners, complete, strict=True):
        found[owner].append(document)
    return found


def _unit_documents(
    county: County, unit: InventedUnit, steps: Sequence[Step], answers: Answers, items: Mapping[str, Sequence[Answers]]
) -> dict[str, Answers]:
    """Everything, the first steps, or nothing."""
    reached = {COMPLETE: len(steps), BEGUN: county.random.randint(2, 3), UNTOUCHED: 0}[unit.begun]
    codes = {field.code for step in steps[:reached] if not step.repeat for field in step.fields}
    found = completing.sections(county.methodology, UNIT, {code: value for code, value in answers.items() if code in codes})
    for step in steps[:reached]:
        for item in items.get(step.code, ()):
            for section, part in completing.sections(county.methodology, step.repeat, item).items():
                found.setdefault(section, {}).setdefault(step.code, []).append({step.key: item[step.key]} | part)
    return found


def _asked(county: County, unit: InventedUnit, documents: dict[str, Answers]) -> dict[str, Answers]:
    """Of the sections that are not required only what a unit fills on its own."""
    required = {section.code for section in county.methodology.sections if section.required}
    more = unit.extended and unit.begun == COMPLETE
    return {code: document for code, document in documents.items() if more or code in required}


# ---- classes and their tables ----------------------------------------------------------------------------


def _answer_classes(county: County, around: Mapping[str, Places], buildings: Sequence[Sequence[Answers]], blank: Sequence[int]) -> list[Answers]:
    counted: Counter[int] = Counter()
    given = []
    for place, (number, plan) in enumerate(zip(county.of_unit, county.classes, strict=True)):
        building = buildings[number][counted[number] % len(buildings[number])]
        answers = likely.of_class(plan, building["bld_code"], bool(county.units[number].facts.get("special_school")), county.random)
        if place in blank:
            answers.pop("cls_has_benches", None)
        counted[number] += 1
        given.append(answers)
    own = Places([plan.code for plan in county.classes], {UNIT: county.of_unit})
    return completing.places(county.methodology, CLASS, given, {**around, CLASS: own}, county.random)


def _tables(
    county: County, around: Mapping[str, Places], drawn: Shares, residence: Sequence[Any], parameters: Sequence[Answers], blank: Sequence[int]
) -> list[bytes]:
    sizes = [plan.pupils for plan in county.classes]
    by_code: dict[str, list[Any]] = {code: [document.get(code) for document in parameters] for code in county.methodology.fields[CLASS]}
    by_code["residence"] = [residence[number] for number in county.of_unit]
    columns = pupils.draw(pupils.Rows(county.methodology, county.chance, sizes), drawn, by_code, blank)
    own = Places([plan.code for plan in county.classes], {UNIT: county.of_unit}, _by_section(county, CLASS, parameters))
    cells = completing.rows(county.methodology, CLASS, columns, sizes, {**around, CLASS: own}, county.random)
    return encode_tables(county.methodology, CLASS, cells, sizes)


def _kept(county: County, unit: InventedUnit, plan: PlannedClass, document: Answers) -> dict[str, Answers]:
    """The parameters as answered; of an untouched unit only what the network knows."""
    answered = {code: document[code] for code in plan.known if code in document} if unit.begun == UNTOUCHED else document
    return _asked(county, unit, completing.sections(county.methodology, CLASS, answered))


def _progress(county: County, unit: InventedUnit) -> str:
    if unit.begun == BEGUN:
        return county.random.choices([SUBMITTED, IN_PROGRESS, NOT_STARTED], [45, 30, 25])[0]
    return SUBMITTED if unit.begun == COMPLETE else NOT_STARTED
