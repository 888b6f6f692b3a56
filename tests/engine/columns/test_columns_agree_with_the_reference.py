"""The columns evaluator means what the reference means: on random data and random formulas, bit for bit."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.formula.tree import BOOLEAN, DECIMAL, INTEGER, Node
from tests.engine.columns.growing import Formulas, Grower
from tests.engine.columns.world import COLOUR, LEVELS, World, differences

PLACES = (*LEVELS, "twins", "mates", "peers")


def grown(chance: Random, **options: float) -> tuple[World, Formulas]:
    grower = Grower(chance, **options)  # type: ignore[arg-type]
    world = grower.world()
    return world, Formulas(grower, world)


def some(formulas: Formulas, many: int, depth: int) -> list[Node]:
    kinds = (BOOLEAN, INTEGER, DECIMAL, COLOUR)
    return [formulas.node(formulas.chance.choice(PLACES), formulas.chance.choice(kinds), depth) for _ in range(many)]


relaxed = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@relaxed
@given(st.integers(0, 2**32))
def test_any_formula_over_any_data(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance, size=chance.randint(0, 5), gaps=chance.choice((0.0, 0.1, 0.5, 1.0)))
    assert differences(world, some(formulas, 6, 4)) == []


@relaxed
@given(st.integers(0, 2**32))
def test_numbers_too_large_for_exact_columns(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance, large=chance.choice((2**20, 2**31, 2**45, 2**60)))
    assert differences(world, some(formulas, 6, 4)) == []


@relaxed
@given(st.integers(0, 2**32))
def test_tables_bands_and_pools(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance)
    level = chance.choice(("site", "team", "hub"))
    nodes = [formulas.lookup(level), formulas.pool(level, 3), formulas.indicator(level, formulas.number(level, 3, True))[1]]
    assert differences(world, nodes) == []
