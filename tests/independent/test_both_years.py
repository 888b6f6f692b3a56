"""Random schools of both years, computed by the engine and by plain Python that knows nothing of it: the same to the last digit."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import engine
from engine.examples.run import compare
from engine.methodology import Methodology
from tests.independent.checks import expected
from tests.independent.folders import Writer

ROOT = Path(__file__).resolve().parents[2]
SEEDS = int(os.environ.get("INDEPENDENT_SEEDS", "30"))
YEARS = ("2024-2025", "2025-2026")


@pytest.fixture(scope="module")
def methodologies() -> dict[str, Methodology]:
    return {year: engine.load_methodology(ROOT / "indicators" / year) for year in YEARS}


@pytest.mark.parametrize("year", YEARS)
def test_random_schools_agree(year: str, methodologies: dict[str, Methodology], tmp_path: Path) -> None:
    statuses: set[str] = set()
    for seed in range(SEEDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        Writer(year, seed).write(folder)
        found = engine.evaluate(methodologies[year], folder)
        assert compare(expected(year, folder), found, f"seed {seed}") == []
        statuses |= {entry["status"] for unit in found["units"].values() for entry in unit["indicators"].values()}
    assert statuses == {"ok", "missing", "not_applicable"} | ({"partial"} if year == "2025-2026" else set())


@pytest.mark.parametrize("year", YEARS)
def test_the_worked_examples_agree(year: str, methodologies: dict[str, Methodology]) -> None:
    folder = ROOT / "indicators" / year / "examples" / "worked"
    wanted = expected(year, folder)
    assert wanted == json.loads((folder / "expected.json").read_text("utf-8"))
    assert engine.run(methodologies[year], folder) == {"examples": {"worked": wanted}, "differences": []}
