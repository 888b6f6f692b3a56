"""What became of schools: merged into another, split off from one. Pure: the same for a list that is imported and for two years side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable
from typing import TypeVar

School = TypeVar("School", bound=Hashable)
Successions = tuple[list[tuple[School, School]], list[tuple[School, School]]]
"""(merged: a school that is gone, the one that took most of its units; split: the one that most of its units came from, a new school)."""


def successions(moves: Iterable[tuple[School, School]], gone: Collection[School], new: Collection[School]) -> Successions[School]:
    """``moves``: of each unit that is at another school than before, (the school before, the school after)."""
    heirs: dict[School, Counter[School]] = {}
    givers: dict[School, Counter[School]] = {}
    for before, after in moves:
        if before in gone:
            heirs.setdefault(before, Counter())[after] += 1
        elif after in new:
            givers.setdefault(after, Counter())[before] += 1
    merged = [(school, taken.most_common(1)[0][0]) for school, taken in heirs.items()]
    split = [(given.most_common(1)[0][0], school) for school, given in givers.items()]
    return merged, split
