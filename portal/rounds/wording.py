"""Differences of worked examples as lines of text; differences of versions in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

WHAT_WORDS = {"added": "adăugat", "removed": "scos", "renamed": "redenumit", "changed": "schimbat"}
LEVEL_WORDS = {"free": "liber", "allowed": "permis", "needs_trend": "cere „trend”", "refused": "refuzat"}
KIND_WORDS = {
    "settings": "setarea",
    "step": "pasul",
    "field": "câmpul",
    "choice_list": "lista",
    "choice": "varianta",
    "criterion": "criteriul",
    "constant": "constanta",
    "scale": "scala",
    "definition": "definiția",
    "group": "grupul",
    "cohort": "cohorta",
    "calculation": "calculul",
    "indicator": "indicatorul",
    "check": "verificarea",
    "report": "raportul",
}


def difference_lines(outcome: dict[str, Any]) -> Iterator[str]:
    """A line for each difference of ``engine.run``: a figure, or a problem of an example that cannot be read."""
    for difference in outcome["differences"]:
        got = difference["got"]
        if isinstance(got, dict) and {"file", "code", "message"} <= set(got):
            suggestion = f" Ați vrut „{got['suggestion']}”?" if got["suggestion"] else ""
            yield "{file}:{line}:{column}: {code}: {message}".format(**got) + suggestion
        else:
            expected, got = ("nimic" if value is None else value for value in (difference["expected"], got))
            yield f"{difference['example']}: {difference['path']}: așteptat {expected}, calculat {got}"
