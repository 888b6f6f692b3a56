"""A small synthetic country: the engine's figures are those of the program written by hand in numpy for this one methodology."""

from __future__ import annotations

import numpy as np
import pytest

from bench import country, country_by_hand, whole_country
from engine.columns import compile_plan
from engine.columns.parts import run_in_parts
from engine.methodology import Methodology
from engine.results import asked_of

CLASSES = 1_500


@pytest.mark.parametrize("seed", [1, 2])
def test_all_indicators_are_what_they_are_by_hand(methodology_2025: Methodology, seed: int) -> None:
    nodes = asked_of(methodology_2025).indicators
    dataset = country.build(methodology_2025, CLASSES, seed=seed)
    by_hand = country_by_hand.indicators(methodology_2025, dataset)
    computed = run_in_parts(methodology_2025, compile_plan(methodology_2025, nodes.values()), dataset, largest=8_000)
    assert set(by_hand) == set(nodes)
    assert list(whole_country.differing(computed, nodes, by_hand, dataset.count("unit"))) == []
    assert all(np.isfinite(values).any() for values in by_hand.values())


def test_a_difference_is_seen(methodology_2025: Methodology) -> None:
    nodes = asked_of(methodology_2025).indicators
    dataset = country.build(methodology_2025, CLASSES)
    by_hand = country_by_hand.indicators(methodology_2025, dataset)
    by_hand["A.ROM.1"][0] = 0.123
    by_hand["R.NR"][1] = np.nan
    computed = compile_plan(methodology_2025, nodes.values()).run(dataset)
    assert set(whole_country.differing(computed, nodes, by_hand, dataset.count("unit"))) == {"A.ROM.1", "R.NR"}
