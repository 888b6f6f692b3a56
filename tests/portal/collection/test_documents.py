"""Documents as cells: what was touched wins over what others saved, unless both touched the same cell."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.collection import documents

KEYS = {"buildings": "code"}
VALUES = st.one_of(st.none(), st.integers(0, 3), st.text("ab", max_size=2), st.booleans())
CELLS = st.dictionaries(st.sampled_from(["a", "b", "c", "d"]), VALUES)
ITEMS = st.lists(st.fixed_dictionaries({"code": st.sampled_from("ABC"), "x": st.integers(0, 2)}), unique_by=lambda item: item["code"], max_size=3)


@given(CELLS, ITEMS)
def test_a_document_survives_being_cells(values: dict[str, Any], items: list[dict[str, Any]]) -> None:
    document = {name: value for name, value in values.items() if value is not None} | {"buildings": items}
    again = documents.document_of(documents.cells_of(document, KEYS), KEYS)
    assert again == document or (not items and again | {"buildings": []} == document)


def test_keys_with_brackets_and_points_do_not_confuse_a_document() -> None:
    document = {"buildings": [{"code": "A].x[", "x": 1}, {"code": "B.1", "x": 2}]}
    assert documents.document_of(documents.cells_of(document, KEYS), KEYS) == document


def test_disjoint_edits_of_two_people_are_both_kept() -> None:
    base = {"a": 1, "b": 2}
    stored = {"a": 5, "b": 2}
    merged, conflicts = documents.merge(base, stored, {"a": 1, "b": 7})
    assert merged == {"a": 5, "b": 7}
    assert conflicts == {}


def test_two_edits_of_one_cell_are_a_conflict_that_names_both_values() -> None:
    _, conflicts = documents.merge({"a": 1}, {"a": 5}, {"a": 7})
    assert conflicts == {"a": (7, 5)}


def test_the_same_edit_twice_is_no_conflict() -> None:
    merged, conflicts = documents.merge({"a": 1}, {"a": 7}, {"a": 7})
    assert merged == {"a": 7}
    assert conflicts == {}


@given(CELLS, st.lists(CELLS, max_size=4))
def test_taking_back_every_later_change_gives_the_base_again(first: dict[str, Any], later: list[dict[str, Any]]) -> None:
    state, log = dict(first), []
    for cells in later:
        after = {**state, **cells}
        log.append(documents.changes(state, after))
        state = after
    back = documents.as_of(state, log)
    assert {name: value for name, value in back.items() if value is not None} == {name: value for name, value in first.items() if value is not None}
