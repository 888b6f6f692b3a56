"""Ways between places: the place above, the places below, the cohort one belongs to. Each is a meaning like any other.

Up: a ``Place``, or the ``Value`` of everything that is looked up through a link that leads nowhere. Down: the members in the order of
the data, cohorts in the order of their first members.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any

from engine.formula.scalars import absent, plain
from engine.formula.tree import Node
from engine.levels import Step, Topology
from engine.methodology import Cohort
from engine.reference.places import Closure, CohortPlace, Made, Meaning, Place, over_members
from engine.values import NOT_ANSWERED, NOT_APPLICABLE, Value

NOWHERE = Value(None, NOT_ANSWERED)
NO_COHORT = Value(None, NOT_APPLICABLE)
by_number = attrgetter("number")


@dataclass(frozen=True, slots=True)
class Formed:
    """The cohorts of one declaration inside a place, and the cohort of each member that has one, by its number."""

    cohorts: list[CohortPlace]
    of_member: dict[int, CohortPlace]


class Ways:
    """All ways of a methodology. ``up[lower, upper]``, ``down[over, at]`` and ``formed[cohort]`` are meanings."""

    def __init__(self, topology: Topology, cohorts: Mapping[str, Cohort], compile_: Callable[[Node], Closure]) -> None:
        self.topology = topology
        self.cohorts = cohorts
        self.compile = compile_
        self.up = Made(lambda key: Meaning(self._up(*key)))
        self.down = Made(lambda key: Meaning(self._down(*key)))
        self.formed = Made(lambda code: Meaning(self._formed(self.cohorts[code])))

    def steps(self, lower: str, upper: str) -> tuple[Step, ...]:
        steps = self.topology.path(lower, upper)
        if steps is None:
            raise KeyError(f"{upper} is not above {lower}")
        return steps

    # ---- up ----------------------------------------------------------------------------------------------------------

    def _up(self, lower: str, upper: str) -> Closure:
        steps = self.steps(lower, upper)
        if len(steps) == 1:
            return self._step_up(*steps[0])
        links = [self.up[step] for step in steps]

        def above(place: Place) -> Place | Value:
            found: Any = place
            for link in links:
                found = found[link]
                if type(found) is Value:
                    return found
            return found  # type: ignore[no-any-return]

        return above

    def _step_up(self, lower: str, upper: str) -> Closure:
        if self.topology.is_cohort(upper):
            inside, formed = itemgetter(self.up[lower, self.topology.cohort_in[upper]]), self.formed[upper]

            def cohort(place: Place) -> Place | Value:
                around = inside(place)
                return NO_COHORT if type(around) is Value else around[formed].of_member.get(place.number, NO_COHORT)

            return cohort
        if self.topology.is_cohort(lower):
            return attrgetter("inside")

        def parent(place: Place) -> Place | Value:
            number = place.run.dataset.tables[lower].parents[upper].item(place.number)
            return NOWHERE if number < 0 else place.run[upper, number]

        return parent

    # ---- down --------------------------------------------------------------------------------------------------------

    def _down(self, over: str, at: str) -> Closure:
        steps = [self._step_down(*step) for step in reversed(self.steps(over, at))]
        if len(steps) == 1:
            return steps[0]

        def below(place: Place) -> list[Place]:
            found = [place]
            for step in steps:
                found = [member for one in found for member in step(one)]
            return sorted(found, key=by_number)

        return below

    def _step_down(self, lower: str, upper: str) -> Closure:
        if self.topology.is_cohort(upper):
            return attrgetter("members")
        if self.topology.is_cohort(lower):
            formed = self.formed[lower]
            return lambda place: place[formed].cohorts

        return lambda place: place.run.children(lower, upper, place.number)

    # ---- cohorts -----------------------------------------------------------------------------------------------------

    def _formed(self, cohort: Cohort) -> Closure:
        """Members share every ``by`` value; none where ``where`` is not true or a value is absent."""
        members = itemgetter(self.down[cohort.of, cohort.inside])
        where = None if cohort.where is None else self.compile(cohort.where)
        shared = [self.compile(node) for node in cohort.by]

        def key(member: Place) -> tuple[Any, ...] | None:
            if where is not None and plain(where(member)) is not True:
                return None
            values = [value(member) for value in shared]
            return None if any(map(absent, values)) else tuple(map(plain, values))

        def formed(place: Place) -> Formed:
            cohorts: dict[tuple[Any, ...], CohortPlace] = {}
            of_member = {}
            for member in members(place):
                found = key(member)
                if found is None:
                    continue
                if found not in cohorts:
                    cohorts[found] = CohortPlace(place, cohort.code, member)
                cohorts[found].members.append(member)
                of_member[member.number] = cohorts[found]
            return Formed(list(cohorts.values()), of_member)

        return over_members(formed, members, key)
