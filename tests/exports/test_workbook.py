"""The workbook as programs and people open it: typed, documented, and never a formula out of what somebody typed."""

from __future__ import annotations

import csv
import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from exports import workbook
from exports.columns import Column, Layout
from exports.datasets import framed
from exports.making import make_workbook
from exports.scope import Scope
from exports.workbook import Book, sheet_name
from portal.collection.models import Collection, Response
from portal.collection.services import taking
from portal.network.models import Level, Place
from tests.portal.worked_round import WorkedRound, expected
from tests.programs import needs

pytestmark = pytest.mark.django_db
HOSTILE = ("=1+1", "+40722123456", "-2+3", "@SUM(A1)", '=HYPERLINK("http://example.org")', "http://example.org", "0461100123", "1e5")


@pytest.fixture
def file(worked: WorkedRound, tmp_path: Path) -> Path:
    worked.freeze("U1")
    path = tmp_path / "county.xlsx"
    make_workbook(Scope(worked.county), path)
    return path


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def rows(sheet: list[list[Any]]) -> list[dict[str, Any]]:
    """Rows below the two heads, by the codes of their columns."""
    return [dict(zip(sheet[1], row, strict=True)) for row in sheet[2:]]


def test_the_sheets_begin_with_what_the_file_is_and_what_its_columns_are(file: Path) -> None:
    found = sheets(file)
    assert list(found) == [
        "Despre",
        "Dicționar",
        "Stadiul colectării",
        "Unități",
        "Clase",
        "Clădiri corpuri",
        "Indicatori",
        "Din ce vin indicatorii",
        "Răspunsuri",
    ]
    about = {row[0]: row[1] for row in found["Despre"]}
    assert about["Filtre"] == "toate unitățile așteptate în campanie"
    assert (about["Unități: așteptate"], about["Unități: primite"], about["Elevi în unitățile așteptate"]) == (3.0, 1.0, 254.0)
    assert "Un risc nu este un verdict." in about.values()
    assert "nu este niciodată zero" in about["Celule goale"]
    assert "sub 10" in about["Numere mici"]


def test_numbers_are_numbers_dates_are_dates_and_lists_are_words(file: Path, worked: WorkedRound) -> None:
    unit = next(row for row in rows(sheets(file)["Unități"]) if row["unit.code"] == worked.units["U1"].code)
    assert unit["A.ROM.1"] == 28.89
    assert unit["pupils_total"] == 180.0
    assert unit["pop_date"] == date(2025, 10, 15)
    assert isinstance(unit["unit.finalised_at"], datetime)
    assert (unit["ownership"], unit["unit.state"], unit["A.ROM.4.band"], unit["access_ramp"]) == ("De stat", "Finalizat", "Risc", "da")
    assert unit["levels"] == "Preșcolar; Primar; Gimnazial"
    assert unit["measures"] == ""


def test_every_figure_of_the_workbook_is_the_expected_one(file: Path, worked: WorkedRound) -> None:
    found = {row["unit.code"]: row for row in rows(sheets(file)["Unități"])}
    for key, unit in worked.units.items():
        for code, figure in expected()["units"][key]["indicators"].items():
            got = found[unit.code][code]
            assert got == ("" if figure["value"] is None else figure["value"]), (key, code)


def test_text_that_looks_like_a_formula_stays_text(worked: WorkedRound, tmp_path: Path) -> None:
    answers = Response.objects.get(collection=worked.units["U1"], section="basic")
    answers.values["measures"] = HOSTILE[0]
    answers.save()
    Collection.objects.filter(pk=worked.units["U2"].pk).update(name=HOSTILE[2])
    path = tmp_path / "county.xlsx"
    make_workbook(Scope(worked.county), path)
    units = {row["unit.code"]: row for row in rows(sheets(path)["Unități"])}
    assert units[worked.units["U1"].code]["measures"] == "=1+1"
    assert units[worked.units["U2"].code]["unit.name"] == "-2+3"
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any("externalLink" in name for name in archive.namelist())
    assert not any("<f>" in part or "<hyperlink" in part for part in parts)


def small(values: list[Any], type_: str = "text") -> tuple[Layout, pd.DataFrame]:
    layout = Layout("t", "Tabel", "un rând", (Column("one", "Unu", type_), Column("two", "Doi", "integer")))
    return layout, framed(layout, {"one": values, "two": list(range(len(values)))})


def written(path: Path, *tables: tuple[Layout, pd.DataFrame]) -> dict[str, list[list[Any]]]:
    book = Book(path, "Probă", path.parent)
    for table in tables:
        book.add(*table)
    book.close()
    return sheets(path)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_somebody_typed_becomes_a_formula_a_link_or_a_number(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert written(path, small([text]))["Tabel"][2][0] == text
    with zipfile.ZipFile(path) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


def test_letters_of_romanian_and_hungarian_and_odd_characters_survive(tmp_path: Path) -> None:
    texts = ["ăâîșț ĂÂÎȘȚ őű", "a\tb", "<b>&amp;</b>", "două\nrânduri", "x" * 40_000]
    found = [row[0] for row in written(tmp_path / "x.xlsx", small(texts))["Tabel"][2:]]
    assert found[:4] == texts[:4]
    assert len(found[4]) == workbook.MOST_TEXT


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Clădiri / corpuri", "Clădiri corpuri"),
        ("[a]:*?/\\'", "a"),
        ("x" * 40, "x" * 31),
        ("Elevi, clase și bănci în școli mari", "Elevi, clase și bănci în școli"),
    ],
)
def test_names_of_sheets_are_legal(title: str, name: str) -> None:
    assert sheet_name(title) == name
    assert len(sheet_name(title, 12)) <= 31


def test_two_tables_of_one_title_have_sheets_of_their_own(tmp_path: Path) -> None:
    layout, frame = small(["a"])
    other = Layout("other", "TABEL", "un rând", layout.columns)
    assert list(written(tmp_path / "x.xlsx", (layout, frame), (other, frame))) == ["Tabel", "TABEL (2)"]


def test_a_table_longer_than_excel_allows_goes_on_on_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    found = written(tmp_path / "x.xlsx", small(list("abcd")), small(list("ef")))
    assert list(found) == ["Tabel", "Tabel (2)"]
    assert [row[0] for sheet in found.values() for row in sheet[2:]] == list("abcdef")
    assert found["Tabel (2)"][1] == ["one", "two"]


def test_heads_stay_in_sight_and_can_be_filtered(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        units = archive.read("xl/worksheets/sheet4.xml").decode()
    assert re.search(r'<pane xSplit="5" ySplit="2"[^>]*state="frozen"', units)
    assert re.search(r'<autoFilter ref="A2:[A-Z]+5"/>', units)


def test_the_workbook_of_the_country_grows_county_by_county(worked: WorkedRound, tmp_path: Path) -> None:
    county = Place.objects.create(level=Level.COUNTY, parent=worked.national.place, code="CJ", name="Cluj")
    school = Place.objects.create(level=Level.SCHOOL, parent=county, code="PJ-CJ", name="Colegiul")
    Place.objects.create(level=Level.UNIT, parent=school, code="U-CJ", name="Colegiul", attributes={"kind": "colegiu"})
    taking.take_all(worked.round)
    path, told = tmp_path / "ro.xlsx", []
    make_workbook(Scope(worked.national), path, lambda done, total: told.append((done, total)))
    found = sheets(path)
    assert list(found) == ["Despre", "Dicționar", "Stadiul colectării", "Unități", "Clase"]
    units = rows(found["Unități"])
    assert [(row["county.code"], row["network.kind"]) for row in units] == [("AB", ""), ("AB", ""), ("AB", ""), ("CJ", "colegiu")]
    assert (units[0]["A.ROM.1"], units[3]["A.ROM.1"], units[3]["A.ROM.1.status"]) == (28.89, "", "Nu se aplică")
    assert len(rows(found["Clase"])) == 16
    assert told[-1] == (4, 5)


@needs("soffice", "libreoffice-calc-nogui")
def test_libreoffice_reads_the_same_numbers(file: Path, worked: WorkedRound, tmp_path: Path) -> None:
    """Every sheet converted to CSV by an office program; displayed numbers are those of the engine."""
    options = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,-1"
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        options,
        "--outdir",
        str(tmp_path),
        str(file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    with (tmp_path / "county-Unități.csv").open(encoding="utf-8", newline="") as opened:
        table = list(csv.reader(opened, delimiter=";"))
    found = {row[table[1].index("unit.code")]: dict(zip(table[1], row, strict=True)) for row in table[2:]}
    compared = 0
    for key, unit in worked.units.items():
        for code, figure in expected()["units"][key]["indicators"].items():
            if figure["value"] is not None:
                assert float(found[unit.code][code].replace(",", "")) == figure["value"], (key, code)
                compared += 1
    assert compared > 150
    assert found[worked.units["U1"].code]["unit.state"] == "Finalizat"
