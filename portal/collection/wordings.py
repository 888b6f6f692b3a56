"""Values of a list in few letters, for the narrow cells of the grid: the shortest beginning that only one of them has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.forms import text_in
from engine.methodology import Field, Methodology
from portal.network.ordering import folded


@dataclass(frozen=True, slots=True)
class Shorts:
    """``by_code``: value → its letters; ``by_short``: letters, folded → value."""

    by_code: Mapping[str, str]
    by_short: Mapping[str, str]


@lru_cache(maxsize=512)
def shorts_of(methodology: Methodology, field: Field, language: str) -> Shorts:
    """The letters of every value of a column; nothing for one without a list."""
    choices = methodology.choices[field.choices].choices if field.choices else ()
    labels = {choice.code: text_in(choice.label, language) for choice in choices}
    by_code = {code: _shortest(label, [other for one, other in labels.items() if one != code]) for code, label in labels.items()}
    return Shorts(by_code, {folded(short): code for code, short in by_code.items()})


def _shortest(label: str, others: list[str]) -> str:
    for length in range(1, len(label)):
        start = label[:length]
        if start.strip() == start and not any(folded(other).startswith(folded(start)) for other in others):
            return start[0].upper() + start[1:]
    return label
