"""The named values of a methodology: fields, groups, calculations, indicators, built-ins, last year's values, and tables.

A quantity lives at one level or cohort. An *input* takes its value from the data (only where ``show`` is true); a *formula*
computes it. Quantities are compared by identity: there is one object for each (level, name).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.formula.tree import Kind, Node

Label = Mapping[str, str]


@dataclass(slots=True, eq=False, repr=False)
class Quantity:
    """A named value at a level. ``source`` says where it comes from: field, builtin, previous, group, calculation, indicator."""

    name: str
    level: str
    kind: Kind
    source: str

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.level}.{self.name}>"

    @property
    def is_input(self) -> bool:
        return False


@dataclass(slots=True, eq=False, repr=False)
class InputQuantity(Quantity):
    """A value of the data. ``show``: typed condition at the same level; where it is not true, the value is missing, not_collected."""

    show: Node | None = None

    @property
    def is_input(self) -> bool:
        return True


@dataclass(slots=True, eq=False, repr=False)
class FormulaQuantity(Quantity):
    """A computed value.

    ``missing``: None passes value and coverage on (calculations, groups); 'propagate', 'skip'; a Fraction stands in for what is
    missing. ``applies``: typed condition, None means always. ``text`` is the formula as written, after templates.
    """

    formula: Node | None = None
    applies: Node | None = None
    missing: str | Fraction | None = None
    text: str = ""
    applies_text: str = ""
    label: Label = field(default_factory=dict)
    format: str = ""
    entry: Any = None
    """The declaration it came from (Indicator, Calculation or Group)."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Constant:
    """A constant, or a table by code. ``table`` maps codes to values; ``otherwise`` is used for codes it lacks (None: not_applicable)."""

    code: str
    kind: Kind
    value: Fraction | bool | str | None = None
    keys: str = ""
    table: Mapping[str, Fraction | bool | str] | None = None
    otherwise: Fraction | bool | str | None = None
    label: Label = field(default_factory=dict)
    source: str = ""
    note: str = ""
