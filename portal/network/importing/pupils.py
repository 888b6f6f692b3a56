"""Planning an import of pupil counts: plan lines added up by unit, and kept with the units of the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from portal.network.importing.columns import Columns
from portal.network.importing.places import Scope
from portal.network.importing.plan import Plan
from portal.network.importing.problems import Problems
from portal.network.importing.records import Reading, Record
from portal.network.importing.tree import Tree, county_of, load, merged, name_of
from portal.network.models import Level, Place


@dataclass(slots=True)
class Enrolment:
    """What the lines of one unit add up to; classes that no line counts are not known."""

    pupils: int = 0
    classes: float | None = None
    levels: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)

    def add(self, record: Record) -> None:
        self.pupils += record["pupils"]
        if record["classes"] is not None:
            self.classes = (self.classes or 0) + record["classes"]
        if record["pupils"]:
            self.levels.update(record["level"] or ())
            self.languages.update(record["language"] or ())

    def facts(self, given: set[str], columns: Columns) -> dict[str, Any]:
        """As attributes of the unit; only what the list has columns for."""
        facts: dict[str, Any] = {"pupils_total": self.pupils}
        if "classes" in given:
            facts["classes_total"] = None if self.classes is None else _number(self.classes)
        if "level" in given:
            facts["levels"] = [code for code in columns.field("level").listed.labels if code in self.levels] or None
        if "language" in given:
            facts["teaching_languages"] = [code for code in columns.field("language").listed.labels if code in self.languages] or None
        return facts


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() else round(value, 2)


def plan(reading: Reading, scope: Scope = None) -> Plan:
    """What the list would change. ``missing``: units of its counties expected in a round, of which it says nothing."""
    codes = {record["code"] for record in reading.records}
    tree = load(counties_of(codes))
    sums: dict[str, Enrolment] = {}
    for record in _accepted(reading, tree, scope):
        sums.setdefault(record["code"], Enrolment()).add(record)
    given = {code for record in reading.records for code in record.values}
    for code, enrolment in sums.items():
        unit = tree.places[Level.UNIT, code]
        tree.change(unit, attributes=merged(unit.attributes, enrolment.facts(given, reading.columns)))
    tree.settle_expectation()
    updates = tree.updates()
    touched = {update.subject.code for update in updates if update.subject.level == Level.UNIT}
    return Plan(updated=updates, missing=list(_unsaid(tree, sums)), unchanged=len(sums.keys() - touched))


def counties_of(codes: Iterable[str]) -> set[str]:
    """The counties that the units with these codes lie in."""
    wanted = set(codes)
    above = dict(Place.objects.filter(level=Level.COUNTY).values_list("pk", "code"))
    units = Place.objects.filter(level=Level.UNIT).values_list("code", "path")
    return {above[int(path.split("/")[2])] for code, path in units if code in wanted}


def _accepted(reading: Reading, tree: Tree, scope: Scope) -> Iterator[Record]:
    for record in reading.records:
        if record["code"] is None or record["pupils"] is None:
            continue
        if record.repeats:
            reading.problems.add("duplicate_row_added", record.row, first=record.repeats)
        if unit_of(record, "code", tree, scope, reading.problems) is not None:
            yield record


def unit_of(record: Record, field_code: str, tree: Tree, scope: Scope, problems: Problems) -> Place | None:
    """The open unit that a row is about, when it is in the scope; otherwise the row is reported."""
    unit = tree.get(Level.UNIT, record[field_code])
    if unit is None:
        problems.add("unit_unknown", record.row, value=record[field_code])
    elif scope is not None and county_of(unit) not in scope:
        allowed = ", ".join(name_of(code) for code in sorted(scope))
        problems.add("other_county", record.row, value=unit.name, county=name_of(county_of(unit)), scope=allowed)
    elif unit.closed_on is not None:
        problems.add("unit_closed", record.row, value=unit.name)
    else:
        return unit
    return None


def _unsaid(tree: Tree, sums: dict[str, Enrolment]) -> Iterator[Place]:
    for unit in tree.at(Level.UNIT):
        if unit.collects and unit.closed_on is None and unit.code not in sums and county_of(unit) in tree.counties:
            yield unit
