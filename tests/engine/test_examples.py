"""Worked examples: they pass, a changed figure is noticed, and a wrong folder is refused by file, row and column."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]


def test_the_worked_example_of_2024_is_reproduced_to_the_last_digit(methodology_2024: Methodology) -> None:
    outcome = engine.run(methodology_2024, ROOT / "indicators" / "2024-2025" / "examples")
    assert outcome["differences"] == []
    assert list(outcome["examples"]) == ["worked"]
    assert len(outcome["examples"]["worked"]["units"]["U1"]["indicators"]) == 78


def test_a_changed_figure_is_a_difference(methodology_2024: Methodology, copy_of_example: Path) -> None:
    expected = json.loads((copy_of_example / "expected.json").read_text("utf-8"))
    expected["units"]["U1"]["indicators"]["A.ROM.4"]["value"] = 2.69
    expected["units"]["U1"]["indicators"]["A.ROM.4"]["items"][0]["sub"] = 5.57
    (copy_of_example / "expected.json").write_text(json.dumps(expected), "utf-8")
    differences = engine.run(methodology_2024, copy_of_example)["differences"]
    assert [(d["path"], d["expected"], d["got"]) for d in differences] == [
        ("units.U1.indicators.A.ROM.4.value", 2.69, 2.68),
        ("units.U1.indicators.A.ROM.4.items[0].sub", 5.57, 5.56),
    ]


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


WRONG = {
    "text in a number": ("classes.csv", "C,one,15,7", "C,one,cinci,7", "D705", 2, 13),
    "unknown code": ("pupils.csv", "U1,GM,1,f,undeclared", "U1,GM,1,f,rroma", "D706", 2, 5),
    "row of an unknown class": ("pupils.csv", "U1,GM,1,f", "U1,GMX,1,f", "D716", 2, 2),
    "row of an unknown unit": ("classes.csv", "U1,GM,Grupa", "U9,GM,Grupa", "D716", 2, 1),
    "unknown column with values": ("pupils.csv", "remedial,bench", "remedial,banca", "D712", None, 18),
    "the same class twice": ("classes.csv", "U1,PA,Preg", "U1,GM,Preg", "D718", 3, 2),
    "yes or no": ("classes.csv", "preschool,no,", "preschool,poate,", "D707", 2, 5),
    "a number in JSON": ("answers.json", '"pupils_total": 136', '"pupils_total": "12abc"', "D705", 30, 20),
    "an infinite number": ("answers.json", '"pupils_total": 136', '"pupils_total": 1e400', "D705", 30, 20),
    "other scripts' digits": ("classes.csv", "C,one,15,7", "C,one,١٥,7", "D705", 2, 13),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_cell_is_refused_by_file_row_and_column(
    case: tuple[str, str, str, str, int | None, int], methodology_2024: Methodology, copy_of_example: Path
) -> None:
    file, old, new, code, line, column = case
    spoil(copy_of_example, file, old, new)
    with pytest.raises(engine.MethodologyError) as caught:
        engine.read_example(methodology_2024, copy_of_example)
    found = [p for p in caught.value.problems if p.code == code]
    assert found, [str(p) for p in caught.value.problems]
    assert found[0].file == f"worked/{file}"
    assert found[0].column == column
    assert line is None or found[0].line == line


def test_a_missing_file_is_refused_and_nothing_is_evaluated(methodology_2024: Methodology, copy_of_example: Path) -> None:
    (copy_of_example / "buildings.csv").unlink()
    outcome = engine.run(methodology_2024, copy_of_example)
    assert outcome["examples"] == {}
    assert [p["code"] for p in outcome["differences"][0]["problems"]][:1] == ["D701"]


def test_an_unknown_column_that_is_empty_is_left_aside(methodology_2024: Methodology, copy_of_example: Path) -> None:
    lines = (copy_of_example / "pupils.csv").read_text("utf-8").splitlines()
    (copy_of_example / "pupils.csv").write_text("\n".join([lines[0] + ",extra", *(line + "," for line in lines[1:])]) + "\n", "utf-8")
    assert engine.run(methodology_2024, copy_of_example)["differences"] == []


def test_row_order_changes_nothing_but_items(methodology_2024: Methodology, copy_of_example: Path) -> None:
    lines = (copy_of_example / "pupils.csv").read_text("utf-8").splitlines()
    (copy_of_example / "pupils.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", "utf-8")
    assert engine.run(methodology_2024, copy_of_example)["differences"] == []


def test_the_second_methodology_evaluates_the_shape_of_the_first(methodology_2025: Methodology, copy_of_example: Path) -> None:
    spoil(copy_of_example, "pupils.csv", "repeating,results,absences", "repeating,results,unexcused_absences")
    (copy_of_example / "expected.json").unlink()
    result = engine.run(methodology_2025, copy_of_example)["examples"]["worked"]
    indicators = result["units"]["U1"]["indicators"]
    assert len(indicators) == 85
    assert indicators["A.ROM.4"]["value"] == 2.68
    assert indicators["A.ROM.5"]["status"] == "partial"


def test_the_example_of_2025_agrees_with_an_independent_script(methodology_2025: Methodology) -> None:
    folder = ROOT / "indicators" / "2025-2026" / "examples" / "worked"
    script = ROOT / "tests" / "independent" / "worked_2025_2026.py"
    printed = subprocess.run([sys.executable, script, folder], check=True, capture_output=True, encoding="utf-8").stdout
    expected = json.loads(printed)
    assert expected == json.loads((folder / "expected.json").read_text("utf-8"))
    assert engine.run(methodology_2025, folder) == {"examples": {"worked": expected}, "differences": []}
    statuses = {figure["status"] for unit in expected["units"].values() for figure in unit["indicators"].values()}
    assert statuses == {"ok", "partial", "missing", "not_applicable"}
