"""Columns that come from outside a formula: the data, tables of constants, constants themselves, distribution indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from engine.columns.forming import Formed
from engine.columns.missing import masked
from engine.columns.places import Link
from engine.columns.settling import Run, Task
from engine.columns.value import Array, ColumnValue, closed, either, flag, real, smallest, spread, usual
from engine.dataset import ColumnData
from engine.formula.tree import Kind
from engine.values import NOT_APPLICABLE, NOT_COLLECTED, Value

Codes = Mapping[str, int]
FEW_VALUES = 16


def column(task: Task, run: Run) -> ColumnValue:
    """A column of the data; ``task.fixed`` = (level, name, kind, codes of its list, whether rows)."""
    level, name, kind, codes, rows = task.fixed
    table = run.dataset.tables.get(level)
    data = None if table is None else table.columns.get(name)
    if data is None:
        return nothing(kind, run.dataset.count(level), NOT_COLLECTED)
    bits, seen = (None, 0) if data.bits is None else closed(data.bits)
    if kind.name == "boolean":
        return ColumnValue(data.values.view(np.bool_), bits, seen)
    if kind.name in ("choice", "multichoice", "text"):
        return _worded(data, kind, codes, bits, seen)
    return _numbers(data, bits, seen, rows)


def nothing(kind: Kind, count: int, bits: int) -> ColumnValue:
    """No value anywhere."""
    vocabulary = ("",) if kind.name in ("text", "null") else None
    dtype = {"boolean": np.bool_, "multichoice": np.uint64}.get(kind.name, np.uint8)
    return ColumnValue(np.zeros(count, dtype), np.full(count, bits, np.uint8), bits, vocabulary=vocabulary)


def _worded(data: ColumnData, kind: Kind, codes: Codes | None, bits: Any, seen: int) -> ColumnValue:
    values = data.values
    if kind.name == "multichoice":
        return ColumnValue(values.astype(np.uint64, copy=False), bits, seen)
    if data.vocabulary is not None and codes is not None and kind.name == "choice":
        table = np.array([codes.get(word, len(codes)) for word in data.vocabulary] or [0], np.int32)
        return ColumnValue(table[values], bits, seen)
    return ColumnValue(values, bits, seen, vocabulary=data.vocabulary)


def _numbers(data: ColumnData, bits: Any, seen: int, rows: bool) -> ColumnValue:
    values = data.values
    if any(part is not None and part.dtype.kind == "O" for part in (values, data.denominators)):
        below = [data.scale] * len(values) if data.denominators is None else data.denominators.tolist()
        floats = [number / den for number, den in zip(values.tolist(), below, strict=True)]
        return real(np.array(floats, np.float64), 0.0, bits, seen)
    if values.dtype.itemsize == 1:
        info = np.iinfo(values.dtype)
        low, high = int(info.min), int(info.max)
    else:
        low, high = bounds(values)
        values = values.astype(smallest(low, high) if rows else usual(low, high), copy=False)
    if data.denominators is not None:
        den = np.maximum(data.denominators, 1)
        below = int(np.maximum.reduce(den, initial=1))
        return ColumnValue(values, bits, seen, den.astype(usual(1, below)), low, high, below)
    return ColumnValue(values, bits, seen, None if data.scale == 1 else data.scale, low, high, data.scale)


def bounds(values: Array) -> tuple[int, int]:
    """Least and greatest of whole numbers and 0."""
    if len(values) <= FEW_VALUES:
        listed = values.tolist()
        return min([*listed, 0]), max([*listed, 0])
    return int(np.minimum.reduce(values, initial=0)), int(np.maximum.reduce(values, initial=0))


def shown(task: Task, run: Run, condition: ColumnValue, value: ColumnValue) -> ColumnValue:
    """An input where it is asked for; elsewhere not_collected."""
    flags = condition.values
    hidden = flag(~flags, NOT_COLLECTED)
    bits, seen = closed(np.atleast_1d(hidden if value.bits is None else value.bits * flags | hidden))
    if task.fixed[0]:
        return ColumnValue(value.values & flags, bits, seen)
    return value.with_bits(bits, seen)


# ---- constants ---------------------------------------------------------------------------------------------------


def constant(value: Value, kind: Kind, codes: Codes | None) -> ColumnValue:
    """One known value (or the reason for none), standing for every place."""
    bits = np.array([value.bits], np.uint8) if value.bits else None
    plain = value.value
    if isinstance(plain, bool) or (plain is None and kind.name == "boolean"):
        return ColumnValue(np.bool_(bool(plain)), bits, value.bits)
    if isinstance(plain, Fraction):
        num, den = plain.numerator, plain.denominator
        return ColumnValue(num, bits, value.bits, None if den == 1 else den, num, num, den)
    if isinstance(plain, str) and codes is not None:
        return ColumnValue(codes.get(plain, len(codes)), bits, value.bits)
    word = (plain,) if isinstance(plain, str) else ("",) if kind.name in ("text", "null") else None
    return ColumnValue(0, bits, value.bits, vocabulary=word)


def everywhere(task: Task, run: Run, value: ColumnValue, cohort: Formed | None) -> ColumnValue:
    """A constant at every place of level ``task.fixed[0]`` (or of a cohort)."""
    count = run.dataset.count(task.fixed[0]) if cohort is None else cohort.members.count
    bits = None if value.bits is None else spread(value.bits, count)
    values = spread(value.values, count)
    return ColumnValue(values, bits, value.seen, value.den, value.low, value.high, value.below, vocabulary=value.vocabulary)


def table_of(found: Sequence[Fraction | bool | str | None], kind: Kind, codes: Codes | None) -> ColumnValue:
    """Values by key index as one column, not_applicable where there is none."""
    bits, seen = closed(np.array([NOT_APPLICABLE if value is None else 0 for value in found], np.uint8))
    if kind.name == "boolean":
        return ColumnValue(np.array([value is True for value in found], np.bool_), bits, seen)
    if codes is not None:
        return ColumnValue(np.array([codes.get(str(value), 0) for value in found], np.int32), bits, seen)
    if not kind.is_number and kind.name != "date":
        words = tuple(dict.fromkeys(str(value) for value in found if value is not None)) or ("",)
        return ColumnValue(np.array([words.index(str(v)) if v is not None else 0 for v in found]), bits, seen, vocabulary=words)
    numbers = [Fraction(0) if value is None else Fraction(value) for value in found]
    scale = lcm(*(number.denominator for number in numbers))
    whole = [int(number * scale) for number in numbers]
    low, high = min(whole, default=0), max(whole, default=0)
    values = np.array(whole, usual(low, high))
    return ColumnValue(values, bits, seen, None if scale == 1 else scale, low, high, scale)


def looked_up(task: Task, run: Run, key: ColumnValue) -> ColumnValue:
    """``task.fixed`` = (table by key index,)."""
    table: ColumnValue = task.fixed[0]
    values = table.values[key.values]
    bits, seen = key.bits, key.seen
    if table.bits is not None:
        own = table.bits[key.values]
        bits, seen = closed(own if bits is None else either(key.present, either(own != 0, own, bits), bits))
    if values.dtype == np.bool_:
        values = masked(values, bits, seen)
    return ColumnValue(values, bits, seen, table.den, table.low, table.high, table.below, vocabulary=table.vocabulary)


# ---- distribution indices ------------------------------------------------------------------------------------------


def index(task: Task, run: Run, link: Link, usable: ColumnValue | None, group: ColumnValue, total: ColumnValue) -> ColumnValue:
    """A distribution index over the children of each place; not_applicable where it is not defined."""
    from engine.indices_columns import index_columns

    children = len(link.raw)
    keep = None if link.lost is None else link.lost == 0
    if usable is not None:
        keep = usable.values if keep is None else keep & usable.values
    parts = (_whole(group, children), _whole(total, children), link.raw)
    g, n, raw = parts if keep is None else (part[spread(keep, children)] for part in parts)
    values, defined = index_columns(task.fixed[0], g, n, raw, link.count)
    bits, seen = closed(flag(~defined, NOT_APPLICABLE))
    return real(either(defined, values, 0.0), 1e-9, bits, seen)


def _whole(value: ColumnValue, count: int) -> Array:
    return spread(value.values, count).astype(np.int64)
