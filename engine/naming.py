"""Which names may be given: the shape of codes, words of the language, names that would have two meanings.

A bare name is a parameter, a constant or a name of its own level, a word before a bracket a function, a word before a point a level:
what could be read in two of these ways is refused where it is declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.declarations import Declarations
from engine.entries import Entry
from engine.formula.functions import ALIASES, FUNCTIONS
from engine.formula.parser import KEYWORDS
from engine.levels import Topology
from engine.symbols import Symbols

PSEUDO = ("any", "indicator", "previous")
"""Words that stand where a level stands."""
NAME = re.compile(r"[a-z][a-z0-9_]*")
DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*")
FREE = re.compile(r"[A-Za-z][A-Za-z0-9._-]*")
LONGEST = 60
MAX_LEVELS = 40
MAX_COHORTS = 200
MAX_VALUES = 20_000
"""Named values, a calculation of any level counted at each of its levels."""
SHAPES = {
    "calculations": (NAME, "litere mici, cifre și _", "lower-case letters, digits and _"),
    "cohorts": (NAME, "litere mici, cifre și _", "lower-case letters, digits and _"),
    "indicators": (DOTTED, "părți din litere, cifre și _, despărțite prin punct", "parts of letters, digits and _, divided by points"),
    "validations": (FREE, "litere, cifre, punct, liniuță și _", "letters, digits, point, hyphen and _"),
}


def too_many(declared: Declarations) -> bool:
    """Whether there are more levels, cohorts or named values than the limits; then nothing is typed."""
    header, cohorts = declared.header, declared.by_code["cohorts"]
    anywhere = sum(entry.data.get("level") == "any" for entry in declared.by_code["calculations"].values())
    values = len(declared.fields) + sum(len(declared.by_code[kind]) for kind in ("groups", "calculations", "indicators"))
    values += anywhere * (len(declared.levels) + len(cohorts))
    for found, limit, kind, kind_en in (
        (len(declared.levels), MAX_LEVELS, "niveluri", "levels"),
        (len(cohorts), MAX_COHORTS, "cohorte", "cohorts"),
        (values, MAX_VALUES, "valori cu nume", "named values"),
    ):
        if found > limit:
            header.add(declared.problems, "G404", ("levels",), limit=limit, found=found, kind=kind, kind_en=kind_en)
            return True
    return False


def check_codes(declared: Declarations) -> None:
    """Codes that families made have the shape of a code; no name is a word of the language."""
    for kind, (shape, wanted, wanted_en) in SHAPES.items():
        for code, entry in declared.by_code[kind].items():
            if "code" in entry.data and not declared.damaged(entry) and not (shape.fullmatch(code) and len(code) <= LONGEST):
                entry.add(declared.problems, "N141", ("code",), name=code, wanted=wanted, wanted_en=wanted_en)
    keys: dict[str, Entry] = {}
    for code, entry in declared.by_code["indicators"].items():
        first = keys.setdefault(code.lower().replace(".", "_"), entry)
        if first is not entry and first.data.get("level") != entry.data.get("level"):
            mark = first.mark("code")
            entry.add(declared.problems, "N110", ("code",), name=code, first=f"{mark.file}:{mark.line}")
    for entry, word in _named(declared):
        if word in KEYWORDS:
            entry.add(declared.problems, "N140", ("code",), name=word)


def _named(declared: Declarations) -> Iterator[tuple[Entry, str]]:
    for kind in ("groups", "calculations", "cohorts", "constants", "indicators"):
        yield from ((entry, code.lower()) for code, entry in declared.by_code[kind].items() if "code" in entry.data)
    yield from ((field.entry, str(field.entry.data.get("code"))) for field in declared.fields if "code" in field.entry.data)


def check_levels(declared: Declarations, levels: Iterable[str]) -> None:
    """No level or cohort is called like a word of the language."""
    for code in levels:
        if code in KEYWORDS or code in PSEUDO:
            mark = declared.levels[code].source.key_mark(declared.levels[code].path)
            declared.problems.add("N140", mark, source_line=declared.levels[code].source.line(mark.line), name=code)
    for code, entry in declared.by_code["cohorts"].items():
        if code in PSEUDO:
            entry.add(declared.problems, "N140", ("code",), name=code)


def check_definitions(declared: Declarations) -> None:
    """A definition is no function; its parameters are no constants."""
    for code, entry in declared.by_code["definitions"].items():
        if code in FUNCTIONS or code in ALIASES or code in KEYWORDS:
            entry.add(declared.problems, "N140", ("code",), name=code)
        parameters = entry.data.get("parameters")
        for index, name in enumerate(parameters if isinstance(parameters, list) else []):
            if name in declared.by_code["constants"]:
                _two_meanings(declared, entry, ("parameters", index), str(name), "constante", declared.by_code["constants"][name])
            elif name in KEYWORDS:
                entry.add(declared.problems, "N140", ("parameters", index), name=name)


def check_meanings(symbols: Symbols) -> None:
    """Calculations of any level against the names of each level, and names against the levels that ``count`` would take them for."""
    declared, topology = symbols.declared, symbols.registry.topology
    for level, things in symbols.things.items():
        for name, thing in things.items():
            if thing.entry is None:
                continue
            if name in symbols.anywhere and symbols.spreads_to(name, level):
                _two_meanings(declared, thing.entry, ("code",), name, level, symbols.anywhere[name].entry)
            if name in topology and topology.is_above(level, name):
                _two_meanings(declared, thing.entry, ("code",), name, level, _place_entry(declared, topology, name))
    for name, thing in symbols.anywhere.items():
        if thing.entry is not None and (name == "size" or name in topology):
            _two_meanings(declared, thing.entry, ("code",), name, "any", None)


def _place_entry(declared: Declarations, topology: Topology, name: str) -> Entry:
    return declared.by_code["cohorts"][name] if topology.is_cohort(name) else declared.levels[name]


def _two_meanings(declared: Declarations, entry: Entry, path: tuple[str | int, ...], name: str, level: str, other: Entry | None) -> None:
    mark = None if other is None else other.mark("code") if "code" in other.data else other.mark()
    first = "nume rezervat" if mark is None else f"{mark.file}:{mark.line}"
    entry.add(declared.problems, "N124", path, name=name, level=level, first=first)
