"""Stored tables: what goes in comes out, for ever, and bytes that are anything else are refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.dataset import Dataset, Table
from engine.formula.tree import Kind
from engine.methodology import Methodology
from engine.storage.header import START, sealed
from engine.storage.layout import layout_of
from engine.values import NOT_ANSWERED, NOT_COLLECTED
from tests.conftest import HOSPITALS

MANY = [f"c{number}" for number in range(300)]
COLUMNS = """
        - {code: bed_no, type: number, label: {ro: Nr.}}
        - {code: age, type: choice, label: {ro: Vârsta}, choices: age_band}
        - {code: cause, type: choice, label: {ro: Cauza}, choices: cause}
        - {code: insured, type: boolean, label: {ro: Asigurat}}
        - {code: days, type: integer, label: {ro: Zile}, min: 0, max: 200}
        - {code: level, type: integer, label: {ro: Nivel}, min: -3, max: 90}
        - {code: free, type: integer, label: {ro: Fără limite}}
        - {code: dose, type: decimal, label: {ro: Doza}, min: 0, max: 500}
        - {code: exact, type: decimal, label: {ro: Exact}, max_places: 6}
        - {code: services, type: multichoice, label: {ro: Servicii}, choices: service}
        - {code: since, type: date, label: {ro: Din}}
        - {code: moved_to, type: place, label: {ro: Mutat}, level: wing}
"""


def with_columns(folder: Path, columns: str = COLUMNS) -> Methodology:
    """The hospitals, whose table has a column of every type."""
    shutil.copytree(HOSPITALS, folder)
    forms = (folder / "forms.yaml").read_text("utf-8")
    start = forms.index("        - {code: bed_no")
    (folder / "forms.yaml").write_text(forms[:start] + columns.lstrip("\n"), "utf-8")
    choices = (folder / "choices.yaml").read_text("utf-8")
    listed = "".join(f"      - {{code: {code}, label: {{ro: {code}}}}}\n" for code in MANY)
    (folder / "choices.yaml").write_text(choices + "  cause:\n    choices:\n" + listed, "utf-8")
    (folder / "indicators.yaml").write_text("indicators: []\n", "utf-8")
    (folder / "validations.yaml").write_text("validations: []\n", "utf-8")
    text = (folder / "methodology.yaml").read_text("utf-8")
    (folder / "methodology.yaml").write_text("\n".join(row for row in text.splitlines() if not row.startswith("request")) + "\n", "utf-8")
    return engine.load_methodology(folder)


@pytest.fixture(scope="module")
def every_type(tmp_path_factory: pytest.TempPathFactory) -> Methodology:
    return with_columns(tmp_path_factory.mktemp("every") / "type")


def decimals(places: int) -> st.SearchStrategy[str]:
    whole = st.integers(-(10**12), 10**12)
    return whole.map(lambda number: f"{number / 10**places:.{places}f}".rstrip("0").rstrip(".") or "0").map(
        lambda text: "0" if text == "-0" else text
    )


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "age": st.sampled_from(["young", "middle", "old"]),
    "cause": st.sampled_from(MANY),
    "insured": st.booleans(),
    "days": st.integers(0, 200),
    "level": st.integers(-3, 90),
    "free": st.one_of(st.integers(-200, 200), st.integers(-(2**62), 2**62)),
    "dose": decimals(2),
    "exact": decimals(4),
    "services": st.lists(st.sampled_from(["night", "urgent"]), min_size=1, unique=True).map(sorted),
    "since": st.dates().map(str),
    "moved_to": st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
}
ROWS = st.lists(st.fixed_dictionaries({}, optional={code: st.none() | values for code, values in VALUES.items()}), max_size=50)


def numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"bed_no": number, **row} for number, row in enumerate(rows, 1)]


@given(rows=ROWS)
def test_rows_come_back_as_they_went_in(every_type: Methodology, rows: list[dict[str, Any]]) -> None:
    document = engine.encode_table(every_type, "ward", rows)
    assert engine.decode_table(every_type, "ward", document) == numbered(rows)
    assert engine.dump_table(every_type, "ward", document)["rows"] == numbered(rows)
    assert engine.encode_table(every_type, "ward", numbered(rows)) == document


@given(tables=st.lists(st.none() | ROWS, max_size=6))
def test_many_tables_give_the_columns_that_their_rows_give(every_type: Methodology, tables: list[list[dict[str, Any]] | None]) -> None:
    documents = [None if rows is None else engine.encode_table(every_type, "ward", rows) for rows in tables]
    found = engine.decode_tables(every_type, "ward", documents)
    assert found.sizes.tolist() == [len(rows or ()) for rows in tables]
    assert found.received.tolist() == [rows is not None for rows in tables]
    every = [row for rows in tables for row in numbered(rows or [])]
    for code, field in every_type.fields["patient"].items():
        kind: Kind = every_type.quantities["patient", code].kind
        codes = tuple(every_type.choices[field.choices].index) if field.choices else ()
        table = Table("patient", len(every), columns={code: found.columns[code]})
        data = Dataset(every_type.topology, {"patient": table})
        for place, row in enumerate(every):
            value, bits = data.cell("patient", code, place, kind, codes)
            expected = row.get(code)
            assert bits == (0 if expected is not None else NOT_ANSWERED if code in row else NOT_COLLECTED), code
            assert plain(value, field.type, codes) == plain_stored(expected, field.type), code


def plain(value: Any, type_: str, codes: tuple[str, ...]) -> Any:
    if type_ == "multichoice" and value is not None:
        return [code for position, code in enumerate(codes) if value >> position & 1]
    return value


def plain_stored(value: Any, type_: str) -> Any:
    from datetime import date
    from fractions import Fraction

    if value is None:
        return None
    if type_ == "decimal":
        return Fraction(value)
    return date.fromisoformat(value).toordinal() if type_ == "date" else value


def test_large_numbers_of_both_signs_keep_their_last_digit(every_type: Methodology) -> None:
    numbers = [2**63 - 1, -(2**63) + 2, 2**53 + 1, 7]
    documents = [engine.encode_table(every_type, "ward", [{"free": number}]) for number in numbers]
    assert engine.decode_tables(every_type, "ward", documents).columns["free"].values.tolist() == numbers


def test_only_the_columns_asked_for_are_read(every_type: Methodology) -> None:
    document = engine.encode_table(every_type, "ward", [{"age": "old", "days": 7}])
    assert set(engine.decode_tables(every_type, "ward", [document], only={"days"}).columns) == {"days"}


def test_a_table_without_rows_is_a_table_that_has_come(every_type: Methodology) -> None:
    found = engine.decode_tables(every_type, "ward", [engine.encode_table(every_type, "ward", []), None])
    assert (found.sizes.tolist(), found.received.tolist()) == ([0, 0], [True, False])


def test_a_class_table_takes_one_byte_a_cell(methodology_2025: Methodology) -> None:
    rows = [{"gender": "f", "ethnicity": "roma", "bench": 12}] * 45
    document = engine.encode_table(methodology_2025, "class", rows)
    columns = len(layout_of(methodology_2025, "class").columns)
    assert len(document) == START + 2 * columns + 2 + 45 * columns + 4


# ---- what cannot be stored -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("age", "ancient"),
        ("age", 1),
        ("age", ["old"]),
        ("insured", "yes"),
        ("insured", 1),
        ("days", "7"),
        ("days", True),
        ("days", 7.5),
        ("free", 2**63),
        ("dose", "12,5"),
        ("dose", "1e3"),
        ("dose", 1.5),
        ("dose", "٣"),
        ("exact", "0.12345678901234567"),
        ("services", "night"),
        ("services", ["day"]),
        ("since", "15.10.2025"),
        ("since", 7),
        ("moved_to", 7),
        ("moved_to", "x" * 70_000),
        ("moved_to", "\ud800"),
        ("unknown", "x"),
    ],
)
def test_a_value_of_another_type_is_refused(every_type: Methodology, cell: str, value: Any) -> None:
    with pytest.raises(engine.StorageError):
        engine.encode_table(every_type, "ward", [{"age": "old"}, {cell: value}])


def test_more_rows_than_a_document_can_count_are_refused(every_type: Methodology) -> None:
    with pytest.raises(engine.StorageError, match="65535"):
        engine.encode_table(every_type, "ward", [{}] * 65_536)


# ---- bytes that are no stored table --------------------------------------------------------------------------------

SAMPLE = [{"age": "old", "days": 3, "moved_to": "A"}, {"age": None, "dose": "1.25", "moved_to": "B"}, {"free": -7}]


def refused_by_both(methodology: Methodology, document: bytes) -> None:
    good = engine.encode_table(methodology, "ward", SAMPLE)
    with pytest.raises(engine.StorageError):
        engine.decode_table(methodology, "ward", document)
    with pytest.raises(engine.StorageError, match=r"^table 1: "):
        engine.decode_tables(methodology, "ward", [good, document])


def test_every_flipped_bit_is_noticed(every_type: Methodology) -> None:
    document = engine.encode_table(every_type, "ward", SAMPLE)
    for position in range(len(document)):
        for bit in range(8):
            spoilt = bytearray(document)
            spoilt[position] ^= 1 << bit
            with pytest.raises(engine.StorageError):
                engine.decode_table(every_type, "ward", bytes(spoilt))
    refused_by_both(every_type, bytes(spoilt))


def test_every_truncation_is_noticed(every_type: Methodology) -> None:
    document = engine.encode_table(every_type, "ward", SAMPLE)
    for length in range(len(document)):
        refused_by_both(every_type, document[:length])
    refused_by_both(every_type, document + b"\0")


@given(document=st.binary(max_size=200))
def test_foreign_bytes_are_refused(every_type: Methodology, document: bytes) -> None:
    refused_by_both(every_type, document)


@settings(max_examples=400)
@given(position=st.integers(0, 10_000), byte=st.integers(0, 255), grown=st.binary(max_size=3))
def test_bytes_with_a_right_check_sum_but_a_wrong_content_never_crash(every_type: Methodology, position: int, byte: int, grown: bytes) -> None:
    content = bytearray(engine.encode_table(every_type, "ward", SAMPLE)[:-4])
    content[position % len(content)] = byte
    document = sealed(bytes(content) + grown)
    try:
        rows = engine.decode_table(every_type, "ward", document)
    except engine.StorageError:
        refused_by_both(every_type, document)
    else:
        assert engine.decode_tables(every_type, "ward", [document]).sizes.tolist() == [len(rows)]


def test_a_table_of_another_order_of_codes_is_refused(every_type: Methodology, tmp_path: Path) -> None:
    other = with_columns(tmp_path / "other")
    assert engine.decode_table(other, "ward", engine.encode_table(every_type, "ward", SAMPLE)) == numbered(SAMPLE)
    text = (tmp_path / "other" / "choices.yaml").read_text("utf-8")
    first, second = "      - {code: young, label: {ro: Tânăr}}\n", "      - {code: middle, label: {ro: Mijlociu}}\n"
    assert first + second in text
    (tmp_path / "other" / "choices.yaml").write_text(text.replace(first + second, second + first), "utf-8")
    refused_by_both_layouts(every_type, engine.load_methodology(tmp_path / "other"))


def refused_by_both_layouts(one: Methodology, other: Methodology) -> None:
    document = engine.encode_table(one, "ward", SAMPLE)
    with pytest.raises(engine.StorageError, match="another layout"):
        engine.decode_table(other, "ward", document)
    with pytest.raises(engine.StorageError, match="another layout"):
        engine.decode_tables(other, "ward", [document])


def test_labels_and_limits_may_change_under_stored_tables(every_type: Methodology, tmp_path: Path) -> None:
    with_columns(tmp_path / "other")
    forms = (tmp_path / "other" / "forms.yaml").read_text("utf-8")
    changed = forms.replace("{ro: Zile}, min: 0, max: 200", "{ro: Zile de spital}, min: 1, max: 70000")
    assert changed != forms
    (tmp_path / "other" / "forms.yaml").write_text(changed, "utf-8")
    later = engine.load_methodology(tmp_path / "other")
    rows = [{"days": 3}, {"days": 69_999}]
    documents = [engine.encode_table(every_type, "ward", rows[:1]), engine.encode_table(later, "ward", rows[1:])]
    assert [engine.decode_table(version, "ward", document)[0]["days"] for version in (every_type, later) for document in documents] == [3, 69_999] * 2
    assert engine.decode_tables(later, "ward", documents).columns["days"].values.tolist() == [3, 69_999]


# ---- the digest of the content -------------------------------------------------------------------------------------


@given(rows=ROWS, chance=st.randoms())
def test_the_digest_ignores_the_order_of_rows_and_nothing_else(every_type: Methodology, rows: list[dict[str, Any]], chance: Any) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    digest = engine.content_digest(every_type, "ward", rows)
    assert engine.content_digest(every_type, "ward", numbered(shuffled)) == digest
    assert engine.content_digest(every_type, "ward", [*rows, {"age": "old"}]) != digest
    if rows:
        other = [{**rows[0], "days": 201}, *rows[1:]]
        assert engine.content_digest(every_type, "ward", other) != digest


def test_a_digest_stays_what_it_is(every_type: Methodology) -> None:
    expected = "44c94ba3b7ba68139e9f980c87dec3c7"
    assert engine.content_digest(every_type, "ward", SAMPLE)[:32] == expected


def test_bytes_written_by_the_first_release_are_read(hospitals: Methodology) -> None:
    document = bytes.fromhex("54440103d1bebccb8e5167396300620069000200020103fffe09bf4d6115")
    assert engine.decode_table(hospitals, "ward", document) == [
        {"bed_no": 1, "age": "old", "insured": True, "days": 3},
        {"bed_no": 2, "age": None, "days": 9},
    ]
    assert np.all(engine.decode_tables(hospitals, "ward", [document]).sizes == 2)
