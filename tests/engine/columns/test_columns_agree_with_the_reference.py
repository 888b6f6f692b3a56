"""The columns evaluator means what the reference means: on random data and random formulas, bit for bit."""

from __future__ import annotations

from random import Random

import numpy as np
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.dataset import ColumnData
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
@example(1234462132)  # a denominator of 500 chosen beside an array of denominators below 128
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


@relaxed
@given(st.integers(0, 2**32))
def test_levels_without_places_and_places_without_members(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance, size=chance.choice((0, 1)), gaps=0.1)
    assert differences(world, some(formulas, 6, 4)) == []


@relaxed
@given(st.integers(0, 2**32))
def test_nothing_is_known(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance, gaps=1.0)
    for table in world.tables.values():
        for column in table.columns.values():
            column.values[:] = 0
            column.bits = np.full(table.count, 4, np.uint8)
    assert differences(world, some(formulas, 6, 3)) == []


@relaxed
@given(st.integers(0, 2**32))
def test_no_document_has_come(seed: int) -> None:
    chance = Random(seed)
    world, formulas = grown(chance)
    teams, rows = world.tables["team"], world.tables["row"]
    world.place("row", 0, team=[], site=[])
    world.tables["row"].columns = {name: ColumnData(column.values[:0], None, vocabulary=column.vocabulary) for name, column in rows.columns.items()}
    world.tables["row"].received = np.zeros(teams.count, np.bool_)
    assert differences(world, some(formulas, 6, 4)) == []
