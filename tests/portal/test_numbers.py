"""Numbers and counted words as each language writes them."""

from datetime import datetime
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils.translation import override

from portal.ui.templatetags.romanian import counted, difference, figure, label, number, plainly


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
    assert label({"ro": "Elevi", "hu": "Tanulók"}) == "Elevi"


@pytest.mark.parametrize(
    ("value", "format_", "shown"),
    [(Fraction(27, 100), "score", "+0,27"), (Fraction(-31, 10), "percent", "−3,10 p.p."), (Fraction(0), "whole", "0"), (Fraction(2), "whole", "+2"), (None, "score", "–")],
)  # fmt: skip
def test_a_difference_has_a_sign(value: Fraction | None, format_: str, shown: str) -> None:
    assert difference(value, format_) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1 pupil", "0 pupils", "2 pupils", "20 pupils", "1,000 pupils"]),
        ("hu", ["1 tanuló", "0 tanuló", "2 tanuló", "20 tanuló", "1000 tanuló"]),
        ("ro", ["1 elev", "0 elevi", "2 elevi", "20 de elevi", "1.000 de elevi"]),
    ],
)
def test_counted_words_take_the_form_of_the_language(language: str, shown: list[str]) -> None:
    template = Template('{% load romanian %}{{ n|counted:_("elev,elevi") }}')
    with override(language):
        assert [template.render(Context({"n": n})) for n in (1, 0, 2, 20, 1000)] == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", ["1,234.56", "12,345", "82.14%", "+3.10 pp", "0.5"]),
        ("hu", ["1234,56", "12\u00a0345", "82,14%", "+3,10 százalékpont", "0,5"]),
        ("ro", ["1.234,56", "12.345", "82,14\u00a0%", "+3,10 p.p.", "0,5"]),
    ],
)
def test_numbers_have_the_signs_of_the_language(language: str, shown: list[str]) -> None:
    with override(language):
        found = [number(Fraction(123456, 100)), number(12345, 0), figure(Fraction(8214, 100), "percent")]
        assert [*found, difference(Fraction(31, 10), "percent"), plainly(0.5)] == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "3 November 2026 · 3 November 2026, 14:05 · 3 November · 3 Nov 2026"),
        ("hu", "2026. november 3. · 2026. november 3., 14:05 · november 3. · 2026. 11. 03."),
        ("ro", "3 noiembrie 2026 · 3 noiembrie 2026, 14:05 · 3 noiembrie · 03.11.2026"),
    ],
)
def test_dates_are_in_the_order_of_the_language(language: str, shown: str) -> None:
    formats = ("DATE_FORMAT", "DATETIME_FORMAT", "MONTH_DAY_FORMAT", "SHORT_DATE_FORMAT")
    template = Template(" · ".join(f'{{{{ day|date:"{name}" }}}}' for name in formats))
    with override(language):
        assert template.render(Context({"day": datetime(2026, 11, 3, 14, 5)})) == shown


def test_a_text_without_translation_is_marked_as_romanian() -> None:
    template = Template("{% load romanian %}<h2>{{ texts|label }}</h2>")
    with override("hu"):
        assert template.render(Context({"texts": {"ro": "Bănci & rânduri", "en": "Benches"}})) == "<h2><span lang=ro>Bănci &amp; rânduri</span></h2>"
        assert template.render(Context({"texts": {"ro": "Bănci", "hu": "Padok"}})) == "<h2>Padok</h2>"
        assert str(label({"ro": "Bănci"})) == "Bănci"
    assert template.render(Context({"texts": {"ro": "Bănci"}})) == "<h2>Bănci</h2>"
