"""The same small world many times over: what is true of one copy is true of all, however many places that makes."""

from __future__ import annotations

import numpy as np

from engine.dataset import ColumnData, Dataset, Table
from tests.engine.columns.world import World


def tiled(world: World, copies: int) -> Dataset:
    """``copies`` of a world beside each other, each in a zone of its own."""
    counts = {level: table.count for level, table in world.tables.items()}
    return Dataset(world.topology, {level: _tiled(table, counts, copies) for level, table in world.tables.items()})


def _tiled(table: Table, counts: dict[str, int], copies: int) -> Table:
    parents = {}
    for above, index in table.parents.items():
        shifted = np.tile(index, copies) + np.repeat(np.arange(copies) * counts[above], table.count)
        parents[above] = np.where(np.tile(index, copies) < 0, -1, shifted).astype(np.int32)
    columns = {name: _column(column, copies) for name, column in table.columns.items()}
    received = None if table.received is None else np.tile(table.received, copies)
    return Table(table.level, table.count * copies, list(table.keys) * copies, parents, columns, received)


def _column(column: ColumnData, copies: int) -> ColumnData:
    bits = None if column.bits is None else np.tile(column.bits, copies)
    below = None if column.denominators is None else np.tile(column.denominators, copies)
    return ColumnData(np.tile(column.values, copies), bits, column.scale, below, column.vocabulary)
