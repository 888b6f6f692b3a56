"""What the typing of formulas needs to know of a methodology: names by level, lists, constants, definitions, indicators."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.formula.nodes import Node as Syntax
from engine.formula.quantities import Constant, FormulaQuantity, Quantity
from engine.formula.tree import Forest
from engine.levels import Topology

ANY = "any"


@dataclass(frozen=True, slots=True)
class Definition:
    """A named formula with parameters, put in place of its calls."""

    code: str
    parameters: tuple[str, ...]
    body: Syntax


@dataclass(slots=True)
class Pooled:
    """An indicator as the pseudo-level sees it: its fixed attributes (section, criterion, tags) and whether it has a scale."""

    attributes: Mapping[str, str]
    bands: tuple[str, ...]
    pools: bool
    """It uses the pseudo-level itself, and so is no member of it."""


@dataclass(slots=True, repr=False)
class Registry:
    """Filled by ``engine.load``; ``resolve`` returns the quantity of a name at a level, None where there is none."""

    topology: Topology
    forest: Forest
    resolve: Callable[[str, str], Quantity | None]
    names: Callable[[str], list[str]]
    lists: Mapping[str, Mapping[str, int]]
    constants: dict[str, Constant] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    declared_codes: dict[str, list[str]] = field(default_factory=dict)
    """Codes of each declared kind a table may be keyed by: criterion, group, level, section."""
    pooled: dict[str, dict[str, Pooled]] = field(default_factory=dict)
    """By level: the indicators there, by key."""
    unmade: list[re.Pattern[str]] = field(default_factory=list)
    """Shapes of names that would exist but for a mistake told elsewhere."""

    def might_be(self, name: str) -> bool:
        """True for a name that would exist but for a mistake told elsewhere."""
        return any(shape.fullmatch(name) for shape in self.unmade)

    def is_place(self, name: str) -> bool:
        return name in self.topology

    def levels_with(self, name: str) -> list[str]:
        """Levels (no cohorts) that have this name, for "did you mean"."""
        return [level for level in self.topology.ups if not self.topology.is_cohort(level) and name in self.names(level)]

    def pool_members(self, level: str) -> list[tuple[FormulaQuantity, Pooled]]:
        """The indicators of a level that formulas may pool, in order of declaration."""
        members = []
        for key, pooled in self.pooled.get(level, {}).items():
            quantity = None if pooled.pools else self.resolve(level, key)
            if isinstance(quantity, FormulaQuantity):
                members.append((quantity, pooled))
        return members
