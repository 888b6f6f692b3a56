"""The reference evaluator's own promises: quick ways mean what the rules say, numbers stay exact, nothing is too deep for the stack."""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.dataset import ColumnData
from engine.formula.scalars import MAX_BITS, apply
from engine.formula.tree import INTEGER, Node, Size
from engine.methodology import Cohort, Methodology
from engine.reference import Reference
from engine.reference.meanings import meanings_of
from engine.reference.operations import Constant, operation
from engine.reference.places import Meaning, Place, over_members
from engine.reference.run import Run
from engine.values import NOT_ANSWERED, NOT_APPLICABLE, NOT_COLLECTED, PARTIAL, ZERO_DENOMINATOR, Known, Number, Value
from tests.engine.columns.world import World

ROOT = Path(__file__).resolve().parents[2]

# ---- bare scalars and values -----------------------------------------------------------------------------------------

numbers = st.fractions(-50, 50, max_denominator=6).map(Number)
truths = st.booleans()
words = st.sampled_from(("oak", "elm", "fir"))
sets = st.integers(0, 15)


def several(of: st.SearchStrategy[Any], few: int, many: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, min_size=few, max_size=many)


OPERANDS: dict[str, st.SearchStrategy[list[Any]]] = {
    **{op: several(numbers, 2, 2) for op in ("+", "-", "*", "/", "<", "<=", ">", ">=")},
    **{op: several(numbers, 2, 2) | several(words, 2, 2) | several(truths, 2, 2) for op in ("=", "<>")},
    **{op: several(numbers, 1, 1) for op in ("neg", "abs", "floor", "ceil")},
    **{op: several(truths, 2, 4) for op in ("and", "or")},
    **{op: several(numbers, 2, 4) for op in ("min", "max")},
    "not": several(truths, 1, 1),
    "in": several(words, 2, 4) | several(numbers, 2, 4),
    "contains": st.tuples(st.integers(0, 3).map(Number), sets).map(list),
    "round": several(numbers, 1, 1) | st.tuples(numbers, st.integers(-1, 3).map(Number)).map(list),
    "length": several(words, 1, 1) | several(sets, 1, 1),
    "between": several(numbers, 3, 3),
    "how_many": several(truths, 1, 4),
    "if": st.tuples(truths, numbers, numbers).map(list),
    "coalesce": several(numbers, 1, 3),
    "missing": several(numbers, 1, 1),
}
CASES = st.sampled_from(sorted(OPERANDS)).flatmap(lambda op: st.tuples(st.just(op), OPERANDS[op]))
REASONS = (NOT_APPLICABLE, ZERO_DENOMINATOR, NOT_ANSWERED, NOT_COLLECTED, NOT_ANSWERED | NOT_APPLICABLE)


def marked(chance: st.DataObject, value: Any) -> Known:
    """The value bare, or with a coverage, or known in part, or absent instead."""
    kind = chance.draw(st.sampled_from(("bare", "bare", "covered", "partial", "absent")))
    known = chance.draw(st.integers(0, 3))
    if kind == "covered":
        return Value(value, 0, known + 1, known + 1)
    if kind == "partial":
        return Value(value, PARTIAL | NOT_ANSWERED, known, 4)
    return Value(None, chance.draw(st.sampled_from(REASONS)), 0, known) if kind == "absent" else value


def given_as(value: Known) -> Callable[[Any], Known]:
    return lambda place: value


def as_value(known: Known) -> Value:
    return known if isinstance(known, Value) else Value(known)


@given(CASES)
def test_a_bare_scalar_means_the_same_as_a_value_that_tells_nothing(case: tuple[str, list[Any]]) -> None:
    op, operands = case
    by_rule = apply(op, [Value(value) for value in operands])
    assert as_value(apply(op, operands)) == as_value(by_rule)


@given(CASES, st.data())
def test_every_shape_of_an_operation_means_what_its_rule_says(case: tuple[str, list[Any]], chance: st.DataObject) -> None:
    op, plain = case
    operands = [marked(chance, value) for value in plain]
    expected = as_value(apply(op, [as_value(value) for value in operands]))
    constants = [Constant(value) for value in operands]
    for closures in ([given_as(value) for value in operands], constants, [*map(given_as, operands[:-1]), constants[-1]]):
        found = operation(op, closures)(None)  # type: ignore[arg-type]
        assert as_value(found) == expected
        assert type(as_value(found).value) is type(expected.value)


@given(CASES, st.data())
def test_a_result_that_tells_nothing_is_bare(case: tuple[str, list[Any]], chance: st.DataObject) -> None:
    op, plain = case
    found = operation(op, [given_as(marked(chance, value)) for value in plain])(None)  # type: ignore[arg-type]
    assert not isinstance(found, Value) or found.bits or found.expected


# ---- numbers ---------------------------------------------------------------------------------------------------------


def asked(world: World, node: Node, place: int = 0) -> Value:
    return Reference(world.methodology, world.dataset()).value(node, place)


def test_numbers_of_a_thousand_digits_stay_exact() -> None:
    world, expected = World(), Fraction(1)
    node = world.constant(1)
    for step in range(1, 400):
        node = world.operation("+", world.operation("*", node, world.constant(Fraction(10**3 + step, 7))), world.constant(Fraction(1, step)))
        expected = expected * Fraction(10**3 + step, 7) + Fraction(1, step)
    assert expected.numerator > 10**1000
    assert asked(world, node).value == expected


@pytest.mark.parametrize("op", ["+", "-", "*"])
def test_a_number_beyond_the_bound_is_not_computable(op: str) -> None:
    world = World()
    large, one = world.constant(2**MAX_BITS - 1), world.constant(-1 if op == "-" else 1)
    bounded, beyond = world.operation("*", large, one), world.operation(op, large, large if op == "*" else one)
    assert asked(world, bounded).bits == 0
    assert asked(world, beyond) == Value(None, ZERO_DENOMINATOR)


def test_the_bound_holds_where_coverage_is_carried() -> None:
    large = Value(Number(2**MAX_BITS), 0, 3, 3)
    assert apply("*", (large, Number(2))) == Value(None, ZERO_DENOMINATOR, 3, 3)


def test_what_people_read_are_fractions_of_whole_numbers(methodology_2025: Methodology) -> None:
    dataset = engine.read_example(methodology_2025, ROOT / "indicators" / "2025-2026" / "examples" / "worked")
    results = engine.compute(methodology_2025, dataset)
    rules = methodology_2025.fields["pupil"]["bench"].defaults
    values: list[object] = [Reference(methodology_2025, dataset).value(rule.formula, 0).value for rule in rules]
    for code in methodology_2025.indicators:
        trace = engine.explain(methodology_2025, dataset, code, 0)
        values += [results.result(code, 0).value, trace.value, *(step.value for step in trace.steps)]
    fractions = [value for value in values if isinstance(value, Fraction)]
    assert len(fractions) > 100
    assert {type(value) for value in values} <= {Fraction, bool, str, type(None)}
    assert {type(part) for value in fractions for part in (value.numerator, value.denominator)} == {int}


# ---- depth -----------------------------------------------------------------------------------------------------------


@contextmanager
def little_stack(frames: int) -> Iterator[None]:
    """Room for no more than this many nested calls."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def lone_world() -> World:
    """One place of each level, but two teams, with the whole numbers 2 and 3."""
    world = World()
    world.place("zone", 1)
    world.place("hub", 1, zone=[0])
    world.place("site", 1, hub=[0])
    teams = world.place("team", 2, site=[0, 0], wing=[-1, -1])
    teams.columns["whole"] = ColumnData(np.array([2, 3]))
    return world


def test_two_thousand_calculations_that_need_each_other_fit_the_stack() -> None:
    world = lone_world()
    node = world.column("team", "whole")
    for _ in range(2_000):
        node = world.calculation("team", world.operation("+", node, world.constant(1)))
    with little_stack(650):
        assert asked(world, node, 1).value == 2_003


def test_a_chain_up_and_down_the_levels_fits_the_stack() -> None:
    world = lone_world()
    node = world.column("team", "whole")
    for _ in range(500):
        above = world.calculation("site", world.aggregate("max", "site", "team", node))
        node = world.calculation("team", world.operation("+", world.lift(above, "team"), world.constant(1)))
    with little_stack(650):
        assert asked(world, node).value == 503


def test_members_that_lie_too_deep_do_not_make_each_other_be_asked_again() -> None:
    world, calls = lone_world(), []
    run = Run(world.dataset(), meanings_of(world.methodology).ways)
    members = [run["team", number] for number in range(400)]
    end = Meaning(lambda place: place.number)
    for _ in range(100):
        end = Meaning(lambda place, below=end: place[below] + 1)  # type: ignore[misc]

    def each(place: Place) -> int:
        calls.append(place.number)
        return int(place[end])

    total = Meaning(over_members(lambda place: sum(map(each, members)), lambda place: members, each))
    assert run.ask(run["site", 0], total) == sum(range(100, 500))
    assert len(calls) < 5 * len(members)


def test_a_formula_of_fifteen_hundred_nested_parts_fits_the_stack() -> None:
    world = lone_world()
    node = world.column("team", "whole")
    for step in range(1_500):
        node = world.operation("-" if step % 2 else "+", node, world.constant(step))
    with little_stack(650):
        assert asked(world, node).value == 2 + sum(-step if step % 2 else step for step in range(1_500))


def test_long_conditions_of_questions_and_calculations_fit_the_stack() -> None:
    world = lone_world()
    node: Node = world.operation(">", world.column("team", "whole"), world.constant(0))
    for _ in range(1_000):
        node = world.calculation("team", world.operation("not", world.operation("not", node)), applies=node)
    with little_stack(650):
        assert asked(world, node).value is True


def test_a_formula_that_contains_itself_twice_is_computed_once() -> None:
    world = lone_world()
    node = world.column("team", "whole")
    for _ in range(200):
        less, more = world.operation("-", node, world.constant(1)), world.operation("+", node, world.constant(1))
        node = world.operation("-", world.operation("*", more, world.constant(2)), less)
    with little_stack(650):
        assert asked(world, node).value == 2 + 3 * 200


def test_an_error_on_the_way_leaves_the_evaluator_usable() -> None:
    world = lone_world()
    broken = world.calculation("team", world.column("team", "whole"))
    reference = Reference(world.methodology, world.dataset())
    with pytest.raises(IndexError):
        reference.value(broken, 7)
    assert reference.value(broken, 0).value == 2


# ---- what is kept ----------------------------------------------------------------------------------------------------


def test_places_are_let_go_with_the_evaluator() -> None:
    world = lone_world()
    gc.collect()
    gc.disable()
    try:
        reference = Reference(world.methodology, world.dataset())
        reference.value(world.aggregate("sum", "site", "team", world.column("team", "whole")), 0)
        assert sum(type(thing) is Place for thing in gc.get_objects()) >= 3
        del reference
        assert sum(type(thing) is Place for thing in gc.get_objects()) == 0
    finally:
        gc.enable()


def test_cohorts_are_formed_only_where_they_are_asked_for() -> None:
    world = lone_world()
    world.place("site", 2, hub=[0, 0])
    teams = world.place("team", 3, site=[0, 0, 1], wing=[-1] * 3)
    teams.columns["name"] = ColumnData(np.array([0, 0, 5]), vocabulary=("oak",))
    world.cohorts["twins"] = Cohort("twins", "team", "site", (world.column("team", "name"),), None, {})
    size = world.lift(world.make(Size, "twins", INTEGER), "team")
    reference = Reference(world.methodology, world.dataset())
    assert [reference.value(size, place).value for place in (0, 1)] == [2, 2]
    with pytest.raises(IndexError):
        reference.value(size, 2)
