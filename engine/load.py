"""Reading a methodology: a folder of YAML in, a frozen ``Methodology`` out, or every problem of the folder at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine import assemble, naming, outcomes, questions, references, structure
from engine.declarations import Declarations, collect, kind_of
from engine.errors import MethodologyError, Problem, Problems, TooManyProblems, nearest
from engine.families import too_many
from engine.formula.quantities import FormulaQuantity
from engine.formula.tree import BOOLEAN, Node, walk
from engine.labels import Labels
from engine.methodology import Methodology, Section
from engine.schema import validate
from engine.symbols import Symbols
from engine.yaml_source import LIMITS, Source, read_folder

FORMAT = "2"
MAX_NESTING = 1500
"""How deep a formula may lie, with the definitions it calls."""


def load_methodology(folder: Path | str) -> Methodology:
    """The methodology of a folder. Raises ``MethodologyError`` with all its problems when there is any error."""
    methodology, problems = read_methodology(folder)
    if methodology is None:
        raise MethodologyError(problems)
    return methodology


def check_folder(folder: Path | str) -> tuple[Problem, ...]:
    """All problems of a folder, sorted: errors and warnings."""
    return read_methodology(folder)[1]


def read_methodology(folder: Path | str) -> tuple[Methodology | None, tuple[Problem, ...]]:
    """(the methodology or None when there are errors, all problems sorted and each told once)."""
    problems = Problems()
    try:
        methodology = _read(Path(folder), problems)
    except TooManyProblems:
        methodology = None
    told = once(problems.sorted())
    return (None if any(problem.level == "error" for problem in told) else methodology), told


def _read(folder: Path, problems: Problems) -> Methodology | None:
    sources = read_folder(folder, problems)
    if any(problem.code in LIMITS for problem in problems.found) or too_many(sources, problems):
        return None
    whole = not problems.errors
    for source in sources:
        whole &= validate(source, kind_of(source), problems)
    check_labels(sources, problems)
    declared = collect(sources, problems, whole)
    return build(declared) if declared is not None and not naming.too_many(declared) else None


def check_labels(sources: Iterable[Source], problems: Problems) -> None:
    """Labels against the languages that the header file declares; nothing is said where these are not known."""
    header = next((source for source in sources if kind_of(source) == "methodology" and isinstance(source.data, dict)), None)
    listed, primary = (header.data.get(key) for key in ("languages", "primary_language")) if header is not None else (None, None)
    if header is None or not isinstance(listed, list) or not isinstance(primary, str):
        return
    languages = tuple(str(name) for name in listed)
    if primary not in languages:
        mark = header.mark(("primary_language",))
        problems.add("S111", mark, nearest(primary, languages), header.line(mark.line), name=primary, allowed=", ".join(languages))
        return
    labels = Labels(languages, primary, problems)
    for source in sources:
        labels.check(source)
    labels.report(header)


def once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each problem of a place once: a family repeats the mistakes of its text for every member.

    Where a value is refused, nothing more is said of its missing quotes.
    """
    seen: dict[tuple[str, int, int, str], Problem] = {}
    refused = set()
    for problem in problems:
        seen.setdefault((problem.file, problem.line, problem.column, problem.code), problem)
        if problem.level == "error":
            refused.add((problem.file, problem.line, problem.column))
    return tuple(sorted(p for (file, line, column, code), p in seen.items() if code != "Y120" or (file, line, column) not in refused))


def build(declared: Declarations) -> Methodology:
    """The object, as far as the declarations allow; problems are added to ``declared.problems``."""
    levels = assemble.build_levels(declared)
    topology = assemble.build_topology(declared, levels)
    structure.check(declared, levels, topology)
    lists = assemble.build_choices(declared)
    scales = assemble.build_scales(declared)
    assemble.check_dates(declared)
    naming.check_codes(declared)
    naming.check_levels(declared, levels)
    naming.check_definitions(declared)
    symbols = assemble.build_symbols(declared, levels, lists, topology, scales)
    naming.check_meanings(symbols)
    type_all(symbols)
    fields = questions.build_fields(symbols)
    forms = questions.build_forms(symbols, fields)
    groups = outcomes.build_groups(declared)
    cohorts = outcomes.build_cohorts(symbols)
    indicators = outcomes.build_indicators(symbols, scales)
    checks = outcomes.build_checks(symbols, fields)
    header = declared.header.data
    content = merged(declared.sources)
    references.check(symbols, forms, fields)
    return Methodology(
        code=str(header.get("methodology")),
        version=str(header.get("version")),
        digest=digest(content),
        languages=tuple(str(name) for name in header.get("languages") or ()),
        primary_language=str(header.get("primary_language")),
        title=header.get("title") or {},
        sections=tuple(Section(code, entry.data.get("required") is True, entry.data.get("label") or {}) for code, entry in declared.sections.items()),
        levels=levels,
        topology=topology,
        choices=lists,
        forms=forms,
        fields=fields,
        criteria={code: entry.data.get("label") or {} for code, entry in declared.by_code["criteria"].items()},
        constants=symbols.registry.constants,
        scales=scales,
        groups=groups,
        cohorts=cohorts,
        quantities=symbols.quantities,
        indicators=indicators,
        codes={indicator.key: code for code, indicator in indicators.items()},
        checks=checks,
        rounding=assemble.build_rounding(declared),
        request=_request(symbols),
        forest=symbols.registry.forest,
        entries={kind: {code: entry.data for code, entry in listed.items()} for kind, listed in declared.by_code.items()},
        declared=content,
    )


def type_all(symbols: Symbols) -> None:
    """Type every name where it is declared, and every calculation of any level at each level it spreads to."""
    keys = [(level, name) for level, things in symbols.things.items() for name in things]
    keys += [(level, name) for name in symbols.anywhere for level in symbols.things if symbols.thing(level, name)]
    keys += [(code, "") for code in symbols.registry.topology.cohort_of]
    symbols.prepare(keys)
    check_depth(symbols)


def check_depth(symbols: Symbols) -> None:
    """Report the first formula that lies too deep, definitions put in place. Chains of values may be as long as they like."""
    for quantity in symbols.quantities.values():
        trees = (getattr(quantity, part, None) for part in ("formula", "applies", "show"))
        if any(tree is not None and _depth(tree) > MAX_NESTING for tree in trees):
            thing = symbols.thing(quantity.level, quantity.name)
            if thing is not None and thing.entry is not None:
                thing.entry.add(symbols.declared.problems, "G403", thing.path, 0, limit=MAX_NESTING, name=quantity.name)
            return


def _depth(tree: Node) -> int:
    found: dict[Node, int] = {}
    for node in walk(tree):
        found[node] = 1 + max((found[child] for child in node.children), default=0)
    return found[tree]


def _request(symbols: Symbols) -> FormulaQuantity | None:
    """When to suggest the section that is asked for: a yes/no of its level."""
    data = symbols.declared.header.data.get("request")
    if not isinstance(data, dict) or "suggest_if" not in data:
        return None
    entry = symbols.declared.header
    level = str(data.get("level"))
    if not symbols.declared.known(entry, ("request", "level"), "level", symbols.declared.levels):
        return None
    symbols.declared.known(entry, ("request", "section"), "section", symbols.declared.sections)
    formula = symbols.type(entry, ("request", "suggest_if"), level, BOOLEAN)
    return FormulaQuantity("suggest", level, BOOLEAN, "request", formula, text=str(data["suggest_if"]))


def merged(sources: Iterable[Source]) -> dict[str, Any]:
    """Plain content by kind of file: mappings of several files of a kind joined, lists appended."""
    content: dict[str, Any] = {}
    for source in sources:
        target = content.setdefault(kind_of(source), {})
        for key, value in source.data.items() if isinstance(source.data, dict) else ():
            if isinstance(value, list) and isinstance(target.get(key), list):
                target[key] = [*target[key], *value]
            elif isinstance(value, dict) and isinstance(target.get(key), dict):
                target[key] = {**target[key], **value}
            else:
                target[key] = value
    return content


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content, whatever its comments, layout and division into files."""
    text = json.dumps([FORMAT, content], ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)
