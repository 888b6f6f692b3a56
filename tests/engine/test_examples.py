"""Worked examples: they pass, a changed figure is noticed, and a wrong folder is refused by file, row and column."""

from __future__ import annotations

import csv
import io
import json
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
    "a very large whole number": ("answers.json", '"pupils_total": 136', f'"pupils_total": {"9" * 5000}', "D705", 30, 20),
    "not a number": ("answers.json", '"pupils_total": 136', '"pupils_total": NaN', "D705", 30, 20),
    "yes for a number": ("answers.json", '"pupils_total": 136', '"pupils_total": true', "D705", 30, 20),
    "an object for a yes": ("answers.json", '"access_ramp": true', '"access_ramp": {"a": 1}', "D707", 28, 19),
    "a list for one choice": ("answers.json", '"residence": "urban"', '"residence": ["urban"]', "D707", 15, 17),
    "a key twice": ("answers.json", '"pupils_total": 136', '"pupils_total": 136, "pupils_total": 137', "D720", 30, 41),
    "an unknown question": ("answers.json", '"access_ramp": true', '"acces_ramp": true', "D712", 28, 18),
    "places that are no objects": ("answers.json", '"units": [', '"units": ["U1"], "others": [', "D708", 8, 11),
    "last year of an unknown place": ("answers.json", '"U2": {\n   "pupils"', '"U9": {\n   "pupils"', "D716", 121, 9),
    "last year of an unknown value": ("answers.json", '"roma": 22', '"romma": 22', "D712", 119, 13),
    "last year as a text": ("answers.json", '"roma": 22', '"roma": "many"', "D705", 119, 12),
    "last year beyond all bounds": ("answers.json", '"roma": 22', '"roma": 1e400', "D705", 119, 12),
    "last year that is no object": ("answers.json", '"U2": {\n   "pupils": 21,\n   "roma": 6\n  }', '"U2": 5', "D724", 121, 9),
    "a day that does not exist": ("answers.json", '"2024-10-15"', '"2024-13-15"', "D707", 40, 16),
    "a column twice": ("pupils.csv", "remedial,bench", "bench,bench", "D710", 1, 18),
    "too few cells": ("classes.csv", ",C,one,15,7,no,,,none,yes,", ",C", "D721", 2, 12),
    "too many cells": ("classes.csv", "15,7,no,,,none,yes,", "15,7,no,,,none,yes,,x", "D711", 2, 21),
    "a quote that stays open": ("classes.csv", "Grupa mare", '"Grupa mare', "D709", 2, 1),
    "a NUL byte": ("classes.csv", "Grupa mare", "Grupa\x00 mare", "D719", 2, 12),
    "an unknown code among several": ("classes.csv", "2|3", "2|33", "D706", 5, 7),
    "nothing between two codes": ("classes.csv", "2|3", "2||3", "D706", 5, 7),
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
    assert [(d["example"], d["path"], d["expected"], d["got"]["code"]) for d in outcome["differences"]] == [
        ("worked", "buildings.csv:1:1", None, "D701")
    ]


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


def test_a_school_of_one_unit_with_several_buildings_is_read(methodology_2024: Methodology, copy_of_example: Path) -> None:
    answers = json.loads((copy_of_example / "answers.json").read_text("utf-8"))
    answers["units"], answers["previous"] = answers["units"][:1], {}
    (copy_of_example / "answers.json").write_text(json.dumps(answers), "utf-8")
    for name in ("buildings.csv", "classes.csv", "pupils.csv"):
        lines = (copy_of_example / name).read_text("utf-8").splitlines(keepends=True)
        (copy_of_example / name).write_text("".join(line for line in lines if not line.startswith("U2,")), "utf-8")
    result = engine.evaluate(methodology_2024, copy_of_example)
    assert result["pupils"] == 136
    assert result["units"]["U1"]["indicators"]["A.ROM.4"]["value"] == 2.68
    assert result["units"]["U1"]["indicators"]["A.ROM.2"]["status"] == "not_applicable"


def test_rows_of_an_unknown_class_cause_one_problem_each(methodology_2024: Methodology, copy_of_example: Path) -> None:
    path = copy_of_example / "classes.csv"
    path.write_text("".join(line for line in path.read_text("utf-8").splitlines(keepends=True) if not line.startswith(("U1,PA,", "U1,PB,"))), "utf-8")
    with pytest.raises(engine.MethodologyError) as caught:
        engine.read_example(methodology_2024, copy_of_example)
    assert {p.code for p in caught.value.problems} == {"D716"}
    assert len(caught.value.problems) == 18 + 16


def test_a_file_that_cannot_be_read_causes_one_problem(methodology_2024: Methodology, copy_of_example: Path) -> None:
    (copy_of_example / "answers.json").write_text("{", "utf-8")
    with pytest.raises(engine.MethodologyError) as caught:
        engine.read_example(methodology_2024, copy_of_example)
    assert [p.code for p in caught.value.problems] == ["D704"]


def test_other_encodings_and_broken_files_are_refused_at_their_place(methodology_2024: Methodology, copy_of_example: Path) -> None:
    classes, expected = copy_of_example / "classes.csv", copy_of_example / "expected.json"
    classes.write_bytes(classes.read_bytes().replace(b"Grupa mare", b"Grup\xe3 mare"))
    expected.write_text("{", "utf-8")
    differences = engine.run(methodology_2024, copy_of_example)["differences"]
    assert {(d["path"], d["got"]["code"]) for d in differences} == {("classes.csv:2:11", "D703"), ("expected.json:1:2", "D726")}


def test_an_empty_file_is_refused_and_a_header_alone_means_that_nothing_has_come(methodology_2024: Methodology, copy_of_example: Path) -> None:
    path = copy_of_example / "pupils.csv"
    header = path.read_text("utf-8").splitlines()[0]
    path.write_text(header + "\n", "utf-8")
    result = engine.evaluate(methodology_2024, copy_of_example)
    assert result["pupils"] == 0
    assert result["units"]["U1"]["indicators"]["A.ROM.1"] == {"value": None, "status": "missing"}
    path.write_text("", "utf-8")
    assert [d["got"]["code"] for d in engine.run(methodology_2024, copy_of_example)["differences"]] == ["D722"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_way_of_writing_a_csv_is_read(separator: str, mark: str, end: str, methodology_2024: Methodology, copy_of_example: Path) -> None:
    for path in copy_of_example.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([*rows, [""] * len(rows[0])])
        path.write_bytes((mark + text.getvalue()).encode())
    assert engine.run(methodology_2024, copy_of_example)["differences"] == []


@pytest.mark.parametrize("yes", ["yes", "Yes", "da", "DA", "true", "1"])
def test_yes_has_several_spellings(yes: str, methodology_2024: Methodology, copy_of_example: Path) -> None:
    spoil(copy_of_example, "classes.csv", "primary,yes,,2|3", f"primary,{yes},,2|3")
    assert engine.run(methodology_2024, copy_of_example)["differences"] == []


def test_what_nobody_reads_is_a_warning(methodology_2024: Methodology, copy_of_example: Path) -> None:
    spoil(copy_of_example, "answers.json", '"previous": {', '"notes": "x", "previous": {')
    spoil(copy_of_example, "answers.json", '"access_ramp": true', '"access_ramp": true, "extra": null')
    outcome = engine.run_with_warnings(methodology_2024, copy_of_example)
    assert outcome.content["differences"] == []
    assert [(p.code, p.level, p.file) for p in outcome.warnings] == [
        ("D713", "warning", "worked/answers.json"),
        ("D725", "warning", "worked/answers.json"),
    ]
