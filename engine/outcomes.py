"""Groups, cohorts, indicators and checks: the typed results a methodology asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.catalogue.words import KINDS
from engine.declarations import Declarations
from engine.entries import Entry, Path
from engine.errors import nearest
from engine.formula.operations import shown_kind
from engine.formula.quantities import FormulaQuantity
from engine.formula.tree import BOOLEAN, RATIO, UNKNOWN, Column, Lift, Node
from engine.methodology import Check, Cohort, Field, Group, Indicator, Items, Scale
from engine.symbols import Symbols


def build_groups(declared: Declarations) -> dict[str, Group]:
    groups = {}
    for code, entry in declared.by_code["groups"].items():
        data = entry.data
        declared.known(entry, ("criterion",), "criterion", declared.by_code["criteria"])
        declared.known(entry, ("section",), "section", declared.sections)
        section, criterion = str(data.get("section") or ""), str(data.get("criterion") or "")
        groups[code] = Group(code, str(data.get("level")), criterion, section, data.get("label") or {}, tags_of(data))
    return groups


def tags_of(data: Mapping[str, Any]) -> dict[str, str]:
    tags = data.get("tags")
    return {str(key): str(value) for key, value in tags.items()} if isinstance(tags, dict) else {}


def build_cohorts(symbols: Symbols) -> dict[str, Cohort]:
    """Cohorts whose shared parameters and condition could be typed."""
    cohorts = {}
    topology = symbols.registry.topology
    for code, entry in symbols.declared.by_code["cohorts"].items():
        if code not in topology.cohort_of or symbols.declared.damaged(entry):
            continue
        of, inside = topology.cohort_of[code], topology.cohort_in[code]
        by = [symbols.type(entry, ("by", index), of) for index in range(len(entry.data.get("by") or []))]
        where = symbols.type(entry, ("where",), of, BOOLEAN) if "where" in entry.data else None
        label = entry.data.get("label") or {}
        cohorts[code] = Cohort(code, of, inside, tuple(node for node in by if node is not None), where, label)
    return cohorts


def build_indicators(symbols: Symbols, scales: Mapping[str, Scale]) -> dict[str, Indicator]:
    indicators = {}
    declared = symbols.declared
    for code, entry in declared.by_code["indicators"].items():
        data = entry.data
        for key, kind, known in (
            ("criterion", "criterion", declared.by_code["criteria"]),
            ("section", "section", declared.sections),
            ("scale", "scale", scales),
        ):
            declared.known(entry, (key,), kind, known)
        key = code.lower().replace(".", "_")
        quantity = symbols.resolve(str(data.get("level")), key)
        if not isinstance(quantity, FormulaQuantity):
            continue
        _check_number(declared, entry, quantity)
        indicators[code] = _indicator(symbols, entry, code, quantity, scales)
    return indicators


def _check_number(declared: Declarations, entry: Entry, quantity: FormulaQuantity) -> None:
    if quantity.formula is not None and not (quantity.kind.is_number or quantity.kind is UNKNOWN):
        entry.add(declared.problems, "K319", ("formula",), 0, name=entry.data.get("code"), kind=shown_kind(quantity.kind))


def _indicator(symbols: Symbols, entry: Entry, code: str, quantity: FormulaQuantity, scales: Mapping[str, Scale]) -> Indicator:
    data = entry.data
    texts = {key: str(data.get(key) or "") for key in ("section", "criterion", "format", "source", "note", "legacy", "was", "trend")}
    items = _items(symbols, entry, texts["format"]) if isinstance(data.get("items"), dict) else None
    return Indicator(
        code=code, key=quantity.name, level=quantity.level, label=data.get("label") or {}, in_words=data.get("in_words") or {},
        scale=scales.get(str(data.get("scale"))), items=items, tags=tags_of(data), quantity=quantity, **texts,
    )  # fmt: skip


def _items(symbols: Symbols, entry: Entry, format_: str) -> Items | None:
    data = entry.data["items"]
    level = str(data.get("level"))
    if not symbols.declared.known(entry, ("items", "level"), "level", symbols.declared.levels):
        return None
    if not symbols.registry.topology.is_above(str(entry.data.get("level")), level):
        entry.add(symbols.declared.problems, "N129", ("items", "level"), name=level, level=entry.data.get("level"))
        return None
    nodes = {key: _part(symbols, entry, ("items", key), level) for key in ("value", "own", "reference") if key in data}
    value = nodes.get("value")
    if value is None:
        return None
    formats = tuple(_format_of(nodes.get(key), format_) for key in ("value", "own", "reference"))
    return Items(level, value, nodes.get("own"), nodes.get("reference"), (formats[0], formats[1], formats[2]))


def _part(symbols: Symbols, entry: Entry, path: Path, level: str) -> Node | None:
    return symbols.type(entry, path, level)


def _format_of(node: Node | None, otherwise: str) -> str:
    """The format of the calculation that an item shows, else percent for a share, else that of its indicator."""
    while isinstance(node, Lift):
        node = node.operand
    if isinstance(node, Column) and isinstance(node.quantity, FormulaQuantity) and node.quantity.format:
        return node.quantity.format
    return "percent" if node is not None and node.kind is RATIO else otherwise


def build_checks(symbols: Symbols, fields: Mapping[str, Mapping[str, Field]]) -> dict[str, Check]:
    checks = {}
    declared = symbols.declared
    for code, entry in declared.by_code["validations"].items():
        data, level = entry.data, str(entry.data.get("level"))
        if declared.damaged(entry) or not declared.known(entry, ("level",), "level", declared.levels):
            continue
        declared.known(entry, ("section",), "section", declared.sections)
        formula = symbols.type(entry, ("formula",), level, BOOLEAN)
        applies = symbols.type(entry, ("applies_if",), level, BOOLEAN) if "applies_if" in data else None
        texts = (str(data.get("formula")), str(data.get("applies_if") or ""), data.get("message") or {})
        quantity = FormulaQuantity(code, level, BOOLEAN, "check", formula, applies, None, *texts)
        points = tuple(_points(declared, entry, level, fields))
        shown_at = symbols.registry.topology.lowest([at for at, _ in points]) or level
        section = str(data.get("section") or next(iter(declared.sections), ""))
        severity, source = str(data.get("severity")), str(data.get("source") or "")
        checks[code] = Check(code, level, severity, texts[2], points, shown_at, section, source, quantity)
    return checks


def _points(declared: Declarations, entry: Entry, level: str, fields: Mapping[str, Mapping[str, Field]]) -> list[tuple[str, str]]:
    points = []
    for index, name in enumerate(entry.data.get("fields") or []):
        at, _, code = str(name).rpartition(".")
        at = at or level
        if code in fields.get(at, {}):
            points.append((at, code))
        elif not declared.might_be(code):
            known = [*fields.get(level, {}), *(f"{other}.{c}" for other, listed in fields.items() for c in listed if other != level)]
            entry.add(
                declared.problems, "N120", ("fields", index), suggestion=nearest(str(name), known), name=name, kind=KINDS["field"], kind_en="field"
            )
    return points
