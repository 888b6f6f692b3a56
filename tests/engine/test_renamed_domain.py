"""The methodologies with every word of their domain replaced: the same figures, so that no word of theirs is known to the engine."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]
ODD = {"pupil": "value", "class": "size", "unit": "count", "school": "band", "building": "lookup", "county": "member", "national": "items"}
"""Names of levels that are words of the language or of the files elsewhere."""
KEYS = {key for path in (ROOT / "engine" / "schemas").glob("*.json") for key in re.findall(r'"([a-z_]+)": [{]', path.read_text("utf-8"))}
"""Keys of the files themselves."""


def words_of(methodology: Methodology, chance: Random) -> dict[str, str]:
    """New words for levels, questions, groups, constants, lists and longer codes; for what is named after a group too."""
    names = {*methodology.levels, *methodology.groups, *methodology.constants, *methodology.choices}
    names |= {code for fields in methodology.fields.values() for code in fields}
    names |= {choice.code for listed in methodology.choices.values() for choice in listed.choices if len(choice.code) > 4}
    names -= KEYS | set(methodology.languages) | {"previous"}
    words = {name: f"{''.join(chance.choices('bcdfghjk', k=7))}{number}" for number, name in enumerate(sorted(names))}
    for name in (*methodology.entries["calculations"], *methodology.codes):
        for group in methodology.groups:
            changed = re.sub(rf"(^|_){group}(_|$)", rf"\g<1>{words.get(group, group)}\g<2>", name)
            if changed != name and not name.startswith("x_"):
                words.setdefault(name, changed)
    return words


def renamed(folder: Path, target: Path, words: dict[str, str]) -> Path:
    """A copy of a methodology and its examples with words replaced everywhere, longest first."""
    copy = Path(shutil.copytree(folder, target))
    (copy / "changes.yaml").unlink(missing_ok=True)
    pattern = re.compile(rf"\b({'|'.join(sorted(words, key=len, reverse=True))})\b(?!\()")  # abs is a function as well
    for path in (path for path in copy.rglob("*") if path.suffix in (".yaml", ".csv", ".json") and path.name != "expected.json"):
        path.write_text(pattern.sub(lambda match: words[match[0]], path.read_text("utf-8")), "utf-8")
    return copy


def figures(result: dict[str, Any]) -> list[Any]:
    """Everything but codes and names, in order."""
    units = next(value for value in result.values() if isinstance(value, dict) and "U1" in value)
    return [
        [list(unit["indicators"].values()), [(check["code"], check["where"]) for check in unit["validations"]], *list(unit.values())[2:]]
        for unit in units.values()
    ]


@pytest.mark.parametrize("year", ["2024-2025", "2025-2026"])
@pytest.mark.parametrize("seed", [1, 2])
def test_other_words_give_the_same_figures(year: str, seed: int, tmp_path: Path) -> None:
    folder = ROOT / "indicators" / year
    methodology = engine.load_methodology(folder)
    copy = renamed(folder, tmp_path / "other", words_of(methodology, Random(seed)))
    other = engine.load_methodology(copy)
    assert not set(methodology.groups) & set(other.groups)
    assert not set(methodology.levels) & set(other.levels)
    found = engine.evaluate(other, copy / "examples" / "worked")
    assert figures(found) == figures(engine.evaluate(methodology, folder / "examples" / "worked"))


@pytest.mark.parametrize("year", ["2024-2025", "2025-2026"])
def test_levels_may_be_called_like_words_of_the_language(year: str, tmp_path: Path) -> None:
    copy = renamed(ROOT / "indicators" / year, tmp_path / "odd", ODD)
    for path in (*copy.glob("*.yaml"), copy / "examples" / "worked" / "answers.json"):
        path.write_text(path.read_text("utf-8").replace("at: band", "at: school").replace('"band": {', '"school": {'), "utf-8")
    other = engine.load_methodology(copy)
    found = engine.evaluate(other, copy / "examples" / "worked")
    expected = json.loads((ROOT / "indicators" / year / "examples" / "worked" / "expected.json").read_text("utf-8"))
    assert figures(found) == figures(
        {"units": {key: {**unit, "indicators": sort_like(unit["indicators"], found)} for key, unit in expected["units"].items()}}
    )


def sort_like(indicators: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The same indicators in the order in which they were computed."""
    units = next(value for value in found.values() if isinstance(value, dict) and "U1" in value)
    return {code: indicators[code] for code in units["U1"]["indicators"]}
