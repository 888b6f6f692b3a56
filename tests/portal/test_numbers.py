"""Numbers as Romanian writes them."""

from fractions import Fraction

import pytest

from portal.ui.templatetags.romanian import counted, difference, figure, label, number


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(Fraction(123456, 100), 2, "1.234,56"), (Fraction(0), 2, "0,00"), (Fraction(-5, 100), 2, "−0,05"), (1234567, 0, "1.234.567"), (None, 2, "–"), (Fraction(2574, 100), 2, "25,74")],
)  # fmt: skip
def test_a_number(value: Fraction | int | None, places: int, shown: str) -> None:
    assert number(value, places) == shown


@pytest.mark.parametrize(
    ("many", "shown"),
    [(0, "0 elevi"), (1, "1 elev"), (5, "5 elevi"), (19, "19 elevi"), (20, "20 de elevi"), (100, "100 de elevi"), (101, "101 elevi"), (119, "119 elevi"), (120, "120 de elevi"), (1000, "1.000 de elevi")],
)  # fmt: skip
def test_counted_words_have_three_forms(many: int, shown: str) -> None:
    assert counted(many, "elev,elevi") == shown


def test_figures_carry_their_unit_and_labels_fall_back() -> None:
    assert figure(Fraction(8214, 100), "percent") == "82,14\u00a0%"
    assert figure(Fraction(6), "whole") == "6"
    assert figure(None, "score") == "–"
    assert label({"ro": "Elevi"}, "hu") == "Elevi"


@pytest.mark.parametrize(
    ("value", "format_", "shown"),
    [(Fraction(27, 100), "score", "+0,27"), (Fraction(-31, 10), "percent", "−3,10 p.p."), (Fraction(0), "whole", "0"), (Fraction(2), "whole", "+2"), (None, "score", "–")],
)  # fmt: skip
def test_a_difference_has_a_sign(value: Fraction | None, format_: str, shown: str) -> None:
    assert difference(value, format_) == shown
