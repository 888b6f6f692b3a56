"""Many places: other ways through the kernels, parts, and exact values on no more data than they need, with the same results."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.columns import ColumnValue, compile_plan
from engine.columns.parts import run_in_parts
from engine.dataset import ColumnData
from engine.figures import Display, Figures, families
from engine.formula import tree
from engine.formula.tree import BOOLEAN, DECIMAL, INTEGER, REAL, Node
from engine.methodology import Scale
from engine.partition import Partition
from engine.reference import Reference
from engine.rounding import band_of, displayed, factor_of
from tests.engine.columns.growing import Formulas, Grower
from tests.engine.columns.tiling import tiled
from tests.engine.columns.world import EXACT, LEVELS, SCALE, World, value_at

relaxed = settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
OWNERS = {"row": "team"}


def grown(seed: int, **options: float) -> tuple[World, Formulas, Random]:
    chance = Random(seed)
    grower = Grower(chance, **options)  # type: ignore[arg-type]
    world = grower.world()
    return world, Formulas(grower, world), chance


def formulas_of(formulas: Formulas, chance: Random, many: int = 5) -> list[Node]:
    nodes = [formulas.node(chance.choice(LEVELS), chance.choice((BOOLEAN, INTEGER, DECIMAL)), 4) for _ in range(many)]
    return [node for node in (*nodes, formulas.node("zone", DECIMAL, 4)) if node.at]


def same(world: World, node: Node, one: ColumnValue, two: ColumnValue, here: int, there: int) -> bool:
    (left, bits), (right, others) = value_at(world, node, one, here), value_at(world, node, two, there)
    if bits != others or isinstance(left, bool | str) or left is None or right is None:
        return bits == others and left == right
    return abs(Fraction(left) - Fraction(right)) <= Fraction(1, 10**9) * max(1, abs(Fraction(left)))


@relaxed
@given(st.integers(0, 2**32), st.sampled_from((0.0, 0.02, 0.3)))
def test_a_copy_among_many_has_the_values_it_has_alone(seed: int, gaps: float) -> None:
    world, formulas, chance = grown(seed, size=7, gaps=gaps)
    nodes = formulas_of(formulas, chance)
    plan = compile_plan(world.methodology, nodes)
    one, many = plan.run(world.dataset()), plan.run(tiled(world, 400))
    for node in nodes:
        count = world.tables[node.at].count
        for copy in (0, 57, 399):
            assert all(same(world, node, one[node], many[node], place, copy * count + place) for place in range(count))


@relaxed
@given(st.integers(0, 2**32), st.integers(1, 400))
def test_parts_of_whole_places_give_what_the_whole_gives(seed: int, largest: int) -> None:
    world, formulas, chance = grown(seed, size=6, gaps=0.1, lost=0.0)
    nodes = formulas_of(formulas, chance)
    dataset = tiled(world, 9)
    plan = compile_plan(world.methodology, nodes)
    whole, parts = plan.run(dataset), run_in_parts(world.methodology, plan, dataset, largest=largest)
    for node in nodes:
        assert all(same(world, node, whole[node], parts[node], place, place) for place in range(dataset.count(node.at)))


def test_the_parts_hold_every_place_once() -> None:
    world, _, _ = grown(5, size=6, lost=0.0)
    dataset = tiled(world, 9)
    partition = Partition.of(dataset, "zone", OWNERS)
    assert partition is not None
    parts = list(partition.parts(20))
    assert 1 < len(parts) <= 9
    for level, table in dataset.tables.items():
        assert sum(part.count(level) for part in parts) == table.count
        for name, column in table.columns.items():
            assert np.array_equal(np.concatenate([part.tables[level].columns[name].values for part in parts]), column.values)
    assert partition.place_of("zone", 4) == (4, 0)


def test_places_out_of_order_are_not_cut() -> None:
    world, _, _ = grown(5, size=6, lost=0.0)
    dataset = tiled(world, 3)
    link = dataset.tables["hub"].parents["zone"]
    link[:] = link[::-1].copy()
    assert Partition.of(dataset, "zone", OWNERS) is None


def test_ways_up_that_do_not_agree_are_not_cut() -> None:
    world, _, _ = grown(3, size=6, lost=0.0)
    dataset = tiled(world, 3)
    teams, wings = dataset.tables["team"], dataset.count("wing") // 3
    assert wings
    teams.parents["wing"][:] = wings * 2
    assert Partition.of(dataset, "zone", OWNERS) is None


def test_a_plan_runs_in_several_threads_at_once() -> None:
    world, formulas, chance = grown(11, size=6, gaps=0.1)
    nodes = formulas_of(formulas, chance)
    plan = compile_plan(world.methodology, nodes)
    datasets = [tiled(world, copies) for copies in (1, 30, 2, 60, 3, 90, 4, 120)]
    alone = [plan.run(dataset) for dataset in datasets]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(plan.run, datasets))
    for dataset, one, two in zip(datasets, alone, together, strict=True):
        for node in nodes:
            assert all(same(world, node, one[node], two[node], place, place) for place in range(dataset.count(node.at)))


# ---- figures ----------------------------------------------------------------------------------------------------


def figures_of(world: World, node: Node, format_: str = "score", scale: Scale | None = None) -> Figures:
    dataset = world.dataset()
    exact = Reference(world.methodology, dataset)
    computed = compile_plan(world.methodology, [node]).run(dataset, exact.value)
    return Display(exact, computed, families([(node, format_)], computed.lines)).figures(node, format_, scale)


@relaxed
@given(st.integers(0, 2**32), st.sampled_from((SCALE, EXACT)), st.sampled_from(("score", "percent")))
def test_figures_and_their_bands_are_those_of_the_exact_numbers(seed: int, scale: Scale, format_: str) -> None:
    world, formulas, chance = grown(seed, size=5, gaps=0.1)
    node = formulas.node(chance.choice(LEVELS), DECIMAL, 4)
    if not node.at:
        return
    reference, found = Reference(world.methodology, world.dataset()), figures_of(world, node, format_, scale)
    for place in range(reference.count(node.at)):
        exact = reference.value(node, place)
        if exact.absent:
            assert found.value(place) is None
            continue
        shown = displayed(exact.value, format_, world.methodology.rounding)
        band = band_of(scale, exact.value * factor_of(format_) if scale.exact else shown)
        assert (found.value(place), found.band(place)) == (shown, band)
        assert found.bands is not None
        assert scale.bands[int(found.bands[place])].code == band


@relaxed
@given(st.integers(0, 2**32))
def test_pools_are_displayed_the_same_in_parts(seed: int) -> None:
    world, formulas, _ = grown(seed, size=4, lost=0.0)
    nodes = [formulas.pool("site", 3), formulas.number("zone", 3, True)]
    dataset = tiled(world, 5)
    plan, exact = compile_plan(world.methodology, nodes), Reference(world.methodology, dataset)
    whole, parts = (
        plan.run(dataset, exact.value),
        run_in_parts(world.methodology, plan, dataset, lambda part: Reference(world.methodology, part).value, 10),
    )
    one, two = (Display(exact, computed, families([(nodes[0], "score")], plan.found)).figures(nodes[0], "score") for computed in (whole, parts))
    assert [one.value(place) for place in range(dataset.count("site"))] == [two.value(place) for place in range(dataset.count("site"))]


@pytest.mark.parametrize("power", (10, 17, 18, 30))
def test_numbers_of_any_size_are_displayed(power: int) -> None:
    world, _, _ = grown(1, size=2)
    world.tables["zone"].columns["whole"] = ColumnData(np.array([7]))
    seven, large = world.column("zone", "whole"), world.constant(Fraction(10) ** power)
    node = world.operation("/", world.operation("*", seven, large), world.constant(3))
    exact = Fraction(7 * 10**power, 3)
    assert figures_of(world, node).value(0) == Fraction(round(exact * 100), 100)


def test_the_largest_of_a_pool_is_exact_beside_a_member_that_floats_only_approach() -> None:
    world, _, _ = grown(1, size=2)
    world.tables["zone"].columns["whole"] = ColumnData(np.array([201]))
    tie = world.operation("/", world.column("zone", "whole"), world.constant(200))
    small = world.column("hub", "small")
    index = world.make(tree.Index, "zone", REAL, "gini", "hub", small, world.operation("+", small, world.constant(1)))
    pool = world.make(tree.Pool, "zone", DECIMAL, "max", ((index, None), (tie, None)))
    exact = Reference(world.methodology, world.dataset())
    computed = compile_plan(world.methodology, [pool]).run(world.dataset())
    display = Display(exact, computed, families([(pool, "score")], computed.lines))
    assert display.figures(pool, "score").value(0) == Fraction(101, 100)
    assert display.settled == 0
