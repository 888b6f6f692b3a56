"""Names and telephones as people write them, and as they are kept."""

from __future__ import annotations

import pytest

from portal.accounts.contacts import normal_name, normal_phone, shown_phone


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("0722123456", "+40722123456"),
        ("0722 123 456", "+40722123456"),
        ("0722.123.456", "+40722123456"),
        ("(0258) 811-222", "+40258811222"),
        ("+40 722 123 456", "+40722123456"),
        ("0040722123456", "+40722123456"),
        ("40722123456", "+40722123456"),
        ("+36 1 234 5678", "+3612345678"),
        ("0036 1 234 5678", "+3612345678"),
        ("0722\u00a0123\u00a0456", "+40722123456"),
    ],
)
def test_a_telephone_is_kept_in_one_form(written: str, kept: str) -> None:
    assert normal_phone(written) == kept


@pytest.mark.parametrize(
    "written", ["", "0722", "07221234567", "0922123456", "+40822123456", "+4072212345", "telefon", "0722 123 45a", "1960101410019", "+0722123456"]
)
def test_what_is_no_telephone_is_refused(written: str) -> None:
    assert normal_phone(written) is None


@pytest.mark.parametrize(("kept", "shown"), [("+40722123456", "0722 123 456"), ("+3612345678", "+3612345678"), ("", "")])
def test_a_telephone_is_shown_as_romanians_write_it(kept: str, shown: str) -> None:
    assert shown_phone(kept) == shown


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Ion   Popescu ", "Ion Popescu"),
        ("Ştefan Ţepeş", "Ștefan Țepeș"),
        ("Ana-Maria D’Angelo", "Ana-Maria D’Angelo"),
        ("dr. Kovács Őze", "dr. Kovács Őze"),
        ("S\u0326tefan Io\u0301n", "Ștefan Ión"),
        ("Иван Петров", "Иван Петров"),
    ],
)
def test_a_name_keeps_its_letters(written: str, kept: str) -> None:
    assert normal_name(written) == kept


@pytest.mark.parametrize(
    "written", ["<b>Ion</b>", "ion@example.ro", "Ion 2", "https://x.ro", "A.", "...", "Ion\u0000Pop", "=SUMA(A1)", "1960101410019"]
)
def test_what_is_no_name_is_refused(written: str) -> None:
    assert normal_name(written) is None
