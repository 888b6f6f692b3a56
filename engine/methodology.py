"""The frozen object that a folder of YAML becomes; everything else in the product is a view of it.

Declarations keep the order of the files. ``Methodology`` is built once by ``engine.load`` and never changed; two loads of the same
content have the same ``digest``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine.formula.quantities import Constant, FormulaQuantity, Label, Quantity
from engine.formula.tree import Forest, Node
from engine.levels import Level, Topology


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A closed list. ``index`` gives the position of each code: the order is pinned by the version and used in storage."""

    code: str
    choices: tuple[Choice, ...]
    index: Mapping[str, int]
    label: Label = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """``when`` (None: always) → ``formula`` (typed at the field's level). The first rule that is true gives the default."""

    when: Node | None
    formula: Node


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Field:
    """A question. ``show``, ``required_if`` and the rules of ``defaults`` are typed conditions at ``level``.

    ``minimum`` / ``maximum`` are inclusive; ``places`` is the number of decimals accepted. ``step`` is the code of its step or table.
    """

    code: str
    level: str
    type: str
    label: Label
    section: str
    step: str
    hint: Label
    choices: str = ""
    target: str = ""
    required: bool = False
    required_if: Node | None = None
    show: Node | None = None
    defaults: tuple[DefaultRule, ...] = ()
    default_list: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    max_length: int | None = None
    places: int = 0
    prefill: str = ""
    readonly: bool = False
    was: str = ""
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a form. ``repeat``: level whose places it repeats for, with ``key`` field and bounds; '' for a simple page."""

    code: str
    level: str
    section: str
    title: Label
    fields: tuple[Field, ...]
    repeat: str = ""
    key: str = ""
    minimum: int = 0
    maximum: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of ``level`` inside each place of ``owner``; ``rows`` is the field that gives their number."""

    level: str
    owner: str
    section: str
    title: Label
    rows: str
    number: str
    columns: tuple[Field, ...]
    declared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    level: str
    steps: tuple[Step, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """``limit`` as displayed, None for the last band; ``inclusive``: at_most instead of below."""

    code: str
    limit: Fraction | None
    inclusive: bool
    label: Label
    color: str = ""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Scale:
    """Ordered bands; ``exact``: compare the unrounded value instead of the displayed one."""

    code: str
    bands: tuple[Band, ...]
    exact: bool
    direction: str
    source: str = ""
    label: Label = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    level: str
    criterion: str
    section: str
    label: Label
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cohort:
    """Places of ``of`` inside one place of ``inside`` that share the values of ``by``, where ``where`` is true."""

    code: str
    of: str
    inside: str
    by: tuple[Node, ...]
    where: Node | None
    label: Label


@dataclass(frozen=True, slots=True)
class Items:
    """Which lower places gave an indicator: their value, own share and reference, typed at ``level``, with their formats."""

    level: str
    value: Node
    own: Node | None
    reference: Node | None
    formats: tuple[str, str, str]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Indicator:
    code: str
    key: str
    level: str
    section: str
    criterion: str
    label: Label
    in_words: Label
    format: str
    scale: Scale | None
    items: Items | None
    tags: Mapping[str, str]
    source: str
    note: str
    legacy: str
    was: str
    trend: str
    quantity: FormulaQuantity


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Check:
    """Fires where ``quantity`` is false. ``fields``: (level, field code) pairs; ``shown_at``: the lowest of their levels."""

    code: str
    level: str
    severity: str
    message: Label
    fields: tuple[tuple[str, str], ...]
    shown_at: str
    section: str
    source: str
    quantity: FormulaQuantity


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    required: bool
    label: Label


@dataclass(frozen=True, slots=True)
class Rounding:
    """``mode``: half_away_from_zero, half_even or truncate; ``places`` by format."""

    mode: str
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Methodology:
    """One methodology, whole and consistent. ``declared`` holds the plain content of each kind of file (texts, reports, changes)."""

    code: str
    version: str
    digest: str
    languages: tuple[str, ...]
    primary_language: str
    title: Label
    sections: tuple[Section, ...]
    levels: Mapping[str, Level]
    topology: Topology
    choices: Mapping[str, ChoiceList]
    forms: tuple[Form, ...]
    fields: Mapping[str, Mapping[str, Field]]
    criteria: Mapping[str, Label]
    constants: Mapping[str, Constant]
    scales: Mapping[str, Scale]
    groups: Mapping[str, Group]
    cohorts: Mapping[str, Cohort]
    quantities: Mapping[tuple[str, str], Quantity]
    indicators: Mapping[str, Indicator]
    codes: Mapping[str, str]
    """Code of each indicator by its key."""
    checks: Mapping[str, Check]
    rounding: Rounding
    request: FormulaQuantity | None
    forest: Forest
    entries: Mapping[str, Mapping[str, Mapping[str, Any]]]
    """By kind (constants, groups, indicators …) and code: what was declared, families expanded."""
    declared: Mapping[str, Any]

    def __repr__(self) -> str:
        """Short: error pages and logs print objects, and this one holds everything."""
        return f"<Methodology {self.code} {self.digest[:16]}>"

    def indicator_of(self, key_or_code: str) -> Indicator | None:
        """By code (X.ONE.4) or by the key formulas use (x_one_4)."""
        return self.indicators.get(key_or_code) or self.indicators.get(self.codes.get(key_or_code, ""))


def table_of(methodology: Methodology, owner: str) -> Table:
    """The table that the form of level ``owner`` holds. Raises ``KeyError`` when it holds none."""
    for form in methodology.forms:
        if form.level == owner and form.table is not None:
            return form.table
    raise KeyError(f"no table at level {owner}")
