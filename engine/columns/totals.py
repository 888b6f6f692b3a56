"""Adding up: from members to the place they lie in. Integers stay exact; counts above an owner are sums of its counts."""

from __future__ import annotations

import numpy as np

from engine.columns.places import Grouping
from engine.columns.settling import Run, Task
from engine.columns.value import INT32, LIMIT, ROUNDING, Array, ColumnValue, either, error_of, largest, real, usual

Found = ColumnValue | None


def counted(values: Array) -> ColumnValue:
    """Non-negative whole numbers with their measured bound."""
    return ColumnValue(values, None, 0, None, 0, int(np.maximum.reduce(values, axis=None, initial=0)))


def total(task: Task, run: Run, members: Grouping, value: ColumnValue | None) -> ColumnValue:
    """Sum over the members of each place; of flags: how many are set; of None: how many members there are."""
    if value is None:
        return ColumnValue(members.sizes, None, 0, None, 0, members.largest)
    many = max(members.largest, 1)
    if np.asarray(value.values).dtype == np.bool_:
        return ColumnValue(members.sum(value.values.view(np.uint8), INT32), None, 0, None, 0, many)
    if value.exact and not isinstance(value.den, np.ndarray) and value.size * many < LIMIT:
        low, high = min(value.low, 0) * many, max(value.high, 0) * many
        return ColumnValue(members.sum(value.values, usual(low, high)), None, 0, value.den, low, high, value.below)
    sums = members.reduce(np.add, value.approx)
    return real(sums, many * (error_of(value) + many * largest(value.approx) * ROUNDING), None, 0)


def summand(task: Task, run: Run, usable: Found, value: ColumnValue) -> ColumnValue:
    """The numbers, 0 for members that do not count."""
    if usable is None:
        return value
    low, high = min(value.low, 0), max(value.high, 0)
    values = value.values * usable.values if value.exact else either(usable.values, value.values, 0.0)
    return ColumnValue(values, None, 0, value.den, low, high, value.below, value.exact, value.err)
