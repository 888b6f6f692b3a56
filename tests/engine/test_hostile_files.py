"""Spoilt files never crash the engine: a folder gives problems, an example gives a result or a refusal."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]
WORDS = ["x", "5", "[1]", "null", "{a: 1}", "n", "ward", "patient", "old", "true", "any", "main", "group", '"a"']
SIGNS = ["[", "]", "{", "}", ":", " ", '"', "'", "%", "(", ")", ".", "where ", " and ", "-", "#", "&a", "!x", "ș", "\u00a0", ","]
CELLS = ["", "x", "-5", "999999999999999999", "1e400", "NaN", "1,5", '"', "yes", "0", "A", "[1]", "{}", "null", '"a"', "²"]


def spoil_yaml(lines: list[str], chance: random.Random) -> None:
    line = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            lines.pop(line)
        case 1:
            lines[line] = re.sub(r"\b\w+\b", lambda m: chance.choice(WORDS) if chance.random() < 0.15 else m[0], lines[line])
        case 2:
            at = chance.randrange(len(lines[line]) + 1)
            lines[line] = lines[line][:at] + chance.choice(SIGNS) + lines[line][at:]
        case 3:
            other = chance.randrange(len(lines))
            lines[line], lines[other] = lines[other], lines[line]
        case _:
            lines.insert(line, chance.choice(lines))


def spoil_cells(lines: list[str], chance: random.Random) -> None:
    line = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            lines.pop(line)
        case 1:
            del lines[chance.randrange(1, len(lines)) :]
        case _:
            cells = lines[line].split(",")
            cells[chance.randrange(len(cells))] = chance.choice(CELLS)
            lines[line] = ",".join(cells)


@pytest.mark.parametrize("seed", range(150))
def test_a_spoilt_methodology_is_told_never_a_crash(seed: int, copy_of_hospitals: Path) -> None:
    chance = random.Random(seed)
    path = chance.choice(sorted(copy_of_hospitals.glob("*.yaml")))
    lines = path.read_text("utf-8").split("\n")
    spoil_yaml(lines, chance)
    path.write_text("\n".join(lines), "utf-8")
    methodology, problems = engine.read_methodology(copy_of_hospitals)
    assert (methodology is None) == any(problem.level == "error" for problem in problems)
    assert all(problem.message and problem.line >= 1 and problem.column >= 1 for problem in problems)


@pytest.mark.parametrize("seed", range(60))
def test_a_spoilt_example_is_computed_or_refused(seed: int, methodology_2025: Methodology, tmp_path: Path) -> None:
    chance = random.Random(seed)
    folder = Path(shutil.copytree(ROOT / "indicators" / "2025-2026" / "examples" / "worked", tmp_path / "worked"))
    path = chance.choice([*sorted(folder.glob("*.csv")), folder / "answers.json"])
    lines = path.read_text("utf-8").split("\n")
    spoil_cells(lines, chance)
    path.write_text("\n".join(lines), "utf-8")
    try:
        result = engine.evaluate(methodology_2025, folder)
    except engine.MethodologyError as error:
        assert all(problem.file.startswith("worked/") for problem in error.problems)
    else:
        assert result["methodology"] == "2025-2026"
