"""What the register and last year's answers propose for the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping

from engine.methodology import Field, Methodology


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
