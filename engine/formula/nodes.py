"""What the parser makes of a formula: names not yet looked up, kinds not yet known.

``start`` and ``end`` are offsets in the text of the formula (end exclusive, brackets around an expression not included). They
take no part in equality: two formulas that say the same are equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Node:
    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Number(Node):
    """``5%`` has the value 1/20 and ``percent``."""

    value: Fraction
    percent: bool = False


@dataclass(frozen=True, slots=True)
class Text(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    """The word ``null``."""


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A bare name: a parameter, a constant or a name of the formula's own level; a level as the argument of ``count``."""

    text: str


@dataclass(frozen=True, slots=True)
class Qualified(Node):
    """``level.name``."""

    level: str
    name: str


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``op``: ``-`` or ``not``."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``op``: + - * / = <> < <= > >= and or, and ``in`` (a code on the left, a name of a multi-choice on the right)."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """``operand in (options)``; an option is a literal, a literal number with a minus, or a bare name."""

    operand: Node
    options: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One argument of a call, with its condition after ``where``."""

    value: Node
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function``: canonical name of a function of the table, or the name of a definition as written."""

    function: str
    arguments: tuple[Argument, ...] = ()


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node in the order of the text; those of an argument are its value and its condition."""
    match node:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case In(operand=operand, options=options):
            return (operand, *options)
        case Call(arguments=arguments):
            return arguments
        case Argument(value=value, where=where):
            return (value,) if where is None else (value, where)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, parents first, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
