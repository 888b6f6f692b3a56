"""From numbers to what is displayed, and to bands: exact fractions are rounded in integers, floats near a tie are listed.

``display`` and ``bands`` are for the caller who stores or shows results; the band of an indicator inside a formula goes the same way.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from engine.columns.settling import Run, Task, node_of, unsettled
from engine.columns.value import LIMIT, Array, ColumnValue, long
from engine.methodology import Scale
from engine.values import NOT_APPLICABLE

NEAR = 1e-7
LARGEST = 2**62
"""Displayed integers stop here; what reaches it is too large to be published."""


def display(value: ColumnValue, places: int, factor: int, mode: str) -> tuple[Array, Array]:
    """(displayed numbers as integers ``value * factor * 10**places``, places of inexact values within 1e-7 of a tie).

    ``mode``: half_away_from_zero, half_even or truncate. Places without a value hold anything.
    """
    shown, near = rounded(value, factor * 10**places, mode)
    if near is None:
        return shown, np.zeros(0, np.intp)
    present = value.present
    return shown, (near if present is None else near & present).nonzero()[-1]


def rounded(value: ColumnValue, scale: int, mode: str) -> tuple[Any, Any]:
    """(integers, mask of floats near a tie or None)."""
    if not value.exact:
        return _rounded_floats(value, scale, mode)
    if value.den is None and value.size * scale < LIMIT:
        return long(value.values) * scale, None
    num, den = long(value.values), 1 if value.den is None else value.den
    if value.size * scale * 2 >= LIMIT or value.below * 2 >= LIMIT:
        num, den = np.asarray(num).astype(object), den if isinstance(den, int) else den.astype(object)
    return _bounded(_rounded_fractions(num * scale, den, mode)), None


def _bounded(values: Any) -> Any:
    numbers = values if isinstance(values, np.ndarray) and values.ndim else np.array([values], object)
    return np.asarray(np.minimum(np.maximum(numbers, -LARGEST), LARGEST)).astype(np.int64)


def _rounded_fractions(num: Any, den: Any, mode: str) -> Any:
    if mode == "half_even":
        whole = num // den
        twice = (num - whole * den) * 2
        return whole + ((twice > den) | ((twice == den) & (whole % 2 == 1)))
    size = abs(num)
    whole = size // den if mode == "truncate" else (size * 2 + den) // (den * 2)
    return whole * ((num > 0) * 1 - (num < 0) * 1)


def _rounded_floats(value: ColumnValue, scale: int, mode: str) -> tuple[Any, Any]:
    x = value.values * scale
    size = abs(x)
    doubt = max(NEAR, value.err * scale * 2)
    whole = np.floor(size)
    if mode == "truncate":
        near = abs(size - np.rint(size)) <= doubt
    else:
        near = abs(size - whole - 0.5) <= doubt
        whole = np.floor(size + 0.5)
    return _bounded(np.sign(x) * whole), near


# ---- bands -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def thresholds(scale: Scale, places: int) -> Array:
    """For each band but the last: the first displayed integer (``value * 10**places``) that is beyond it."""
    limits = []
    for band in scale.bands:
        if band.limit is None:
            break
        limit = band.limit * 10**places
        limits.append(limit.numerator // limit.denominator + 1 if band.inclusive else -(-limit.numerator // limit.denominator))
    return np.maximum.accumulate(np.array(limits, np.int64)) if limits else np.zeros(0, np.int64)


def bands(scale: Scale, shown: Array, places: int) -> Array:
    """Index of the band of each displayed integer of ``display``."""
    found = np.searchsorted(thresholds(scale, places), shown, side="right")
    return np.minimum(found, len(scale.bands) - 1).astype(np.uint8)


def exact_bands(scale: Scale, value: ColumnValue, factor: int) -> tuple[Array, Array]:
    """(index of the band of each unrounded number times ``factor``, places in doubt) for scales that compare exactly."""
    found, near = _exact_bands(scale, value, factor)
    return found, np.zeros(0, np.intp) if near is None else np.atleast_1d(near).nonzero()[-1]


def _exact_bands(scale: Scale, value: ColumnValue, factor: int) -> tuple[Any, Any]:
    near: Any = None
    found: Any = None
    for index, band in reversed(list(enumerate(scale.bands))):
        if band.limit is None:
            continue
        inside, doubt = _within(value, band.limit / factor, band.inclusive)
        found = np.where(inside, np.uint8(index), np.uint8(len(scale.bands) - 1) if found is None else found)
        near = doubt if near is None else near if doubt is None else near | doubt
    if found is None:
        found = np.zeros(np.shape(value.values), np.uint8)
    return found, near


def _within(value: ColumnValue, limit: Fraction, inclusive: bool) -> tuple[Any, Any]:
    if value.exact:
        num, den = long(value.values), 1 if value.den is None else value.den
        if value.size * limit.denominator >= LIMIT or value.below * abs(limit.numerator) >= LIMIT:
            num, den = np.asarray(num).astype(object), np.asarray(den).astype(object)
        left, right = num * limit.denominator, limit.numerator * den
        return np.asarray(left <= right if inclusive else left < right).astype(np.bool_), None
    edge = float(limit)
    near = abs(value.values - edge) <= max(abs(edge) * 1e-9, value.err * 2)
    return (value.values <= edge if inclusive else value.values < edge), near


def band_codes(task: Task, run: Run, value: ColumnValue) -> ColumnValue:
    """Published bands of a number: ``task.fixed`` = (scale or None, places, factor, mode). Texts, one of the scale's codes."""
    scale, places, factor, mode = task.fixed
    if scale is None:
        return _no_band(value)
    words = tuple(band.code for band in scale.bands)
    if scale.exact:
        found, near = _exact_bands(scale, value, factor)
    else:
        shown, near = rounded(value, factor * 10**places, mode)
        found = bands(scale, shown, places)
    if run.settle is not None and near is not None:
        for position in unsettled(near, value):
            node = node_of(task, position)
            settled = None if node is None else run.settle(node, position[-1]).value
            if isinstance(settled, str):
                found[position] = words.index(settled)
    return ColumnValue(found, value.bits, value.seen, vocabulary=words)


def _no_band(value: ColumnValue) -> ColumnValue:
    bits = np.full(np.shape(value.approx), NOT_APPLICABLE, np.uint8)
    seen = NOT_APPLICABLE
    if value.bits is not None:
        bits = np.where(value.present, bits, value.bits)
        seen |= value.seen
    return ColumnValue(np.zeros(bits.shape, np.uint8), bits, seen, vocabulary=("",))
