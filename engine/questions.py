"""Forms, steps, tables and fields of a methodology, with their typed conditions and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from engine.declarations import Declarations, FieldEntry
from engine.entries import Entry
from engine.errors import nearest
from engine.formula.operations import shown_kind
from engine.formula.quantities import InputQuantity
from engine.formula.tree import BOOLEAN, DATE, INTEGER, UNKNOWN, Const, Kind
from engine.methodology import DefaultRule, Field, Form, Step, Table
from engine.symbols import Symbols

MOST_CHOICES = 62
"""Of a list of which several may be chosen: a bit each, beside the two values that stand for what is missing."""


def build_fields(symbols: Symbols) -> dict[str, dict[str, Field]]:
    """Fields by level and code, in order of declaration."""
    fields: dict[str, dict[str, Field]] = {}
    declared = symbols.declared
    for found in declared.fields:
        level = fields.setdefault(found.level, {})
        code = str(found.entry.data.get("code"))
        if code not in level and found.level in symbols.things:
            declared.known(found.entry, ("section",), "section", declared.sections)
            level[code] = _field(symbols, found)
    return fields


def _field(symbols: Symbols, found: FieldEntry) -> Field:
    entry, data = found.entry, found.entry.data
    quantity = symbols.resolve(found.level, str(data.get("code")))
    kind = quantity.kind if quantity is not None else UNKNOWN
    usable = not symbols.declared.damaged(entry)
    required_if = symbols.type(entry, ("required_if",), found.level, BOOLEAN) if usable and "required_if" in data else None
    if usable:
        _check_bounds(symbols.declared, entry)
        _check_choices(symbols, entry, kind)
        _check_default_codes(symbols, entry, kind)
    return Field(
        code=str(data.get("code")),
        level=found.level,
        type=str(data.get("type")),
        label=data.get("label") or {},
        section=found.section,
        step=found.step,
        hint=data.get("hint") or data.get("help") or {},
        choices=str(data.get("choices") or ""),
        target=str(data.get("level") or ""),
        required=data.get("required") is True,
        required_if=required_if,
        show=quantity.show if isinstance(quantity, InputQuantity) else None,
        defaults=_defaults(symbols, found, kind) if usable else (),
        default_list=tuple(str(code) for code in data["default"]) if isinstance(data.get("default"), list) else (),
        minimum=_number(data.get("min")),
        maximum=_number(data.get("max")),
        max_length=data.get("max_length") if isinstance(data.get("max_length"), int) else None,
        places=_whole(data.get("max_places")) or (2 if data.get("type") == "decimal" else 0),
        prefill=str(data.get("prefill") or ""),
        readonly=data.get("readonly") is True,
        was=str(data.get("was") or ""),
        declared=data,
    )


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _number(value: Any) -> Fraction | None:
    return None if value is None or isinstance(value, (str, bool)) else Fraction(value)


def _check_bounds(declared: Declarations, entry: Entry) -> None:
    low, high = _number(entry.data.get("min")), _number(entry.data.get("max"))
    if low is not None and high is not None and low > high:
        entry.add(declared.problems, "N127", ("max",), low=entry.data["min"], high=entry.data["max"])


def _check_choices(symbols: Symbols, entry: Entry, kind: Kind) -> None:
    """Several choices are kept and computed as one set of bits."""
    many = len(symbols.registry.lists.get(kind.choices, {})) if kind.name == "multichoice" else 0
    if many > MOST_CHOICES:
        entry.add(symbols.declared.problems, "N131", ("choices",), name=kind.choices, found=many, limit=MOST_CHOICES)


def _check_default_codes(symbols: Symbols, entry: Entry, kind: Kind) -> None:
    """A default that is a list: codes of a question of several choices."""
    listed, codes = entry.data.get("default"), symbols.registry.lists.get(kind.choices, {})
    if not isinstance(listed, list):
        return
    if kind.name != "multichoice":
        entry.add(symbols.declared.problems, "K317", ("default",), expected=shown_kind(kind), found="o listă")
        return
    for index, code in enumerate(listed):
        if str(code) not in codes:
            suggestion = nearest(str(code), list(codes))
            entry.add(symbols.declared.problems, "K303", ("default", index), suggestion=suggestion, value=code, list=kind.choices)


def _defaults(symbols: Symbols, found: FieldEntry, kind: Kind) -> tuple[DefaultRule, ...]:
    """The rules in order; a plain ``default`` or ``default_formula`` is the last of them."""
    entry, data, level = found.entry, found.entry.data, found.level
    rules: list[DefaultRule] = []
    if kind is UNKNOWN:
        return ()
    for index, rule in enumerate(data.get("default_if") or []):
        if ("value" in rule) == ("formula" in rule):
            continue  # told by ``engine.structure``
        when = symbols.type(entry, ("default_if", index, "when"), level, BOOLEAN)
        value = (
            symbols.type(entry, ("default_if", index, "formula"), level, kind)
            if "formula" in rule
            else _literal(symbols, entry, ("default_if", index, "value"), rule.get("value"), kind)
        )
        if when is not None and value is not None:
            always = isinstance(when, Const) and when.value is True
            rules.append(DefaultRule(None if always else when, value))
    if "default_formula" in data:
        formula = symbols.type(entry, ("default_formula",), level, kind)
        rules += [] if formula is None else [DefaultRule(None, formula)]
    elif "default" in data and not isinstance(data["default"], list):
        literal = _literal(symbols, entry, ("default",), data["default"], kind)
        rules += [] if literal is None else [DefaultRule(None, literal)]
    return tuple(rules)


def _literal(symbols: Symbols, entry: Entry, path: tuple[str | int, ...], value: Any, kind: Kind) -> Const | None:
    """A literal default as a constant of the field's kind; reported when it is of another kind or no code of the list."""
    problems = symbols.declared.problems
    codes = list(symbols.registry.lists.get(kind.choices, {}))
    if kind.name == "choice" and str(value) not in codes:
        entry.add(problems, "K303", path, suggestion=nearest(str(value), codes), value=value, list=kind.choices)
        return None
    fits = {
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "choice": isinstance(value, str),
        "text": isinstance(value, str),
        "date": _is_date(value),
    }.get(kind.name, not isinstance(value, (str, bool, list)))
    if not fits:
        entry.add(problems, "K317", path, expected=shown_kind(kind), found=_shown(value))
        return None
    literal = Fraction(date.fromisoformat(value).toordinal()) if kind is DATE else value
    if kind.is_number or kind is INTEGER:
        literal = Fraction(value)
    return symbols.registry.forest.make(Const, "", kind, literal)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"„{value}”" if isinstance(value, str) else str(value)


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def build_forms(symbols: Symbols, fields: Mapping[str, Mapping[str, Field]]) -> tuple[Form, ...]:
    """Forms by level; several declarations of one level become one form."""
    declared = symbols.declared
    steps: dict[str, list[Step]] = {}
    tables: dict[str, Table] = {}
    for form in declared.forms:
        level = str(form.data.get("level"))
        if level not in declared.levels:
            continue
        listed = form.data.get("steps")
        for index, data in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(data, dict):
                step = Entry(data, form.source, (*form.path, "steps", index))
                steps.setdefault(level, []).append(_step(declared, step, level, fields))
        if isinstance(form.data.get("table"), dict):
            entry = Entry(form.data["table"], form.source, (*form.path, "table"))
            tables[level] = _table(declared, entry, level, fields)
        steps.setdefault(level, [])
    return tuple(Form(level, tuple(listed), tables.get(level)) for level, listed in steps.items())


def _step(declared: Declarations, entry: Entry, level: str, fields: Mapping[str, Mapping[str, Field]]) -> Step:
    data = entry.data
    repeat = data["repeat"] if isinstance(data.get("repeat"), dict) else {}
    at = str(repeat.get("level") or level)
    declared.known(entry, ("section",), "section", declared.sections)
    if repeat and str(data.get("code")) in fields.get(level, {}):
        entry.add(declared.problems, "N130", ("code",), name=data["code"])
    own = tuple(f for f in fields.get(at, {}).values() if f.step == data.get("code"))
    bounds = (_whole(repeat.get("min")), _whole(repeat.get("max")))
    title, section = data.get("title") or {}, str(data.get("section") or "")
    return Step(str(data.get("code")), at, section, title, own, str(repeat.get("level") or ""), str(repeat.get("key") or ""), *bounds)


def _table(declared: Declarations, entry: Entry, level: str, fields: Mapping[str, Mapping[str, Field]]) -> Table:
    data = entry.data
    columns = tuple(fields.get(str(data.get("level")), {}).values())
    declared.known(entry, ("number",), "field", [column.code for column in columns])
    for found in declared.fields:
        if found.in_table and found.entry.data.get("type") in ("text", "textarea"):
            found.entry.add(declared.problems, "N128", ("type",), name=found.entry.data.get("code"))
    section, rows, number = (str(data.get(key) or "") for key in ("section", "rows", "number"))
    return Table(str(data.get("level")), level, section, data.get("title") or {}, rows, number, columns, data)
