"""Planning an import of the network: schools, units and where they belong, against the places that exist.

A row with legal personality makes a school and its own unit of the same code; every other row is a unit of the school that it names. A unit whose
code differs from one in the network only by its status digit is that unit: it became a structure, or a school of its own. What the list does not
mention is reported as missing; it is closed only where that is asked for, and never deleted. Facts belong to units: a school has only its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.network import counties
from portal.network.codes import identity
from portal.network.expectation import presumed_special
from portal.network.importing.columns import Columns
from portal.network.importing.plan import Plan
from portal.network.importing.problems import Problems
from portal.network.importing.records import Reading, Record
from portal.network.importing.tree import Tree, county_of, load, merged, name_of
from portal.network.models import Level, Place
from portal.network.successions import successions

Scope = frozenset[str] | None
"""The counties that may be touched; None for all."""
STRUCTURAL = ("county", "code", "name", "school_code")


def plan(reading: Reading, scope: Scope = None, close_missing: date | None = None) -> Plan:
    """What the list would change in the network. Problems are added to those of the reading."""
    listed = {record["county"] for record in reading.records if record["county"]}
    tree = load(listed)
    rows = accepted_rows(reading, tree, scope)
    planner = Planner(tree, reading.problems, reading.columns)
    planner.add(rows)
    missing = planner.missing({record["county"] for record in rows})
    merged_schools, split_schools = planner.successions(missing)
    for place in missing if close_missing else ():
        tree.change(place, closed_on=close_missing)
    tree.settle_expectation()
    updates = tree.updates()
    touched = {update.subject.pk for update in updates}
    unchanged = len(planner.mentioned - touched)
    return Plan(tree.made, updates, missing=[] if close_missing else missing, merged=merged_schools, split=split_schools, unchanged=unchanged)


# ---- rows ------------------------------------------------------------------------------------------------


def accepted_rows(reading: Reading, tree: Tree, scope: Scope) -> list[Record]:
    """Complete rows, each code once, inside the scope; the others are reported."""
    first: dict[str, Record] = {}
    for record in reading.records:
        code, problems = record["code"], reading.problems
        if any(record[name] is None for name in STRUCTURAL):
            continue
        if record["closed_on"]:
            problems.add("closed", record.row, value=record["name"], date=record["closed_on"])
        elif record.repeats:
            problems.add("duplicate_row", record.row, first=record.repeats)
        elif code in first:
            problems.add("duplicate_code", record.row, value=code, first=first[code].row)
        elif _inside(record, tree, scope, problems):
            first[code] = record
    return list(first.values())


def _inside(record: Record, tree: Tree, scope: Scope, problems: Problems) -> bool:
    """Whether a row may be imported: its county, and wherever its unit and school are now, belong to the scope."""
    homes = {record["county"], tree.county_of(Level.UNIT, record["code"]), tree.county_of(Level.SCHOOL, record["school_code"])}
    outside = sorted(home for home in homes - {None} if scope is not None and home not in scope)
    if outside:
        allowed = ", ".join(name_of(code) for code in sorted(scope or ()))
        problems.add("other_county", record.row, value=record["name"], county=name_of(outside[0]), scope=allowed)
        return False
    giver = counties.of_code(record["code"])
    if giver is not None and giver.code != record["county"]:
        problems.add("county_of_code", record.row, value=record["code"], read=giver.name, county=name_of(record["county"]))
    return True


# ---- places ----------------------------------------------------------------------------------------------


class Planner:
    """Turns rows into changes of a tree. ``mentioned``: ids of the places that the list speaks of."""

    def __init__(self, tree: Tree, problems: Problems, columns: Columns) -> None:
        self.tree, self.problems = tree, problems
        self.attributes = [field.code for field in columns.fields if field.attribute]
        self.mentioned: set[int] = set()

    def add(self, rows: list[Record]) -> None:
        self._counties(rows)
        for record in rows:
            if self._has_legal_personality(record):
                self._school(record)
        named = {record["code"] for record in rows}
        identities = {key: unit for key, unit in self.tree.by_identity().items() if unit.code not in named}
        for record in rows:
            self._unit(record, identities)

    def _counties(self, rows: list[Record]) -> None:
        nation = self.tree.get(Level.NATIONAL, counties.NATION_CODE)
        nation = nation or self.tree.make(Level.NATIONAL, counties.NATION_CODE, counties.NATION_NAME, None, {})
        for code in sorted({record["county"] for record in rows}):
            if self.tree.get(Level.COUNTY, code) is None:
                self.tree.make(Level.COUNTY, code, name_of(code), nation, {})

    def _has_legal_personality(self, record: Record) -> bool:
        own, status = record["code"] == record["school_code"], record["unit_status"]
        read = "pj" if own else "ar"
        if status not in (None, read):
            self.problems.add("status_contradicts", record.row, value=status.upper(), read=read.upper())
        return bool(own)

    def _school(self, record: Record) -> None:
        name, county = record["school_name"] or record["name"], self.tree.places[Level.COUNTY, record["county"]]
        school = self.tree.get(Level.SCHOOL, record["code"])
        if school is None:
            self.tree.make(Level.SCHOOL, record["code"], name, county, {})
        else:
            self._mention(school, name=name, parent=county)

    def _unit(self, record: Record, identities: dict[str, Place]) -> None:
        school = self._school_of(record)
        if school is None:
            return
        facts = {code: record[code] for code in self.attributes if code in record.values}
        unit = self.tree.get(Level.UNIT, record["code"]) or identities.get(identity(record["code"]))
        if unit is not None:
            attributes = merged(unit.attributes, facts)
            self._mention(unit, code=record["code"], name=record["name"], parent=school, attributes=attributes)
            return
        if "special_school" not in facts and presumed_special(record["name"]):
            facts["special_school"] = True
        self.tree.make(Level.UNIT, record["code"], record["name"], school, facts)

    def _mention(self, place: Place, **wanted: Any) -> None:
        self.tree.change(place, **wanted, closed_on=None)
        self.mentioned.add(place.pk)

    def _school_of(self, record: Record) -> Place | None:
        school = self.tree.get(Level.SCHOOL, record["school_code"])
        home = self.tree.county_of(Level.SCHOOL, record["school_code"])
        if home is None:
            self.problems.add("school_unknown", record.row, value=record["school_code"])
        elif home != record["county"]:
            self.problems.add("county_of_school", record.row, value=name_of(record["county"]), read=name_of(home))
            return None
        return school

    # ---- what the list does not say ----------------------------------------------------------------------

    def missing(self, listed: set[str]) -> list[Place]:
        """Open places of the listed counties that the list does not speak of, schools before units."""
        below = [*self.tree.at(Level.SCHOOL), *self.tree.at(Level.UNIT)]
        unmentioned = (place for place in below if place.pk and place.pk not in self.mentioned and place.closed_on is None)
        return [place for place in unmentioned if county_of(place) in listed]

    def successions(self, missing: Iterable[Place]) -> tuple[list[tuple[Place, Place]], list[tuple[Place, Place]]]:
        """(missing schools with the one that their units went to, schools with the new one that took units of theirs)."""
        schools = {school.code: school for school in self.tree.at(Level.SCHOOL)}
        gone = {place.code for place in missing if place.level == Level.SCHOOL}
        new = {place.code for place in self.tree.made if place.level == Level.SCHOOL}
        units = ((before, place.parent) for place, _fields, before in self.tree.before.values() if place.level == Level.UNIT)
        moves = [(before.code, after.code) for before, after in units if before is not None and after is not None and before.code != after.code]
        merged_, split = successions(moves, gone, new)
        return [(schools[one], schools[other]) for one, other in merged_], [(schools[one], schools[other]) for one, other in split]
