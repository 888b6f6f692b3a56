"""Evaluating example folders and comparing them with what they expect."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from engine.errors import Mark, MethodologyError, Problem, Problems
from engine.examples.read import read_example, read_with_problems
from engine.methodology import Check, Indicator, Methodology
from engine.results import Result, Results, compute

EXPECTED = "expected.json"


@dataclass(slots=True)
class Outcome:
    """``content`` as the command prints it; ``warnings`` about the folders, which change no figure."""

    content: dict[str, Any]
    warnings: tuple[Problem, ...] = ()


def example_folders(path: Path) -> list[Path]:
    """A single example folder, or the example folders it holds."""
    if any(path.glob("*.json")) or any(path.glob("*.csv")):
        return [path]
    return sorted(folder for folder in path.iterdir() if folder.is_dir()) if path.is_dir() else []


def run(methodology: Methodology, path: Path) -> dict[str, Any]:
    """``{"examples": {folder: result}, "differences": [...]}`` of all examples under a path."""
    return run_with_warnings(methodology, path).content


def run_with_warnings(methodology: Methodology, path: Path) -> Outcome:
    """The same, with the warnings.

    A folder that cannot be read gives no result; each of its problems is a difference: ``path`` is the place (file:line:column),
    nothing is expected, ``got`` is the problem. The other folders are evaluated all the same.
    """
    examples: dict[str, Any] = {}
    differences: list[dict[str, Any]] = []
    warnings: list[Problem] = []
    names_of(methodology)
    for folder in example_folders(path):
        dataset, problems = read_with_problems(methodology, folder)
        wanted = _expected(folder)
        refused = [problem for problem in (*problems, *_problems(wanted)) if problem.level == "error"]
        warnings += [problem for problem in problems if problem.level != "error"]
        differences += [_refusal(folder.name, problem) for problem in refused]
        if dataset is None:
            continue
        examples[folder.name] = shape(compute(methodology, dataset))
        if isinstance(wanted, dict):
            differences += [{"example": folder.name, **difference} for difference in compare(wanted, examples[folder.name], "")]
    return Outcome({"examples": examples, "differences": differences}, tuple(warnings))


def refusals(problems: Iterable[Problem]) -> dict[str, Any]:
    """What is printed where the methodology itself cannot be used: no results, and its errors as differences of no example."""
    return {"examples": {}, "differences": [_refusal("", problem) for problem in problems if problem.level == "error"]}


def _refusal(example: str, problem: Problem) -> dict[str, Any]:
    place = f"{problem.file.removeprefix(f'{example}/' if example else '')}:{problem.line}:{problem.column}"
    return {"example": example, "path": place, "expected": None, "got": problem.as_dict()}


def _expected(folder: Path) -> dict[str, Any] | Problems | None:
    """What an example expects, None when it says nothing, or the problem of its file."""
    if not (folder / EXPECTED).exists():
        return None
    problems = Problems()
    try:
        content = json.loads((folder / EXPECTED).read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        content = None
        problems.add("D726", Mark(f"{folder.name}/{EXPECTED}", getattr(error, "lineno", 1), getattr(error, "colno", 1)))
    if content is not None and not isinstance(content, dict):
        problems.add("D726", Mark(f"{folder.name}/{EXPECTED}", 1, 1))
    return content if isinstance(content, dict) else problems


def methodology_named_by(example: Path) -> str:
    """The code of the methodology in the expected.json of an example; '' where it says none."""
    expected = _expected(example)
    named = expected.get("methodology", "") if isinstance(expected, dict) else ""
    return named if isinstance(named, str) and Path(named).name == named else ""


def _problems(expected: dict[str, Any] | Problems | None) -> list[Problem]:
    return expected.found if isinstance(expected, Problems) else []


def evaluate(methodology: Methodology, folder: Path) -> dict[str, Any]:
    """The result of one example, in the shape of expected.json. Raises ``MethodologyError`` for a folder that is wrong."""
    return shape(compute(methodology, read_example(methodology, folder)))


def names_of(methodology: Methodology) -> dict[str, Any]:
    """How expected.json calls things. Raises ``MethodologyError`` where the methodology does not say."""
    names = methodology.declared["methodology"].get("examples")
    if not isinstance(names, dict):
        problems = Problems()
        problems.add("D727", Mark("methodology.yaml", 1, 1))
        raise MethodologyError(problems.found)
    return names


def shape(results: Results) -> dict[str, Any]:
    """Results as the plain content of expected.json; its names are declared under ``examples`` in the methodology."""
    methodology = results.methodology
    names = names_of(methodology)
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
        asked = _places(results, level, place, methodology.request.level)
        state[f"suggest_{section}"] = any(results.suggested(one) is True for one in asked)
    return state


def _places(results: Results, level: str, place: int, other: str) -> list[int]:
    """Places of ``other`` that belong to a place: itself, those inside it, or the one it lies in."""
    topology = results.methodology.topology
    if other == level:
        return [place]
    if topology.is_above(level, other):
        return [int(one) for one in results.members(other, level)[place]]
    if not topology.is_above(other, level):
        return []
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
