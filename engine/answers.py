"""Relevance, required-if, defaults and prefill: what a form shows and proposes, as functions of the methodology and the answers.

Answers lie in a data set, like everything the engine reads; each function looks at one place (or one row) of a level. A condition that
is missing is not true: what depends on an unanswered question is not shown and not required.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.formula.tree import Node
from engine.methodology import Field, Methodology
from engine.reference import Reference
from engine.values import Scalar


@dataclass(frozen=True, slots=True)
class Question:
    """The state of a field at a place. ``default``: the proposed exact value, None for none; ``default_codes`` for several choices."""

    field: Field
    relevant: bool
    required: bool
    default: Scalar
    default_codes: tuple[str, ...] = ()


def questions(reference: Reference, level: str, place: int) -> dict[str, Question]:
    """Every field of a level at one place, in order of declaration. Raises ``KeyError`` for a level without fields."""
    return {code: question(reference, field, place) for code, field in reference.methodology.fields[level].items()}


def question(reference: Reference, field: Field, place: int) -> Question:
    """The state of one field at one place."""
    relevant = is_relevant(reference, field, place)
    required = relevant and is_required(reference, field, place)
    return Question(field, relevant, required, default_of(reference, field, place), field.default_list)


def is_relevant(reference: Reference, field: Field, place: int) -> bool:
    """Whether the question is shown: no condition, or a condition that is true."""
    return field.show is None or _true(reference, field.show, place)


def is_required(reference: Reference, field: Field, place: int) -> bool:
    """Whether a shown question must be answered."""
    return field.required or (field.required_if is not None and _true(reference, field.required_if, place))


def default_of(reference: Reference, field: Field, place: int) -> Scalar:
    """The value of the first default rule that is true; None when there is none or it is missing."""
    for rule in field.defaults:
        if rule.when is None or _true(reference, rule.when, place):
            value = reference.value(rule.formula, place)
            return None if value.absent else value.value
    return None


def prefill(methodology: Methodology, level: str, network: Mapping[str, object], previous: Mapping[str, object]) -> dict[str, object]:
    """Proposed answers from the network and from last year's answers (found by the old code where a field was renamed).

    A recode of the changes maps old codes; ``ask`` (or a code that the list no longer has) leaves the question open.
    """
    recodes = {entry["field"]: entry["map"] for entry in methodology.declared.get("changes", {}).get("recode") or []}
    proposed: dict[str, object] = {}
    for code, field in methodology.fields.get(level, {}).items():
        if field.prefill == "network" and network.get(code) is not None:
            proposed[code] = network[code]
        elif field.prefill == "previous_year":
            value = previous.get(code, previous.get(field.was))
            value = recodes.get(code, {}).get(value, value) if isinstance(value, str) else value
            if value is not None and value != "ask" and _has_codes(methodology, field, value):
                proposed[code] = value
    return proposed


def _has_codes(methodology: Methodology, field: Field, value: object) -> bool:
    if not field.choices:
        return True
    codes = methodology.choices[field.choices].index
    return all(code in codes for code in (value if isinstance(value, list) else [value]))


def _true(reference: Reference, condition: Node, place: int) -> bool:
    value = reference.value(condition, place)
    return not value.absent and value.value is True
