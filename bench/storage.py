"""Stored tables and answers: decoding a whole country beside JSON, building data sets, generating and cleaning one table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

import engine
from bench.timing import medians
from engine.methodology import Methodology, table_of
from engine.responses import Places

ROOT = Path(__file__).resolve().parent.parent
DISTINCT = 4000
UNIT = 8
UNITS_OF_A_SCHOOL = 2
ANSWERS = {
    "cls_name": "V A", "cls_level": "primary", "cls_simultaneous": False, "cls_grade": "2", "cls_language": "ro", "cls_form": "day",
    "cls_building": "A", "cls_shift": "one", "cls_pupils": 28, "cls_girls": 13, "cls_has_benches": True, "cls_bench_rows": 5,
    "cls_seats_per_row": 6, "cls_derogation": "none",
}  # fmt: skip
BUILDINGS = [{"bld_code": code, "bld_name": code, "bld_condition": "good", "bld_toilets": "indoor", "bld_heating": True} for code in "AB"]
UNIT_ANSWERS = {"residence": "urban", "levels": ["primary"], "pupils_total": 200, "distance_next_unit_km": "2.4", "buildings": BUILDINGS}


def tables(methodology: Methodology, count: int) -> list[list[dict[str, Any]]]:
    """Rows of ``count`` tables of 1 to 45 rows (20 on average); one bench in a hundred is blank."""
    chance = np.random.default_rng(2025)
    sizes = np.clip(chance.normal(20, 6, count), 1, 45).astype(int)
    total = int(sizes.sum())
    columns: dict[str, list[Any]] = {}
    for field in table_of(methodology, "class").columns:
        if field.choices:
            codes = list(methodology.choices[field.choices].index)
            columns[field.code] = [codes[at] for at in chance.integers(0, len(codes), total)]
    columns["bench"] = [
        None if blank else int(bench) for bench, blank in zip(chance.integers(1, 13, total), chance.random(total) < 0.01, strict=True)
    ]
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    ends = np.cumsum(sizes)
    return [rows[end - size : end] for end, size in zip(ends, sizes, strict=True)]


def from_json(methodology: Methodology, documents: list[str]) -> dict[str, np.ndarray]:
    """What JSON lists of text codes, one list a column, cost: parsed, codes looked up, joined, made arrays."""
    index = {
        field.code: {None: 0} | (dict(methodology.choices[field.choices].index) if field.choices else {number: number for number in range(256)})
        for field in table_of(methodology, "class").columns
    }
    parts: dict[str, list[bytes]] = {}
    for document in documents:
        for code, cells in json.loads(document).items():
            of_code = index[code]
            parts.setdefault(code, []).append(bytes([of_code[cell] for cell in cells]))
    return {code: np.frombuffer(b"".join(listed), np.uint8) for code, listed in parts.items()}


def stored_tables(classes: int = 145_000) -> dict[str, Any]:
    """Decoding the stored tables of a country; every document is an object of its own, as they come from a database."""
    methodology = engine.load_methodology(ROOT / "indicators" / "2025-2026")
    few = tables(methodology, DISTINCT)
    encoded = [engine.encode_table(methodology, "class", rows) for rows in few]
    listed = [json.dumps({code: [row[code] for row in rows] for code in rows[0]}) for rows in few]
    documents = [bytes(bytearray(encoded[number % DISTINCT])) for number in range(classes)]
    texts = ["".join((listed[number % DISTINCT], " ")) for number in range(classes)]
    same = engine.decode_tables(methodology, "class", documents[:DISTINCT]).columns["ethnicity"].values
    assert (same == from_json(methodology, texts[:DISTINCT])["ethnicity"]).all(), "the two do not decode the same"
    works = {
        "compact bytes": lambda: engine.decode_tables(methodology, "class", documents),
        "JSON lists of text codes": lambda: from_json(methodology, texts),
    }
    seconds = medians(works, rounds=3)
    sizes = {"compact bytes": sum(map(len, documents)) / 1e6, "JSON lists of text codes": sum(map(len, texts)) / 1e6}
    return {
        "classes": classes,
        "seconds": seconds,
        "megabytes": sizes,
        "from stored answers to a data set": datasets(methodology, encoded),
    } | one_table(methodology)


def places(encoded: list[bytes], classes: int) -> dict[str, Places]:
    """A county of so many classes in units of eight."""
    units = max(1, classes // UNIT)
    schools = max(1, units // UNITS_OF_A_SCHOOL)
    of_unit = [min(number // UNIT, units - 1) for number in range(classes)]
    return {
        "school": Places([f"s{number}" for number in range(schools)], answers={"": [{"name": "Școala"} for _ in range(schools)]}),
        "unit": Places(
            [f"u{number}" for number in range(units)],
            {"school": [min(number // UNITS_OF_A_SCHOOL, schools - 1) for number in range(units)]},
            {"basic": [dict(UNIT_ANSWERS) for _ in range(units)], "extended": [None] * units},
        ),
        "class": Places(
            [f"c{number}" for number in range(classes)],
            {"unit": of_unit},
            {"basic": [dict(ANSWERS) for _ in range(classes)], "extended": [{"cls_teacher_qualified": "yes"} for _ in range(classes)]},
            [bytes(bytearray(encoded[number % DISTINCT])) for number in range(classes)],
        ),
    }


def datasets(methodology: Methodology, encoded: list[bytes]) -> dict[str, float]:
    """Seconds of building a data set, rows compared with their defaults included."""
    seconds = {}
    for name, classes, rounds in (("unit of 8 classes", UNIT, 200), ("county of 5,000 classes", 5000, 5), ("country of 145,000 classes", 145_000, 3)):
        given = places(encoded, classes)
        seconds |= medians({name: lambda given=given: engine.build_dataset(methodology, given)}, rounds)  # type: ignore[misc]
    return seconds


def one_table(methodology: Methodology) -> dict[str, Any]:
    """Milliseconds of what a page or a save of one table of 28 rows does in the engine."""
    context = engine.Context(engine.around(methodology, {"unit": UNIT_ANSWERS, "class": ANSWERS}))
    rows = engine.initial_rows(methodology, "class", context)
    for number, row in enumerate(rows):
        row["ethnicity"] = "roma" if number % 9 == 0 else row["ethnicity"]
    document = engine.encode_table(methodology, "class", engine.clean_rows(methodology, "class", rows, context).rows)
    works = {
        "rows generated": lambda: engine.initial_rows(methodology, "class", context),
        "rows cleaned": lambda: engine.clean_rows(methodology, "class", rows, context),
        "state of the cells": lambda: engine.rows_state(methodology, "class", rows, context),
        "encoded": lambda: engine.encode_table(methodology, "class", rows),
        "decoded": lambda: engine.decode_table(methodology, "class", document),
        "content digest": lambda: engine.content_digest(methodology, "class", rows),
        "form of the class cleaned": lambda: engine.clean(methodology, "class", ANSWERS, context),
        "form of the unit cleaned": lambda: engine.clean(methodology, "unit", UNIT_ANSWERS),
    }
    return {"one table of 28 rows, milliseconds": {name: value * 1000 for name, value in medians(works, rounds=60).items()}}


if __name__ == "__main__":
    print(json.dumps(stored_tables(), indent=1, ensure_ascii=False))
