"""The logic of a level's questions, compiled once for a version: how each is read, when it is shown and required, what it proposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from engine.columns import ColumnValue, Plan, compile_plan, display
from engine.dataset import Dataset
from engine.defaults import Defaults, Name, defaults_of, inputs_of
from engine.encoding import Stored, codes_of, decimal
from engine.formula.tree import Kind, Node
from engine.methodology import Field, Methodology
from engine.reference import Reference
from engine.responses import Places
from engine.rounding import rounded
from engine.typed import Reader, Refused, reader_of


@dataclass(frozen=True, slots=True)
class Logic:
    """``inputs``: the columns that conditions and defaults look at. ``kinds``: for each field its kind and the order of its codes."""

    methodology: Methodology
    level: str
    fields: Mapping[str, Field]
    readers: Mapping[str, Reader]
    kinds: Mapping[str, tuple[Kind, Mapping[str, int]]]
    defaults: Defaults
    shows: Mapping[str, Node]
    requires: Mapping[str, Node]
    plan: Plan
    inputs: frozenset[Name]

    def read(self, answers: Mapping[str, Any]) -> tuple[dict[str, Stored], dict[str, Refused]]:
        """(what can be read of the answers, what is refused and why). Keys that are no fields are passed over."""
        read: dict[str, Stored] = {}
        refused: dict[str, Refused] = {}
        for code, reader in self.readers.items():
            if code in answers:
                try:
                    read[code] = reader(answers[code])
                except Refused as why:
                    read[code], refused[code] = None, why
        return read, refused

    def states(self, dataset: Dataset) -> tuple[dict[str, Any], dict[str, Any]]:
        """(where each field with a condition is shown, where each with a condition is required), over all places of the level."""
        found = self.plan.run(dataset, Reference(self.methodology, dataset).value)
        shown = {code: found[node].values for code, node in self.shows.items()}
        return shown, {code: found[node].values for code, node in self.requires.items()}

    def declares(self, places: Mapping[str, Places], level: str) -> bool:
        """Whether the places of a level are known: given, or items of a form that is given."""
        forms = (form.level for form in self.methodology.forms for step in form.steps if step.repeat == level)
        return level in places or any(owner in places for owner in forms)


@lru_cache(maxsize=128)
def logic_of(methodology: Methodology, level: str) -> Logic:
    """The compiled logic of a level. Raises ``KeyError`` for a level without fields."""
    fields = methodology.fields[level]
    defaults = defaults_of(methodology, level)
    shows = {code: field.show for code, field in fields.items() if field.show is not None}
    requires = {code: field.required_if for code, field in fields.items() if field.required_if is not None}
    nodes = [*shows.values(), *requires.values()]
    kinds = {}
    for code in fields:
        kind = methodology.quantities[level, code].kind
        listed = methodology.choices.get(kind.choices)
        kinds[code] = (kind, listed.index if listed is not None else {})
    readers = {code: reader_of(methodology, field) for code, field in fields.items()}
    inputs = defaults.inputs | inputs_of(methodology, nodes)
    return Logic(methodology, level, fields, readers, kinds, defaults, shows, requires, compile_plan(methodology, nodes), inputs)


def stored_values(logic: Logic, field: Field, node: Node, value: ColumnValue, dataset: Dataset) -> list[Stored]:
    """Computed values of a field, one a place, as they would be stored; None where there is none."""
    count = dataset.count(logic.level)
    values = _plain(logic, field, node, value, dataset)
    listed = [values] * count if not isinstance(values, list) else values * count if len(values) == 1 else values
    if value.bits is None:
        return listed
    present = np.broadcast_to(value.present, count).tolist()
    return [one if there else None for one, there in zip(listed, present, strict=True)]


def _plain(logic: Logic, field: Field, node: Node, value: ColumnValue, dataset: Dataset) -> Any:
    """One value, or a list of them, before it is said which are absent."""
    if field.type in ("integer", "number", "decimal"):
        return _written(logic, field, node, value, dataset)
    raw = value.values.tolist() if hasattr(value.values, "tolist") else value.values
    words: Any = value.vocabulary
    match field.type:
        case "boolean":
            return raw
        case "choice":
            words = words if words is not None else tuple(logic.kinds[field.code][1])
            return _each(lambda position: words[position] if position < len(words) else None, raw)
        case "multichoice":
            codes = tuple(logic.kinds[field.code][1])
            return _each(lambda bits: codes_of(bits, codes) or None, raw)
        case "date":
            return _each(lambda number: date.fromordinal(number).isoformat() if number > 0 else None, raw)
    return _each(lambda position: words[position] or None, raw)


def _written(logic: Logic, field: Field, node: Node, value: ColumnValue, dataset: Dataset) -> Any:
    """Numbers to the places of the field, rounded as the methodology rounds."""
    mode = logic.methodology.rounding.mode
    shown, near = display(value, field.places, 1, mode)
    shown = np.atleast_1d(shown)
    for place in () if near is None else np.flatnonzero(near):
        exact = Reference(logic.methodology, dataset).value(node, int(place)).value
        if isinstance(exact, Fraction):
            shown[place] = rounded(exact * 10**field.places, mode)
    numbers = shown.tolist()
    return numbers if field.type != "decimal" else [decimal(number, field.places) for number in numbers]


def _each(function: Any, raw: Any) -> Any:
    return [function(one) for one in raw] if isinstance(raw, list) else function(raw)
