"""Places: where something is asked, and what is already known there.

A place is a dictionary from meanings to what they mean there: ``place[meaning]`` computes once what it lacks. Meanings are named values,
aggregates, the place above, the places below: all that is worth remembering. How deep meanings may ask each other is bounded, so that
no chain of calculations, however long, can exhaust the stack: what lies too deep is computed first, by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.reference.run import Run

DEEPEST = 30
"""Meanings being computed inside each other. Each takes at most ``meanings.HEAVY`` nested calls and a few of its own."""

Closure = Callable[["Place"], Any]


@dataclass(slots=True, eq=False, repr=False)
class Meaning:
    """Something that can be asked at a place and is remembered there."""

    compute: Closure


class TooDeep(Exception):
    """These wait to be asked by themselves before the rest is asked again."""

    def __init__(self, waiting: list[tuple[Place, Meaning]]) -> None:
        super().__init__()
        self.waiting = waiting


class Place(dict[Meaning, Any]):
    """A place of a level. ``number``: its index in the data."""

    __slots__ = ("level", "number", "run")

    def __init__(self, run: Run, level: str, number: int) -> None:
        self.run = run
        self.level = level
        self.number = number

    def __missing__(self, meaning: Meaning) -> Any:
        run = self.run
        depth = run.depth
        if depth == DEEPEST:
            raise TooDeep([(self, meaning)])
        run.depth = depth + 1
        found = self[meaning] = meaning.compute(self)
        run.depth = depth
        return found


class CohortPlace(Place):
    """A cohort: ``members`` share the place they lie ``inside`` of and more. ``number``: that of its first member."""

    __slots__ = ("inside", "members")

    def __init__(self, inside: Place, level: str, first: Place) -> None:
        super().__init__(first.run, level, first.number)
        self.inside = inside
        self.members: list[Place] = []


def over_members(compute: Closure, inside: Closure, each: Closure) -> Closure:
    """``compute``, which asks ``each`` of the members ``inside`` a place. Where one of them lies too deep, all that do are told at once:
    told one by one, each would make all before it be asked again."""

    def computed(place: Place) -> Any:
        depth = place.run.depth
        try:
            return compute(place)
        except TooDeep as deep:
            place.run.depth = depth
            raise TooDeep(_waiting(inside(place), each) or deep.waiting) from None

    return computed


def _waiting(members: list[Place], each: Closure) -> list[tuple[Place, Meaning]]:
    waiting: list[tuple[Place, Meaning]] = []
    for member in members:
        depth = member.run.depth
        try:
            each(member)
        except TooDeep as deep:
            member.run.depth = depth
            waiting += deep.waiting
    return waiting


class Made(dict[Any, Any]):
    """A dictionary that makes what it lacks."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Any) -> Any:
        found = self[key] = self.make(key)
        return found
