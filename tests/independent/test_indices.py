"""The indices against their textbook definitions, written out naively: pairs of children, logarithms, square roots in floats."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

from engine.indices import Degenerate, compute

Children = list[tuple[int, int]]


def dissimilarity(children: Children) -> float:
    """Half the sum of |g/G - o/O|."""
    members, others = sum(g for g, _ in children), sum(t - g for g, t in children)
    return sum(abs(g / members - (t - g) / others) for g, t in children) / 2


def gini(children: Children) -> float:
    """Over all ordered pairs: t_i t_j |p_i - p_j| / (2 T² P (1 - P))."""
    everyone = sum(t for _, t in children)
    share = sum(g for g, _ in children) / everyone
    pairs = sum(t * u * abs(g / t - h / u) for g, t in children for h, u in children if t and u)
    return pairs / (2 * everyone**2 * share * (1 - share))


def entropy(share: float) -> float:
    return -sum(p * math.log2(p) for p in (share, 1 - share) if p > 0)


def theil_h(children: Children) -> float:
    """Weighted mean deviation of each child's entropy from that of the whole."""
    everyone = sum(t for _, t in children)
    whole = entropy(sum(g for g, _ in children) / everyone)
    return sum(t * (whole - entropy(g / t)) for g, t in children if t) / (whole * everyone)


def isolation(children: Children) -> float:
    """The share of the group that a member of the group meets, averaged over members."""
    met = [g / t for g, t in children for _ in range(g)]
    return sum(met) / len(met)


def interaction(children: Children) -> float:
    met = [(t - g) / t for g, t in children for _ in range(g)]
    return sum(met) / len(met)


def eta2(children: Children) -> float:
    """Between-children share of the variance of membership, counted person by person."""
    people = [(int(number < g), g / t) for g, t in children for number in range(t)]
    mean = sum(member for member, _ in people) / len(people)
    return sum((share - mean) ** 2 for _, share in people) / sum((member - mean) ** 2 for member, _ in people)


def hutchens(children: Children) -> float:
    members, others = sum(g for g, _ in children), sum(t - g for g, t in children)
    return sum(g / members - math.sqrt(g / members * ((t - g) / others)) for g, t in children)


def max_deviation(children: Children) -> float:
    share = sum(g for g, _ in children) / sum(t for _, t in children)
    return max(abs(g / t - share) for g, t in children if t)


TEXTBOOK: dict[str, Callable[[Children], float]] = {
    f.__name__: f for f in (dissimilarity, gini, theil_h, isolation, interaction, eta2, hutchens, max_deviation)
}


@pytest.mark.parametrize("name", TEXTBOOK)
def test_an_index_is_what_the_textbook_says(name: str) -> None:
    chance, compared = Random(name), 0
    for _ in range(300):
        children = [(chance.randint(0, total), total) for total in (chance.randint(0, 30) for _ in range(chance.randint(1, 9)))]
        members, everyone = sum(g for g, _ in children), sum(t for _, t in children)
        found = compute(name, [g for g, _ in children], [t for _, t in children])
        if 0 < members < everyone:
            assert isinstance(found, Fraction)
            assert float(found) == pytest.approx(TEXTBOOK[name](children), abs=1e-12), children
            compared += 1
    assert compared > 200


BY_HAND = {
    "dissimilarity": Fraction(25, 48), "gini": Fraction(65, 96), "isolation": Fraction(51, 80), "interaction": Fraction(29, 80),
    "eta2": Fraction(19, 48), "max_deviation": Fraction(1, 2),
}  # fmt: skip


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_four_children_worked_by_hand(name: str, expected: Fraction) -> None:
    """Children of 10 with 9, 4, 2 and 1 of the group: G = 16, T = 40, P = 2/5; the same a million million times over."""
    assert compute(name, [9, 4, 2, 1], [10, 10, 10, 10]) == expected
    assert compute(name, [g * 10**12 for g in (9, 4, 2, 1)], [10**13] * 4) == expected


@pytest.mark.parametrize("name", TEXTBOOK)
def test_impossible_counts_give_no_number(name: str) -> None:
    assert compute(name, [5, 1], [4, 9]) is Degenerate.IMPOSSIBLE
    assert compute(name, [-1, 1], [4, 9]) is Degenerate.IMPOSSIBLE
