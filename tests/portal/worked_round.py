"""The worked example of a methodology as a round in the database: network, round, answers, class tables, written through the models.

Its figures are those of ``expected.json``; tests of pages, reports and exports compare with them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from engine.methodology import Field, Methodology
from engine.storage import encode_table
from portal.collection.models import CLASS, ClassTable, Collection, ExactValues, Response, Result
from portal.collection.services import finalising, taking
from portal.collection.services.acting import Deed
from portal.collection.services.classes import create_class, recount
from portal.network.models import Level, Place
from portal.rounds import methodologies
from portal.rounds.models import MethodologyVersion, Round
from portal.rounds.services import publishing

YEAR, YEAR_BEFORE = "2025-2026", "2024-2025"
METHODOLOGIES = Path(__file__).resolve().parents[2] / "indicators"
FOLDER = METHODOLOGIES / YEAR
EXAMPLE = FOLDER / "examples" / "worked"
COUNTY = "AB"
TRUTH = {"yes": True, "no": False}


@dataclass
class WorkedRound:
    """``units`` by their key in the example; classes by unit key and code."""

    round: Round
    methodology: Methodology
    national: Collection
    county: Collection
    school: Collection
    units: dict[str, Collection]
    answers: dict[str, Any]
    classes: dict[tuple[str, str], Collection] = field(default_factory=dict)

    @property
    def example(self) -> Path:
        return METHODOLOGIES / self.round.school_year / "examples" / "worked"

    def freeze(self, key: str) -> Result:
        """A unit made final with its figures frozen, whatever its checks say (the example has open ones on purpose)."""
        unit = self.units[key]
        unit.state = Collection.State.FINALISED
        unit.finalised_at = unit.received_at = timezone.now()
        unit.save()
        return finalising.freeze(finalising.compute(unit), unit, Deed([unit], timezone.now()))


def expected() -> dict[str, Any]:
    return json.loads((EXAMPLE / "expected.json").read_text("utf-8"))  # type: ignore[no-any-return]


def published(year: str = YEAR) -> MethodologyVersion:
    """The methodology as ``publish`` leaves it; checked once in a process, since its examples take a second to compute."""
    methodology, texts = _checked(year)
    return MethodologyVersion.objects.filter(digest=methodology.digest).first() or publishing._store(methodology, texts, None, "")


@cache
def _checked(year: str) -> tuple[Methodology, dict[str, str]]:
    texts = publishing.read_texts(METHODOLOGIES / year)
    return publishing.check(year, texts), texts


def open_round(version: MethodologyVersion, **changed: Any) -> Round:
    """A round that is open now, with windows around today."""
    now = timezone.now()
    ends = ("class_close", "unit_close", "school_close", "county_close", "amend_until")
    windows = {name: now + timedelta(days=10 * number) for number, name in enumerate(ends, 1)}
    return Round.objects.create(
        **{"school_year": version.code, "methodology": version, "state": Round.State.OPEN, "opens_at": now - timedelta(days=10)} | windows | changed
    )


def draft_round(version: MethodologyVersion, **changed: Any) -> Round:
    """The same round, still in preparation."""
    return open_round(version, **{"state": Round.State.DRAFT} | changed)


def build(year: str = YEAR) -> WorkedRound:
    """Everything of the example, with every class table sent and nothing final."""
    answers = json.loads((METHODOLOGIES / year / "examples" / "worked" / "answers.json").read_text("utf-8"))
    round_ = open_round(published(year))
    methodology = methodologies.of(round_.methodology)
    _network(answers)
    taking.take_all(round_)
    made = {row.code: row for row in Collection.objects.filter(round=round_).exclude(level=Level.SCHOOL)}
    school = Collection.objects.get(round=round_, level=Level.SCHOOL)
    units = {unit["unit"]: made[unit["siiir_code"]] for unit in answers["units"]}
    worked = WorkedRound(round_, methodology, made["RO"], made[COUNTY], school, units, answers)
    for unit in answers["units"]:
        _answer_unit(worked, unit["unit"], unit)
    _answer_classes(worked)
    return worked


def close_year_before(worked: WorkedRound) -> Round:
    """The round of the year before, closed, in which the units of the example kept the numbers that it gives of them."""
    round_ = open_round(published(YEAR_BEFORE), state=Round.State.CLOSED)
    taking.take_all(round_)
    for key, values in worked.answers["previous"].items():
        ExactValues.objects.create(collection=Collection.objects.get(round=round_, place=worked.units[key].place), values=values)
    return round_


def _network(answers: Mapping[str, Any]) -> None:
    nation, _ = Place.objects.get_or_create(level=Level.NATIONAL, code="RO", defaults={"name": "România"})
    county, _ = Place.objects.get_or_create(level=Level.COUNTY, code=COUNTY, defaults={"name": "Alba", "parent": nation})
    given = answers["school"]
    school = Place.objects.create(level=Level.SCHOOL, parent=county, code=given["pj_code"], name=given["name"], attributes={"uat": given["uat"]})
    facts = ("unit_status", "locality", "residence", "ownership", "special_school", "pupils_total")
    for unit in answers["units"]:
        attributes = {name: unit[name] for name in facts} | {"siruta": "1017"}
        Place.objects.create(level=Level.UNIT, parent=school, code=unit["siiir_code"], name=unit["unit_name"], attributes=attributes)


def _answer_unit(worked: WorkedRound, key: str, answers: Mapping[str, Any]) -> None:
    buildings = [row for row in _rows(worked, "buildings.csv") if row["unit"] == key]
    fields = worked.methodology.fields
    for section in (section.code for section in worked.methodology.sections):
        document = {code: value for code, value in answers.items() if code in fields["unit"] and fields["unit"][code].section == section}
        document = {code: value for code, value in document.items() if value not in (None, "") and not fields["unit"][code].readonly}
        listed = [_document(fields["building"], row, section, "bld_code") for row in buildings]
        if document or any(len(item) > 1 for item in listed):
            Response.objects.create(collection=worked.units[key], section=section, values=document | {"buildings": listed}, revision=1)


def _answer_classes(worked: WorkedRound) -> None:
    fields = worked.methodology.fields
    pupils = _rows(worked, "pupils.csv")
    for row in _rows(worked, "classes.csv"):
        unit = worked.units[row["unit"]]
        made = create_class(unit, row["cls_name"], _document(fields["class"], row, "basic"), "basic", row["cls"])
        extended = _document(fields["class"], row, "extended")
        if extended:
            Response.objects.create(collection=made, section="extended", values=extended, revision=1)
        rows = [
            {code: _stored(fields["pupil"][code], cell) for code, cell in pupil.items() if code in fields["pupil"]}
            for pupil in pupils
            if pupil["unit"] == row["unit"] and pupil["cls"] == row["cls"]
        ]
        content = encode_table(worked.methodology, CLASS, rows)
        ClassTable.objects.create(collection=made, content=content, rows=len(rows), revision=1)
        made.progress, made.pupils, made.submitted_at = Collection.Progress.SUBMITTED, len(rows), timezone.now()
        made.received_at = made.submitted_at
        made.save()
        worked.classes[row["unit"], row["cls"]] = made
    for unit in worked.units.values():
        recount(unit)
        unit.save()


def _rows(worked: WorkedRound, name: str) -> list[dict[str, str]]:
    with (worked.example / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _document(fields: Mapping[str, Field], row: Mapping[str, str], section: str, key: str = "") -> dict[str, Any]:
    """The cells of a row that belong to a section, as stored answers; its key always."""
    return dict(_cells(fields, row, section, key))


def _cells(fields: Mapping[str, Field], row: Mapping[str, str], section: str, key: str) -> Iterator[tuple[str, Any]]:
    for code, cell in row.items():
        if cell and code in fields and (fields[code].section == section or code == key):
            yield code, _stored(fields[code], cell)


def _stored(field_: Field, cell: str) -> Any:
    """A cell of the example as it is stored."""
    if cell == "":
        return None
    match field_.type:
        case "integer" | "number":
            return int(cell)
        case "boolean":
            return TRUTH[cell]
        case "multichoice":
            return cell.split("|")
    return cell
