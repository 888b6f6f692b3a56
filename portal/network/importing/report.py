"""The outcome of a dry run as plain data: what a page shows and an import keeps, without the file and without the database."""

from __future__ import annotations

from collections import Counter
from typing import Any

from portal.network.importing.columns import Columns, Field, columns_of
from portal.network.importing.plan import KINDS, Plan, Update
from portal.network.importing.problems import ERROR, WARNING
from portal.network.importing.records import Reading
from portal.network.models import ClassRecord, Place

LISTED = 100
"""Subjects of one kind of change that are named; all are counted."""


def report_of(reading: Reading, plan: Plan) -> dict[str, Any]:
    """Counts, control totals, problems by kind, and the first subjects of every kind of change."""
    problems = reading.problems
    return {
        "rows": len(reading.records),
        "sums": reading.sums,
        "totals": [{"row": t.row, "label": t.label, "field": t.field, "stated": t.stated, "counted": t.counted} for t in reading.totals],
        "subtotals": reading.subtotals,
        "errors": problems.many(ERROR),
        "warnings": problems.many(WARNING),
        "problems": problems.as_data(),
        "created": _created(plan),
        "changes": _changes(plan, reading.columns),
        "unchanged": plan.unchanged,
        "removed": _named(plan.removed),
        "missing": _named(plan.missing),
        "merged": [{"name": gone.name, "code": gone.code, "into": heir.name, "heir": heir.code} for gone, heir in plan.merged],
        "split": [{"name": giver.name, "code": giver.code, "into": new.name, "heir": new.code} for giver, new in plan.split],
        "changes_nothing": plan.changes_nothing,
    }


def every_change(plan: Plan, columns: Columns) -> list[list[str]]:
    """All of it, a line each: kind, level, code, name, from, to."""
    lines = [["created", one["level"], one["code"], one["name"], "", ""] for one in map(_name, plan.created)]
    for kind in KINDS:
        told = (_told(kind, update, columns) for update in plan.updated if kind in update.kinds)
        lines += [[kind, one["level"], one["code"], one["name"], one["from"], one["to"]] for one in told]
    for kind, subjects in (("removed", plan.removed), ("missing", plan.missing)):
        lines += [[kind, one["level"], one["code"], one["name"], "", ""] for one in map(_name, subjects)]
    for kind, pairs in (("merged", plan.merged), ("split", plan.split)):
        lines += [[kind, school.level, school.code, school.name, school.name, f"{other.name} ({other.code})"] for school, other in pairs]
    return lines


def _created(plan: Plan) -> dict[str, Any]:
    counts = Counter(subject.level if isinstance(subject, Place) else "class" for subject in plan.created)
    return {"counts": dict(counts)} | _named(plan.created)


def _named(subjects: list[Any]) -> dict[str, Any]:
    return {"many": len(subjects), "named": [_name(subject) for subject in subjects[:LISTED]]}


def _name(subject: Place | ClassRecord) -> dict[str, str]:
    if isinstance(subject, ClassRecord):
        return {"name": f"{subject.name} – {subject.unit.name}", "code": subject.code, "level": "class"}
    return {"name": subject.name, "code": subject.code, "level": subject.level}


def _changes(plan: Plan, columns: Columns) -> list[dict[str, Any]]:
    """By kind of change, the weightiest first."""
    found = ((kind, [update for update in plan.updated if kind in update.kinds]) for kind in KINDS)
    return [
        {"kind": kind, "many": len(updates), "named": [_told(kind, one, columns) for one in updates[:LISTED]]} for kind, updates in found if updates
    ]


def _told(kind: str, update: Update, columns: Columns) -> dict[str, Any]:
    before, after = update.told.get(kind, ("", ""))
    if kind == "corrected" and "attributes" in update.changes:
        facts = [_facts(values, update.changes["attributes"], columns) for values in update.changes["attributes"]]
        before, after = (f"{number}; {told}" if number else told for number, told in zip((before, after), facts, strict=True))
    return _name(update.subject) | {"from": before, "to": after}


def _facts(values: dict[str, Any], change: list[dict[str, Any]], columns: Columns) -> str:
    """The facts that a change touches, as they are on one side of it."""
    codes = {code for code in change[0].keys() | change[1].keys() if change[0].get(code) != change[1].get(code)}
    fields = {field.code: field for field in (*columns_of("network").fields, *columns.fields) if field.attribute and field.code in codes}
    return "; ".join(f"{field.label}: {_said(field, values.get(code))}" for code, field in fields.items())


def _said(field: Field, value: Any) -> str:
    return "–" if value is None else str(field.shown(value))
