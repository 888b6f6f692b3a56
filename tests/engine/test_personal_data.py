"""No free text holds personal data: personal codes, telephones and addresses are found however they are written, and nothing else is.

The personal codes are made here, with years of birth that no pupil can have.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answers import Context, clean
from engine.methodology import Methodology
from engine.typed import Refused, refuse_personal
from engine.typed.official_codes import control_digit, looks_official
from engine.typed.personal import CONTROL, is_personal_code


def personal_code(twelve: str) -> str:
    rest = sum(weight * int(digit) for weight, digit in zip(CONTROL, twelve, strict=True)) % 11
    return f"{twelve}{1 if rest == 10 else rest}"


CODE = personal_code("599010112345")  # born in 2099
OTHERS = [personal_code(twelve) for twelve in ("698123152001", "300022940999", "799022970123", "998060180111")]


def found(text: str) -> str:
    """The code of the problem in a text; '' when there is none."""
    try:
        refuse_personal(text)
    except Refused as refused:
        return refused.code
    return ""


# ---- personal codes --------------------------------------------------------------------------------------

S, Y, M, D, C, N, K = CODE[0], CODE[1:3], CODE[3:5], CODE[5:7], CODE[7:9], CODE[9:12], CODE[12]
WRITTEN = [
    CODE,
    f"Elevul {CODE} a venit.",
    f"CNP:{CODE};",
    f"({CODE})",
    f"{CODE}.0",
    f"{CODE[0]}.{CODE[1:]}E+12",
    " ".join((S, Y + M + D, C + N + K)),
    " ".join((S, Y, M, D, C, N, K)),
    ".".join((S, Y, M, D, C, N, K)),
    "-".join((S, Y + M + D, C, N, K)),
    " ".join(CODE),
    f"{CODE[:7]} - {CODE[7:]}",
    f"{CODE[:7]}\u00a0{CODE[7:]}",
    f"{CODE[:7]}\u200b{CODE[7:]}",
    CODE.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)}),  # full width
    CODE.translate({ord("0") + digit: 0x0660 + digit for digit in range(10)}),  # Arabic-Indic
    CODE.translate({ord("0") + digit: 0x1D7CE + digit for digit in range(10)}),  # mathematical bold
    f"linia 1\n{CODE}\nlinia 3",
    f"elevii 1, 2 și {CODE}",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_a_personal_code_is_found_however_it_is_written(text: str) -> None:
    assert found(text) == "A822"


@pytest.mark.parametrize("code", OTHERS)
def test_it_is_found_whatever_its_century_county_and_day(code: str) -> None:
    assert found(code) == "A822"


@given(st.from_regex(r"[1-9][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{5}", fullmatch=True))
def test_any_personal_code_is_found_and_none_with_a_wrong_control_digit(twelve: str) -> None:
    code = personal_code(twelve)
    assert found(code) == found(f"{code[:7]} {code[7:]}") == "A822"
    assert not is_personal_code(f"{twelve}{(int(code[12]) + 1) % 10}")


def test_the_sentence_shows_where_and_keeps_the_rest_to_itself() -> None:
    with pytest.raises(Refused) as refused:
        refuse_personal(f"text lung {CODE} text")
    assert refused.value.params == {"value": f"{CODE[:2]}…{CODE[-2:]}"}


# ---- telephones and addresses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "0733123456", "0733 123 456", "0733.123.456", "0733-123-456", "0733/123456", "(0733) 123 456", "0733123456.0", "07 33 12 34 56",
        "0258 811 222", "0258811223", "021 312 3456", "021.312.34.56", "0358-811222", "+40733123456", "+40 733 123 456", "0040 733 123 456",
        "40733123456", "+ 40 (733) 123.456", "+36 20 123 4567", "tel.0733123456", "sunați-l la 0733\u00a0123\u00a0456", "０７３３１２３４５６",
        "mama: 0733123456, tata: 12",
    ],
)  # fmt: skip
def test_a_telephone_is_found_however_it_is_written(text: str) -> None:
    assert found(text) == "A823"


@pytest.mark.parametrize(
    "text",
    [
        "ion@example.ro",
        "scrieți la Ion.Pop+x@scoala-1.example.ro.",
        "ion @ example.ro",
        "ion(at)example.ro",
        "ＩＯＮ＠example.ro",
        "ștefan@școala.ro",
    ],
)
def test_an_address_is_found(text: str) -> None:
    assert found(text) == "A824"


def seconds(text: str) -> float:
    """The shortest of some tries."""
    times = []
    for _try in range(3):
        began = time.process_time()
        found(text)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("piece", ["x", "1 ", "9", "0722 ", "a@", "a.", " ", "+", "tel "])
def test_a_text_thirty_times_as_long_takes_no_more_than_its_share(piece: str) -> None:
    """In proportion it would be 30 times; with one part that looks back over all the rest, 900."""
    short, long = piece * 2_000, piece * 60_000
    assert seconds(f"@{long}1") < 200 * max(seconds(f"@{short}1"), 0.0002)


# ---- what is none of these -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "", "28 de elevi", "Anul 2024-2025, apoi 2025-2026", "2023 2024 2025 2026", "077190 Voluntari, str. Florilor nr. 12", "cod poștal 077190",
        "clasele 0, 1, 2, 3, 4, 5, 6, 7, 8", "02.03.2025, ora 10:30", "02.03.2025 10:30", "07.10.2025 - 12.10.2025", "03/12/2025 07:45-08:35",
        "HG 1.234/2020, Legea 198/2023", "1.234.567,89 lei", "0,75", "12 345 678 901", "98,21 % din 2.923.700", "A @ B", "@scoala", "e-mail", "tel.",
        "22 24 26 28 30 21 19", "Școala Nr. 5, corp B", "V A, V B, VI A", "raport 3:2", "ISO 9001:2015", "0711", "022 elevi", "2 x 12 + 7 = 31",
        "creștere cu +1 200 000",
    ],
)  # fmt: skip
def test_what_people_write_about_schools_is_not_personal(text: str) -> None:
    assert found(text) == ""


def test_an_official_code_is_none_unless_it_is_called_a_telephone() -> None:
    code = "071110001" + control_digit("071110001")
    assert looks_official(code) and found(f"unitatea {code}") == ""
    for text in (f"tel. {code}", f"Telefon: {code}", f"sunați la {code}", f"mobil nr. {code}"):
        assert found(text) == "A823"
    assert found(f"07111 0001{code[-1]}") == ""  # groups in which nobody writes a telephone
    assert found(code[:-1] + str((int(code[-1]) + 1) % 10)) == "A823"


# ---- in answers ------------------------------------------------------------------------------------------


def test_free_answers_are_looked_through_and_others_are_not(methodology_2025: Methodology) -> None:
    texts = [code for code, field in methodology_2025.fields["unit"].items() if field.type in ("text", "textarea") and not field.readonly]
    assert texts
    answers = dict.fromkeys(texts, f"copil {CODE}")
    problems = {problem.field: problem for problem in clean(methodology_2025, "unit", answers, Context()).problems}
    shown = [code for code in texts if code in problems]
    assert shown and all(problems[code].code == "A822" for code in shown)
    assert "Ștergeți-l" in problems[shown[0]].message
