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
    assert "Formula: max(class.gap_rom)" in text and "Clasă PB · gap_rom" in text


FLEETS = str(ROOT / "tests" / "fixtures" / "fleets" / "examples" / "two_seas")


def test_explain_finds_a_place_by_its_key_or_by_the_way_to_it() -> None:
    assert "S.SHIP · Vas B\n" in call("explain", "S.SHIP", "B", "--examples", FLEETS)[0]
    assert "Valoarea: 33,3 % (1/3) – Mediu" in call("explain", "s_ship", "F1/A", "--examples", FLEETS)[0]
    assert "lipsesc date" in call("explain", "S.SHIP", "F2/A", "--examples", FLEETS)[0]


@pytest.mark.parametrize(
    ("code", "place", "example", "told"),
    [
        ("A.ROM.4", "U9", WORKED, "Nu există locul „U9”; locurile exemplului: SYN-PJ-1/U1"),
        ("A.ROM.44", "U1", WORKED, "Nu există indicatorul sau verificarea „A.ROM.44”. Ați vrut „A.ROM.4”?"),
        ("S.SHIP", "A", FLEETS, "Sunt mai multe locuri „A”; spuneți care: F1/A, F2/A."),
        ("S.SHIP", "F3/A", FLEETS, "Nu există locul „F3/A”"),
        ("A.ROM.4", "U1", "/nowhere", "Spuneți metodologia cu --methodology FOLDER."),
    ],
)
def test_explain_says_what_it_does_not_find(code: str, place: str, example: str, told: str) -> None:
    with pytest.raises(CommandError) as raised:
        call("explain", code, place, "--examples", example)
    assert told in str(raised.value)


@pytest.mark.parametrize("content", ["{", "[]", '{"methodology": "../../etc"}', '{"methodology": 5}', "\x00"])
def test_an_example_elsewhere_with_a_broken_expectation_is_not_explained(copy_of_example: Path, content: str) -> None:
    (copy_of_example / "expected.json").write_text(content, "utf-8")
    with pytest.raises(CommandError, match="--methodology"):
        call("explain", "A.ROM.4", "U1", "--examples", str(copy_of_example))


def test_a_broken_methodology_gives_no_results_in_json(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("n / beds", "n / bedz", 1), "utf-8")
    listed, code = call("run_examples", str(copy_of_hospitals), "--format", "json")
    outcome = json.loads(listed)
    assert code == 1
    assert outcome["examples"] == {}
    assert set(outcome["differences"][0]) == {"example", "path", "expected", "got"}
    assert outcome["differences"][0]["got"]["suggestion"] == "beds"
    with pytest.raises(CommandError, match="Ați vrut „beds”"):
        call("run_examples", str(copy_of_hospitals))


def test_results_and_differences_have_exactly_these_keys(copy_of_example: Path) -> None:
    expected = copy_of_example / "expected.json"
    content = json.loads(expected.read_text("utf-8"))
    content["units"]["U1"]["indicators"]["A.ROM.4"]["value"] = 9.99
    expected.write_text(json.dumps(content), "utf-8")
    listed, code = call("run_examples", YEAR, "--examples", str(copy_of_example), "--format", "json")
    outcome = json.loads(listed)
    assert code == 1 and set(outcome) == {"examples", "differences"}
    assert outcome["differences"] == [{"example": "worked", "path": "units.U1.indicators.A.ROM.4.value", "expected": 9.99, "got": 2.68}]
    result = outcome["examples"]["worked"]
    assert set(result) == {"methodology", "pupils", "units", "county_bands"}
    for unit in result["units"].values():
        assert set(unit) == {"indicators", "validations", "can_finalise_basic", "suggest_extended"}
        assert all(set(check) == {"code", "where", "severity"} for check in unit["validations"])
        for indicator in unit["indicators"].values():
            assert {"value", "status"} <= set(indicator) <= {"value", "status", "band", "items"}
            assert all(set(item) == {"item", "value", "sub", "ref", "status"} for item in indicator.get("items", ()))
            assert indicator["value"] is not None or "items" not in indicator
            assert all(item["status"] != "not_applicable" for item in indicator.get("items", ()))


def test_diff_tells_meaning_not_lines() -> None:
    listed, code = call("diff_methodology", YEAR, str(ROOT / "indicators" / "2025-2026"), "--format", "json")
    found = {(entry["kind"], entry["code"], entry["what"]) for entry in json.loads(listed)}
    assert code == 0
    assert ("indicator", "D.REZ.1", "renamed") in found and ("constant", "min_group", "changed") in found
