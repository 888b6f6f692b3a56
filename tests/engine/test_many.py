"""Many places completed at once, and many tables encoded at once: nothing else than one after the other."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

import engine
from engine.encoding import ABSENT
from engine.methodology import Methodology
from engine.responses import Places
from tests.engine import stored

ROOT = Path(__file__).resolve().parents[2]
WORKED = ROOT / "indicators" / "2025-2026" / "examples" / "worked"


@pytest.fixture
def worked(methodology_2025: Methodology) -> dict[str, Places]:
    return stored.schools(methodology_2025, WORKED)


def documents(places: Places) -> list[dict[str, Any]]:
    """All sections of each place as one document."""
    return [
        {code: value for part in parts if part is not None for code, value in part.items()} for parts in zip(*places.answers.values(), strict=True)
    ]


def half(answers: dict[str, Any], chance: Random) -> dict[str, Any]:
    """About half of the answers."""
    return {code: value for code, value in answers.items() if chance.random() < 0.5}


def in_columns(rows: list[dict[str, Any]], codes: list[str]) -> dict[str, list[Any]]:
    return {code: [row.get(code, ABSENT) for row in rows] for code in codes}


def in_rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return [{code: cell for code, cell in row.items() if cell is not ABSENT} for row in rows]


def test_rows_of_many_tables_are_completed_as_each_would_be(methodology_2025: Methodology, worked: dict[str, Places]) -> None:
    chance = Random(7)
    kept = [half_table(methodology_2025, table, chance) for table in worked["class"].tables or ()]
    codes = list(methodology_2025.fields["pupil"])
    together = [row for rows in kept for row in rows]
    assert any(row.get("sen", "none") != "none" and "support_level" not in row for row in together)
    found = engine.complete_rows(methodology_2025, "class", in_columns(together, codes), [len(rows) for rows in kept], worked)
    numbers = found.columns.pop("row_no")
    assert numbers == [number for rows in kept for number in range(1, len(rows) + 1)]
    alone = [engine.clean_rows(methodology_2025, "class", rows, engine.Context(worked, place)) for place, rows in enumerate(kept)]
    assert in_rows(found.columns) == [
        row | {code: None for code in ("support_level",) if row["sen"] != "none" and code not in row} for one in alone for row in one.rows
    ]
    starts = [sum(len(rows) for rows in kept[:place]) for place in range(len(kept))]
    wrong = [(p.field, starts[place] + (p.row or 0) - 1) for place, one in enumerate(alone) for p in one.problems]
    assert sorted((code, row) for code, rows in found.open.items() for row in rows) == sorted(wrong)
    assert wrong


def half_table(methodology: Methodology, table: bytes | None, chance: Random) -> list[dict[str, Any]]:
    return [half(row, chance) for row in engine.decode_table(methodology, "class", table)] if table is not None else []


def test_many_classes_are_completed_as_each_would_be(methodology_2025: Methodology, worked: dict[str, Places]) -> None:
    chance = Random(8)
    answers = [half(document, chance) for document in documents(worked["class"])]
    bare = {**worked, "class": Places(worked["class"].keys, worked["class"].parents)}
    found = engine.complete_places(methodology_2025, "class", in_columns(answers, list(methodology_2025.fields["class"])), bare)
    alone = [
        engine.clean(methodology_2025, "class", document, engine.Context({**worked, "class": one}, 0))
        for document, one in zip(answers, single(worked["class"]), strict=True)
    ]
    complete = [{code: cell for code, cell in row.items() if cell is not None} for row in in_rows(found.columns)]
    assert complete == [{code: cell for code, cell in one.values.items() if cell is not None} for one in alone]
    assert sorted((code, row) for code, rows in found.open.items() for row in rows) == sorted(
        (p.field, place) for place, one in enumerate(alone) for p in one.problems
    )


def single(places: Places) -> list[Places]:
    """Each place alone and without its answers, with the links it has."""
    links = [{level: [index[place]] for level, index in places.parents.items()} for place in range(len(places.keys))]
    return [Places([key], link, {section: [{}] for section in places.answers}) for key, link in zip(places.keys, links, strict=True)]


def test_many_tables_are_encoded_to_the_bytes_of_each(methodology_2025: Methodology, worked: dict[str, Places]) -> None:
    tables = [engine.decode_table(methodology_2025, "class", table) for table in worked["class"].tables or () if table is not None]
    rows = [row for table in tables for row in table]
    columns = in_columns(rows, list(methodology_2025.fields["pupil"]))
    found = engine.encode_tables(methodology_2025, "class", columns, [len(table) for table in tables])
    assert found == [engine.encode_table(methodology_2025, "class", table) for table in tables]


def test_a_column_that_is_not_given_is_not_collected(hospitals: Methodology) -> None:
    found = engine.encode_tables(hospitals, "ward", {"days": [1, None, 3]}, [2, 0, 1])
    assert [engine.decode_table(hospitals, "ward", document) for document in found] == [
        [{"bed_no": 1, "days": 1}, {"bed_no": 2, "days": None}],
        [],
        [{"bed_no": 1, "days": 3}],
    ]


def test_wrong_cells_and_too_many_rows_are_refused_in_bulk_too(hospitals: Methodology) -> None:
    with pytest.raises(engine.StorageError, match="age"):
        engine.encode_tables(hospitals, "ward", {"age": ["young", "x"]}, [1, 1])
    with pytest.raises(engine.StorageError, match="most rows"):
        engine.encode_tables(hospitals, "ward", {}, [70_000])


def test_digests_of_many_tables_are_those_of_each(methodology_2025: Methodology, hospitals: Methodology, worked: dict[str, Places]) -> None:
    tables = [table for table in worked["class"].tables or () if table is not None]
    mixed = engine.encode_table(methodology_2025, "class", [{"bench": None}, {"bench": 300}, {"sen": "none"}])
    alone = [engine.content_digest(methodology_2025, "class", engine.decode_table(methodology_2025, "class", table)) for table in [*tables, mixed]]
    assert engine.content_digests(methodology_2025, "class", [*tables, mixed]) == alone
    turned = engine.decode_table(methodology_2025, "class", tables[0])[::-1]
    assert engine.content_digests(methodology_2025, "class", [engine.encode_table(methodology_2025, "class", turned)]) == alone[:1]
    assert engine.content_digests(hospitals, "ward", [engine.encode_table(hospitals, "ward", [])]) == [engine.content_digest(hospitals, "ward", [])]
