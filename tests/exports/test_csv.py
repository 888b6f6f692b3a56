"""The archive of CSV files: read by programs as it says, and harmless in a spreadsheet."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest

from exports.csv_archive import cell, escaped
from exports.making import make_archive
from exports.scope import Scope
from portal.collection.models import Response
from tests.portal.worked_round import WorkedRound, expected

pytestmark = pytest.mark.django_db


def read(path: Path, name: str) -> pd.DataFrame:
    with zipfile.ZipFile(path) as archive:
        return pd.read_csv(BytesIO(archive.read(f"{name}.csv")), sep=";", decimal=",", keep_default_na=True)


def test_a_program_reads_the_expected_figures(worked: WorkedRound, tmp_path: Path) -> None:
    path = tmp_path / "county.zip"
    make_archive(Scope(worked.county), path)
    found = read(path, "unitati").set_index("unit.code")
    for key, unit in worked.units.items():
        for code, figure in expected()["units"][key]["indicators"].items():
            got = found.loc[unit.code, code]
            assert pd.isna(got) if figure["value"] is None else float(got) == figure["value"], (key, code)
    assert found.loc[worked.units["U1"].code, "ownership"] == "public"
    assert found.loc[worked.units["U1"].code, "levels"] == "preschool|primary|lower_secondary"
    assert found.loc[worked.units["U1"].code, "pop_date"] == "2025-10-15"


def test_the_archive_documents_itself(worked: WorkedRound, tmp_path: Path) -> None:
    path = tmp_path / "county.zip"
    make_archive(Scope(worked.county), path)
    about = dict(read(path, "despre").itertuples(index=False))
    assert "punct și virgulă" in about["Cum sunt scrise valorile"]
    with zipfile.ZipFile(path) as archive:
        names = {name.removesuffix(".csv") for name in archive.namelist()}
        assert archive.read("unitati.csv").startswith("\N{BOM}".encode())
    assert names == {"despre", "dictionar", "stadiu", "unitati", "clase", "building", "indicatori", "elemente", "raspunsuri"}
    assert set(read(path, "dictionar")["code"]) >= {"A.ROM.4", "n.ethnicity.roma", "unit.code"}


@pytest.mark.parametrize("text", ["=1+1", "+40", "-2", "@x", "\t=1", "\r=1", "|calc", "%x"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert escaped(text) == f"'{text}"


def test_other_texts_and_numbers_are_left_alone() -> None:
    assert escaped("Școala „=”") == "Școala „=”"
    assert [cell(value) for value in (-0.5, -3, 25.74, True, False)] == ["-0,5", "-3", "25,74", "1", "0"]
    assert cell(date(2025, 10, 15)) == "2025-10-15"
    assert cell(datetime(2025, 12, 22, 7, 4, tzinfo=UTC)) == "2025-12-22 09:04:00"


def test_what_was_typed_is_harmless_in_every_file(worked: WorkedRound, tmp_path: Path) -> None:
    answers = Response.objects.get(collection=worked.units["U1"], section="basic")
    answers.values["measures"] = '=cmd|"/c calc"!A1; "două"\nrânduri'
    answers.save()
    path = tmp_path / "county.zip"
    make_archive(Scope(worked.county), path)
    found = read(path, "unitati").set_index("unit.code").loc[worked.units["U1"].code, "measures"]
    assert found == f"'{answers.values['measures']}"
