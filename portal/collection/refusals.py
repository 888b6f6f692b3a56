"""A refusal on its way to the person refused."""

from __future__ import annotations

from collections.abc import Mapping

from portal.collection.standing import Decision


class Refused(Exception):
    """An act was not allowed; ``decision`` says why, in a sentence that can be shown."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(str(decision.sentence))
        self.decision = decision


class Repeated(Exception):
    """A request came twice: what it asked for was done the first time, and nothing is done again."""


class Conflict(Exception):
    """Somebody else changed the same cells since they were read. ``cells``: name → (value typed, value stored); ``others``: the values of
    the other cells that were changed meanwhile."""

    def __init__(self, cells: dict[str, tuple[object, object]], revision: int, others: Mapping[str, object]) -> None:
        super().__init__(", ".join(cells))
        self.cells = cells
        self.revision = revision
        self.others = {name: value for name, value in others.items() if name not in cells}
