"""Columns and reference mean the same on everything the methodologies publish: value, bits, band, items' nodes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.columns import ColumnValue
from engine.methodology import Methodology
from engine.rounding import displayed
from engine.values import is_absent

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {
    "2024-2025": ROOT / "indicators" / "2024-2025" / "examples" / "worked",
    "2025-2026": ROOT / "indicators" / "2025-2026" / "examples" / "worked",
    "hospitals": ROOT / "tests" / "fixtures" / "hospitals" / "examples" / "small",
}


def methodology_of(name: str) -> Methodology:
    return engine.load_methodology(ROOT / "tests" / "fixtures" / name if name == "hospitals" else ROOT / "indicators" / name)


def element(value: ColumnValue, place: int, count: int) -> tuple[object, int]:
    """(number as Fraction or float, yes/no or code; bits) of one place."""
    bits = 0 if value.bits is None else int(np.broadcast_to(value.bits, count)[place])
    raw = np.broadcast_to(value.values, count)[place]
    if value.exact and value.values.dtype.kind in "iu" and value.den is not None:
        return Fraction(int(raw), int(np.broadcast_to(value.den, count)[place])), bits
    return raw, bits


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_published_node_has_the_same_value_and_bits(name: str) -> None:
    methodology = methodology_of(name)
    results = engine.compute(methodology, engine.read_example(methodology, EXAMPLES[name]))
    compared = 0
    for node, value in results.values.items():
        count = results.reference.count(node.at)
        for place in range(count):
            expected = results.reference.value(node, place)
            found, bits = element(value, place, count)
            assert bits == expected.bits, (node.at, place)
            if not is_absent(bits):
                assert float(found) == pytest.approx(float(expected.value), abs=1e-11)  # type: ignore[arg-type]
                compared += 1
    assert compared > 20


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_displayed_figure_is_the_exact_one(name: str) -> None:
    methodology = methodology_of(name)
    results = engine.compute(methodology, engine.read_example(methodology, EXAMPLES[name]))
    for code, indicator in methodology.indicators.items():
        for place in range(results.dataset.count(indicator.level)):
            exact = results.reference.quantity(indicator.quantity, place)
            shown = results.result(code, place)
            expected = None if exact.absent else displayed(exact.value, indicator.format, methodology.rounding)  # type: ignore[arg-type]
            assert shown.value == expected
            if indicator.scale is not None and expected is not None:
                assert shown.band == results.reference.band(indicator, exact.value)  # type: ignore[arg-type]
