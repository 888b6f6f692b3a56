"""Which results depend on a name, through any number of formulas: by the words of their formulas as written."""

from __future__ import annotations

import re

from engine.formula.quantities import FormulaQuantity
from engine.formula.tree import Column, walk
from engine.methodology import Methodology

WORD = re.compile(r"\w+")


def users_of(methodology: Methodology) -> dict[str, list[str]]:
    """Word → codes of the indicators and checks whose formulas, or formulas they need, contain it."""
    words: dict[FormulaQuantity, set[str]] = {}
    users: dict[str, list[str]] = {}
    results = [(code, indicator.quantity) for code, indicator in methodology.indicators.items()]
    results += [(code, check.quantity) for code, check in methodology.checks.items()]
    cohort_words = _cohort_words(methodology)
    for code, quantity in results:
        for word in _words(quantity, words, cohort_words):
            users.setdefault(word, []).append(code)
    return users


def _words(start: FormulaQuantity, known: dict[FormulaQuantity, set[str]], cohorts: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    pending, seen = [start], {start}
    while pending:
        quantity = pending.pop()
        if quantity not in known:
            known[quantity] = set(WORD.findall(f"{quantity.text} {quantity.applies_text}"))
        found |= known[quantity]
        for used in _used(quantity):
            if used not in seen:
                seen.add(used)
                pending.append(used)
    for code, words in cohorts.items():
        if code in found:
            found |= words
    return found


def _used(quantity: FormulaQuantity) -> list[FormulaQuantity]:
    trees = [tree for tree in (quantity.formula, quantity.applies) if tree is not None]
    columns = (node for tree in trees for node in walk(tree) if isinstance(node, Column))
    return [node.quantity for node in columns if isinstance(node.quantity, FormulaQuantity)]


def _cohort_words(methodology: Methodology) -> dict[str, set[str]]:
    declared = methodology.declared.get("indicators", {}).get("cohorts", [])
    return {
        code: set(WORD.findall(" ".join(f"{data.get('where', '')} {' '.join(data.get('by') or [])}" for data in declared)))
        for code in methodology.cohorts
    }
