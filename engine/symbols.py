"""Names become typed quantities, each once, what they need first.

``Symbols`` knows every name of every level, parses each formula once, orders the names by need, reports cycles, and types formulas
with the registry it offers to ``engine.formula.kinds``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from engine import graph
from engine.declarations import Declarations, value_at
from engine.entries import Entry, Path
from engine.formula import nodes as syntax
from engine.formula.errors import FormulaSyntaxError
from engine.formula.kinds import Finding, Typer
from engine.formula.operations import shown_kind
from engine.formula.parser import parse
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.registry import ANY, Registry
from engine.formula.tree import BOOLEAN, DECIMAL, INTEGER, NULL, UNKNOWN, Kind, Node

# A long sum is a deep tree; its size is bounded by the parser.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 20_000))

Key = tuple[str, str]


@dataclass(slots=True)
class Thing:
    """What a name stands for, before typing. ``path`` is where its formula stands in the entry, () for inputs."""

    source: str
    entry: Entry | None
    path: Path
    kind: Kind = UNKNOWN
    damaged: bool = False


@dataclass(slots=True, repr=False)
class Symbols:
    declared: Declarations
    registry: Registry
    things: dict[str, dict[str, Thing]] = field(default_factory=dict)
    anywhere: dict[str, Thing] = field(default_factory=dict)
    lowest: dict[str, str] = field(default_factory=dict)
    quantities: dict[Key, Quantity] = field(default_factory=dict)
    _circles: set[frozenset[int]] = field(default_factory=set)
    _parsed: dict[tuple[int, Path], syntax.Node | None] = field(default_factory=dict)

    # ---- names -------------------------------------------------------------------------------------

    def names(self, level: str) -> list[str]:
        """Every name of a level or cohort."""
        size = ["size"] if self.registry.topology.is_cohort(level) else []
        return [*self.things.get(level, {}), *(name for name in self.anywhere if self.spreads_to(name, level)), *size]

    def thing(self, level: str, name: str) -> Thing | None:
        found = self.things.get(level, {}).get(name)
        if found is None and name in self.anywhere and self.spreads_to(name, level):
            return self.anywhere[name]
        return found

    def spreads_to(self, name: str, level: str) -> bool:
        """True when a calculation of any level exists at this one."""
        lowest = self.lowest.get(name, "")
        return bool(lowest) and self.registry.topology.is_above(level, lowest)

    def resolve(self, level: str, name: str) -> Quantity | None:
        """The quantity of a name, None where there is none. Made at first use, in an order in which needs come first."""
        key = (level, name)
        if key not in self.quantities and (name.startswith("previous.") or self.thing(level, name) is not None):
            self.prepare([key])
        return self.quantities.get(key)

    def prepare(self, keys: Iterable[Key]) -> None:
        """Type these names and all they need."""
        wanted = [key for key in keys if key not in self.quantities]
        ordered, cycles = graph.order(wanted, self._needs)
        for cycle in cycles:
            self._report_cycle(cycle)
        for key in ordered:
            if key[1] and key not in self.quantities:
                self._make(key)

    def _needs(self, key: Key) -> Iterator[Key]:
        level, name = key
        if key in self.quantities:
            return
        if self.registry.topology.is_cohort(level) and name:
            yield (level, "")
        for entry, path, own in self._formulas_of(key):
            tree = self.parse(entry, path)
            if tree is not None:
                yield from self._known(graph.named_in(tree, own), own)

    def _known(self, names: Iterable[Key], own: str) -> Iterator[Key]:
        for level, name in names:
            if name == "indicator" and level == own:
                yield from ((own, k) for k, pooled in self.registry.pooled.get(own, {}).items() if not pooled.pools)
            if self.registry.topology.is_cohort(level):
                yield (level, "")
            if self.registry.topology.is_cohort(name):
                yield (name, "")
            if self.thing(level, name) is not None:
                yield (level, name)

    def _formulas_of(self, key: Key) -> Iterator[tuple[Entry, Path, str]]:
        level, name = key
        if name == "" and self.registry.topology.is_cohort(level):
            entry, of = self.declared.by_code["cohorts"][level], self.registry.topology.cohort_of[level]
            yield from ((entry, ("by", index), of) for index in range(len(entry.data.get("by") or [])))
            yield from [(entry, ("where",), of)] if "where" in entry.data else []
            return
        thing = self.thing(level, name)
        if thing is None or thing.entry is None or thing.damaged:
            return
        for path in (thing.path, ("applies_if",), ("show_if",)):
            if path and path[0] in thing.entry.data:
                yield (thing.entry, path, level)

    def _report_cycle(self, cycle: list[Key]) -> None:
        """The whole path with lines; the same circle of calculations of any level is told once, not at every level."""
        steps, entries = [], set()
        for level, name in cycle:
            thing = self.thing(level, name) if name else None
            entry = thing.entry if thing else self.declared.by_code["cohorts"].get(level)
            line = f":{entry.mark().line}" if entry is not None else ""
            steps.append(f"{level}.{name}{line}" if name else f"{level}{line}")
            entries.add(id(entry))
            if name:
                self.quantities[level, name] = Quantity(name, level, UNKNOWN, "cycle")
        level, name = next((key for key in cycle if key[1]), cycle[0])
        thing = self.thing(level, name)
        entry, path = (thing.entry, thing.path or ("show_if",)) if thing else (self.declared.by_code["cohorts"].get(level), ("where",))
        if entry is not None and frozenset(entries) not in self._circles:
            self._circles.add(frozenset(entries))
            entry.add(self.declared.problems, "G401", path, 0, cycle=" → ".join(steps))

    # ---- formulas ----------------------------------------------------------------------------------

    def parse(self, entry: Entry, path: Path) -> syntax.Node | None:
        """The syntax tree of the formula at ``path``; None (and a problem, once) when it cannot be read."""
        key = (id(entry), path)
        if key not in self._parsed:
            self._parsed[key] = self._parse(entry, path)
        return self._parsed[key]

    def _parse(self, entry: Entry, path: Path) -> syntax.Node | None:
        text = value_at(entry.data, path)
        if not isinstance(text, str):
            return None
        hints: list[tuple[str, int, dict[str, Any]]] = []
        try:
            tree = parse(text, hints=hints)
        except FormulaSyntaxError as error:
            entry.add(self.declared.problems, error.code, path, error.offset, error.suggestion, **error.params)
            return None
        for code, offset, params in hints:
            entry.add(self.declared.problems, code, path, offset, **params)
        return tree

    def type(self, entry: Entry, path: Path, own: str, expected: Kind | None = None) -> Node | None:
        """The typed tree of a formula at its own level; None when there is none or it is wrong (then it has been reported)."""
        tree = self.parse(entry, path)
        if tree is None:
            return None
        self.prepare(self._known(graph.named_in(tree, own), own))
        typer = Typer(self.registry, own)
        node = typer.type(tree, own)
        if node.kind is NULL:
            node = typer.wrong("K321", tree)
        if expected is not None and node.kind is not UNKNOWN:
            node = self._expect(typer, tree, node, expected)
        for finding in typer.findings:
            self._report(entry, path, finding)
        return None if node.kind is UNKNOWN else typer.lift(node, own)

    def _expect(self, typer: Typer, tree: syntax.Node, node: Node, expected: Kind) -> Node:
        if expected.name == "choice":
            node = typer.as_code(tree, node, expected)
        both_numbers = expected.is_number and node.kind.is_number
        whole = expected is not INTEGER or node.kind is INTEGER
        if node.kind in (expected, UNKNOWN) or (both_numbers and whole):
            return node
        return typer.wrong("K317", tree, expected=shown_kind(expected), found=shown_kind(node.kind))

    def _report(self, entry: Entry, path: Path, finding: Finding) -> None:
        entry.add(self.declared.problems, finding.code, path, finding.offset, finding.suggestion, **finding.params)

    # ---- quantities --------------------------------------------------------------------------------

    def _make(self, key: Key) -> None:
        level, name = key
        if name.startswith("previous."):
            self._make_previous(level, name)
            return
        thing = self.thing(level, name)
        if thing is None:
            return
        if thing.damaged:
            self.quantities[key] = Quantity(name, level, UNKNOWN, thing.source)
        elif thing.source in ("field", "builtin"):
            self._make_input(key, thing)
        else:
            self._make_formula(key, thing)

    def _make_previous(self, level: str, name: str) -> None:
        bare = name.removeprefix("previous.")
        thing = self.thing(level, bare)
        if thing is not None and thing.source in ("calculation", "indicator"):
            self.quantities[level, name] = InputQuantity(name, level, DECIMAL, "previous")

    def _make_input(self, key: Key, thing: Thing) -> None:
        level, name = key
        show = None
        if thing.entry is not None and "show_if" in thing.entry.data:
            show = self.type(thing.entry, ("show_if",), level, BOOLEAN)
        self.quantities[key] = InputQuantity(name, level, thing.kind, thing.source, show)

    def _make_formula(self, key: Key, thing: Thing) -> None:
        level, name = key
        entry = thing.entry
        assert entry is not None
        expected = BOOLEAN if thing.source == "group" else None
        formula = self.type(entry, thing.path, level, expected)
        applies = self.type(entry, ("applies_if",), level, BOOLEAN) if "applies_if" in entry.data else None
        kind = UNKNOWN if formula is None else formula.kind
        data = entry.data
        self.quantities[key] = FormulaQuantity(
            name, level, kind, thing.source, formula, applies, missing_policy(data, thing.source), str(data.get(str(thing.path[0]), "")),
            str(data.get("applies_if", "")), data.get("label") or {}, str(data.get("format", "")), entry,
        )  # fmt: skip


def missing_policy(data: dict[str, Any], source: str) -> str | Fraction | None:
    """The rule for incomplete data: indicators propagate unless they say otherwise, calculations and groups pass it on."""
    declared = data.get("missing")
    if isinstance(declared, dict):
        return Fraction(str(declared["value"]))
    return str(declared) if declared else "propagate" if source == "indicator" else None


def lowest_named(tree: syntax.Node, symbols: Symbols) -> str:
    """The lowest level a formula names, directly or through other calculations of any level; '' when it names none."""
    topology = symbols.registry.topology
    found = []
    for level, name in graph.named_in(tree, ANY):
        if level in topology:
            found.append(level)
        if name in topology:
            found.append(name)
        if level == ANY and name in symbols.anywhere and symbols.lowest.get(name):
            found.append(symbols.lowest[name])
    return topology.lowest(found) or ""
