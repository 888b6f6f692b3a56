"""The files of an example as the product would store them: every cell cleaned, documents by section, tables as bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import engine
from engine.answers.logic import logic_of
from engine.methodology import Methodology, Step, table_of
from engine.responses import Places

Record = Mapping[str, Any]


def rows_of(path: Path) -> list[Record]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def cleaned(methodology: Methodology, level: str, record: Record) -> dict[str, Any]:
    """The answers of a record, each read as if it had been typed; columns that are not there stay away."""
    read, refused = logic_of(methodology, level).read(record)
    assert refused == {}
    return read


def documents(methodology: Methodology, level: str, records: Iterable[Record]) -> dict[str, list[Record | None]]:
    """One document a place and section; none where the record has nothing of the section."""
    fields = methodology.fields[level]
    found: dict[str, list[Record | None]] = {field.section: [] for field in fields.values()}
    for record in records:
        answers = cleaned(methodology, level, record)
        for section, listed in found.items():
            own = {code: answer for code, answer in answers.items() if fields[code].section == section}
            listed.append(own or None)
    return found


def repeating(methodology: Methodology, level: str) -> Step:
    return next(step for form in methodology.forms for step in form.steps if step.repeat == level)


def add_items(methodology: Methodology, step: Step, items: Iterable[Record], owners: list[str], answers: dict[str, list[Any]], link: str) -> None:
    """Items into the documents of their owners: in each section its own answers, with the key."""
    fields = methodology.fields[step.repeat]
    for item in items:
        owner, read = owners.index(item[link]), cleaned(methodology, step.repeat, item)
        for section in dict.fromkeys(field.section for field in fields.values()):
            own = {code: answer for code, answer in read.items() if fields[code].section == section}
            if own and answers[section][owner] is not None:
                answers[section][owner].setdefault(step.code, []).append({step.key: item[step.key], **own})


def table_bytes(methodology: Methodology, owner: str, records: list[Record]) -> bytes | None:
    table = table_of(methodology, owner)
    ordered = sorted(records, key=lambda record: int(record[table.number]))
    rows = [{code: answer for code, answer in cleaned(methodology, table.level, record).items() if code != table.number} for record in ordered]
    return engine.encode_table(methodology, owner, rows) if rows else None


def schools(methodology: Methodology, folder: Path) -> dict[str, Places]:
    """The places of a worked example of the real methodologies."""
    given = json.loads((folder / "answers.json").read_text("utf-8"))
    units, classes = given["units"], rows_of(folder / "classes.csv")
    pupils = rows_of(folder / "pupils.csv")
    keys = [unit["unit"] for unit in units]
    of_unit = documents(methodology, "unit", units)
    add_items(methodology, repeating(methodology, "building"), rows_of(folder / "buildings.csv"), keys, of_unit, "unit")
    of_class: dict[tuple[str, str], list[Record]] = {}
    for row in pupils:
        of_class.setdefault((row.get("unit", keys[0]), row["cls"]), []).append(row)
    tables = [table_bytes(methodology, "class", of_class.get((row.get("unit", keys[0]), row["cls"]), [])) for row in classes]
    last_year = given.get("previous", {})
    names = {name for values in last_year.values() for name in values}
    return {
        "school": Places([given["school"]["pj_code"]], answers=documents(methodology, "school", [given["school"]])),
        "unit": Places(
            keys,
            answers=of_unit,
            previous={name: [str(v) if (v := last_year.get(key, {}).get(name)) is not None else None for key in keys] for name in names},
        ),
        "class": Places(
            [row["cls"] for row in classes],
            {"unit": [keys.index(row.get("unit", keys[0])) for row in classes]},
            documents(methodology, "class", classes),
            tables,
        ),
    }
