"""The two methodologies as shipped: complete, translated, without a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("year", "indicators", "checks"), [("2024-2025", 78, 31), ("2025-2026", 85, 32)])
def test_a_methodology_is_whole(year: str, indicators: int, checks: int) -> None:
    methodology, problems = engine.read_methodology(ROOT / "indicators" / year)
    assert problems == ()
    assert methodology is not None
    assert (len(methodology.indicators), len(methodology.checks)) == (indicators, checks)


def test_every_label_is_in_three_languages(methodology_2025: Methodology) -> None:
    labels = [indicator.label for indicator in methodology_2025.indicators.values()]
    labels += [indicator.in_words for indicator in methodology_2025.indicators.values()]
    labels += [field.label for fields in methodology_2025.fields.values() for field in fields.values()]
    labels += [choice.label for listed in methodology_2025.choices.values() for choice in listed.choices]
    labels += [check.message for check in methodology_2025.checks.values()]
    assert [label for label in labels if set(label) != {"ro", "en", "hu"}] == []


def test_no_cedilla_and_no_long_file() -> None:
    for path in sorted((ROOT / "indicators").rglob("*.yaml")):
        text = path.read_text("utf-8")
        assert not set("şţŞŢ") & set(text), path.name
        assert len(text.splitlines()) <= 400, path.name


def test_every_source_is_named(methodology_2025: Methodology) -> None:
    assert [code for code, indicator in methodology_2025.indicators.items() if not indicator.source] == []
