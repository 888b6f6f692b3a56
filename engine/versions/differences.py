"""The semantic difference of two methodologies: by code and part, not by line.

A thing that the new version declares with ``was:`` is renamed, not removed and added. Formulas are compared as syntax trees, so
layout and brackets that change nothing are no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.formula.errors import FormulaSyntaxError
from engine.formula.parser import parse
from engine.methodology import Field, Methodology, Scale
from engine.versions.reach import users_of

Parts = Mapping[str, Any]


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
    found = [difference for kind, parts in KINDS.items() for difference in _of_kind(kind, parts(old), parts(new))]
    reach = _Reach(old, new)
    return tuple(Difference(d.kind, d.code, d.what, d.part, d.old, d.new, reach.of(d)) for d in found)


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
        for part, value in parts.items():
            if part != "was" and not _same(part, before.get(part), value):
                yield Difference(kind, code, "changed", part, _text(before.get(part)), _text(value))


def _same(part: str, old: Any, new: Any) -> bool:
    if old == new:
        return True
    if part in FORMULA_PARTS and isinstance(old, str) and isinstance(new, str) and old and new:
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


FORMULA_PARTS = ("formula", "applies_if", "show_if", "required_if", "where", "default_formula")
FIELD_PARTS = ("type", "choices", "label", "hint", "required", "required_if", "show_if", "default", "default_formula", "default_if",
               "min", "max", "max_length", "prefill", "readonly", "was")  # fmt: skip


def _fields(methodology: Methodology) -> dict[str, Parts]:
    return {f"{level}.{code}": _field(q) for level, fields in methodology.fields.items() for code, q in fields.items()}


def _field(question: Field) -> Parts:
    parts = {part: question.declared.get(part) for part in FIELD_PARTS} | {"section": question.section}
    return parts | {"was": f"{question.level}.{question.was}" if question.was else ""}


def _choice_lists(methodology: Methodology) -> dict[str, Parts]:
    return {code: {"label": dict(listed.label)} for code, listed in methodology.choices.items()}


def _choices(methodology: Methodology) -> dict[str, Parts]:
    return {f"{code}.{choice.code}": {"label": dict(choice.label)} for code, listed in methodology.choices.items() for choice in listed.choices}


def _constants(methodology: Methodology) -> dict[str, Parts]:
    return {
        code: {"value": dict(c.table) if c.table is not None else c.value, "else": c.otherwise, "label": dict(c.label)}
        for code, c in methodology.constants.items()
    }


def _scales(methodology: Methodology) -> dict[str, Parts]:
    return {code: {"bands": _bands(scale), "compare": scale.exact, "direction": scale.direction} for code, scale in methodology.scales.items()}


def _bands(scale: Scale) -> tuple[str, ...]:
    signs = {True: "≤", False: "<"}
    return tuple(f"{b.code}" if b.limit is None else f"{b.code} {signs[b.inclusive]} {float(b.limit):g}" for b in scale.bands)


def _formulas(source: str) -> Callable[[Methodology], dict[str, Parts]]:
    """Groups and calculations, each once whatever the number of levels it spreads to."""

    def parts(methodology: Methodology) -> dict[str, Parts]:
        found: dict[str, Parts] = {}
        for (_, name), quantity in methodology.quantities.items():
            if quantity.source == source and name not in found:
                found[name] = {
                    "formula": getattr(quantity, "text", ""),
                    "applies_if": getattr(quantity, "applies_text", ""),
                    "missing": getattr(quantity, "missing", None),
                }
        return found

    return parts


def _indicators(methodology: Methodology) -> dict[str, Parts]:
    return {
        code: {
            "formula": i.quantity.text, "applies_if": i.quantity.applies_text, "missing": i.quantity.missing,
            "scale": i.scale.code if i.scale else "", "format": i.format, "level": i.level, "section": i.section,
            "criterion": i.criterion, "label": dict(i.label), "in_words": dict(i.in_words), "source": i.source, "was": i.was,
        }
        for code, i in methodology.indicators.items()
    }  # fmt: skip


def _checks(methodology: Methodology) -> dict[str, Parts]:
    return {
        code: {
            "severity": c.severity, "formula": c.quantity.text, "applies_if": c.quantity.applies_text, "section": c.section,
            "message": dict(c.message), "fields": c.fields,
        }
        for code, c in methodology.checks.items()
    }  # fmt: skip


def _cohorts(methodology: Methodology) -> dict[str, Parts]:
    entries = {str(data.get("code")): data for data in methodology.declared.get("indicators", {}).get("cohorts", [])}
    return {code: {"of": c.of, "in": c.inside, "where": (entries.get(code) or {}).get("where")} for code, c in methodology.cohorts.items()}


def _definitions(methodology: Methodology) -> dict[str, Parts]:
    declared = methodology.declared.get("indicators", {}).get("definitions", [])
    return {str(data["code"]): {"formula": data.get("formula"), "parameters": data.get("parameters")} for data in declared}


def _header(methodology: Methodology) -> dict[str, Parts]:
    header = methodology.declared.get("methodology", {})
    return {key: {"value": header.get(key)} for key in ("rounding", "publication", "levels", "request", "calendar")}


KINDS: dict[str, Callable[[Methodology], Mapping[str, Parts]]] = {
    "settings": _header,
    "field": _fields,
    "choice_list": _choice_lists,
    "choice": _choices,
    "constant": _constants,
    "scale": _scales,
    "definition": _definitions,
    "group": _formulas("group"),
    "cohort": _cohorts,
    "calculation": _formulas("calculation"),
    "indicator": _indicators,
    "check": _checks,
}


@dataclass(slots=True)
class _Reach:
    """Which results a difference touches, found by the names that formulas mention."""

    old: Methodology
    new: Methodology
    users: dict[str, dict[str, list[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self.users = {methodology.digest: users_of(methodology) for methodology in (self.old, self.new)}

    def of(self, difference: Difference) -> tuple[str, ...]:
        from_versions = [self._mentions(methodology, difference) for methodology in (self.new, self.old)]
        return tuple(dict.fromkeys(code for found in from_versions for code in found))

    def _mentions(self, methodology: Methodology, difference: Difference) -> list[str]:
        if difference.kind in ("indicator", "check"):
            return [difference.code] if difference.part not in ("label", "in_words", "message", "source") else []
        if difference.part in ("label", "hint"):
            return []
        if difference.kind == "scale":
            return [code for code, i in methodology.indicators.items() if i.scale and i.scale.code == difference.code]
        return self.users[methodology.digest].get(difference.code.rpartition(".")[2], [])
