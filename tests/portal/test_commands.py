"""The commands as people and scripts call them: output, JSON shape, exit codes."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
YEAR = str(ROOT / "indicators" / "2024-2025")
WORKED = str(ROOT / "indicators" / "2024-2025" / "examples" / "worked")


def call(*arguments: str) -> tuple[str, int]:
    """(output, exit code)."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(str(stop.code))
    return out.getvalue(), 0


def test_check_says_that_nothing_is_wrong() -> None:
    assert call("check_methodology", YEAR) == ("Erori: 0. Avertismente: 0.\n", 0)


def test_check_tells_problems_as_text_and_as_json(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("n / beds", "n / bedz", 1), "utf-8")
    text, code = call("check_methodology", str(copy_of_hospitals))
    assert code == 1
    assert "hospitals/indicators.yaml:" in text and "Ați vrut „beds”?" in text and "^" in text
    listed, code = call("check_methodology", str(copy_of_hospitals), "--format", "json")
    assert code == 1
    assert set(json.loads(listed)[0]) == {"file", "line", "column", "code", "level", "message", "suggestion"}


def test_examples_are_compared(copy_of_example: Path) -> None:
    assert call("run_examples", YEAR) == ("worked: fără diferențe.\n", 0)
    outcome, code = call("run_examples", YEAR, "--examples", WORKED, "--format", "json")
    assert code == 0
    assert json.loads(outcome)["examples"]["worked"] == json.loads((Path(WORKED) / "expected.json").read_text("utf-8"))
    (copy_of_example / "pupils.csv").write_text("unit,cls\n", "utf-8")
    assert call("run_examples", YEAR, "--examples", str(copy_of_example))[1] == 1


def test_explain_shows_the_way_of_a_value() -> None:
    text, code = call("explain", "A.ROM.4", "U1", "--examples", WORKED)
    assert code == 0
    assert "max(class.gap_rom)" in text and "class PB: gap_rom" in text
    with pytest.raises(CommandError, match="Nu există locul"):
        call("explain", "A.ROM.4", "U9", "--examples", WORKED)


def test_diff_tells_meaning_not_lines() -> None:
    listed, code = call("diff_methodology", YEAR, str(ROOT / "indicators" / "2025-2026"), "--format", "json")
    found = {(entry["kind"], entry["code"], entry["what"]) for entry in json.loads(listed)}
    assert code == 0
    assert ("indicator", "D.REZ.1", "renamed") in found and ("constant", "min_group", "changed") in found
