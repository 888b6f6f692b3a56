"""The indices against textbook values, their bounds, and the numpy version against the exact one."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.indices import INDICES, Degenerate, compute
from engine.indices_columns import index_columns

EVERY = sorted(INDICES)
NORMED = [name for name in EVERY if name not in ("isolation", "interaction", "max_deviation")]
CHILDREN = st.lists(st.integers(0, 60).flatmap(lambda t: st.tuples(st.integers(0, t), st.just(t))), max_size=12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("dissimilarity", Fraction(3, 5)),
        ("gini", Fraction(3, 5)),
        ("isolation", Fraction(17, 25)),
        ("interaction", Fraction(8, 25)),
        ("eta2", Fraction(9, 25)),
        ("max_deviation", Fraction(3, 10)),
    ],
)
def test_two_children_of_ten_with_eight_and_two_members(name: str, expected: Fraction) -> None:
    assert compute(name, [8, 2], [10, 10]) == expected


@pytest.mark.parametrize("name", NORMED)
def test_complete_separation_is_one_and_even_shares_are_zero(name: str) -> None:
    assert compute(name, [10, 0, 0], [10, 10, 5]) == 1
    assert compute(name, [2, 4, 6], [10, 20, 30]) == 0


@pytest.mark.parametrize("name", EVERY)
def test_degenerate_cases_have_a_reason_and_no_number(name: str) -> None:
    assert compute(name, [], []) is Degenerate.NO_CHILDREN
    assert compute(name, [0, 0], [0, 0]) is Degenerate.NO_CHILDREN
    assert compute(name, [0, 0], [5, 6]) is Degenerate.NO_MEMBERS
    assert compute(name, [5, 6], [5, 6]) == (Degenerate.EVERYBODY if name != "isolation" else 1)


@pytest.mark.parametrize("name", EVERY)
@given(children=CHILDREN)
def test_an_index_lies_between_zero_and_one_and_ignores_size(name: str, children: list[tuple[int, int]]) -> None:
    group, total = [g for g, _ in children], [t for _, t in children]
    result = compute(name, group, total)
    if isinstance(result, Fraction):
        assert 0 <= result <= 1
        many = compute(name, [g * 10**15 for g in group], [t * 10**15 for t in total])
        assert isinstance(many, Fraction)
        assert abs(many - result) < Fraction(1, 10**40)
        assert compute(name, [*group, 0], [*total, 0]) == result


@pytest.mark.parametrize("name", EVERY)
@given(places=st.lists(CHILDREN, min_size=1, max_size=4))
def test_numpy_agrees_with_the_exact_index(name: str, places: list[list[tuple[int, int]]]) -> None:
    rows = [(place, g, t) for place, children in enumerate(places) for g, t in children]
    columns = np.array(rows, np.int64).reshape(-1, 3)
    values, defined = index_columns(name, columns[:, 1], columns[:, 2], columns[:, 0], len(places))
    for place, children in enumerate(places):
        exact = compute(name, [g for g, _ in children], [t for _, t in children])
        assert defined[place] == isinstance(exact, Fraction)
        if isinstance(exact, Fraction):
            assert values[place] == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize("name", EVERY)
def test_a_child_with_more_of_the_group_than_members_leaves_its_place_without_a_value(name: str) -> None:
    columns = np.array([[0, 5, 4], [0, 1, 9], [1, 1, 4], [1, 3, 9]], np.int64)
    values, defined = index_columns(name, columns[:, 1], columns[:, 2], columns[:, 0], 2)
    assert defined.tolist() == [False, True]
    assert values[0] == 0
    assert compute(name, [5, 1], [4, 9]) is Degenerate.IMPOSSIBLE


@pytest.mark.parametrize("name", EVERY)
def test_a_very_small_group_in_a_very_large_place_keeps_its_digits(name: str) -> None:
    group, total = [1, 0, 2], [10**6, 10**6, 3]
    values, defined = index_columns(name, np.array(group), np.array(total), np.zeros(3, np.int64), 1)
    exact = compute(name, group, total)
    assert defined[0] and values[0] == pytest.approx(float(exact), rel=1e-9)  # type: ignore[arg-type]
