"""The graph between the typed tree and the steps of a plan: one piece of work for each distinct column that has to be computed.

Works are interned: equal work is the same object, whatever formula asked for it. Works that differ only in what they read may later
be done together (``engine.columns.schedule``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.columns.value import ColumnValue
from engine.formula.tree import Node
from engine.values import Value

Kernel = Callable[..., Any]

PLACES = "places"
"""Form of works that give links, groupings or cohorts instead of values."""
MASK, PRESENT, REASONS, FLAGS, CODES, TEXTS, SETS = "mask", "present", "reasons", "flags", "codes", "texts", "sets"
INT, FRACTION, REAL, MANY, MOST = "int", "fraction", "real", "many", "most"
NUMBERS = (INT, FRACTION, REAL)


@dataclass(slots=True, eq=False)
class Work:
    """``kernel(task, run, *inputs)`` at level ``at``; constants have no kernel. ``node``: what to ask when floats cannot tell."""

    kernel: Kernel | None
    fixed: tuple[Any, ...]
    inputs: tuple[Work | None, ...]
    at: str
    form: str
    node: Node | None = None
    alone: bool = False
    """Never done together with others."""
    lists: int = 0
    """Takes so many last inputs of every member as separate arguments instead of arrays of lines."""
    bundle: bool = False
    """Puts its inputs, of one form, under each other; has no kernel of its own."""
    constant: ColumnValue | None = None
    value: Value | None = None
    """Of a constant: what it is, exactly."""


@dataclass(slots=True)
class Works:
    """All works of a plan. ``big``: levels whose columns are too long to be copied into batches."""

    big: frozenset[str]
    found: dict[tuple[Any, ...], Work] = field(default_factory=dict)
    tables: dict[str, ColumnValue] = field(default_factory=dict)
    """Tables of constants by code, by the index of the key."""

    def make(
        self,
        kernel: Kernel,
        inputs: tuple[Work | None, ...],
        at: str,
        form: str,
        fixed: tuple[Any, ...] = (),
        node: Node | None = None,
        alone: bool = False,
    ) -> Work:
        """The one work of this kernel on these inputs."""
        key = (kernel, tuple(id(work) for work in inputs), at, *(hashable(part) for part in fixed))
        work = self.found.get(key)
        if work is None:
            long_lines = at in self.big or any(w is not None and w.at in self.big and w.form != PLACES for w in inputs)
            work = self.found[key] = Work(kernel, fixed, inputs, at, form, node, alone or long_lines or form == PLACES)
        return work

    def listing(self, kernel: Kernel, heads: tuple[Work | None, ...], parts: tuple[Work | None, ...], at: str, form: str, fixed: Any) -> Work:
        """A work whose whole batch is done at once: ``heads``, the same for all, then the parts of one after the parts of the other.

        The kernel gets what is ``fixed`` for each of them.
        """
        work = self.make(kernel, (*heads, *parts), at, form, fixed)
        work.alone, work.lists = False, len(parts)
        return work

    def bundled(self, inputs: tuple[Work, ...], at: str, form: str) -> Work:
        """Several columns of a level as one."""
        key = ("bundle", tuple(id(work) for work in inputs), at)
        if key not in self.found:
            self.found[key] = Work(None, (), inputs, at, form, alone=True, bundle=True)
        return self.found[key]


def hashable(part: Any) -> Any:
    """``part`` itself where it can be a key, else its identity."""
    try:
        hash(part)
    except TypeError:
        return ("id", id(part))
    return (type(part), part)
