"""What the register and last year's answers propose for the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.methodology import Field, Methodology


def prefill(methodology: Methodology, level: str, network: Mapping[str, object], previous: Mapping[str, object]) -> dict[str, object]:
    """Proposed answers from the network and from last year's answers, each for the fields that declare it."""
    proposed: dict[str, object] = {}
    for code, field in methodology.fields.get(level, {}).items():
        value = network.get(code) if field.prefill == "network" else None
        if field.prefill == "previous_year":
            value = of_last_year(methodology, field, previous)
        if value is not None:
            proposed[code] = value
    return proposed


def of_last_year(methodology: Methodology, field: Field, previous: Mapping[str, object]) -> object:
    """Last year's answer to a question (found by the old code where it was renamed), None where there is none to go on with.

    A recode of the changes maps old codes; ``ask`` (or a code that the list no longer has) leaves the question open.
    """
    value = previous.get(field.code, previous.get(field.was))
    if isinstance(value, str):
        value = _recodes(methodology).get(field.code, {}).get(value, value)
    return None if value == "ask" or not _has_codes(methodology, field, value) else value


@lru_cache(maxsize=16)
def _recodes(methodology: Methodology) -> dict[str, Mapping[str, object]]:
    return {entry["field"]: entry["map"] for entry in methodology.declared.get("changes", {}).get("recode") or []}


def _has_codes(methodology: Methodology, field: Field, value: object) -> bool:
    if value is None or not field.choices:
        return True
    codes = methodology.choices[field.choices].index
    return all(code in codes for code in (value if isinstance(value, list) else [value]))
