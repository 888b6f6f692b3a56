"""From declarations to the parts of a ``Methodology``: levels, lists, constants, names, then everything that has formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from engine import graph
from engine.catalogue.words import KINDS
from engine.declarations import Declarations, value_at
from engine.entries import Entry, Path
from engine.errors import nearest
from engine.formula import nodes as syntax
from engine.formula.functions import FUNCTIONS
from engine.formula.quantities import Constant
from engine.formula.registry import Definition, Pooled, Registry
from engine.formula.tree import BOOLEAN, DATE, DECIMAL, INTEGER, TEXT, UNKNOWN, Forest, Kind
from engine.levels import DataFile, Level, Topology
from engine.methodology import Band, Choice, ChoiceList, Rounding, Scale
from engine.symbols import Symbols, Thing, lowest_named

FIELD_KINDS: Mapping[str, Kind] = {
    "text": TEXT, "textarea": TEXT, "place": TEXT, "integer": INTEGER, "number": INTEGER, "decimal": DECIMAL,
    "boolean": BOOLEAN, "date": DATE,
}  # fmt: skip
PLACES = {"number": 2, "whole": 0, "score": 2, "percent": 2, "points": 2}


def build_levels(declared: Declarations) -> dict[str, Level]:
    """Levels in order of declaration; parents that are not declared are reported and left out."""
    owners: dict[str, str] = {}
    with_form = set()
    for form in declared.forms:
        with_form.add(str(form.data.get("level")))
        table = form.data.get("table")
        if isinstance(table, dict):
            owners[str(table.get("level"))] = str(form.data.get("level"))
    levels = {}
    for code, entry in declared.levels.items():
        parents = {}
        listed = entry.data.get("parents")
        for parent, link in (listed if isinstance(listed, dict) else {}).items():
            if _known_parent(declared, entry, parent):
                parents[str(parent)] = None if link is None else str(link)
        data = entry.data.get("data")
        source = _data_file(data) if isinstance(data, dict) else None
        levels[code] = Level(code, entry.data.get("label") or {}, parents, source, code in with_form, owners.get(code, ""))
    _report_rings(declared, levels)
    return levels


def _data_file(data: Mapping[str, Any]) -> DataFile:
    return DataFile(*(str(data.get(key) or "") for key in ("file", "key", "at", "previous")))


def _known_parent(declared: Declarations, entry: Entry, parent: object) -> bool:
    if str(parent) in declared.levels:
        return True
    mark = entry.source.key_mark((*entry.path, "parents", str(parent)))
    declared.problems.add(
        "N120", mark, nearest(str(parent), list(declared.levels)), entry.source.line(mark.line), name=parent, kind=KINDS["level"], kind_en="level"
    )
    return False


def _report_rings(declared: Declarations, levels: dict[str, Level]) -> None:
    _, rings = graph.order([(code, "") for code in levels], lambda key: [(parent, "") for parent in levels[key[0]].parents])
    for ring in rings:
        declared.levels[ring[0][0]].add(declared.problems, "G402", ("parents",), cycle=" → ".join(level for level, _ in ring))
    if rings:
        for code in {level for ring in rings for level, _ in ring}:
            levels[code] = Level(code, levels[code].label, {}, levels[code].data, levels[code].has_form, levels[code].owner)


def build_topology(declared: Declarations, levels: Mapping[str, Level]) -> Topology:
    """Levels and those cohorts whose levels exist and lie one above the other."""
    bare = Topology.build(levels.values())
    cohorts = []
    for code, entry in declared.by_code["cohorts"].items():
        of, inside = str(entry.data.get("of")), str(entry.data.get("in"))
        fine = declared.known(entry, ("of",), "level", levels) & declared.known(entry, ("in",), "level", levels)
        if code in levels:
            entry.add(declared.problems, "N110", ("code",), name=code, first=f"levels.{code}")
        elif fine and of in levels and inside in levels and bare.is_above(inside, of):
            cohorts.append((code, of, inside))
        else:
            declared.lose(code)
            if of in levels and inside in levels:
                entry.add(declared.problems, "N121", ("in",), name=inside, level=of)
    return Topology.build(levels.values(), cohorts)


def build_choices(declared: Declarations) -> dict[str, ChoiceList]:
    lists = {}
    for code, entry in declared.choices.items():
        choices: list[Choice] = []
        index: dict[str, int] = {}
        listed = entry.data.get("choices")
        for position, item in enumerate(listed if isinstance(listed, list) else []):
            own = str(item.get("code")) if isinstance(item, dict) else ""
            if own in index:
                first = entry.mark("choices", index[own], "code")
                entry.add(declared.problems, "N110", ("choices", position, "code"), name=own, first=f"{first.file}:{first.line}")
            elif isinstance(item, dict):
                index[own] = len(choices)
                choices.append(Choice(own, item.get("label") or {}))
        lists[code] = ChoiceList(code, tuple(choices), index, entry.data.get("label") or {})
    return lists


def scalar(value: Any) -> tuple[Fraction | bool | str, Kind]:
    """A literal of the YAML as the language sees it."""
    if isinstance(value, bool):
        return value, BOOLEAN
    if isinstance(value, int):
        return Fraction(value), INTEGER
    if isinstance(value, Decimal):
        return Fraction(value), DECIMAL
    return str(value), TEXT


def build_constants(declared: Declarations, lists: Mapping[str, ChoiceList], codes: Mapping[str, list[str]]) -> dict[str, Constant]:
    constants = {}
    for code, entry in declared.by_code["constants"].items():
        data = entry.data
        texts = (data.get("label") or {}, str(data.get("source") or ""), str(data.get("note") or ""))
        if declared.damaged(entry):
            constants[code] = Constant(code, UNKNOWN, None, "", None, None, *texts)
        elif "keys" in data:
            constants[code] = _table(declared, entry, lists, codes, texts)
        else:
            value, kind = scalar(data.get("value"))
            constants[code] = Constant(code, kind, value, "", None, None, *texts)
    return constants


def _table(
    declared: Declarations, entry: Entry, lists: Mapping[str, ChoiceList], codes: Mapping[str, list[str]], texts: tuple[Any, str, str]
) -> Constant:
    data = entry.data
    keys, value = str(data["keys"]), data.get("value")
    table = {str(k): scalar(v)[0] for k, v in value.items()} if isinstance(value, dict) else {}
    kinds = {str(k): scalar(v)[1] for k, v in (value.items() if isinstance(value, dict) else ())}
    kind = next(iter(kinds.values())) if len(set(kinds.values())) == 1 else DECIMAL if all(k.is_number for k in kinds.values()) else UNKNOWN
    if kind is UNKNOWN:
        entry.add(declared.problems, "K318", ("value", _odd_one(kinds)), name=entry.data["code"])
    if declared.known(entry, ("keys",), "list", [*lists, *codes]):
        _check_keys(declared, entry, table, [*lists[keys].index] if keys in lists else codes[keys])
    values = data.get("values")
    if values is not None and declared.known(entry, ("values",), "list", lists):
        kind = Kind("choice", str(values))
        for key, text in table.items():
            if text not in lists[str(values)].index:
                suggestion = nearest(str(text), list(lists[str(values)].index))
                entry.add(declared.problems, "K303", ("value", key), suggestion=suggestion, value=text, list=values)
    otherwise = None if data.get("else") is None else scalar(data["else"])[0]
    return Constant(str(data["code"]), kind, None, keys, table, otherwise, *texts)


def _odd_one(kinds: Mapping[str, Kind]) -> str:
    """The key whose value is of the kind that most others are not."""
    numbers = [key for key, kind in kinds.items() if kind.is_number]
    others = [key for key in kinds if key not in numbers]
    return (numbers if len(numbers) < len(others) else others)[0]


def _check_keys(declared: Declarations, entry: Entry, table: Mapping[str, object], allowed: list[str]) -> None:
    for key in table:
        if key not in allowed:
            mark = entry.source.key_mark((*entry.path, "value", key))
            line = entry.source.line(mark.line)
            declared.problems.add("K303", mark, nearest(key, allowed), line, value=key, list=entry.data["keys"])
    uncovered = [code for code in allowed if code not in table]
    if uncovered and "else" not in entry.data:
        entry.add(declared.problems, "N122", ("value",), name=entry.data["code"], codes=", ".join(uncovered))


def build_scales(declared: Declarations) -> dict[str, Scale]:
    scales = {}
    for code, entry in declared.by_code["scales"].items():
        data = entry.data
        bands = []
        if not declared.damaged(entry):
            bands = [_band(band) for band in data.get("bands") or []]
            _check_bands(declared, entry, bands)
        exact = data.get("compare") == "exact"
        scales[code] = Scale(code, tuple(bands), exact, str(data.get("direction")), str(data.get("source") or ""), data.get("label") or {})
    return scales


def _band(data: Mapping[str, Any]) -> Band:
    inclusive = "at_most" in data
    limit = data.get("at_most") if inclusive else data.get("below")
    return Band(str(data.get("code")), None if limit is None else Fraction(limit), inclusive, data.get("label") or {}, str(data.get("color") or ""))


def _check_bands(declared: Declarations, entry: Entry, bands: list[Band]) -> None:
    for index, band in enumerate(bands):
        last = index == len(bands) - 1
        limits = (bands[index - 1].limit, band.limit) if index else (None, None)
        falls = limits[0] is not None and limits[1] is not None and limits[1] < limits[0]
        both = "below" in entry.data["bands"][index] and "at_most" in entry.data["bands"][index]
        if last != (band.limit is None) or falls or both:
            entry.add(declared.problems, "N123", ("bands", index), name=entry.data["code"])
        first = next(number for number, other in enumerate(bands) if other.code == band.code)
        if first < index:
            mark = entry.mark("bands", first, "code")
            entry.add(declared.problems, "N110", ("bands", index, "code"), name=band.code, first=f"{mark.file}:{mark.line}")


def build_rounding(declared: Declarations) -> Rounding:
    data = declared.header.data.get("rounding")
    data = data if isinstance(data, dict) else {}
    places = data.get("places") if isinstance(data.get("places"), dict) else {}
    return Rounding(str(data.get("mode") or "half_away_from_zero"), PLACES | {k: int(v) for k, v in (places or {}).items()})


def check_dates(declared: Declarations) -> None:
    """Days that do not exist; steps of the calendar that come before the one written above them."""
    header, calendar = declared.header, declared.header.data.get("calendar")
    earlier: date | None = None
    for key in calendar if isinstance(calendar, dict) else ():
        day = _day(declared, ("calendar", key))
        if day is not None and earlier is not None and day < earlier:
            header.add(declared.problems, "N143", ("calendar", key), name=key)
        earlier = day or earlier
    if "reference_day" in header.data:
        _day(declared, ("reference_day",))


def _day(declared: Declarations, path: Path) -> date | None:
    text = value_at(declared.header.data, path)
    if not isinstance(text, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        declared.header.add(declared.problems, "N142", path, name=text)
        return None


# ---- names ---------------------------------------------------------------------------------------------


def build_symbols(
    declared: Declarations, levels: Mapping[str, Level], lists: Mapping[str, ChoiceList], topology: Topology, scales: Mapping[str, Scale]
) -> Symbols:
    """The registry with every name declared; nothing typed yet."""
    codes = {
        "criterion": list(declared.by_code["criteria"]),
        "group": list(declared.by_code["groups"]),
        "level": list(levels),
        "section": list(declared.sections),
    }
    registry = Registry(topology, Forest(), _nowhere, _no_names, {code: entry.index for code, entry in lists.items()})
    registry.constants = build_constants(declared, lists, codes)
    registry.declared_codes = codes
    registry.unmade = declared.unmade
    symbols = Symbols(declared, registry)
    registry.resolve, registry.names = symbols.resolve, symbols.names
    _declare_names(symbols, levels, lists)
    _declare_definitions(symbols)
    _declare_any(symbols)
    _declare_pools(symbols, scales)
    return symbols


def _nowhere(level: str, name: str) -> None:
    return None


def _no_names(level: str) -> list[str]:
    return []


def _declare_names(symbols: Symbols, levels: Mapping[str, Level], lists: Mapping[str, ChoiceList]) -> None:
    declared = symbols.declared
    for level in levels.values():
        names = symbols.things.setdefault(level.code, {})
        builtins = ("changed",) if level.owner else ("final", "exempt") if level.data else ()
        for name in builtins:
            names[name] = Thing("builtin", None, (), BOOLEAN)
    for field in declared.fields:
        _declare_field(symbols, field.level, field.entry, lists)
    for source, kind, path in (("group", "groups", "where"), ("calculation", "calculations", "formula"), ("indicator", "indicators", "formula")):
        for code, entry in declared.by_code[kind].items():
            name = code.lower().replace(".", "_") if kind == "indicators" else code
            _declare(symbols, name, Thing(source, entry, (path,), UNKNOWN, declared.damaged(entry)), levels)


def _declare_field(symbols: Symbols, level: str, entry: Entry, lists: Mapping[str, ChoiceList]) -> None:
    declared, data = symbols.declared, entry.data
    damaged = declared.damaged(entry)
    kind = FIELD_KINDS.get(str(data.get("type")), UNKNOWN)
    if data.get("type") in ("choice", "multichoice") and not damaged:
        if "choices" not in data:
            entry.add(declared.problems, "S102", (), name="choices")
        elif declared.known(entry, ("choices",), "list", lists):
            kind = Kind(str(data["type"]), str(data["choices"]))
    if level not in symbols.things:
        declared.lose(str(data.get("code")))
    else:
        _place(symbols, level, str(data.get("code")), Thing("field", entry, (), kind, damaged or kind is UNKNOWN))


def _declare(symbols: Symbols, name: str, thing: Thing, levels: Mapping[str, Level]) -> None:
    entry = thing.entry
    assert entry is not None
    level = str(entry.data.get("level"))
    if level == "any" and thing.source == "calculation":
        symbols.anywhere[name] = thing
        _check_constant(symbols, name, thing)
    elif symbols.declared.known(entry, ("level",), "level", levels) and level in levels:
        _place(symbols, level, name, thing)
    else:
        symbols.declared.lose(name)


def _place(symbols: Symbols, level: str, name: str, thing: Thing) -> None:
    """Put a name at a level; two meanings are an error, told at the later one."""
    entry, other = thing.entry, symbols.things[level].get(name)
    assert entry is not None
    if other is not None:
        first = other.entry.mark("code") if other.entry and "code" in other.entry.data else None
        where = f"{first.file}:{first.line}" if first else "nume rezervat"
        entry.add(symbols.declared.problems, "N124", ("code",), name=name, level=level, first=where)
        return
    symbols.things[level][name] = thing
    _check_constant(symbols, name, thing)


def _check_constant(symbols: Symbols, name: str, thing: Thing) -> None:
    constant = symbols.declared.by_code["constants"].get(name)
    if constant is not None and thing.entry is not None:
        mark = constant.mark("code")
        thing.entry.add(symbols.declared.problems, "N124", ("code",), name=name, level="constante", first=f"{mark.file}:{mark.line}")


def _declare_definitions(symbols: Symbols) -> None:
    for code, entry in symbols.declared.by_code["definitions"].items():
        body = None if code in FUNCTIONS or symbols.declared.damaged(entry) else symbols.parse(entry, ("formula",))
        parameters = tuple(str(name) for name in entry.data.get("parameters") or [])
        if body is None:
            symbols.declared.lose(code)
            continue
        foreign = [p for p in syntax.walk(body) if _foreign(p, parameters, symbols)]
        for part in foreign:
            name = getattr(part, "text", "") or getattr(part, "function", "") or f"{getattr(part, 'level', '')}.{getattr(part, 'name', '')}"
            entry.add(symbols.declared.problems, "N125", ("formula",), part.start, nearest(name, list(parameters)), name=name, definition=code)
        if foreign:
            symbols.declared.lose(code)
        else:
            symbols.registry.definitions[code] = Definition(code, parameters, body)


def _foreign(part: syntax.Node, parameters: tuple[str, ...], symbols: Symbols) -> bool:
    if isinstance(part, syntax.Name):
        return part.text not in parameters and part.text not in symbols.registry.constants
    if isinstance(part, syntax.Call):
        return part.function in symbols.declared.by_code["definitions"]
    return isinstance(part, syntax.Qualified)


def _declare_any(symbols: Symbols) -> None:
    """The lowest level of each calculation of any level; repeated until nothing changes, since they may name each other."""
    pending = dict(symbols.anywhere)
    for _ in range(len(pending) + 1):
        before = len(symbols.lowest)
        for name, thing in pending.items():
            tree = None if thing.entry is None or name in symbols.lowest or thing.damaged else symbols.parse(thing.entry, thing.path)
            lowest = lowest_named(tree, symbols) if tree is not None else ""
            if lowest:
                symbols.lowest[name] = lowest
        if len(symbols.lowest) == before:
            break
    for name, thing in pending.items():
        if name not in symbols.lowest and thing.entry is not None and not thing.damaged and symbols.parse(thing.entry, thing.path):
            thing.entry.add(symbols.declared.problems, "N126", ("level",), name=name)


def _declare_pools(symbols: Symbols, scales: Mapping[str, Scale]) -> None:
    for code, entry in symbols.declared.by_code["indicators"].items():
        data = entry.data
        tree = None if symbols.declared.damaged(entry) else symbols.parse(entry, ("formula",))
        attributes = {key: str(data[key]) for key in ("section", "criterion") if data.get(key) is not None}
        attributes |= {str(key): str(value) for key, value in (data.get("tags") or {}).items()} if isinstance(data.get("tags"), dict) else {}
        scale = scales.get(str(data.get("scale")))
        # A scale that nobody declared has been reported; its bands may be anything, so that nothing follows from it.
        bands = tuple(band.code for band in scale.bands) if scale else ("?",) if data.get("scale") is not None else ()
        at_level = symbols.registry.pooled.setdefault(str(data.get("level")), {})
        at_level[code.lower().replace(".", "_")] = Pooled(attributes, bands, tree is None or graph.pools(tree))
