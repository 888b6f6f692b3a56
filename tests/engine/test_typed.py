"""What people type is kept, or refused with a code; nothing is guessed and nothing vanishes."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.methodology import Choice, ChoiceList
from engine.typed import Refused
from engine.typed.numbers import decimal_reader, whole_reader
from engine.typed.texts import text_reader
from engine.typed.values import choice_reader, day, several_reader, truth

whole = whole_reader(Fraction(-5), Fraction(100_000))
tenths = decimal_reader(None, None, 1)
hundredths = decimal_reader(Fraction(0), Fraction(10**7), 2)
thousandths = decimal_reader(None, None, 3)
anything = whole_reader(None, None)
line = text_reader(20, lines=False)
lines = text_reader(200, lines=True)
LIST = ChoiceList(
    "colour",
    (
        Choice("red", {"ro": "Roșu", "hu": "Piros"}),
        Choice("1", {"ro": "Albastru închis"}),
        Choice("g1", {"ro": "Verde"}),
        Choice("g2", {"ro": "verde"}),
    ),
    {"red": 0, "1": 1, "g1": 2, "g2": 3},
)
colour = choice_reader(LIST)
colours = several_reader(LIST)

KEPT: list[tuple[Any, Any, Any]] = [
    (whole, "12", 12),
    (whole, " 12 ", 12),
    (whole, "+12", 12),
    (whole, "-5", -5),
    (whole, "\u22125", -5),
    (whole, "007", 7),
    (whole, "12,0", 12),
    (whole, "12.00", 12),
    (whole, 12.0, 12),
    (whole, "1 234", 1234),
    (whole, "1\u00a0234", 1234),
    (whole, "12\u202f345", 12345),
    (anything, "1.234.567", 1234567),
    (anything, "1,234,567", 1234567),
    (anything, "999999999999", 999999999999),
    (hundredths, "12,5", "12.5"),
    (hundredths, "12.5", "12.5"),
    (hundredths, "12,50", "12.5"),
    (hundredths, "0,50", "0.5"),
    (hundredths, "0,500", "0.5"),
    (hundredths, "1234,500", "1234.5"),
    (hundredths, "1.234,5", "1234.5"),
    (hundredths, "1,234.56", "1234.56"),
    (hundredths, "1 234,56", "1234.56"),
    (hundredths, "1.234.567,8", "1234567.8"),
    (hundredths, 12.5, "12.5"),
    (hundredths, 0.1 + 0.2, "0.3"),
    (hundredths, 12, "12"),
    (hundredths, "-0", "0"),
    (thousandths, "1.234", "1.234"),
    (thousandths, "-1,234", "-1.234"),
    (truth, "Da", True),
    (truth, "NU", False),
    (truth, "adevărat", True),
    (truth, "on", True),
    (truth, 0, False),
    (truth, False, False),
    (day, "15.10.2025", "2025-10-15"),
    (day, "5.1.2025", "2025-01-05"),
    (day, "2025-10-15", "2025-10-15"),
    (day, date(2025, 10, 15), "2025-10-15"),
    (day, datetime(2025, 10, 15, 12), "2025-10-15"),
    (colour, "red", "red"),
    (colour, " RED ", "red"),
    (colour, "rosu", "red"),
    (colour, "Roşu", "red"),
    (colour, "piros", "red"),
    (colour, 1, "1"),
    (colour, 1.0, "1"),
    (colour, "ALBASTRU  inchis", "1"),
    (colours, ["1", "red", "red"], ["red", "1"]),
    (colours, "red|1", ["red", "1"]),
    (colours, "albastru închis; roșu;", ["red", "1"]),
    (colours, "red", ["red"]),
    (line, "  Şcoala\u00a0 nr.\t1 ", "Școala nr. 1"),
    (line, "s\u0326i t\u0327i", "și ți"),
    (line, "a\u200bb\u202ec", "abc"),
    (line, "a\r\nb", "a b"),
    (line, 7, "7"),
    (lines, "a \r\nb\u2028c\r", "a\nb\nc"),
    (lines, "=1+1", "=1+1"),
]


@pytest.mark.parametrize(("read", "raw", "kept"), KEPT, ids=[f"{number}-{kept}" for number, (_, _, kept) in enumerate(KEPT)])
def test_what_is_understood_is_kept_in_one_form(read: Any, raw: Any, kept: Any) -> None:
    found = read(raw)
    assert (found, type(found)) == (kept, type(kept))
    assert read(found) == kept, "what is kept reads as itself"


REFUSED: list[tuple[Any, Any, str]] = [
    (whole, "12abc", "A802"),
    (whole, "1e400", "A802"),
    (whole, "1e3", "A802"),
    (whole, "NaN", "A802"),
    (whole, "inf", "A802"),
    (whole, float("nan"), "A802"),
    (whole, float("inf"), "A802"),
    (whole, "١٢", "A802"),
    (whole, "१२", "A802"),
    (whole, "１２", "A802"),
    (whole, "1²", "A802"),
    (whole, "12 34", "A802"),
    (whole, "1 2345", "A802"),
    (whole, "1,2,3", "A802"),
    (whole, "1.2.3", "A802"),
    (whole, "0x10", "A802"),
    (whole, "1_000", "A802"),
    (whole, "--1", "A802"),
    (whole, "12%", "A802"),
    (whole, "9" * 1_000_000, "A802"),
    (whole, "12,5", "A803"),
    (whole, 12.5, "A803"),
    (whole, "1.234", "A804"),
    (whole, "1,000", "A804"),
    (hundredths, "1.234", "A804"),
    (hundredths, "12.500", "A804"),
    (whole, -6, "A805"),
    (hundredths, "-0,01", "A805"),
    (whole, 100_001, "A806"),
    (hundredths, "10000000,01", "A806"),
    (tenths, "1,25", "A807"),
    (hundredths, 1.234, "A807"),
    (hundredths, "1234.567", "A807"),
    (anything, "1234567890123", "A808"),
    (anything, 10**5000, "A808"),
    (whole, True, "A815"),
    (whole, [1], "A815"),
    (hundredths, {"a": 1}, "A815"),
    (truth, "poate", "A810"),
    (truth, 2, "A810"),
    (truth, [True], "A815"),
    (day, "31.02.2025", "A811"),
    (day, "15/10/2025", "A811"),
    (day, "2025-10-15T00:00", "A811"),
    (day, "２０２５-10-15", "A811"),
    (day, "15.10.0025", "A812"),
    (day, 45_000, "A811"),
    (colour, "rouge", "A809"),
    (colour, "Verde", "A809"),
    (colour, True, "A815"),
    (colour, ["red"], "A815"),
    (colour, "x" * 1_000_000, "A813"),
    (colours, ["red", "rouge"], "A809"),
    (colours, ["red"] * 1000, "A815"),
    (colours, {"red": 1}, "A815"),
    (line, "x" * 21, "A813"),
    (line, "x" * 1_000_000, "A813"),
    (line, "a\0b", "A814"),
    (line, "a\x1bb", "A814"),
    (line, "a\x85b", "A814"),
    (line, "a\ud800b", "A814"),
    (lines, "a\x0bb", "A814"),
    (line, ["a"], "A815"),
    (line, 10**30, "A813"),
]


@pytest.mark.parametrize(("read", "raw", "code"), REFUSED, ids=[f"{number}-{code}" for number, (_, _, code) in enumerate(REFUSED)])
def test_what_cannot_be_kept_is_refused_with_a_code(read: Any, raw: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read(raw)
    assert caught.value.code == code


@pytest.mark.parametrize("read", [whole, hundredths, truth, day, colour, colours, line, lines])
@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", "\n"])
def test_a_blank_is_no_answer(read: Any, blank: Any) -> None:
    assert read(blank) is None


def test_an_ambiguous_number_is_asked_about_with_both_readings() -> None:
    with pytest.raises(Refused) as caught:
        whole("1.234")
    assert caught.value.params == {"value": "1.234", "whole": "1234", "decimal": "1,234"}


def test_a_label_of_two_choices_names_neither() -> None:
    with pytest.raises(Refused):
        colour("Verde")
    assert colour("g1") == "g1"


def test_nothing_chosen_is_a_blank() -> None:
    assert colours([]) is None
    assert colours(["", None]) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text()), st.dictionaries(st.text(), st.integers())))
def test_whatever_comes_is_kept_in_a_stable_form_or_refused(raw: Any) -> None:
    for read in (whole, hundredths, truth, day, colour, colours, line, lines):
        try:
            kept = read(raw)
        except Refused:
            continue
        assert read(kept) == kept


@given(st.decimals(min_value=0, max_value=9_999_999, places=2), st.sampled_from([",", "."]), st.sampled_from(["", " ", "\u00a0", "other"]))
def test_a_number_means_the_same_with_either_sign_and_with_thousands_apart(number: Any, sign: str, apart: str) -> None:
    whole_part, decimals = f"{number:.2f}".split(".")
    between = {",": ".", ".": ","}[sign] if apart == "other" else apart
    grouped = f"{int(whole_part):,}".replace(",", between)
    assert Fraction(str(hundredths(grouped + sign + decimals))) == Fraction(number)
