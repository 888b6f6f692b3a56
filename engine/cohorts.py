"""Who is with whom: cohort membership as the reference evaluator sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.formula.tree import Node
from engine.methodology import Cohort
from engine.values import Value


@dataclass(frozen=True, slots=True)
class Formed:
    """The cohorts of one declaration: ``of_place`` the cohort of each member place (-1: none), ``inside`` the place each lies in."""

    of_place: tuple[int, ...]
    inside: tuple[int, ...]
    members: tuple[tuple[int, ...], ...]


def form(cohort: Cohort, count: int, value: Callable[[Node, int], Value], place_of: Callable[[int], int]) -> Formed:
    """Places that share the place they lie in and every ``by`` value; none where ``where`` is not true or a value is absent.

    ``value(node, place)`` evaluates a typed node; ``place_of(place)`` is the ancestor at the level of the cohort, -1 for none.
    Cohorts are numbered by their first member.
    """
    numbers: dict[tuple[object, ...], int] = {}
    members: list[list[int]] = []
    inside: list[int] = []
    of_place: list[int] = []
    for place in range(count):
        key = _key(cohort, place, value, place_of(place))
        if key is None:
            of_place.append(-1)
            continue
        number = numbers.setdefault(key, len(numbers))
        if number == len(members):
            members.append([])
            inside.append(place_of(place))
        members[number].append(place)
        of_place.append(number)
    return Formed(tuple(of_place), tuple(inside), tuple(tuple(listed) for listed in members))


def _key(cohort: Cohort, place: int, value: Callable[[Node, int], Value], inside: int) -> tuple[object, ...] | None:
    if inside < 0:
        return None
    if cohort.where is not None:
        admitted = value(cohort.where, place)
        if admitted.absent or admitted.value is not True:
            return None
    shared = [value(node, place) for node in cohort.by]
    if any(one.absent for one in shared):
        return None
    return (inside, *(one.value for one in shared))
