"""From numbers to what is displayed, and to bands: exact fractions are rounded in integers, floats near a tie are listed.

``display`` and ``bands`` are for the caller who stores or shows results; the band of an indicator inside a formula goes the same way.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from typing import Any

import numpy as np

from engine.columns.settling import Run, Task, node_of, unsettled
from engine.columns.value import LIMIT, Array, ColumnValue, anywhere, long
from engine.methodology import Scale
from engine.values import NOT_APPLICABLE

NEAR = 1e-7


def display(value: ColumnValue, places: int, factor: int, mode: str) -> tuple[Array, Any]:
    """(displayed numbers as integers ``value * factor * 10**places``, mask of inexact values within 1e-7 of a tie or None).

    ``mode``: half_away_from_zero, half_even or truncate. Places without a value hold anything.
    """
    shown, near = rounded(value, factor * 10**places, mode)
    return shown, near if near is None or value.present is None else near & value.present


def rounded(value: ColumnValue, scale: int, mode: str) -> tuple[Any, Any]:
    """(integers, mask of floats near a tie or None)."""
    if not value.exact:
        return _rounded_floats(value, scale, mode)
    if value.den is None and value.size * scale < LIMIT:
        return long(value.values) * scale, None
    num, den = long(value.values), 1 if value.den is None else long(value.den)
    if value.size * scale * 2 >= LIMIT or value.below * 2 >= LIMIT:
        num, den = np.asarray(num).astype(object), den if isinstance(den, int) else den.astype(object)
    return _integers(_rounded_fractions(num * scale, den, mode, value.low >= 0)), None


def _integers(found: Any) -> Array:
    """As int64; Python integers where those do not suffice."""
    array = np.asarray(found)
    if array.dtype == object and any(abs(one) >= LIMIT for one in array.ravel()):
        return array
    return array.astype(np.int64, copy=False)


def _rounded_fractions(num: Any, den: Any, mode: str, positive: bool) -> Any:
    """``positive``: there is no number below 0."""
    if mode == "half_even":
        whole = num // den
        twice = (num - whole * den) * 2
        return whole + ((twice > den) | ((twice == den) & (whole % 2 == 1)))
    size = num if positive else abs(num)
    whole = size // den if mode == "truncate" else (size * 2 + den) // (den * 2)
    return whole if positive else whole * ((num > 0) * 1 - (num < 0) * 1)


def _rounded_floats(value: ColumnValue, scale: int, mode: str) -> tuple[Any, Any]:
    if value.high * scale >= LIMIT:
        return np.zeros(np.shape(value.values), object), np.ones(np.shape(value.values), np.bool_)
    x = value.values * scale
    size = abs(x)
    doubt = max(NEAR, value.err * scale * 2)
    whole = np.floor(size)
    if mode == "truncate":
        near = abs(size - np.rint(size)) <= doubt
    else:
        near = abs(size - whole - 0.5) <= doubt
        whole = np.floor(size + 0.5)
    shown = np.asarray(np.sign(x) * whole).astype(np.int64)
    if value.sure is None or not anywhere(near):
        return shown, near
    known = near & (value.sure[1] > 0)
    num, den = (part[known].astype(object) for part in value.sure)
    shown[known] = _rounded_fractions(num * scale, den, mode, False)
    return shown, near & ~known


# ---- bands -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def limits_of(scale: Scale, places: int) -> tuple[int, ...]:
    """For each band but the last: the first displayed integer (``value * 10**places``) that is beyond it."""
    limits: list[int] = []
    for band in scale.bands:
        if band.limit is None:
            break
        limit = band.limit * 10**places
        limits.append(limit.numerator // limit.denominator + 1 if band.inclusive else -(-limit.numerator // limit.denominator))
    return tuple(accumulate(limits, max))


def bands(scale: Scale, shown: Array, places: int) -> Array:
    """Index of the band of each displayed integer of ``display``."""
    found = _limits(scale, places).searchsorted(shown, side="right").astype(np.uint8)
    return found if len(limits_of(scale, places)) < len(scale.bands) else np.minimum(found, np.uint8(len(scale.bands) - 1))


@lru_cache(maxsize=256)
def _limits(scale: Scale, places: int) -> Array:
    return np.array(limits_of(scale, places), np.int64)


def exact_bands(scale: Scale, value: ColumnValue, factor: int) -> tuple[Any, Any]:
    """(index of the band of each unrounded number times ``factor``, mask of those in doubt) for scales that compare exactly."""
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
        num, den = long(value.values), 1 if value.den is None else long(value.den)
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
        found, near = exact_bands(scale, value, factor)
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
