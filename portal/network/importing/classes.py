"""Planning an import of the classes of a school year, against the classes that are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.network.importing.columns import Columns
from portal.network.importing.places import Scope
from portal.network.importing.plan import Plan, Update, kinds_of, state_of, told_of
from portal.network.importing.problems import Problems
from portal.network.importing.pupils import counties_of, unit_of
from portal.network.importing.records import Reading, Record
from portal.network.importing.tree import load, merged
from portal.network.models import ClassRecord, Level, Place
from portal.network.ordering import plain

Key = tuple[int, str]
"""Id of the unit and code of the class."""
UNUSUALLY_MANY = 45
STRUCTURAL = ("unit_code", "cls_name", "cls_pupils")


def plan(reading: Reading, school_year: str, scope: Scope = None, remove_missing: bool = False) -> Plan:
    """What the list would change in a school year. ``missing``: recorded classes of the listed units of which it says nothing."""
    tree = load(counties_of(record["unit_code"] for record in reading.records))
    units: dict[int, Place] = {}
    wanted: dict[Key, tuple[Record, Place]] = {}
    for record in _complete(reading.records):
        if record["school_year"] not in (None, school_year):
            reading.problems.add("other_year", record.row, value=record["school_year"], year=school_year)
            continue
        unit = unit_of(record, "unit_code", tree, scope, reading.problems)
        if unit is not None:
            units[unit.pk] = unit
            _want(wanted, record, unit, reading.problems)
    recorded = {
        (row.unit_id, row.code): row for row in ClassRecord.objects.filter(school_year=school_year, unit__level=Level.UNIT) if row.unit_id in units
    }
    plan_ = Plan()
    for key, (record, unit) in wanted.items():
        made = ClassRecord(unit=unit, school_year=school_year, code=key[1], attributes={})
        _compare(plan_, recorded.get(key), made, record, reading.columns)
    missing = [row for key, row in recorded.items() if key not in wanted]
    plan_.removed, plan_.missing = (missing, []) if remove_missing else ([], missing)
    return plan_


def code_of(record: Record) -> str:
    """The code of a class: as given, else its name in plain capitals (V A → VA)."""
    return str(record["code"] or plain(record["cls_name"]).replace(" ", "").upper()[:32])


def _complete(records: list[Record]) -> Iterator[Record]:
    return (record for record in records if all(record[name] is not None for name in STRUCTURAL))


def _want(wanted: dict[Key, tuple[Record, Place]], record: Record, unit: Place, problems: Problems) -> None:
    key = (unit.pk, code_of(record))
    if record.repeats:
        problems.add("duplicate_row", record.row, first=record.repeats)
    elif key in wanted:
        problems.add("duplicate_code", record.row, value=key[1], first=wanted[key][0].row)
    else:
        wanted[key] = record, unit
    if record["cls_pupils"] > UNUSUALLY_MANY:
        problems.add("many_pupils", record.row, value=record["cls_name"], pupils=record["cls_pupils"])
    if record["cls_grade"] is None:
        problems.add("no_grade", record.row, value=record["cls_name"])


def _compare(plan_: Plan, recorded: ClassRecord | None, made: ClassRecord, record: Record, columns: Columns) -> None:
    subject = recorded or made
    before = state_of(subject)
    subject.name, subject.pupils = record["cls_name"], record["cls_pupils"]
    subject.attributes = merged(subject.attributes, _facts(record, columns))
    if recorded is None:
        plan_.created.append(subject)
        return
    changes = {name: [before[name], value] for name, value in state_of(subject).items() if before[name] != value}
    if changes:
        plan_.updated.append(Update(subject, changes, kinds_of(changes), told_of(changes)))
    else:
        plan_.unchanged += 1


def _facts(record: Record, columns: Columns) -> dict[str, Any]:
    """The parameters of the class that the list has columns for, besides name and pupils."""
    return {field.code: record[field.code] for field in columns.fields if field.attribute and field.code in record.values}
