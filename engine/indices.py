"""Textbook indices of how unevenly a group is spread over the children of a place. Exact.

Shapes: ``group[i]`` members of the group among ``total[i]`` members of child i, whole numbers; the result lies in 0..1. Children with
total 0 do not count. Missing: a degenerate case gives a ``Degenerate`` reason, never 0: no children, no members of the group, and for
all but isolation everybody a member. Sources: Massey and Denton (1988), Social Forces 67, 281-315;
Reardon and Firebaugh (2002), Sociological Methodology 32, 33-67; others at each function.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from enum import Enum
from fractions import Fraction

PRECISE = Context(prec=60)
Children = Sequence[tuple[int, int]]


class Degenerate(Enum):
    """Why there is no index."""

    NO_CHILDREN = "no_children"
    NO_MEMBERS = "no_members"
    EVERYBODY = "everybody"
    IMPOSSIBLE = "impossible"
    """A child has more members of the group than members, or a negative count: the figures contradict each other."""


def compute(name: str, group: Sequence[int], total: Sequence[int]) -> Fraction | Degenerate:
    """The index called ``name`` over children, or why there is none. Raises ``KeyError`` for an unknown name."""
    if any(not 0 <= g <= t for g, t in zip(group, total, strict=True)):
        return Degenerate.IMPOSSIBLE
    children = [(g, t) for g, t in zip(group, total, strict=True) if t > 0]
    all_members, everyone = sum(g for g, _ in children), sum(t for _, t in children)
    if not children:
        return Degenerate.NO_CHILDREN
    if not all_members:
        return Degenerate.NO_MEMBERS
    if all_members == everyone and name != "isolation":
        return Degenerate.EVERYBODY
    return INDICES[name](children, all_members, everyone)


def dissimilarity(children: Children, members: int, everyone: int) -> Fraction:
    """Share of the group that would have to move for even shares: ½ Σ |g/G − (t−g)/(T−G)|. Duncan and Duncan (1955), ASR 20."""
    others = everyone - members
    return Fraction(sum(abs(g * others - (t - g) * members) for g, t in children), 2 * members * others)


def gini(children: Children, members: int, everyone: int) -> Fraction:
    """Σ Σ t_i t_j |p_i − p_j| / (2 T² P (1−P)), by one pass over the children sorted by share. Massey and Denton (1988)."""
    ordered = sorted(children, key=lambda child: Fraction(*child))
    below_group = below_total = double = 0
    for g, t in ordered:
        double += g * below_total - t * below_group
        below_group += g
        below_total += t
    return Fraction(double, members * (everyone - members))


def theil_h(children: Children, members: int, everyone: int) -> Fraction:
    """Σ t (E − e_i) / (T E), e the entropy of a share. Theil and Finizza (1971), J. Math. Sociology 1. Real: 60 digits."""
    whole = _entropy(members, everyone)
    inside = Decimal(0)
    for g, t in children:
        inside = PRECISE.add(inside, PRECISE.multiply(Decimal(t), _entropy(g, t)))
    average = PRECISE.divide(inside, Decimal(everyone))
    return _clean(PRECISE.subtract(Decimal(1), PRECISE.divide(average, whole)))


def _entropy(part: int, whole: int) -> Decimal:
    entropy = Decimal(0)
    for count in (part, whole - part):
        if count:
            share = PRECISE.divide(Decimal(count), Decimal(whole))
            entropy = PRECISE.subtract(entropy, PRECISE.multiply(share, PRECISE.ln(share)))
    return entropy


def isolation(children: Children, members: int, everyone: int) -> Fraction:
    """xPx = Σ (g/G)(g/t): mean share of the group where a member of the group is. Bell (1954), Social Forces 32."""
    return sum((Fraction(g * g, members * t) for g, t in children), Fraction(0))


def interaction(children: Children, members: int, everyone: int) -> Fraction:
    """xPy = Σ (g/G)((t−g)/t): mean share of the others where a member of the group is. Lieberson (1981)."""
    return 1 - isolation(children, members, everyone)


def eta2(children: Children, members: int, everyone: int) -> Fraction:
    """Correlation ratio (xPx − P) / (1 − P). Bell (1954); Stearns and Logan (1986)."""
    share = Fraction(members, everyone)
    return (isolation(children, members, everyone) - share) / (1 - share)


def hutchens(children: Children, members: int, everyone: int) -> Fraction:
    """1 − Σ √((g/G)((t−g)/(T−G))). Hutchens (2004), International Economic Review 45. Real: 60 digits."""
    roots = Decimal(0)
    for g, t in children:
        product = PRECISE.divide(Decimal(g * (t - g)), Decimal(members * (everyone - members)))
        roots = PRECISE.add(roots, PRECISE.sqrt(product))
    return _clean(PRECISE.subtract(Decimal(1), roots))


def max_deviation(children: Children, members: int, everyone: int) -> Fraction:
    """max |p_i − P| over the children."""
    return max(abs(Fraction(g, t) - Fraction(members, everyone)) for g, t in children)


def _clean(value: Decimal) -> Fraction:
    """Rounding at the sixtieth digit must not leave the range or a hair above 0."""
    number = Fraction(PRECISE.quantize(value, Decimal(1).scaleb(-50)))
    return min(max(number, Fraction(0)), Fraction(1))


INDICES: dict[str, Callable[[Children, int, int], Fraction]] = {
    function.__name__: function for function in (dissimilarity, gini, theil_h, isolation, interaction, eta2, hutchens, max_deviation)
}
