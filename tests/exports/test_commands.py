"""The commands: a county into a file, a report on the terminal, why a figure of a round is what it is."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.collection.models import Collection
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_county_is_exported_to_a_workbook_or_an_archive(worked: WorkedRound, tmp_path: Path) -> None:
    for name in ("ab.xlsx", "ab.zip"):
        said = call("export_county", "ab", "--round", "2025-2026", "--to", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(b"PK")
        assert f"{(tmp_path / name).stat().st_size} octeți" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("XX", "--round", "2025-2026", "--to", "x.xlsx"), "nu există județul „XX”"),
        (("AB", "--round", "2031-2032", "--to", "x.xlsx"), "În campania 2031-2032 nu există"),
        (("AB", "--round", "2025-2026", "--to", "x.doc"), "se termină în .xlsx sau .zip"),
    ],
)
def test_what_cannot_be_exported_is_said(arguments: tuple[str, ...], sentence: str, worked: WorkedRound) -> None:
    with pytest.raises(CommandError, match=sentence):
        call("export_county", *arguments)


def test_a_report_is_shown_on_the_terminal(worked: WorkedRound) -> None:
    worked.freeze("U1")
    said = call("unit_report", worked.units["U1"].code, "--round", "2025-2026")
    assert "Școala Gimnazială Model" in said and "Toate datele" in said and "Un risc nu este un verdict" in said


def test_a_figure_of_a_round_is_explained_by_code_of_the_unit(worked: WorkedRound) -> None:
    said = call("explain", "A.ROM.4", worked.units["U1"].code, "--round", "2025-2026")
    first, *others = said.splitlines()
    assert first == f"A.ROM.4 · Unitate {worked.units['U1'].code}"
    assert "Valoarea: 3,17 (1055/333) – Risc" in others
    assert any(line.strip().startswith("Clasă PB · gap_rom") for line in others)
    assert not any(line.strip().startswith("Elev ") for line in others)


def test_what_cannot_be_explained_is_said(worked: WorkedRound) -> None:
    unit = worked.units["U2"]
    for arguments, sentence in (
        (("A.ROM.4", "nimic"), "nu există locul „nimic”"),
        (("Z.Z.9", unit.code), "Nu există indicatorul sau verificarea „Z.Z.9”"),
        (("A.ROM.4", worked.school.code), "nu se calculează la locul"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call("explain", *arguments, "--round", "2025-2026")
    Collection.objects.filter(pk=unit.pk).update(exempt=True)
    with pytest.raises(CommandError, match="este exceptat"):
        call("explain", "A.ROM.4", unit.code, "--round", "2025-2026")
