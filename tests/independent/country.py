"""The folder of an example as plain objects: units, buildings, classes, rows. Nothing of the engine is imported."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from fractions import Fraction as F
from pathlib import Path
from typing import Any

from tests.independent.missing import FALSE, NOTHING, TRUE, V, aggregate, ask, both, either, negate, op

COUNTS = {"cls_pupils", "cls_girls", "cls_bench_rows", "cls_seats_per_row", "bench", "bld_computers", "bld_labs", "bld_main_distance_m"}
DECIMALS = {"bld_area_m2"}
CLAIMS = {"cls_simultaneous", "cls_has_benches"}


@dataclass(eq=False)
class Class:
    cells: dict[str, Any]
    unit: Unit
    building: Building | None = None
    rows: list[dict[str, V]] = field(default_factory=list)

    def __getitem__(self, name: str) -> V:
        return ask(self.cells.get(name))


@dataclass(eq=False)
class Building:
    cells: dict[str, Any]
    classes: list[Class] = field(default_factory=list)

    def __getitem__(self, name: str) -> V:
        return ask(self.cells.get(name))


@dataclass(eq=False)
class Unit:
    answers: dict[str, Any]
    previous: dict[str, Any]
    classes: list[Class] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)

    def __getitem__(self, name: str) -> V:
        return ask(self.answers.get(name))


def cells(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [{key: parsed(key, text) for key, text in row.items()} for row in csv.DictReader(file)]


def parsed(name: str, text: str) -> Any:
    if text == "":
        return None
    if name in COUNTS or name in DECIMALS:
        return F(text)
    return text == "yes" if name in CLAIMS else text


def read(folder: Path) -> tuple[str, list[Unit]]:
    """(key of the school, its units); every row knows its groups."""
    content = json.loads((folder / "answers.json").read_text("utf-8"))
    units = {answers["unit"]: Unit(answers, content.get("previous", {}).get(answers["unit"], {})) for answers in content["units"]}
    buildings, classes = {}, {}
    for row in cells(folder, "buildings.csv"):
        buildings[row["unit"], row["bld_code"]] = building = Building(row)
        units[row["unit"]].buildings.append(building)
    for row in cells(folder, "classes.csv"):
        unit = units[row["unit"]]
        classes[row["unit"], row["cls"]] = school_class = Class(row, unit, buildings.get((row["unit"], row["cls_building"])))
        unit.classes.append(school_class)
        if school_class.building is not None:
            school_class.building.classes.append(school_class)
    for row in cells(folder, "pupils.csv"):
        school_class = classes[row["unit"], row["cls"]]
        school_class.rows.append(groups(row, school_class))
    return content["school"]["pj_code"], list(units.values())


def groups(row: dict[str, Any], c: Class) -> dict[str, V]:
    """The groups a row belongs to, and its bench, by name."""

    def among(name: str, *codes: str) -> V:
        return op(lambda value: value in codes, ask(row[name])) if name in row else NOTHING

    building = c.building
    found = {
        "rom": among("ethnicity", "roma"),
        "ces": negate(among("sen", "none")),
        "edu": among("parent_education", "primary", "lower_secondary"),
        "bur": among("social_grant", "yes"),
        "rur": among("home_residence", "rural"),
        "rez": either(op(lambda a, b: a != b, ask(row["home_residence"]), c.unit["residence"]), negate(among("home", "same_locality"))),
        "rep": among("repeating", "yes"),
        "mono": among("family", "single_parent"),
        "plas": among("family", "placement"),
        "bun": among("family", "relatives"),
        "strain": among("family", "parents_abroad"),
        "gra": among("kindergarten", "no"),
        "slab": among("results", "low"),
        "rem": among("remedial", "yes"),
        "abs": among("absences" if "absences" in row else "unexcused_absences", "a20", "a40"),
        "fete": among("gender", "f"),
        "ned": among("ethnicity", "undeclared"),
        "nec": among("parent_education", "unknown"),
        "inb": c["cls_has_benches"],
        "prec": op(lambda x: x == "poor", building["bld_condition"]) if building else NOTHING,
        "wc": op(lambda x: x != "indoor", building["bld_toilets"]) if building else NOTHING,
        "necal": op(lambda x: x == "no", c["cls_teacher_qualified"]),
        "every": TRUE,
    }
    found["cum"] = op(lambda *claims: sum(claims) >= 2, *(found[name] for name in ("rom", "ces", "edu", "bur")))
    # A bench is asked only where there are benches.
    found["bench"] = ask(row["bench"]) if c["cls_has_benches"].true else NOTHING
    found["nob"] = both(c["cls_has_benches"], FALSE if found["bench"].known else TRUE)
    found["unsupported"] = FALSE
    if "support_level" in row:
        found["unsupported"] = both(found["ces"], FALSE if row["support_level"] and found["ces"].true else TRUE)
    return found


def pupils(classes: list[Class]) -> list[dict[str, V]]:
    return [row for c in classes for row in c.rows]


def unsent(classes: list[Class]) -> int:
    """Classes whose table has not come."""
    return sum(not c.rows for c in classes)


def count(classes: list[Class], group: str = "every") -> V:
    return aggregate("count", ((row[group], TRUE) for row in pupils(classes)), unsent(classes))


def share(classes: list[Class], group: str, base: str | None = None) -> V:
    members = ((None if base is None else row[base], row[group]) for row in pupils(classes))
    return aggregate("share", members, unsent(classes))
