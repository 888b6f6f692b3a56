"""The typed tree: what a formula means once every name is found and every kind is known.

Both evaluators read this tree and nothing else. Every node says *where* its values live (``at``: a level or cohort; '' for
constants) and their ``kind``. Nodes are interned by ``Forest``: equal expressions are the same object, so identity is equality
and a value computed once serves everywhere it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from engine.formula.quantities import Constant, Quantity

NUMBER_KINDS = ("integer", "decimal", "ratio", "real")


@dataclass(frozen=True, slots=True)
class Kind:
    """integer, decimal (exact rational), ratio (a share, 0..1), real (inexact by nature), boolean, choice, multichoice, text, date, null.

    ``choices`` names the list of a choice or multi-choice, or is '' when any text will do.
    """

    name: str
    choices: str = ""

    @property
    def is_number(self) -> bool:
        return self.name in NUMBER_KINDS


INTEGER, DECIMAL, RATIO, REAL = (Kind(name) for name in NUMBER_KINDS)
BOOLEAN, TEXT, DATE, NULL = (Kind(name) for name in ("boolean", "text", "date", "null"))
UNKNOWN = Kind("unknown")
"""Of a node that could not be typed: silences everything that would follow from the same mistake."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Node:
    at: str
    kind: Kind

    def __repr__(self) -> str:
        """Short: a tree written out whole would repeat shared parts without end."""
        return f"<{type(self).__name__} {self.kind.name} at {self.at or 'anywhere'}>"

    @property
    def children(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Const(Node):
    """A literal or a constant of the methodology; ``value`` None is the literal null (missing, not_answered)."""

    value: Fraction | bool | str | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Column(Node):
    """The value of a quantity (field, group, calculation, indicator, built-in, previous) at its own level."""

    quantity: Quantity


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lift(Node):
    """``operand`` lives at a level or cohort above; every place of ``at`` looks up the value of its own ancestor there.

    No ancestor: missing, not_answered where a link leads nowhere; not_applicable where a cohort does not exist.
    """

    operand: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.operand,)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Size(Node):
    """Number of members of each cohort of ``at``."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Operation(Node):
    """``op``: + - * / neg, = <> < <= > >=, not, and, or, in (operand, then options as constants), contains (code, multi-choice),
    and the scalar functions if abs coalesce missing between how_many round floor ceil length min max."""

    op: str
    operands: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.operands


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lookup(Node):
    """``table[key]``; a key that the table lacks: not_applicable, or the table's ``else``."""

    table: Constant
    key: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.key,)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BandOf(Node):
    """Published band (code) of an indicator of the own level; without a band: the reason of its value."""

    quantity: Quantity


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Aggregate(Node):
    """``function`` over the members of ``over`` (level or cohort) inside each place of ``at``.

    ``value`` and ``where`` live at ``over`` (lifted there if need be); ``value`` is None for a count of members. count with a value:
    members where a boolean value is true, or where any other value is known. share / any / all take a boolean value.
    """

    function: str
    over: str
    value: Node | None
    where: Node | None

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(child for child in (self.value, self.where) if child is not None)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Index(Node):
    """A distribution index over the children ``over`` of each place of ``at``: counts ``group`` of ``total`` at ``over``."""

    function: str
    over: str
    group: Node
    total: Node

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.group, self.total)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pool(Node):
    """``function`` over a fixed set of values of the own level (the pseudo-level ``indicator``).

    Each member is (value or None, condition or None), both at ``at``. Members whose condition is not true or whose value is
    absent are skipped; nothing of them reaches the coverage. count without value counts members.
    """

    function: str
    members: tuple[tuple[Node | None, Node | None], ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(node for member in self.members for node in member if node is not None)


AnyNode = TypeVar("AnyNode", bound=Node)


class Forest:
    """All typed trees of one methodology; makes each distinct node once."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[Any, ...], Node] = {}

    def make(self, node_type: type[AnyNode], *parts: Any) -> AnyNode:
        """The one node of this type with these parts (children by identity, the rest by value and type)."""
        key = (node_type, *((type(part), part) for part in parts))
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = node_type(*parts)
        return node  # type: ignore[return-value]


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, each object once, children before parents; does not enter other quantities."""
    done: set[Node] = set()
    pending = [node]
    while pending:
        current = pending[-1]
        waiting = [child for child in current.children if child not in done]
        if waiting:
            pending += waiting
            continue
        pending.pop()
        if current not in done:
            done.add(current)
            yield current
