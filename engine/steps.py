"""One step of an explanation: a named value at a place, as it is and as people read it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.formula.quantities import FormulaQuantity, Label, Quantity
from engine.formula.tree import Kind
from engine.reference import Reference
from engine.values import Value, exact, reason_of, status_of
from engine.written import written

MAX_NAMED = 6
"""So many members of a cohort are named; more are only counted."""
LOOKED_UP = re.compile(r"""(\w+\((\w+)\s*[,;]\s*["'](\w+)["']\))""")
NAMES = re.compile(r"(?<![\w.])[a-z_]\w*(?![\w.(])")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(slots=True)
class Trace:
    """One step: ``name`` of the value or aggregate, ``place`` it belongs to, its formula as written, its exact value and status.

    ``note`` is what happened to it: not_applied, propagated, skipped, substituted, broken (last year's value, whose series broke); '' for
    nothing special. ``shown``: the value as people read it; ``where``: the place with the word of its level; ``condition``: when it
    applies, as written; ``constants``: those that formula and condition name, as people read them; ``period``: of a value of last year,
    the year. Only an indicator or check that was asked for has ``code``; ``words`` and ``band`` belong to indicators.
    """

    kind: str
    name: str
    level: str
    place: str
    formula: str
    value: object
    status: str
    reason: str
    known: int
    expected: int
    note: str = ""
    steps: list[Trace] = field(default_factory=list)
    shown: str = ""
    where: str = ""
    label: str = ""
    condition: str = ""
    constants: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    words: str = ""
    band: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Maker:
    """Makes steps from values of the reference evaluator."""

    reference: Reference

    def named(self, quantity: Quantity, place: int, value: Value) -> Trace:
        if quantity.source == "previous":
            return self._of_last_year(quantity, place, value)
        formula = quantity if isinstance(quantity, FormulaQuantity) else None
        text, format_ = (formula.text, formula.format) if formula else ("", "")
        trace = self.make("quantity", quantity.name, quantity.level, place, text, value, quantity.kind, format_)
        labels = formula.label if formula else self._question(quantity)
        trace.label = self.text(labels)
        return trace

    def _of_last_year(self, quantity: Quantity, place: int, value: Value) -> Trace:
        """Written like the value of this year, with the year that it is of."""
        level, name, before = quantity.level, quantity.name.removeprefix("previous."), self.reference.dataset.before
        now = self.reference.methodology.quantities[level, name]
        assert isinstance(now, FormulaQuantity)
        trace = self.make("quantity", quantity.name, level, place, "", value, now.kind, now.format)
        trace.label, trace.period = self.text(now.label), before.period
        trace.note = "broken" if (level, name) in before.breaks else ""
        return trace

    def _question(self, quantity: Quantity) -> Label:
        asked = self.reference.methodology.fields.get(quantity.level, {}).get(quantity.name)
        return asked.label if asked is not None else {}

    def make(self, kind: str, name: str, level: str, place: int, formula: str, value: Value, of: Kind, format_: str = "") -> Trace:
        found = None if value.absent else exact(value.value)
        key, where = self._place(level, place)
        shown = written(found, of, format_, self.reference.methodology)
        status, reason = status_of(value.bits), reason_of(value.bits)
        return Trace(kind, name, level, key, formula, found, status, reason, value.known, value.expected, shown=shown, where=where)

    def _place(self, level: str, place: int) -> tuple[str, str]:
        """(its key, its key with the word of its level). A cohort is named by its members, unless they are rows or many."""
        methodology = self.reference.methodology
        cohort = methodology.cohorts.get(level)
        word = self.text(methodology.levels[level].label if cohort is None else cohort.label) or level
        if place < 0:
            return "", word
        if cohort is None:
            key = self.reference.dataset.tables[level].keys[place]
            return key, f"{word} {key}".strip()
        members = self.reference.inside(cohort.of, level, place)
        if not self.may_be_told(cohort.of) or len(members) > MAX_NAMED:
            return f"{level} {place + 1}", f"{word} (grupa {place + 1})"
        keys = self.reference.dataset.tables[cohort.of].keys
        named = ", ".join(keys[member] for member in members)
        return named, f"{word} ({named})"

    def constants(self, text: str) -> dict[str, str]:
        """The constants that a formula names, and what it looks up in them by a code of its own."""
        methodology = self.reference.methodology
        found = {}
        for whole, name, key in LOOKED_UP.findall(text):
            constant = methodology.constants.get(name)
            if constant is not None and constant.table is not None:
                found[whole] = written(constant.table.get(key, constant.otherwise), constant.kind, "", methodology)
        for name in NAMES.findall(QUOTED.sub("", text)):
            constant = methodology.constants.get(name)
            if constant is not None and constant.table is None:
                found[name] = written(constant.value, constant.kind, "", methodology)
        return found

    def text(self, label: Label) -> str:
        return label.get(self.reference.methodology.primary_language, "")

    def may_be_told(self, level: str) -> bool:
        """Places with a form, and cohorts of them; never single rows of a table."""
        found = self.reference.methodology.levels.get(level)
        return not found.owner if found is not None else self.may_be_told(self.reference.methodology.cohorts[level].of)
