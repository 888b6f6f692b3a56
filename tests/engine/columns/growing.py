"""Random data and random typed formulas over the small world, from one source of chance."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np

from engine.dataset import ColumnData, Table
from engine.formula import tree
from engine.formula.tree import BOOLEAN, DATE, DECIMAL, INTEGER, REAL, TEXT, Kind, Node
from engine.methodology import Cohort
from tests.engine.columns.world import CODES, COLOUR, COLUMNS, EXACT, LEVELS, NUMBER_POLICIES, SCALE, SHAPE, World

WORDS = ("oak", "elm", "fir", "oaks")
REASONS = (1, 2, 4, 8, 5, 12)


@dataclass
class Grower:
    """Fills a world: ``size`` is about how many places a level has, ``gaps`` how often a value is missing, ``large`` how big numbers get,
    ``lost`` how often a place lies in none of the level above."""

    chance: Random
    size: int = 4
    gaps: float = 0.2
    large: int = 6
    lost: float = 0.1

    def world(self) -> World:
        world = World()
        zones = 1
        hubs, sites = self.chance.randint(0, 2) or 1, self.chance.randint(0, self.size)
        wings, teams = self.chance.randint(0, self.size), self.chance.randint(0, self.size * 2)
        world.place("zone", zones)
        world.place("hub", hubs, zone=[0] * hubs)
        world.place("site", sites, hub=self._links(sites, hubs))
        site_of_wing = self._links(wings, sites)
        world.place("wing", wings, site=site_of_wing)
        site_of_team = self._links(teams, sites)
        inside = [[w for w in range(wings) if site_of_wing[w] == site and site >= 0] for site in site_of_team]
        world.place("team", teams, site=site_of_team, wing=[self.chance.choice([*found, -1]) for found in inside])
        team_of_row = sorted(self.chance.randrange(teams) for _ in range(self.chance.randint(0, self.size * 5))) if teams else []
        rows = world.place("row", len(team_of_row), team=team_of_row, site=[site_of_team[team] for team in team_of_row])
        if teams and self.chance.random() < 0.4:
            has = set(team_of_row)
            rows.received = np.array([t in has or self.chance.random() < 0.5 for t in range(teams)])
        for level in LEVELS:
            self._fill(world.tables[level])
        self._cohorts(world)
        return world

    def _links(self, count: int, above: int) -> list[int]:
        return [self.chance.randrange(above) if above and self.chance.random() >= self.lost else -1 for _ in range(count)]

    def _cohorts(self, world: World) -> None:
        grow = Formulas(self, world)
        for code, cohort in list(world.cohorts.items()):
            by = [grow.any_input(cohort.of, self.chance.choice([INTEGER, COLOUR, BOOLEAN, TEXT, DECIMAL])) for _ in range(self.chance.randint(0, 2))]
            where = grow.node(cohort.of, BOOLEAN, 1, cohorts=False) if self.chance.random() < 0.5 else None
            world.cohorts[code] = Cohort(code, cohort.of, cohort.inside, tuple(by), where, {})

    # ---- data ------------------------------------------------------------------------------------------

    def _fill(self, table: Table) -> None:
        for name, kind in COLUMNS.items():
            if name != "gone":
                table.columns[name] = self._column(name, kind, table.count)

    def _column(self, name: str, kind: Kind, count: int) -> ColumnData:
        gaps = self.gaps if self.chance.random() < 0.6 else 0.0
        missing = [self.chance.choice(REASONS) if self.chance.random() < gaps else 0 for _ in range(count)]
        raw = [0 if missing[i] else self._raw(name, kind) for i in range(count)]
        bits = np.array(missing, np.uint8) if any(missing) or self.chance.random() < 0.2 else None
        if kind is BOOLEAN:
            return ColumnData(np.array(raw, np.uint8), bits)
        if kind == COLOUR:
            return ColumnData(np.array(raw, np.uint8), bits)
        if kind == SHAPE:
            return ColumnData(np.array(raw, np.uint64), bits)
        if kind is TEXT:
            return ColumnData(np.array(raw, np.int32), bits, vocabulary=WORDS)
        if name == "cents":
            return ColumnData(np.array(raw, np.int64), bits, scale=100)
        if name == "part":
            below = np.array([self.chance.randint(1, 9) for _ in range(count)], np.int64)
            return ColumnData(np.array(raw, np.int64), bits, denominators=below)
        return ColumnData(np.array(raw, np.uint8 if name == "small" else np.int64), bits)

    def _raw(self, name: str, kind: Kind) -> int:
        if kind is BOOLEAN:
            return self.chance.randint(0, 1)
        if kind == COLOUR or kind is TEXT:
            return self.chance.randrange(len(CODES))
        if kind == SHAPE:
            return self.chance.randrange(16)
        if name == "small":
            return self.chance.randint(0, 3)
        return self.chance.randint(-self.large, self.large)


@dataclass
class Formulas:
    """Random typed nodes."""

    grower: Grower
    world: World

    @property
    def chance(self) -> Random:
        return self.grower.chance

    def any_input(self, level: str, kind: Kind) -> Node:
        names = [name for name, found in COLUMNS.items() if found == kind and (name != "gone" or self.chance.random() < 0.2)]
        return self.world.column(level, self.chance.choice(names))

    def node(self, level: str, kind: Kind, depth: int, cohorts: bool = True) -> Node:
        """A formula of this kind at a level or cohort."""
        world, chance = self.world, self.chance
        if depth <= 0 or chance.random() < 0.15:
            return self._leaf(level, kind)
        ways = [self._operation, self._operation, self._operation]
        if self._above(level, cohorts):
            ways.append(self._look_up)
        if self._below(level, cohorts):
            ways += [self._aggregate, self._aggregate]
        if depth > 1:
            ways.append(self._calculation)
        made = chance.choice(ways)(level, kind, depth - 1, cohorts)
        return (
            made
            if made.kind == kind or (made.kind.is_number == kind.is_number and kind.is_number)
            else world.operation("coalesce", self._leaf(level, kind))
        )

    def number(self, level: str, depth: int, cohorts: bool) -> Node:
        return self.node(level, self.chance.choice([INTEGER, DECIMAL]), depth, cohorts)

    def _leaf(self, level: str, kind: Kind) -> Node:
        chance = self.chance
        if self.world.topology.is_cohort(level):
            return self.world.make(tree.Size, level, INTEGER) if kind.is_number else self.world.lift(self._constant(kind), level)
        if chance.random() < 0.2 and kind != SHAPE and kind is not DATE:
            return self._constant(kind)
        return self.any_input(level, kind if kind not in (REAL,) else DECIMAL)

    def _constant(self, kind: Kind) -> Node:
        chance = self.chance
        if kind is BOOLEAN:
            return self.world.constant(chance.random() < 0.5)
        if kind == COLOUR:
            return self.world.constant(chance.choice(CODES), COLOUR)
        if kind is TEXT:
            return self.world.constant(chance.choice((*WORDS, "none")))
        if kind.is_number:
            return self.world.constant(Fraction(chance.randint(-3, 12), 1 if kind is INTEGER else chance.randint(1, 6)))
        return self.world.column("zone", "shades" if kind == SHAPE else "day")

    def _above(self, level: str, cohorts: bool) -> list[str]:
        topology = self.world.topology
        return [name for name in topology.above(level) if cohorts or not topology.is_cohort(name)]

    def _below(self, level: str, cohorts: bool) -> list[str]:
        topology = self.world.topology
        names = [name for name in topology.ups if cohorts or not topology.is_cohort(name)]
        return [name for name in names if topology.is_above(level, name)]

    def _look_up(self, level: str, kind: Kind, depth: int, cohorts: bool) -> Node:
        return self.world.lift(self.node(self.chance.choice(self._above(level, cohorts)), kind, depth, cohorts), level)

    def _calculation(self, level: str, kind: Kind, depth: int, cohorts: bool) -> Node:
        formula = self.node(level, kind, depth, cohorts)
        applies = self.node(level, BOOLEAN, 1, cohorts) if self.chance.random() < 0.5 else None
        policies = NUMBER_POLICIES if kind.is_number else (None, "propagate", "skip")
        return self.world.calculation(level, formula, applies, self.chance.choice(policies))

    def _aggregate(self, level: str, kind: Kind, depth: int, cohorts: bool) -> Node:
        over = self.chance.choice(self._below(level, cohorts))
        where = self.world.lift(self.node(over, BOOLEAN, depth, cohorts), over) if self.chance.random() < 0.5 else None

        def value(of: Kind) -> Node:
            return self.world.lift(self.node(over, of, depth, cohorts), over)

        if kind is BOOLEAN:
            return self.world.aggregate(self.chance.choice(("any", "all")), level, over, value(BOOLEAN), where)
        if not kind.is_number:
            return self._leaf(level, kind)
        function = self.chance.choice(("count", "count", "share", "sum", "avg", "min", "max", "median", "distinct", "index"))
        if function == "index":
            return self._index(level, over)
        if function == "count":
            of = self.chance.choice([None, BOOLEAN, INTEGER, COLOUR])
            return self.world.aggregate(function, level, over, None if of is None else value(of), where)
        if function == "distinct":
            return self.world.aggregate(function, level, over, value(self.chance.choice([INTEGER, COLOUR, TEXT, DECIMAL])), where)
        of = BOOLEAN if function == "share" else self.chance.choice([INTEGER, DECIMAL])
        return self.world.aggregate(function, level, over, value(of), where)

    def _index(self, level: str, over: str) -> Node:
        group, total = self.world.make(tree.Size, over, INTEGER) if self.world.topology.is_cohort(over) else None, None
        if group is None:
            group = self.world.column(over, "small")
        total = self.world.operation("+", group, group)
        name = self.chance.choice(("dissimilarity", "isolation", "gini", "theil_h"))
        return self.world.make(tree.Index, level, REAL, name, over, group, total)

    # ---- operations ------------------------------------------------------------------------------------

    def _operation(self, level: str, kind: Kind, depth: int, cohorts: bool) -> Node:
        world, chance = self.world, self.chance

        def part(of: Kind) -> Node:
            return world.constant(None) if chance.random() < 0.02 else self.node(level, of, depth, cohorts)

        def made(op: str, *operands: Node) -> Node:
            return world.operation(op, *operands, at=level)

        if chance.random() < 0.25:
            op = chance.choice(("if", "coalesce"))
            operands = (part(kind), part(kind)) if op == "coalesce" else (self.node(level, BOOLEAN, depth, cohorts), part(kind), part(kind))
            return made(op, *operands)
        if kind is BOOLEAN:
            return self._claim(part, made, level, depth, cohorts)
        if kind.is_number:
            return self._number(kind, part, made)
        return self._leaf(level, kind)

    def _claim(self, part: Any, made: Any, level: str, depth: int, cohorts: bool) -> Node:
        chance = self.chance
        op = chance.choice(("not", "and", "or", "and", "or", "<", "<=", ">", ">=", "=", "<>", "in", "between", "missing", "contains", "code"))
        number = chance.choice([INTEGER, DECIMAL])
        if op == "not":
            return made(op, part(BOOLEAN))  # type: ignore[no-any-return]
        if op in ("and", "or"):
            return made(op, *(part(BOOLEAN) for _ in range(chance.randint(2, 3))))  # type: ignore[no-any-return]
        if op == "missing":
            return made(op, part(chance.choice([INTEGER, BOOLEAN, COLOUR])))  # type: ignore[no-any-return]
        if op == "contains":
            return made(op, self.world.constant(chance.randrange(4)), self.node(level, SHAPE, 0, cohorts))  # type: ignore[no-any-return]
        if op == "code":
            of = chance.choice([COLOUR, TEXT, BOOLEAN, DATE])
            return made(chance.choice(("=", "<>")), part(of), part(of))  # type: ignore[no-any-return]
        if op == "in":
            of = chance.choice([COLOUR, TEXT, INTEGER])
            return made(op, self.node(level, of, depth, cohorts), *(self._constant(of) for _ in range(chance.randint(1, 3))))  # type: ignore[no-any-return]
        return made(op, *(part(number) for _ in range(3 if op == "between" else 2)))  # type: ignore[no-any-return]

    def _number(self, kind: Kind, part: Any, made: Any) -> Node:
        chance = self.chance
        if kind is INTEGER:
            op = chance.choice(("+", "-", "*", "neg", "abs", "min", "max", "how_many", "round", "floor", "ceil", "length"))
        else:
            op = chance.choice(("+", "-", "*", "/", "/", "neg", "abs", "min", "max", "round"))
        if op == "how_many":
            return made(op, *(part(BOOLEAN) for _ in range(chance.randint(1, 3))))  # type: ignore[no-any-return]
        if op == "length":
            return made(op, part(chance.choice([TEXT, SHAPE])))  # type: ignore[no-any-return]
        if op in ("round", "floor", "ceil"):
            places = [self.world.constant(chance.randint(-1, 2))] if op == "round" and kind is DECIMAL else []
            return made(op, part(DECIMAL), *places)  # type: ignore[no-any-return]
        many = 1 if op in ("neg", "abs") else chance.randint(2, 3) if op in ("min", "max") else 2
        return made(op, *(part(kind) for _ in range(many)))  # type: ignore[no-any-return]

    # ---- what stands alone -------------------------------------------------------------------------------

    def lookup(self, level: str) -> Node:
        values = {code: Fraction(self.chance.randint(-5, 5), self.chance.randint(1, 4)) for code in CODES if self.chance.random() < 0.7}
        otherwise = Fraction(9) if self.chance.random() < 0.4 else None
        key = self.node(level, COLOUR, 2)
        return self.world.make(tree.Lookup, key.at, DECIMAL, self.world.table(values, otherwise), key)

    def indicator(self, level: str, formula: Node) -> tuple[Node, Node]:
        """(value, band) of an indicator with this formula."""
        name = f"indicator_{len(self.world.indicators)}"
        column = self.world.calculation(level, formula, missing="skip", name=name)
        format_ = self.chance.choice(("score", "percent", "whole"))
        scale = self.chance.choice((SCALE, EXACT, SCALE, None))
        self.world.indicators[name] = SimpleNamespace(scale=scale, format=format_, code=name)
        return column, self.world.make(tree.BandOf, level, TEXT, column.quantity)  # type: ignore[attr-defined]

    def pool(self, level: str, depth: int) -> Node:
        """A pool over some indicators of a level."""
        chance, members = self.chance, []
        function = chance.choice(("count", "size", "min", "max", "sum", "avg", "distinct"))
        for _ in range(chance.randint(1, 4)):
            value, band = self.indicator(level, self.number(level, depth, True))
            where = chance.choice(
                (None, self.node(level, BOOLEAN, 1), self.world.operation("in", band, self.world.constant("mid"), self.world.constant("top")))
            )
            what = self.world.constant(chance.choice(WORDS)) if function == "distinct" else value
            members.append((None if function == "size" else what, where))
        return self.world.make(tree.Pool, level, DECIMAL, function.replace("size", "count"), tuple(members))
