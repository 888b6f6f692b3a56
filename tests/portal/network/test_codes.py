"""Official codes and counties."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from engine.typed import Refused, refuse_personal
from portal.network import codes, counties
from portal.network.expectation import expected, presumed_special


@pytest.mark.parametrize("code", ["0161102892", "0162100144", "1261105692", "0761100013"])
def test_codes_of_the_official_list_end_in_their_control_digit(code: str) -> None:
    assert codes.well_formed(code) and codes.consistent(code)
    assert not codes.consistent(code[:-1] + str((int(code[-1]) + 1) % 10))


def test_a_remainder_of_zero_is_written_nine() -> None:
    assert codes.control_digit("000000000") == "9"


def is_personal(text: str) -> bool:
    try:
        refuse_personal(text)
    except Refused:
        return True
    return False


def test_no_official_code_or_name_is_taken_for_personal_data(official_lists: Path) -> None:
    rows = CalamineWorkbook.from_path(official_lists / "retea-scolara-2024-2025-fara-contact.xlsx").get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "Cod SIIIR PJ" in row)
    wanted = [head.index(name) for name in ("Cod SIIIR PJ", "Cod SIIIR unitate", "Denumire PJ", "Denumire lunga unitate", "Localitate unitate")]
    texts = {str(row[place]) for row in rows[rows.index(head) + 1 :] for place in wanted}
    assert sum(codes.well_formed(text) and text[:2] in ("02", "03", "07") for text in texts) == 1441  # they look like telephones
    assert [text for text in texts if is_personal(text)] == []


def test_a_unit_keeps_its_identity_and_its_control_digit_when_it_becomes_a_structure() -> None:
    own, structure = "0161102892", "0162102892"
    assert codes.identity(own) == codes.identity(structure)
    assert codes.consistent(own) and codes.consistent(structure)


@pytest.mark.parametrize("code", ["", "123456789", "12345678901", "01611O2892", "٠١٦١١٠٢٨٩٢"])
def test_what_is_not_ten_digits_is_no_code(code: str) -> None:
    assert not codes.well_formed(code)


def test_there_are_forty_two_counties_with_their_own_letters_and_digits() -> None:
    found = counties.all_counties().values()
    assert len({county.code for county in found}) == len({county.prefix for county in found}) == len({county.name for county in found}) == 42


@pytest.mark.parametrize(
    ("text", "code"),
    [("AB", "AB"), ("ab", "AB"), ("Alba", "AB"), ("JUDEŢUL ALBA", "AB"), ("Bistriţa-Năsăud", "BN"), ("BISTRITA NASAUD", "BN"), ("Municipiul București", "B"), ("b", "B")],
)  # fmt: skip
def test_a_county_is_recognised_however_it_is_spelt(text: str, code: str) -> None:
    county = counties.named(text)
    assert county is not None and county.code == code


def test_unknown_counties_are_none() -> None:
    assert counties.named("Albania") is None
    assert counties.of_code("5561100017") is None


@pytest.mark.parametrize(
    ("attributes", "takes_part"),
    [
        ({"kind": "Unitate de învățământ"}, True),
        ({"kind": "UNITATE DE ÎNVĂŢĂMÂNT", "pupils_total": 3}, True),
        ({"kind": "Unitate de învățământ", "pupils_total": 0}, False),
        ({"kind": "Serviciu de educație timpurie complementar (ludotecă)"}, True),
        ({"kind": "Clubul copiilor"}, False),
        ({"kind": "Inspectorat școlar județean", "pupils_total": 5}, False),
        ({}, True),
    ],
)
def test_which_units_are_expected_in_a_round(attributes: dict[str, object], takes_part: bool) -> None:
    assert expected(attributes) is takes_part


def test_special_education_is_presumed_from_the_name() -> None:
    assert presumed_special("CENTRUL ŞCOLAR DE EDUCAŢIE INCLUZIVĂ NR 1")
    assert presumed_special("Grădinița Specială „Sfânta Elena”")
    assert not presumed_special("Școala Gimnazială cu specializări diverse")
