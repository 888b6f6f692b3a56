"""Long columns go other ways through the kernels than short ones: what they give has to be what short pieces of them give."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from engine.columns import extremes, rows, totals, unknown
from engine.columns.places import Grouping, Link, RowLink, linked
from engine.columns.settling import Run, Task
from engine.columns.value import ColumnValue, either, has_value
from engine.dataset import Dataset
from engine.levels import Topology

OWNERS = 3_000
PIECE = 20
RUN = Run(Dataset(Topology({}), {}))
DENSITIES = (0.0, 0.0005, 0.02, 0.4)


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(7)


@pytest.fixture
def sizes(chance: np.random.Generator) -> np.ndarray:
    return chance.integers(0, 40, OWNERS)


def row_groupings(sizes: np.ndarray) -> Iterator[tuple[Grouping, slice, slice]]:
    """(rows of some owners, which rows, which owners): all of them first, then piece by piece."""
    edges = np.concatenate(([0], np.cumsum(sizes)))
    for first, last in [(0, len(sizes)), *((start, start + PIECE) for start in range(0, len(sizes), PIECE))]:
        owners = np.repeat(np.arange(last - first, dtype=np.int32), sizes[first:last])
        yield Grouping(RowLink(owners, last - first)), slice(edges[first], edges[last]), slice(first, last)


def bits_of(chance: np.random.Generator, count: int, density: float, kinds: tuple[int, ...]) -> Any:
    bits = np.where(chance.random(count) < density, chance.choice(kinds, count), 0).astype(np.uint8)
    return bits if bits.any() else None


def flags_of(chance: np.random.Generator, count: int, density: float, kinds: tuple[int, ...] = (1, 4, 8, 9, 12)) -> ColumnValue:
    bits = bits_of(chance, count, density, kinds)
    seen = 0 if bits is None else int(np.bitwise_or.reduce(bits))
    flags = chance.random(count) < 0.3
    return ColumnValue(flags if bits is None else flags & has_value(bits, seen), bits, seen)


def cut(part: ColumnValue | None, span: slice) -> ColumnValue | None:
    if part is None:
        return None
    bits, den = part.bits, part.den
    bits = None if bits is None else bits[..., span]
    den = den[..., span] if isinstance(den, np.ndarray) else den
    return ColumnValue(part.values[..., span], bits, part.seen, den, part.low, part.high, part.below, part.exact, part.err)


def lines_of(found: ColumnValue | None, lines: int, count: int) -> np.ndarray:
    return np.zeros((lines, count), int) if found is None else np.broadcast_to(found.values, (lines, count)).astype(int)


def listed(kernel: Any, sizes: np.ndarray, lines: list[tuple[tuple[bool, ...], tuple[ColumnValue | None, ...]]]) -> Iterator[np.ndarray]:
    """What a kernel of lines of rows gives for all owners, and for pieces of them put together."""
    found = []
    for members, of_rows, of_owners in row_groupings(sizes):
        parts = [cut(part, of_owners if owned else of_rows) for flags, line in lines for owned, part in zip(flags, line, strict=True)]
        task = Task(tuple(flags for flags, _ in lines), ())
        found.append(lines_of(kernel(task, Run(RUN.dataset), members, *parts), len(lines), members.count))
    yield found[0]
    yield np.concatenate(found[1:], 1)


def some_lines(chance: np.random.Generator, sizes: np.ndarray, parts: int, kinds: tuple[int, ...]) -> list[Any]:
    """Lines of every mixture: parts that are there or not, by row or by owner, with few or many or no values missing."""
    made = []
    for number in range(40):
        owned = tuple(bool(chance.random() < 0.3) for _ in range(parts))
        counts = [len(sizes) if by_owner else int(sizes.sum()) for by_owner in owned]
        line = [
            flags_of(chance, count, DENSITIES[(number + place) % 4], kinds) if chance.random() < 0.7 else None for place, count in enumerate(counts)
        ]
        made.append((owned, tuple(line)))
    return made


@pytest.mark.parametrize("kinds", [(1, 4, 8, 9, 12), (2, 4, 8, 16, 20, 24)])
def test_counts_of_rows(chance: np.random.Generator, sizes: np.ndarray, kinds: tuple[int, ...]) -> None:
    whole, pieces = listed(rows.counts, sizes, some_lines(chance, sizes, 3, kinds))
    assert np.array_equal(whole, pieces)
    assert whole.any()


@pytest.mark.parametrize("kinds", [(1, 4, 8, 9, 12), (2, 4, 8, 16, 20, 24)])
def test_reasons_of_rows(chance: np.random.Generator, sizes: np.ndarray, kinds: tuple[int, ...]) -> None:
    whole, pieces = listed(unknown.of_rows, sizes, some_lines(chance, sizes, 2, kinds))
    assert np.array_equal(whole, pieces)
    assert whole.any()


def test_owners_of_more_than_255_rows(chance: np.random.Generator) -> None:
    sizes = np.array([300, 0, 5000, 1, 270] * 4)
    lines = [((False, False, False), (flags_of(chance, int(sizes.sum()), 0.01), None, None)) for _ in range(9)]
    whole, pieces = listed(rows.counts, sizes, lines)
    assert np.array_equal(whole, pieces)
    assert whole.max() > 255


# ---- above the rows ----------------------------------------------------------------------------------------------


def place_groupings(chance: np.random.Generator, count: int, in_order: bool, lost: bool) -> Iterator[tuple[Grouping, slice]]:
    """(members of some places, which members): all of them, then those of pieces of whole places."""
    edges = np.arange(0, count + 1, 500)
    above = chance.integers(0, 60, count) + np.arange(count) // 500 * 60
    above = np.sort(above) if in_order else above
    above[chance.random(count) < (0.01 if lost else 0.0)] = -1
    places = 60 * (len(edges) - 1)
    yield Grouping(linked(above, places, 4)), slice(None)
    for number, (first, last) in enumerate(pairwise(edges)):
        inside = above[first:last]
        yield Grouping(linked(np.where(inside < 0, -1, inside - 60 * number), 60, 4)), slice(first, last)


def put_together(kernel: Any, task: Task, groupings: Iterator[tuple[Grouping, slice]], *parts: ColumnValue | None) -> tuple[Any, Any]:
    found = []
    for members, span in groupings:
        result = kernel(task, RUN, members, *(cut(part, span) for part in parts))
        values = result.values if not isinstance(result.den, np.ndarray) else result.values / result.den
        found.append(np.asarray(values, float))
    return found[0], np.concatenate(found[1:], -1)


@pytest.mark.parametrize("in_order", [True, False])
@pytest.mark.parametrize("lost", [True, False])
def test_sums_reasons_and_extremes_above_the_rows(chance: np.random.Generator, in_order: bool, lost: bool) -> None:
    count, lines = 10_000, 6
    whole = ColumnValue(chance.integers(-9, 50, (lines, count)).astype(np.int32), None, 0, None, -9, 49)
    fractions = ColumnValue(whole.values, None, 0, chance.integers(1, 40, (lines, count)).astype(np.int32), -9, 49, 39)
    floats = ColumnValue(chance.random((lines, count)), None, 0, None, 0, 1.0, 1, False, 1e-12)
    some = ColumnValue(chance.random((lines, count)) < np.array([0.02, 0.1, 0.3, 0.5, 0.9, 1.0])[:, np.newaxis])
    reasons = ColumnValue(np.where(chance.random((lines, count)) < np.geomspace(1e-4, 0.5, lines)[:, np.newaxis], 12, 0).astype(np.uint8))
    seed = int(chance.integers(1 << 30))

    def groupings() -> Iterator[tuple[Grouping, slice]]:
        return place_groupings(np.random.default_rng(seed), count, in_order, lost)

    for values in (whole, fractions, floats, some):
        assert np.allclose(*put_together(totals.total, Task((), ()), groupings(), values))
    assert np.array_equal(*put_together(unknown.above, Task((), ()), groupings(), reasons, None))
    filled = put_together(totals.total, Task((), ()), groupings(), some)[0] > 0
    for function in ("max", "min"):
        for values in (whole, fractions, floats):
            one, two = put_together(extremes.extreme, Task((function,), ()), groupings(), some, values)
            assert np.allclose(one[filled], two[filled], atol=1e-12)


def test_one_of_two_values_in_long_columns(chance: np.random.Generator) -> None:
    mask = chance.random(5_000) < 0.5
    for yes, no in ((chance.random(5_000), chance.random(5_000)), (np.uint8(3), chance.integers(0, 9, 5_000).astype(np.uint8)), (1.5, -2.0)):
        assert np.array_equal(either(mask, yes, no), np.where(mask, yes, no))


def test_rows_that_do_not_lie_in_the_order_of_their_owners_are_refused() -> None:
    for raw in ([1, 0], [0, 1, 0], [-1, 0]):
        with pytest.raises(ValueError, match="order of their owners"):
            RowLink(np.array(raw, np.int32), 2)
    assert Grouping(RowLink(np.zeros(0, np.int32), 2)).largest == 0
    assert isinstance(RowLink(np.array([0, 0, 2], np.int32), 4), Link)
