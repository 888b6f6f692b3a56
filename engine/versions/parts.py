"""What can differ in a methodology: every declared thing by kind and code, and its parts. Nothing that is declared is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.methodology import Field, Methodology, Scale

Parts = Mapping[str, Any]

FIELD_PARTS = (
    "type", "choices", "level", "label", "question", "room", "hint", "help", "required", "required_if", "show_if", "default",
    "default_formula", "default_if", "min", "max", "max_length", "max_places", "prefill", "readonly", "example", "source", "note",
)  # fmt: skip


def _settings(methodology: Methodology) -> dict[str, Parts]:
    header = methodology.declared.get("methodology", {})
    return {key: {"value": header.get(key)} for key in header if key != "format"}


def _steps(methodology: Methodology) -> dict[str, Parts]:
    found: dict[str, Parts] = {}
    for form in methodology.declared.get("forms", {}).get("forms", []):
        for step in form.get("steps", []):
            found[f"{form['level']}.{step['code']}"] = _without(step, "code", "fields") | {"order": [field["code"] for field in step["fields"]]}
        if "table" in form:
            table = form["table"]
            found[f"{form['level']}.table"] = _without(table, "columns") | {"order": [column["code"] for column in table["columns"]]}
    network = methodology.declared.get("forms", {}).get("network") or {}
    return found | {f"network.{level}": {"columns": columns} for level, columns in network.items()}


def _without(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in keys}


def _fields(methodology: Methodology) -> dict[str, Parts]:
    return {f"{level}.{code}": _field(q) for level, fields in methodology.fields.items() for code, q in fields.items()}


def _field(question: Field) -> Parts:
    parts = {part: question.declared.get(part) for part in FIELD_PARTS} | {"section": question.section, "step": question.step}
    return parts | {"was": f"{question.level}.{question.was}" if question.was else ""}


def _choice_lists(methodology: Methodology) -> dict[str, Parts]:
    declared = methodology.declared.get("choices", {}).get("choices", {})
    return {code: _without(data, "choices") | {"order": [item["code"] for item in data["choices"]]} for code, data in declared.items()}


def _choices(methodology: Methodology) -> dict[str, Parts]:
    declared = methodology.declared.get("choices", {}).get("choices", {})
    return {f"{code}.{item['code']}": _without(item, "code") for code, data in declared.items() for item in data["choices"]}


def _entries(kind: str) -> Callable[[Methodology], dict[str, Parts]]:
    """Things as they are declared, or as their families make them."""

    def parts(methodology: Methodology) -> dict[str, Parts]:
        return {code: _without(data, "code") for code, data in methodology.entries[kind].items()}

    return parts


def _scales(methodology: Methodology) -> dict[str, Parts]:
    declared = _entries("scales")(methodology)
    return {code: dict(declared[code]) | {"bands": _bands(scale), "shown": _shown(scale)} for code, scale in methodology.scales.items()}


def _bands(scale: Scale) -> tuple[str, ...]:
    signs = {True: "≤", False: "<"}
    return tuple(f"{b.code}" if b.limit is None else f"{b.code} {signs[b.inclusive]} {float(b.limit):g}" for b in scale.bands)


def _shown(scale: Scale) -> dict[str, Any]:
    return {band.code: {"label": dict(band.label), "color": band.color} for band in scale.bands}


def _reports(methodology: Methodology) -> dict[str, Parts]:
    reports = methodology.declared.get("reports", {}).get("reports", {})
    found = {f"{name}.{section['code']}": _without(section, "code") for name, sections in reports.items() for section in sections}
    return found | {name: {"order": [section["code"] for section in sections]} for name, sections in reports.items()}


KINDS: dict[str, Callable[[Methodology], Mapping[str, Parts]]] = {
    "settings": _settings,
    "step": _steps,
    "field": _fields,
    "choice_list": _choice_lists,
    "choice": _choices,
    "criterion": _entries("criteria"),
    "constant": _entries("constants"),
    "scale": _scales,
    "definition": _entries("definitions"),
    "group": _entries("groups"),
    "cohort": _entries("cohorts"),
    "calculation": _entries("calculations"),
    "indicator": _entries("indicators"),
    "check": _entries("validations"),
    "report": _reports,
}
