"""What a form shows, requires and proposes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import engine
from engine.answers import default_of, prefill, questions
from engine.methodology import Methodology
from engine.reference import Reference

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def hospital_answers(hospitals: Methodology) -> Reference:
    return Reference(hospitals, engine.read_example(hospitals, ROOT / "tests" / "fixtures" / "hospitals" / "examples" / "small"))


@pytest.fixture(scope="module")
def answers_2025(methodology_2025: Methodology) -> Reference:
    return Reference(methodology_2025, engine.read_example(methodology_2025, ROOT / "indicators" / "2025-2026" / "examples" / "worked"))


def test_a_question_is_shown_where_its_condition_is_true(hospital_answers: Reference) -> None:
    shown = [questions(hospital_answers, "ward", place)["night_staff"].relevant for place in range(4)]
    assert shown == [True, False, False, False]


def test_a_question_that_is_not_shown_is_not_required(answers_2025: Reference) -> None:
    classes = answers_2025.dataset.tables["class"].keys
    without_benches, simultaneous, plain = (list(classes).index(key) for key in ("GMA", "S34", "5A"))
    assert not questions(answers_2025, "class", without_benches)["cls_bench_rows"].required
    assert questions(answers_2025, "class", plain)["cls_bench_rows"].required
    assert questions(answers_2025, "class", simultaneous)["cls_grades_mixed"].required
    assert not questions(answers_2025, "class", simultaneous)["cls_grade"].required


def test_the_first_rows_are_girls_and_benches_are_filled_row_by_row(answers_2025: Reference) -> None:
    fields = answers_2025.methodology.fields["pupil"]
    table = answers_2025.dataset.tables["pupil"]
    of_class = answers_2025.dataset.tables["class"]
    index = list(of_class.keys).index("5A")
    rows = [row for row in range(table.count) if table.parents["class"][row] == index]
    girls, seats, benches = (int(of_class.columns[name].values[index]) for name in ("cls_girls", "cls_seats_per_row", "cls_bench_rows"))
    assert [default_of(answers_2025, fields["gender"], row) for row in rows] == ["f"] * girls + ["m"] * (len(rows) - girls)
    expected = [Fraction(min(-(-number // seats), benches)) for number in range(1, len(rows) + 1)]
    assert [default_of(answers_2025, fields["bench"], row) for row in rows] == expected


def test_the_mother_tongue_follows_the_language_of_the_class(answers_2025: Reference) -> None:
    table, of_class = answers_2025.dataset.tables["pupil"], list(answers_2025.dataset.tables["class"].keys)
    tongue = answers_2025.methodology.fields["pupil"]["mother_tongue"]
    first = {key: next(row for row in range(table.count) if of_class[table.parents["class"][row]] == key) for key in ("5A", "5C")}
    assert {key: default_of(answers_2025, tongue, row) for key, row in first.items()} == {"5A": "ro", "5C": "hu"}


def test_rules_are_tried_in_order(answers_2025: Reference) -> None:
    ethnicity = answers_2025.methodology.fields["pupil"]["ethnicity"]
    table, of_class = answers_2025.dataset.tables["pupil"], list(answers_2025.dataset.tables["class"].keys)
    row = next(row for row in range(table.count) if of_class[table.parents["class"][row]] == "5C")
    assert default_of(answers_2025, ethnicity, row) == "hungarian"
    assert default_of(answers_2025, ethnicity, 0) == "romanian"


def test_last_year_is_proposed_where_its_codes_still_mean_the_same(methodology_2025: Methodology) -> None:
    previous = {
        "cls_building": "A",
        "roma_settlement": "yes",
        "pop_total": 400,
        "levels": ["primary"],
        "school_bus": True,
        "teaching_languages": ["xx"],
    }
    proposed = prefill(methodology_2025, "unit", {"residence": "urban"}, previous)
    assert proposed == {"residence": "urban", "roma_settlement": "yes", "pop_total": 400, "levels": ["primary"], "school_bus": True}
