"""Evaluating example folders and comparing them with what they expect."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.errors import MethodologyError
from engine.examples.read import read_example
from engine.methodology import Check, Indicator, Methodology
from engine.results import Result, Results, compute

EXPECTED = "expected.json"


def example_folders(path: Path) -> list[Path]:
    """A single example folder, or the example folders it holds."""
    if any((path / name).is_file() for name in ("answers.json", EXPECTED)) or any(path.glob("*.csv")):
        return [path]
    return sorted(folder for folder in path.iterdir() if folder.is_dir()) if path.is_dir() else []


def run(methodology: Methodology, path: Path) -> dict[str, Any]:
    """``{"examples": {folder: result}, "differences": [...]}`` of all examples under a path.

    A folder that cannot be read gives no result and one difference with its problems; the others are evaluated all the same.
    """
    examples: dict[str, Any] = {}
    differences: list[dict[str, Any]] = []
    for folder in example_folders(path):
        try:
            result = evaluate(methodology, folder)
        except MethodologyError as error:
            problems = [problem.as_dict() for problem in error.problems]
            differences.append({"example": folder.name, "path": "", "expected": None, "got": None, "problems": problems})
            continue
        examples[folder.name] = result
        expected = folder / EXPECTED
        if expected.is_file():
            wanted = json.loads(expected.read_text("utf-8"))
            differences += [{"example": folder.name, **difference} for difference in compare(wanted, result, "")]
    return {"examples": examples, "differences": differences}


def evaluate(methodology: Methodology, folder: Path) -> dict[str, Any]:
    """The result of one example, in the shape of expected.json. Raises ``MethodologyError`` for a folder that is wrong."""
    dataset = read_example(methodology, folder)
    return shape(compute(methodology, dataset))


def shape(results: Results) -> dict[str, Any]:
    """Results as the plain content of expected.json; its names are declared under ``examples`` in the methodology."""
    methodology = results.methodology
    names = methodology.declared["methodology"].get("examples") or {}
    rows, places = names["rows"], names["places"]
    level = places["level"]
    table = results.dataset.tables[level]
    computed = {
        code: [results.result(code, place) for place in range(table.count)]
        for code, indicator in methodology.indicators.items()
        if indicator.level == level
    }
    shown = {}
    for place, key in enumerate(table.keys):
        indicators = {code: _shown(methodology.indicators[code], listed[place]) for code, listed in computed.items()}
        shown[key] = {"indicators": indicators, **_state(results, level, place)}
    return {
        "methodology": methodology.code,
        rows["name"]: results.dataset.count(rows["level"]),
        places["name"]: shown,
        names["bands"]: _bands(methodology, computed),
    }


def _shown(indicator: Indicator, result: Result) -> dict[str, Any]:
    shown: dict[str, Any] = {"value": number(result.value, indicator.format), "status": result.status}
    if indicator.scale is not None:
        shown["band"] = result.band
    if indicator.items is not None and result.value is not None:
        formats = indicator.items.formats
        shown["items"] = [
            {
                "item": item.key,
                "value": number(item.value, formats[0]),
                "sub": number(item.own, formats[1]),
                "ref": number(item.reference, formats[2]),
                "status": item.status,
            }
            for item in result.items
        ]
    return shown


def number(value: Fraction | None, format_: str) -> int | float | None:
    """A displayed number as JSON: whole formats as integers."""
    if value is None:
        return None
    return int(value) if format_ == "whole" else float(value)


def _state(results: Results, level: str, place: int) -> dict[str, Any]:
    """Checks that fire at a place, below it and above it; whether its required part may be finalised; what is suggested."""
    methodology = results.methodology
    fired: list[tuple[Check, str]] = []
    for check in methodology.checks.values():
        keys = results.dataset.tables[check.level].keys
        fired += [(check, keys[one]) for one in _places(results, level, place, check.level) if results.fires(check, one)]
    required = {section.code for section in methodology.sections if section.required}
    blocked = any(check.severity == "must_fix" and check.section in required for check, _ in fired)
    state: dict[str, Any] = {"validations": [{"code": check.code, "where": where, "severity": check.severity} for check, where in fired]}
    state |= {f"can_finalise_{code}": not blocked for code in sorted(required)}
    if methodology.request is not None:
        section = methodology.declared["methodology"]["request"].get("section", "")
        state[f"suggest_{section}"] = results.suggested(place) is True
    return state


def _places(results: Results, level: str, place: int, other: str) -> list[int]:
    """Places of ``other`` that belong to a place: itself, those inside it, or the one it lies in."""
    topology = results.methodology.topology
    if other == level:
        return [place]
    if topology.is_above(level, other):
        return [int(one) for one in results.members(other, level)[place]]
    link = results.dataset.link(level, other)
    return [int(link[place])] if link is not None and link[place] >= 0 else []


def _bands(methodology: Methodology, computed: dict[str, list[Result]]) -> dict[str, dict[str, int]]:
    """For each indicator with a scale, how many places have each band (or, without a band, each status)."""
    counted: dict[str, dict[str, int]] = {}
    for code, listed in computed.items():
        if methodology.indicators[code].scale is None:
            continue
        counts = counted.setdefault(code, {})
        for result in listed:
            word = result.band or result.status
            counts[word] = counts.get(word, 0) + 1
    return counted


def compare(expected: Any, got: Any, path: str) -> list[dict[str, Any]]:
    """Every place where two results differ, with its path."""
    if isinstance(expected, dict) and isinstance(got, dict):
        found = []
        for key in [*expected, *(key for key in got if key not in expected)]:
            missing = object()
            left, right = expected.get(key, missing), got.get(key, missing)
            where = f"{path}.{key}" if path else str(key)
            if left is missing or right is missing:
                found.append({"path": where, "expected": None if left is missing else left, "got": None if right is missing else right})
            else:
                found += compare(left, right, where)
        return found
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return [d for number, pair in enumerate(zip(expected, got, strict=True)) for d in compare(*pair, f"{path}[{number}]")]
    same = expected == got and isinstance(expected, bool) == isinstance(got, bool)
    return [] if same else [{"path": path, "expected": expected, "got": got}]
