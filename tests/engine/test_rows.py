"""The rows of a table: generated from the answers of its owner, judged cell by cell, compared with what was generated."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.defaults import default_node
from engine.methodology import Methodology
from engine.reference import Reference
from tests.engine import stored
from tests.engine.test_answers import CLASS, UNIT

ROOT = Path(__file__).resolve().parents[2]


def context_of(methodology: Methodology, **changes: Any) -> engine.Context:
    return engine.Context(engine.around(methodology, {"unit": UNIT, "class": CLASS | changes}))


def of_ward(hospitals: Methodology, size: object = 3) -> engine.Context:
    return engine.Context(engine.around(hospitals, {"ward": {"size_declared": size}}))


# ---- generated rows ------------------------------------------------------------------------------------------------


def test_the_first_rows_are_girls_and_benches_are_filled_row_by_row(methodology_2025: Methodology) -> None:
    rows = engine.initial_rows(methodology_2025, "class", context_of(methodology_2025))
    assert [row["gender"] for row in rows] == ["f"] * 10 + ["m"] * 18
    assert [row["bench"] for row in rows] == [min(math.ceil(number / 6), 5) for number in range(1, 29)]


def test_a_default_follows_the_answers_of_the_places_above(methodology_2025: Methodology) -> None:
    hungarian = engine.initial_rows(methodology_2025, "class", context_of(methodology_2025))[0]
    romanian = engine.initial_rows(methodology_2025, "class", context_of(methodology_2025, cls_language="ro"))[0]
    assert (hungarian["ethnicity"], hungarian["mother_tongue"], hungarian["home_residence"]) == ("hungarian", "hu", "urban")
    assert (romanian["ethnicity"], romanian["mother_tongue"]) == ("romanian", "ro")


def test_the_first_rule_that_is_true_gives_the_default(methodology_2025: Methodology) -> None:
    small = engine.initial_rows(methodology_2025, "class", context_of(methodology_2025, cls_grade="prep"))
    assert (small[0]["results"], engine.initial_rows(methodology_2025, "class", context_of(methodology_2025))[0]["results"]) == ("na", "good")


def test_a_default_that_cannot_be_computed_is_a_blank(methodology_2025: Methodology) -> None:
    unknown = engine.Context(engine.around(methodology_2025, {"class": CLASS}))
    assert engine.initial_rows(methodology_2025, "class", unknown)[0]["home_residence"] is None


def test_a_default_may_need_another_default_of_its_row(hospitals: Methodology) -> None:
    kept = [{"age": "young"}, {"age": "old", "insured": False}]
    rows = engine.initial_rows(hospitals, "ward", of_ward(hospitals), kept)
    assert [(row["age"], row["insured"], row["days"]) for row in rows] == [("young", False, None), ("old", False, None), ("middle", True, None)]


def test_rows_are_added_and_taken_away_at_the_end(hospitals: Methodology) -> None:
    kept = [{"age": "old", "insured": True, "days": number} for number in range(5)]
    assert [row["days"] for row in engine.initial_rows(hospitals, "ward", of_ward(hospitals, 3), kept)] == [0, 1, 2]
    assert [row["days"] for row in engine.initial_rows(hospitals, "ward", of_ward(hospitals, 6), kept)] == [0, 1, 2, 3, 4, None]


@pytest.mark.parametrize("size", [None, "", "12abc", 0])
def test_without_a_number_there_are_no_rows(hospitals: Methodology, size: object) -> None:
    assert engine.initial_rows(hospitals, "ward", of_ward(hospitals, size)) == []
    assert engine.initial_rows(hospitals, "ward") == []


@pytest.mark.parametrize("year", ["2024-2025", "2025-2026"])
def test_generated_rows_are_what_the_reference_computes(year: str) -> None:
    methodology = engine.load_methodology(ROOT / "indicators" / year)
    places = stored.schools(methodology, ROOT / "indicators" / year / "examples" / "worked")
    dataset = engine.build_dataset(methodology, places)
    reference, rows = Reference(methodology, dataset), dataset.tables["pupil"]
    compared = 0
    for place, key in enumerate(places["class"].keys):
        generated = engine.initial_rows(methodology, "class", engine.Context(places, place))
        in_class = [row for row in range(rows.count) if rows.parents["class"][row] == place]
        for row, answers in zip(in_class, generated, strict=False):
            for code, field in methodology.fields["pupil"].items():
                node = default_node(methodology, field)
                if node is not None:
                    value = reference.value(node, row)
                    assert answers[code] == (None if value.absent else value.value), (key, code)
                    compared += 1
    assert compared > 1000


# ---- cleaned rows --------------------------------------------------------------------------------------------------


def test_generated_rows_are_clean_and_unchanged(methodology_2025: Methodology) -> None:
    context = context_of(methodology_2025)
    rows = engine.initial_rows(methodology_2025, "class", context)
    cleaned = engine.clean_rows(methodology_2025, "class", rows, context)
    assert cleaned.problems == ()
    assert cleaned.rows == [{code: value for code, value in row.items() if code != "support_level"} for row in rows]
    assert not any(any(flags) for flags in engine.rows_state(methodology_2025, "class", rows, context).changed.values())
    document = engine.encode_table(methodology_2025, "class", cleaned.rows)
    again = engine.clean_rows(methodology_2025, "class", engine.decode_table(methodology_2025, "class", document), context)
    assert again == cleaned


def test_every_wrong_cell_is_told_with_its_row(methodology_2025: Methodology) -> None:
    context = context_of(methodology_2025)
    rows = engine.initial_rows(methodology_2025, "class", context)
    rows[2]["gender"] = "x"
    rows[1]["sen"] = "sen"
    rows[1]["bench"] = "99"
    rows[5]["family"] = ""
    rows[7]["bench"] = ""
    rows[8]["ethnicity"] = "Roma "
    cleaned = engine.clean_rows(methodology_2025, "class", rows, context)
    assert [(p.row, p.field, p.code) for p in cleaned.problems] == [
        (2, "support_level", "A801"),
        (2, "bench", "A806"),
        (3, "gender", "A809"),
        (6, "family", "A801"),
    ]
    assert cleaned.rows[7]["bench"] is None
    assert cleaned.rows[8]["ethnicity"] == "roma"


def test_a_column_that_is_hidden_for_the_whole_table_is_not_kept(methodology_2025: Methodology) -> None:
    context = context_of(methodology_2025, cls_has_benches=False)
    cleaned = engine.clean_rows(methodology_2025, "class", [{"bench": "12abc"}] * 28, context)
    assert cleaned.problems == ()
    assert not any("bench" in row for row in cleaned.rows)


@pytest.mark.parametrize(("given", "declared"), [(46, 45), (44, 45), (0, 45), (100_000, 45)])
def test_the_number_of_rows_has_to_be_the_one_declared(methodology_2025: Methodology, given: int, declared: int) -> None:
    cleaned = engine.clean_rows(methodology_2025, "class", [{}] * given, context_of(methodology_2025, cls_pupils=declared))
    assert [(p.row, p.code, p.params) for p in cleaned.problems] == [(None, "A818", {"found": given, "wanted": declared})]
    assert len(cleaned.rows) == min(given, declared)


def test_rows_before_their_number_are_refused(methodology_2025: Methodology) -> None:
    found = engine.clean_rows(methodology_2025, "class", [{}], context_of(methodology_2025, cls_pupils=None))
    assert [p.code for p in found.problems] == ["A819"]


def test_what_is_no_row_is_refused(hospitals: Methodology) -> None:
    found = engine.clean_rows(hospitals, "ward", [{}, ["young"], "x"], of_ward(hospitals))  # type: ignore[list-item]
    assert [(p.row, p.code) for p in found.problems] == [(2, "A815"), (3, "A815")]


def test_the_number_of_a_row_is_its_place_whatever_is_typed(hospitals: Methodology) -> None:
    cleaned = engine.clean_rows(hospitals, "ward", [{"bed_no": 7}, {"bed_no": "x"}, {"strange": 1}], of_ward(hospitals))
    assert cleaned.problems == ()
    assert {code for row in cleaned.rows for code in row} == {"age", "insured", "days"}


CELLS = st.one_of(
    st.none(), st.text(max_size=8), st.integers(-5, 300), st.booleans(), st.sampled_from(["young", "old", "da", "1 2"]), st.lists(st.text())
)


@given(rows=st.lists(st.dictionaries(st.sampled_from(["age", "insured", "days", "bed_no", "x"]), CELLS), max_size=5))
def test_cleaned_rows_can_be_stored_and_stay_clean(hospitals: Methodology, rows: list[dict[str, Any]]) -> None:
    context = of_ward(hospitals, max(1, len(rows)))
    cleaned = engine.clean_rows(hospitals, "ward", rows, context)
    document = engine.encode_table(hospitals, "ward", cleaned.rows)
    again = engine.clean_rows(hospitals, "ward", engine.decode_table(hospitals, "ward", document), context)
    wrong = {problem.row for problem in cleaned.problems}
    for number, (first, second) in enumerate(zip(cleaned.rows, again.rows, strict=True), 1):
        assert number in wrong or first == second


# ---- the state of cells --------------------------------------------------------------------------------------------


def test_cells_that_differ_from_their_default_are_known(methodology_2025: Methodology) -> None:
    context = context_of(methodology_2025)
    rows = engine.initial_rows(methodology_2025, "class", context)
    rows[0]["ethnicity"], rows[1]["bench"], rows[2]["sen"], rows[2]["support_level"] = "roma", None, "sen", "moderate"
    state = engine.rows_state(methodology_2025, "class", rows, context)
    changed = {(code, row) for code, flags in state.changed.items() for row, flag in enumerate(flags) if flag}
    assert changed == {("ethnicity", 0), ("bench", 1), ("sen", 2)}
    assert [row for row, flag in enumerate(state.shown["support_level"]) if flag] == [2]
    assert [row for row, flag in enumerate(state.required["support_level"]) if flag] == [2]
    assert all(state.required["gender"]) and not any(state.required["bench"])


def test_a_changed_parameter_makes_old_defaults_differ(methodology_2025: Methodology) -> None:
    rows = engine.initial_rows(methodology_2025, "class", context_of(methodology_2025))
    state = engine.rows_state(methodology_2025, "class", rows, context_of(methodology_2025, cls_girls=12))
    assert [row for row, flag in enumerate(state.changed["gender"]) if flag] == [10, 11]
