"""From typed trees to closures, once a methodology: names looked up, ways found, constants converted before anything is asked."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter

from engine import members
from engine.formula import scalars, tree
from engine.formula.quantities import FormulaQuantity, InputQuantity, Quantity
from engine.formula.tree import Node
from engine.methodology import Indicator, Methodology
from engine.reference import operations, quantities
from engine.reference.places import Closure, Made, Meaning, Place, over_members
from engine.reference.ways import Ways
from engine.rounding import band_of, displayed, factor_of
from engine.values import NOT_APPLICABLE, Known, Number, Value, number

HEAVY = 16
"""A part of a formula that takes more steps than this is remembered as if it had a name: what a formula shares with itself is not
computed again and again, and no formula nests its calls deeper."""
REMEMBERED = (tree.Aggregate, tree.Index, tree.Pool)
NO_ENTRY = Value(None, NOT_APPLICABLE)


class Meanings:
    """The closures of a methodology, each made when it is first needed. ``quantities`` and ``nodes`` give the meaning of either."""

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology
        self.ways = Ways(methodology.topology, methodology.cohorts, self.compile)
        self.quantities = Made(self._named)
        self.nodes = Made(self._asked)
        self._closures: dict[Node, Closure] = {}
        self._remembered: dict[Node, Meaning] = {}
        self._steps: dict[Node, int] = {}

    def _asked(self, node: Node) -> Meaning:
        return self.quantities[node.quantity] if isinstance(node, tree.Column) else Meaning(self.compile(node))  # type: ignore[no-any-return]

    def _named(self, quantity: Quantity) -> Meaning:
        """Compiled when first computed: a quantity may need thousands of others."""

        def compiled(place: Place) -> Known:
            meaning.compute = self._quantity(quantity)
            return meaning.compute(place)  # type: ignore[no-any-return]

        meaning = Meaning(compiled)
        return meaning

    def _quantity(self, quantity: Quantity) -> Closure:
        if isinstance(quantity, InputQuantity):
            choices = self.methodology.choices.get(quantity.kind.choices)
            codes = tuple(choices.index) if choices is not None else ()
            return quantities.of_input(quantity, codes, self._optional(quantity.show))
        if not isinstance(quantity, FormulaQuantity) or quantity.formula is None:
            raise ValueError(f"{quantity.level}.{quantity.name} has no formula")
        return quantities.of_formula(self.compile(quantity.formula), self._optional(quantity.applies), quantity.missing)

    def _optional(self, node: Node | None) -> Closure | None:
        return None if node is None else self.compile(node)

    def remembered(self, node: Node) -> Meaning:
        """Under what a named value or an aggregate is remembered at a place."""
        if isinstance(node, tree.Column):
            return self.quantities[node.quantity]  # type: ignore[no-any-return]
        self.compile(node)
        return self._remembered[node]

    def compile(self, node: Node) -> Closure:
        """The closure of a node, parts first."""
        for part in tree.walk(node):
            if part not in self._closures:
                self._compile(part)
        return self._closures[node]

    def _compile(self, node: Node) -> None:
        closure = self._closure(node)
        steps = 1 + sum(self._steps[child] for child in node.children)
        if isinstance(node, REMEMBERED) or steps > HEAVY:
            meaning = self._remembered[node] = Meaning(closure)
            closure, steps = itemgetter(meaning), 1
        self._closures[node], self._steps[node] = closure, steps

    def _closure(self, node: Node) -> Closure:
        match node:
            case tree.Const(value=value):
                return operations.Constant(scalars.ABSENT_NULL if value is None else number(value))
            case tree.Column(quantity=quantity):
                return itemgetter(self.quantities[quantity])
            case tree.Lift():
                return self._lift(node)
            case tree.Size():
                return lambda place: Number(len(place.members))  # type: ignore[attr-defined]
            case tree.Operation(op=op, operands=operands):
                return operations.operation(op, [self._closures[operand] for operand in operands])
            case tree.Lookup():
                return self._lookup(node)
            case tree.BandOf():
                return self._band(node)
            case tree.Aggregate():
                return self._aggregate(node)
            case tree.Index():
                return self._index(node)
            case tree.Pool():
                return self._pool(node)
        raise TypeError(f"no such node: {node!r}")

    # ---- other places ------------------------------------------------------------------------------------------------

    def _lift(self, node: tree.Lift) -> Closure:
        up, operand = self.ways.up[node.at, node.operand.at], self._closures[node.operand]

        def lifted(place: Place) -> Known:
            above = place[up]
            return above if type(above) is Value else operand(above)  # type: ignore[no-any-return]

        return lifted

    def _aggregate(self, node: tree.Aggregate) -> Closure:
        function, inside, documents = node.function, itemgetter(self.ways.down[node.over, node.at]), self._documents_missing(node)
        where = None if node.where is None else self._closures[node.where]
        value = None if node.value is None else self._closures[node.value]

        def aggregated(place: Place) -> Known:
            return members.aggregate(function, inside(place), where, value, documents(place))

        def member(place: Place) -> None:
            if (where is None or scalars.plain(where(place)) is True) and value is not None:
                value(place)

        return over_members(aggregated, inside, member)

    def _index(self, node: tree.Index) -> Closure:
        function, inside, documents = node.function, itemgetter(self.ways.down[node.over, node.at]), self._documents_missing(node)
        group, total = self._closures[node.group], self._closures[node.total]

        def child(place: Place) -> tuple[Known, Known]:
            return group(place), total(place)

        def computed(place: Place) -> Known:
            return members.index(function, map(child, inside(place)), documents(place))

        return over_members(computed, inside, child)

    def _documents_missing(self, node: tree.Aggregate | tree.Index) -> Closure:
        """Owners inside the place whose rows have not come, when the members are rows (or cohorts of rows)."""
        level = self.methodology.topology.cohort_of.get(node.over, node.over)
        owner = self.methodology.levels[level].owner
        if not owner or self.methodology.topology.path(owner, node.at) is None:
            return lambda place: 0  # a cohort of rows has only rows that have come
        owners = self.ways.down[owner, node.at]

        def missing(place: Place) -> int:
            table = place.run.dataset.tables.get(level)
            if table is None or table.received is None:
                return 0
            return sum(not table.received[one.number] for one in place[owners])

        return missing

    # ---- the rest ----------------------------------------------------------------------------------------------------

    def _lookup(self, node: tree.Lookup) -> Closure:
        key, otherwise = self._closures[node.key], number(node.table.otherwise)
        table = {code: number(value) for code, value in (node.table.table or {}).items()}

        def looked_up(place: Place) -> Known:
            asked = key(place)
            if scalars.absent(asked):
                return asked  # type: ignore[no-any-return]
            found = table.get(str(scalars.plain(asked)), otherwise)
            return NO_ENTRY if found is None else scalars.combine(found, (asked,))

        return looked_up

    def _band(self, node: tree.BandOf) -> Closure:
        value, indicator = itemgetter(self.quantities[node.quantity]), self._indicator(node.quantity)

        def band(place: Place) -> Known:
            found = value(place)
            if scalars.absent(found):
                return found  # type: ignore[no-any-return]
            exact = scalars.plain(found)
            if indicator.scale is None or not isinstance(exact, Number):
                return NO_ENTRY
            return scalars.combine(self.band(indicator, exact), (found,))

        return band

    def _indicator(self, quantity: Quantity) -> Indicator:
        found = self.methodology.indicator_of(quantity.name)
        if found is None:
            raise KeyError(quantity.name)
        return found

    def band(self, indicator: Indicator, value: Number) -> str:
        """Published band of a value of an indicator with a scale."""
        assert indicator.scale is not None
        shown = displayed(value, indicator.format, self.methodology.rounding)
        return band_of(indicator.scale, value * factor_of(indicator.format) if indicator.scale.exact else shown)

    def _pool(self, node: tree.Pool) -> Closure:
        listed = [
            (None if value is None else self._closures[value], None if where is None else self._closures[where]) for value, where in node.members
        ]
        function = node.function

        def pooled(place: Place) -> Known:
            admitted = [value for value, where in listed if where is None or scalars.plain(where(place)) is True]
            return members.pool(function, [members.COUNT if value is None else value(place) for value in admitted])

        return pooled


@lru_cache(maxsize=16)
def meanings_of(methodology: Methodology) -> Meanings:
    """The meanings of a methodology; made once."""
    return Meanings(methodology)
