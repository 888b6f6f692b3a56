"""Stored answers give the same data, and so the same results, as the files of an example."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import engine
from engine.dataset import Dataset
from engine.examples.run import compare, shape
from engine.methodology import Methodology
from engine.reference import Reference
from engine.responses import Places
from engine.values import NOT_ANSWERED, NOT_COLLECTED
from tests.engine import stored

ROOT = Path(__file__).resolve().parents[2]
YEARS = ["2024-2025", "2025-2026"]


def example(year: str) -> tuple[Methodology, Path]:
    return engine.load_methodology(ROOT / "indicators" / year), ROOT / "indicators" / year / "examples" / "worked"


def cells(methodology: Methodology, dataset: Dataset, level: str) -> dict[str, list[object]]:
    """(value, bits) of every column of a level as formulas see it, by place."""
    reference = Reference(methodology, dataset)
    found = {}
    for (at, name), quantity in methodology.quantities.items():
        if at == level and quantity.is_input and name not in ("changed", "final", "exempt"):
            values = [reference.quantity(quantity, place) for place in range(dataset.count(level))]
            found[name] = [(value.value, value.bits) for value in values]
    return found


@pytest.mark.parametrize("year", YEARS)
def test_every_answer_has_the_value_and_the_reason_it_has_in_the_example(year: str) -> None:
    methodology, folder = example(year)
    read = engine.read_example(methodology, folder)
    places = stored.schools(methodology, folder)
    built = engine.build_dataset(methodology, places)
    compared = 0
    for level in methodology.levels:
        assert built.count(level) == read.count(level)
        for parent, link in read.tables[level].parents.items():
            assert built.tables[level].parents[parent].tolist() == link.tolist(), (level, parent)
        of_built, of_read = cells(methodology, built, level), cells(methodology, read, level)
        if level == "building":
            say_what_a_file_cannot(methodology, read, places, of_read)
        assert of_built == of_read
        compared += sum(map(len, of_built.values()))
    assert compared > 2000


def say_what_a_file_cannot(methodology: Methodology, read: Dataset, places: dict[str, Places], found: dict[str, list[object]]) -> None:
    """A file with a column for every item cannot say that the section of one unit has not come; stored documents can."""
    units = read.tables["building"].parents["unit"]
    for code, cells_of in found.items():
        listed = places["unit"].answers[methodology.fields["building"][code].section]
        found[code] = [(None, NOT_COLLECTED) if listed[unit] is None else cell for cell, unit in zip(cells_of, units, strict=True)]


@pytest.mark.parametrize("year", YEARS)
def test_the_worked_examples_give_the_same_results(year: str) -> None:
    methodology, folder = example(year)
    dataset = engine.build_dataset(methodology, stored.schools(methodology, folder))
    assert dataset.tables["pupil"].columns.pop("changed") is not None
    expected = shape(engine.compute(methodology, engine.read_example(methodology, folder)))
    assert compare(expected, shape(engine.compute(methodology, dataset)), "") == []


@pytest.mark.parametrize("year", YEARS)
def test_the_columns_of_results_are_enough_for_all_results(year: str) -> None:
    methodology, folder = example(year)
    places = stored.schools(methodology, folder)
    few = engine.build_dataset(methodology, places, engine.columns_of_results(methodology))
    every = engine.build_dataset(methodology, places)
    assert few.tables["pupil"].columns["changed"].values.tolist() == every.tables["pupil"].columns["changed"].values.tolist()
    assert shape(engine.compute(methodology, few)) == shape(engine.compute(methodology, every))
    assert "unit_name" not in few.tables["unit"].columns


# ---- what is missing, and why --------------------------------------------------------------------------------------


def bits(dataset: Dataset, level: str, name: str) -> list[int]:
    column = dataset.tables[level].columns.get(name)
    if column is None:
        return [NOT_COLLECTED] * dataset.count(level)
    return [0] * dataset.count(level) if column.bits is None else column.bits.tolist()


def test_a_blank_is_not_answered_and_a_document_that_has_not_come_not_collected(hospitals: Methodology) -> None:
    answers = {"main": [{"beds": 8, "services": ["night"]}, {"beds": None, "services": []}, None], "more": [{"budget": "12.5"}, None, {}]}
    dataset = engine.build_dataset(hospitals, {"hospital": Places(["H1", "H2", "H3"], answers=answers)})
    assert bits(dataset, "hospital", "beds") == [0, NOT_ANSWERED, NOT_COLLECTED]
    assert bits(dataset, "hospital", "services") == [0, NOT_ANSWERED, NOT_COLLECTED]
    assert bits(dataset, "hospital", "budget") == [0, NOT_COLLECTED, NOT_ANSWERED]


def test_a_table_that_has_not_come_differs_from_an_empty_one(hospitals: Methodology) -> None:
    tables = [engine.encode_table(hospitals, "ward", [{"age": "old"}, {}]), engine.encode_table(hospitals, "ward", []), None]
    dataset = engine.build_dataset(hospitals, {"ward": Places(["W1", "W2", "W3"], answers={"main": [{}] * 3}, tables=tables)})
    rows = dataset.tables["patient"]
    assert rows.received is not None
    assert (rows.count, rows.received.tolist(), rows.parents["ward"].tolist()) == (2, [True, True, False], [0, 0])
    assert (list(rows.keys), rows.keys[-1], rows.keys[0:1]) == (["1", "2"], "2", ["1"])
    assert bits(dataset, "patient", "age") == [0, NOT_COLLECTED]
    with pytest.raises(IndexError):
        rows.keys[2]


def test_the_items_of_a_step_are_places_and_other_sections_add_to_them(methodology_2025: Methodology) -> None:
    basic = {"buildings": [{"bld_code": "A", "bld_heating": True}, {"bld_code": "B"}]}
    extended = {"buildings": [{"bld_code": "B", "bld_gym": False}, {"bld_code": "gone", "bld_gym": True}]}
    units = Places(["U1", "U2", "U3"], answers={"basic": [basic, {"buildings": [{"bld_code": "A"}]}, None], "extended": [extended, None, None]})
    classes = Places(["a", "b", "c", "d"], {"unit": [0, 1, 1, 0]}, {"basic": [{"cls_building": code} for code in ("B", "A", "B", None)]})
    dataset = engine.build_dataset(methodology_2025, {"unit": units, "class": classes})
    table = dataset.tables["building"]
    assert (list(table.keys), table.parents["unit"].tolist()) == (["A", "B", "A"], [0, 0, 1])
    assert bits(dataset, "building", "bld_heating") == [0, NOT_ANSWERED, NOT_ANSWERED]
    assert bits(dataset, "building", "bld_gym") == [NOT_ANSWERED, 0, NOT_COLLECTED]
    assert dataset.tables["class"].parents["building"].tolist() == [1, 2, -1, -1], "a key is looked up in the own unit"


def test_levels_that_are_not_given_hold_everything_or_nothing(methodology_2025: Methodology) -> None:
    dataset = engine.build_dataset(methodology_2025, {"unit": Places(["U1", "U2"])})
    assert {level: dataset.count(level) for level in methodology_2025.levels} == {
        "national": 1, "county": 1, "school": 1, "unit": 2, "building": 0, "class": 0, "pupil": 0,
    }  # fmt: skip


def test_several_places_above_have_to_be_told_apart(methodology_2025: Methodology) -> None:
    counties = Places(["AB", "CJ"])
    dataset = engine.build_dataset(methodology_2025, {"county": counties, "school": Places(["1", "2", "3"], {"county": [1, 0, 1]})})
    assert dataset.tables["school"].parents["county"].tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="2 places at county"):
        engine.build_dataset(methodology_2025, {"county": counties, "school": Places(["1", "2"])})


def test_final_and_exempt_are_known_only_where_they_are_given(hospitals: Methodology) -> None:
    dataset = engine.build_dataset(hospitals, {"hospital": Places(["H1", "H2"], final=[True, False])})
    assert [dataset.flag("hospital", "final", place) for place in (0, 1)] == [True, False]
    assert "exempt" not in dataset.tables["hospital"].columns


def test_last_year_is_exact(hospitals: Methodology) -> None:
    name = next(name for level, name in hospitals.quantities if level == "hospital" and name.startswith("previous."))
    places = Places(["H1", "H2"], previous={name.removeprefix("previous."): ["1/3", None], "nobody_asks": [1, 2]})
    dataset = engine.build_dataset(hospitals, {"hospital": places})
    column = dataset.tables["hospital"].columns[name]
    assert (column.values[0] * 3, column.bits is not None and column.bits.tolist()) == (column.scale if column.denominators is None else 3, [0, 8])
    assert "previous.nobody_asks" not in dataset.tables["hospital"].columns


def test_what_was_not_stored_by_us_is_refused_by_name(hospitals: Methodology) -> None:
    for answers in ({"beds": "8"}, {"beds": True}, {"services": ["day"]}, {"services": "night"}):
        with pytest.raises(engine.StoredValueError, match=r"^hospital\."):
            engine.build_dataset(hospitals, {"hospital": Places(["H1"], answers={"main": [answers]})})
    with pytest.raises(engine.StorageError, match=r"^table 0: "):
        engine.build_dataset(hospitals, {"ward": Places(["W1"], tables=[b"[]"])})
    with pytest.raises(ValueError, match="2 places of hospital, but 1 documents"):
        engine.build_dataset(hospitals, {"hospital": Places(["H1", "H2"], answers={"main": [{}]})})


# ---- changed rows --------------------------------------------------------------------------------------------------


def test_a_row_is_changed_where_a_cell_is_not_its_default(hospitals: Methodology) -> None:
    rows = [
        {"age": "middle", "insured": True},
        {"age": "old", "insured": True},
        {"age": "young", "insured": True},
        {"age": "young", "insured": False},
        {"age": None, "insured": None},
    ]
    dataset = engine.build_dataset(hospitals, {"ward": Places(["W"], tables=[engine.encode_table(hospitals, "ward", rows)])})
    found = engine.defaults.changed_cells(hospitals, dataset, "patient")  # type: ignore[attr-defined]
    assert {code: flags.tolist() for code, flags in found.items()} == {
        "age": [False, True, True, True, True],
        "insured": [False, False, True, False, False],
    }


def test_whether_rows_are_changed_is_worked_out_only_where_somebody_asks(hospitals: Methodology, methodology_2025: Methodology) -> None:
    of_hospital = engine.build_dataset(hospitals, {"ward": Places(["W"], tables=[engine.encode_table(hospitals, "ward", [{}])])})
    assert "changed" not in of_hospital.tables["patient"].columns
    of_class = engine.build_dataset(methodology_2025, {"class": Places(["5A"], tables=[engine.encode_table(methodology_2025, "class", [{}])])})
    assert of_class.tables["pupil"].columns["changed"].values.dtype == np.uint8
