"""The semantic difference of two methodologies: by code and part, not by line.

A thing that the new version declares with ``was:`` is renamed, not removed and added. Formulas are compared as syntax trees, so
layout and brackets that change nothing are no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.formula.errors import FormulaSyntaxError
from engine.formula.parser import parse
from engine.methodology import Methodology
from engine.versions.parts import KINDS, Parts
from engine.versions.reach import Use, users_of

FORMULAS = frozenset(("formula", "applies_if", "show_if", "required_if", "where", "default_formula", "filter", "suggest_if"))
UNSEEN = frozenset(
    ("label", "question", "room", "hint", "help", "message", "in_words", "source", "note", "title", "legacy", "trend", "example", "shown")
)
"""Parts that no figure depends on."""
POOLED = frozenset(("tags", "section", "criterion"))
"""Parts of an indicator that only summaries over indicators see."""


@dataclass(frozen=True, slots=True)
class Difference:
    """``what``: added, removed, renamed or changed. ``part``: what changed (formula, scale, label, type …), '' for the whole.

    ``touches``: codes of the indicators and checks whose results the difference reaches.
    """

    kind: str
    code: str
    what: str
    part: str = ""
    old: str = ""
    new: str = ""
    touches: tuple[str, ...] = ()


def differences(old: Methodology, new: Methodology) -> tuple[Difference, ...]:
    """Everything that differs, grouped by kind in a fixed order."""
    found: list[Difference] = []
    users = (users_of(new), users_of(old))
    for kind, parts in KINDS.items():
        before, after = parts(old), parts(new)
        for difference in _of_kind(kind, before, after):
            keys = _keys(difference, before, after) if kind == "constant" else ()
            codes = _touched(difference, keys, users, (new, old))
            found.append(Difference(kind, difference.code, difference.what, difference.part, difference.old, difference.new, codes))
    return tuple(found)


def _of_kind(kind: str, old: Mapping[str, Parts], new: Mapping[str, Parts]) -> Iterator[Difference]:
    renamed = {str(parts["was"]): code for code, parts in new.items() if parts.get("was") and parts["was"] in old and parts["was"] != code}
    for code in old:
        if code in renamed:
            yield Difference(kind, renamed[code], "renamed", old=code, new=renamed[code])
        elif code not in new:
            yield Difference(kind, code, "removed")
    came_from = {now: before for before, now in renamed.items()}
    for code, parts in new.items():
        before = old.get(came_from.get(code, code))
        if before is None:
            yield Difference(kind, code, "added")
            continue
        for part in dict.fromkeys((*parts, *before)):
            if part != "was" and not _same(part, before.get(part), parts.get(part)):
                yield Difference(kind, code, "changed", part, _text(before.get(part)), _text(parts.get(part)))


def _same(part: str, old: Any, new: Any) -> bool:
    """Equal in meaning: a formula by its tree, an empty list or text like none."""
    if old == new or not (old or new or isinstance(old, (bool, int)) or isinstance(new, (bool, int))):
        return True
    if part == "order" and isinstance(old, list) and isinstance(new, list):
        return [code for code in old if code in new] == [code for code in new if code in old]
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return all(_same(str(key), old.get(key), new.get(key)) for key in (*old, *new))
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return all(_same(part if part in FORMULAS else "", *pair) for pair in zip(old, new, strict=True))
    if (part in FORMULAS or part in ("when", "value", "own", "reference")) and isinstance(old, str) and isinstance(new, str):
        try:
            return parse(old) == parse(new)
        except FormulaSyntaxError:
            return False
    return False


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(item)}" for key, item in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_text(item) for item in value)
    return "" if value is None else str(value)


# ---- what is touched -----------------------------------------------------------------------------------


def _keys(difference: Difference, old: Mapping[str, Parts], new: Mapping[str, Parts]) -> tuple[str, ...]:
    """The keys of a table whose values differ; () where it is no table, or all of it differs."""
    before, after = (parts.get(difference.code, {}).get("value") for parts in (old, new))
    if difference.part != "value" or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return ()
    return tuple(key for key in dict.fromkeys((*before, *after)) if before.get(key) != after.get(key))


def _touched(
    difference: Difference,
    keys: tuple[str, ...],
    users: Iterable[Mapping[Use, tuple[str, ...]]],
    methodologies: Iterable[Methodology],
) -> tuple[str, ...]:
    if difference.part in UNSEEN or difference.part == "order":
        return ()
    found: list[str] = []
    for known, methodology in zip(users, methodologies, strict=True):
        for use in _uses(difference, keys, methodology):
            found += known.get(use, ())
    own = [difference.code] if difference.kind in ("indicator", "check") and difference.part not in POOLED else []
    return tuple(dict.fromkeys((*own, *found)))


def _uses(difference: Difference, keys: tuple[str, ...], methodology: Methodology) -> list[Use]:
    code, kind = difference.code, difference.kind
    if kind == "indicator":
        indicator = methodology.indicators.get(code)
        if indicator is None:
            return []
        pool: list[Use] = [("pool", indicator.level)] if difference.part in POOLED or difference.what != "changed" else []
        return pool if difference.part in POOLED else [*pool, ("value", f"{indicator.level}.{indicator.key}")]
    if kind == "constant" and keys:
        return [("key", f"{code}.{key}") for key in (*keys, "*")]
    names: dict[str, list[Use]] = {
        "field": [("value", code)],
        "group": [("name", code)],
        "calculation": [("name", code)],
        "settings": [("shown", "")] if code == "rounding" else [],
    }
    return names.get(kind, [(kind, code)])
