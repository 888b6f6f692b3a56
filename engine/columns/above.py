"""Ways up: works for links, groupings and cohorts, and look-ups along them.

Rows reach everything above through their owner: what lies higher is looked up once for each owner and repeated for its rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.columns import forming, places, tables
from engine.columns.work import FLAGS, PLACES, Work, Works
from engine.formula.tree import Node
from engine.methodology import Methodology


@dataclass(slots=True)
class Ways:
    methodology: Methodology
    works: Works
    lower: Callable[[Node], Work]
    _formed: dict[tuple[Work | None, ...], Work] = field(default_factory=dict)

    def same(self, level: str) -> str:
        """The first declared cohort with the same members, for cohorts; other levels themselves."""
        return self.cohort(level).at if level in self.methodology.cohorts else level

    def owner(self, level: str) -> str:
        """The level whose form holds these rows; '' for every other level."""
        found = self.methodology.levels.get(level)
        return found.owner if found is not None else ""

    def through_owner(self, lower: str, upper: str) -> str:
        """The owner on the way from rows to something above it; '' when the way does not lead there."""
        owner = self.owner(lower)
        if not owner or owner == upper:
            return ""
        return owner if self.methodology.topology.path(owner, upper) is not None else ""

    def is_total(self, lower: str, upper: str) -> bool:
        """True when every place has one above: rows in their owner, cohorts in the place they are formed in."""
        return self.owner(lower) == upper or self.methodology.topology.cohort_in.get(lower) == upper

    # ---- links and groupings ---------------------------------------------------------------------------

    def link(self, lower: str, upper: str) -> Work:
        """From each place to the one above it."""
        through = self.through_owner(lower, upper)
        if through:
            return self._make(places.composed, (self.link(lower, through), self.link(through, upper)), lower, (upper,))
        path = self.methodology.topology.path(lower, upper)
        if not path:
            raise KeyError(f"{upper} is not above {lower}")
        end = path[0][1]
        first = self._step(lower, end)
        return first if end == upper else self._make(places.composed, (first, self.link(end, upper)), lower, (upper,))

    def _step(self, lower: str, upper: str) -> Work:
        topology = self.methodology.topology
        if topology.is_cohort(upper):
            return self._make(forming.cohort_link, (self.cohort(upper),), lower, (False,))
        if topology.is_cohort(lower):
            return self._make(forming.cohort_link, (self.cohort(lower),), lower, (True,))
        return self._make(places.level_link, (), lower, (lower, upper, self.owner(lower) == upper))

    def grouping(self, over: str, at: str) -> Work:
        """Places of ``over`` by the place of ``at`` they lie in."""
        return self._make(places.grouping, (self.link(over, at),), at)

    def members_of(self, cohort: str) -> Work:
        return self.grouping(self.methodology.topology.cohort_of[cohort], cohort)

    def cohort(self, code: str) -> Work:
        """Who forms the cohorts of a declaration."""
        cohort = self.methodology.cohorts[code]
        where = None if cohort.where is None else self._placed(self.lower(cohort.where), cohort.of)
        by = tuple(self._placed(self.lower(node), cohort.of) for node in cohort.by)
        inputs = (self.link(cohort.of, cohort.inside), where, *by)
        if inputs not in self._formed:
            self._formed[inputs] = self._make(forming.formed, inputs, code)
        return self._formed[inputs]

    def _make(self, kernel: Callable[..., object], inputs: tuple[Work | None, ...], at: str, fixed: tuple[object, ...] = ()) -> Work:
        return self.works.make(kernel, inputs, at, PLACES, fixed)

    # ---- values ----------------------------------------------------------------------------------------

    def _placed(self, work: Work, level: str) -> Work:
        return self.everywhere(work, level) if work.constant is not None else work

    def everywhere(self, work: Work, level: str) -> Work:
        """A constant as a column of a level."""
        cohort = self.cohort(level) if self.methodology.topology.is_cohort(level) else None
        return self.works.make(tables.everywhere, (work, cohort), level, work.form, (level,), alone=True)

    def lift(self, work: Work, lower: str, upper: str) -> Work:
        """The value above, for each place of ``lower``."""
        if work.constant is not None:
            if self.is_total(lower, upper):
                return work
            work = self.everywhere(work, upper)
        through = self.through_owner(lower, upper)
        if through:
            return self.lift(self.lift(work, through, upper), lower, through)
        return self.works.make(places.lifted, (self.link(lower, upper), work), lower, work.form, (work.form == FLAGS,))
