"""A synthetic country for measuring: seeded, as decoded columns, with the sizes of the real network (145,000 classes, 2.9 M rows)."""

from __future__ import annotations

import numpy as np

from engine.dataset import ColumnData, Dataset, Table
from engine.methodology import Methodology

BUILDINGS = 2
CLASSES_PER_UNIT = 8


def build(methodology: Methodology, classes: int, seed: int = 2025) -> Dataset:
    """``classes`` classes of 1 to 45 rows (20 on average) in units of about eight, two buildings a unit, two units a school."""
    chance = np.random.default_rng(seed)
    units = max(1, classes // CLASSES_PER_UNIT)
    schools = max(1, units // 2)
    tables = {
        "national": Table("national", 1, ("",)),
        "county": Table("county", 1, ("",), {"national": np.zeros(1, np.int32)}),
        "school": Table("school", schools, (), {"county": np.zeros(schools, np.int32)}),
        "unit": Table("unit", units, (), {"school": np.minimum(np.arange(units) // 2, schools - 1).astype(np.int32)}),
        "building": Table("building", units * BUILDINGS, (), {"unit": np.repeat(np.arange(units, dtype=np.int32), BUILDINGS)}),
    }
    of_unit = np.sort(chance.integers(0, units, classes)).astype(np.int32)
    building = (of_unit * BUILDINGS + chance.integers(0, BUILDINGS, classes)).astype(np.int32)
    sizes = np.clip(chance.normal(20, 6, classes), 1, 45).astype(np.int64)
    tables["class"] = Table("class", classes, (), {"unit": of_unit, "building": building})
    of_class = np.repeat(np.arange(classes, dtype=np.int32), sizes)
    tables["pupil"] = Table("pupil", len(of_class), (), {"class": of_class, "unit": of_unit[of_class]})
    for level in ("school", "unit", "building", "class"):
        tables[level].keys = [f"{level[0]}{number}" for number in range(tables[level].count)]
    for level, fields in methodology.fields.items():
        for code in fields:
            if level in tables:
                tables[level].columns[code] = _column(methodology, level, code, tables[level].count, chance)
    _shape(tables, sizes, of_unit, of_class)
    return Dataset(methodology.topology, tables)


def _column(methodology: Methodology, level: str, code: str, count: int, chance: np.random.Generator) -> ColumnData:
    """Random answers of a field's kind; the first choice is three times in four the answer."""
    field = methodology.fields[level][code]
    match field.type:
        case "choice":
            many = len(methodology.choices[field.choices].choices)
            values = np.where(chance.random(count) < 0.75, 0, chance.integers(0, many, count)).astype(np.uint8)
        case "multichoice":
            values = chance.integers(1, 4, count).astype(np.uint64)
        case "boolean":
            values = (chance.random(count) < 0.3).astype(np.uint8)
        case "text" | "textarea" | "place":
            return ColumnData(np.arange(count, dtype=np.int32) % 97, None, vocabulary=[f"t{number}" for number in range(97)])
        case _:
            values = chance.integers(10, 200, count).astype(np.int64)
    return ColumnData(values)


def _shape(tables: dict[str, Table], sizes: np.ndarray, of_unit: np.ndarray, of_class: np.ndarray) -> None:
    """What hangs together: declared sizes, benches filled row by row, one class in a thousand without some benches."""
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    number = np.arange(len(of_class)) - first[of_class]
    rows = tables["pupil"].columns
    rows["row_no"] = ColumnData((number + 1).astype(np.uint8))
    bits = np.zeros(len(of_class), np.uint8)
    bits[(of_class % 1000 == 0) & (number < 2)] = 4
    rows["bench"] = ColumnData((number // 4 + 1).astype(np.uint8), bits)
    classes = tables["class"].columns
    classes["cls_pupils"] = ColumnData(sizes)
    classes["cls_has_benches"] = ColumnData(np.ones(len(sizes), np.uint8))
    classes["cls_simultaneous"] = ColumnData((np.arange(len(sizes)) % 9 == 0).astype(np.uint8))
    totals = np.zeros(tables["unit"].count, np.int64)
    np.add.at(totals, of_unit, sizes)
    tables["unit"].columns["pupils_total"] = ColumnData(totals)
