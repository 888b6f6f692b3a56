"""Arithmetic on columns: integers and fractions as integers while their products provably fit, else float64.

Every function takes and gives ``ColumnValue``; missing is spread strictly. Bounds are Python integers and cost nothing beside an array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.columns.missing import Met, strict
from engine.columns.value import LIMIT, ROUNDING, ColumnValue, anywhere, closed, either, error_of, fit, flag, has_value, largest, long, real, usual
from engine.values import ZERO_DENOMINATOR


def add(a: ColumnValue, b: ColumnValue) -> ColumnValue:
    return _sum(a, b, np.add, 1)


def subtract(a: ColumnValue, b: ColumnValue) -> ColumnValue:
    return _sum(a, b, np.subtract, -1)


def _sum(a: ColumnValue, b: ColumnValue, ufunc: Callable[..., Any], sign: int) -> ColumnValue:
    bits, seen = strict(a, b)
    common = common_denominator(a, b)
    if common is not None:
        left, right, den, below, (la, ha), (lb, hb) = common
        low, high = (la + lb, ha + hb) if sign > 0 else (la - hb, ha - lb)
        if low > -LIMIT and high < LIMIT:
            lowest, highest = min(low, la, lb), max(high, ha, hb)
            values = ufunc(fit(left, lowest, highest), fit(right, lowest, highest))
            return ColumnValue(values, bits, seen, den, low, high, below)
    return real(ufunc(a.approx, b.approx), error_of(a) + error_of(b), bits, seen)


Bounds = tuple[int, int]


def common_denominator(a: ColumnValue, b: ColumnValue) -> tuple[Any, Any, Any, int, Bounds, Bounds] | None:
    """Both numerators over one denominator, with their bounds; None when that would not be exact."""
    if not (a.exact and b.exact):
        return None
    one, two = a.den, b.den
    if one is two or (type(one) is int and type(two) is int and one == two):
        return a.values, b.values, one, a.below, (a.low, a.high), (b.low, b.high)
    below = a.below * b.below
    if below >= LIMIT or a.size * b.below >= LIMIT or b.size * a.below >= LIMIT:
        return None
    bounds = _scaled(a, b.below), _scaled(b, a.below)
    left = a.values if two is None else fit(a.values, *bounds[0]) * fit(two, *bounds[0])
    right = b.values if one is None else fit(b.values, *bounds[1]) * fit(one, *bounds[1])
    return left, right, _product(one, two, below), below, *bounds


def _scaled(value: ColumnValue, below: int) -> Bounds:
    """Bounds of numerators times a denominator between 1 and ``below``."""
    return min(value.low * below, value.low, 1), max(value.high * below, value.high, below)


def multiply(a: ColumnValue, b: ColumnValue) -> ColumnValue:
    bits, seen = strict(a, b)
    if a.exact and b.exact:
        size, below = a.size * b.size, a.below * b.below
        if size < LIMIT and below < LIMIT:
            corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
            low, high = min(corners), max(corners)
            lowest, highest = min(low, a.low, b.low), max(high, a.high, b.high)
            values = fit(a.values, lowest, highest) * fit(b.values, lowest, highest)
            return ColumnValue(values, bits, seen, _product(a.den, b.den, below), low, high, below)
    x, y = a.approx, b.approx
    return real(x * y, error_of(a) * largest(y) + error_of(b) * (largest(x) + error_of(a)), bits, seen)


def _product(one: Any, two: Any, below: int) -> Any:
    if one is None or two is None:
        return two if one is None else one
    return fit(one, 1, below) * fit(two, 1, below)


def negate(a: ColumnValue) -> ColumnValue:
    if not a.exact:
        return ColumnValue(-a.values, a.bits, a.seen, None, 0, a.high, 1, False, a.err)
    values = -fit(a.values, min(a.low, -a.high), max(a.high, -a.low))
    return ColumnValue(values, a.bits, a.seen, a.den, -a.high, -a.low, a.below)


def absolute(a: ColumnValue) -> ColumnValue:
    if not a.exact:
        return ColumnValue(abs(a.values), a.bits, a.seen, None, 0, a.high, 1, False, a.err)
    if a.low >= 0:
        return a
    values = abs(fit(a.values, min(a.low, -a.high), max(a.high, -a.low)))
    return ColumnValue(values, a.bits, a.seen, a.den, 0, a.size, a.below)


def least(a: ColumnValue, b: ColumnValue) -> ColumnValue:
    return _extreme(a, b, np.minimum, min)


def most(a: ColumnValue, b: ColumnValue) -> ColumnValue:
    return _extreme(a, b, np.maximum, max)


def _extreme(a: ColumnValue, b: ColumnValue, ufunc: Callable[..., Any], pick: Callable[[int, int], int]) -> ColumnValue:
    bits, seen = strict(a, b)
    common = common_denominator(a, b)
    if common is not None:
        left, right, den, below, (la, ha), (lb, hb) = common
        lowest, highest = min(la, lb), max(ha, hb)
        values = ufunc(fit(left, lowest, highest), fit(right, lowest, highest))
        return ColumnValue(values, bits, seen, den, pick(la, lb), pick(ha, hb), below)
    return real(ufunc(a.approx, b.approx), max(error_of(a), error_of(b)), bits, seen)


# ---- division ----------------------------------------------------------------------------------------------


def divide(a: ColumnValue, b: ColumnValue, settling: bool = True) -> tuple[ColumnValue, Any]:
    """(quotient, mask of places where a float divisor is too close to zero to tell, or None). x/0: zero_denominator.

    In doubt it is zero: those places have no value until they are settled (not ``settling``: floats decide).
    """
    met = strict(a, b)
    if a.exact and b.exact and a.size * b.below < LIMIT and a.below * b.size < LIMIT:
        return _fraction(a, b, met), None
    return _quotient(a, b, met, settling)


def _fraction(a: ColumnValue, b: ColumnValue, met: Met) -> ColumnValue:
    low, high = (a.low, a.high) if b.den is None else _scaled(a, b.below)
    least, greatest = _scaled(b, a.below)
    num = a.values if b.den is None else fit(a.values, low, high) * fit(b.den, low, high)
    den = b.values if a.den is None else fit(b.values, least, greatest) * fit(a.den, least, greatest)
    bits, seen = met
    if b.low < 0:
        low, high = min(low, -high), max(high, -low)
        num = fit(num, low, high) * np.sign(fit(b.values, low, high))
        den = abs(fit(den, least, max(greatest, -least)))
    if b.low <= 0:
        zero = b.values == 0
        if anywhere(zero):
            bits, seen = _zero(zero, bits, seen)
            den = den + zero
    below = max(a.below * b.size, 1)
    if isinstance(num, int) and isinstance(den, np.ndarray):
        num = np.full(den.shape, num, usual(num, num))
    if isinstance(den, int):
        num, den, below = _reduced(num, den)
    return ColumnValue(num, bits, seen, den, low, high, below)


def _reduced(num: Any, den: int) -> tuple[Any, int | None, int]:
    return (num, None, 1) if den == 1 else (num, den, den)


def _zero(zero: Any, bits: Any, seen: int) -> tuple[Any, int]:
    if bits is None:
        return np.atleast_1d(flag(zero, ZERO_DENOMINATOR)), ZERO_DENOMINATOR
    here = zero & has_value(bits, seen)
    return closed(either(here, np.uint8(ZERO_DENOMINATOR), bits))


def _quotient(a: ColumnValue, b: ColumnValue, met: Met, settling: bool) -> tuple[ColumnValue, Any]:
    bits, seen = met
    x, y, near = a.approx, b.approx, None
    if b.exact and b.low > 0:
        smallest = b.low / b.below
    else:
        doubt = error_of(b) * 2 if settling and not b.exact else 0.0
        size = np.abs(y)
        zero = size <= doubt
        if anywhere(zero):
            near = None if b.exact else zero if bits is None else zero & has_value(bits, seen)
            bits, seen = _zero(zero, bits, seen)
            y, size = y + zero, size + zero
        smallest = float(np.minimum.reduce(size, axis=None, initial=np.inf))
    values = np.asarray(x / y)
    high = largest(values)
    err = (error_of(a) + high * error_of(b)) / max(smallest - error_of(b), smallest / 2) if smallest < np.inf else 0.0
    return ColumnValue(values, bits, seen, None, 0, high, 1, False, err + high * ROUNDING), near


# ---- whole numbers -----------------------------------------------------------------------------------------


def round_to(a: ColumnValue, places: int) -> tuple[ColumnValue, Any]:
    """(rounded half away from zero to ``places``, mask of floats too close to a tie)."""
    up, down = 10 ** max(places, 0), 10 ** max(-places, 0)
    if a.exact and a.size * up * 2 + a.below * down < LIMIT and a.below * down * 2 < LIMIT:
        den = down * (1 if a.den is None else long(a.den))
        doubled = abs(long(a.values)) * (2 * up)
        whole = (doubled // den + 1) // 2 * np.sign(long(a.values))
        bound = a.size * up // down + 1
        return _whole(whole * down, up, bound * down, a), None
    scale = up / down
    size = abs(a.approx) * scale
    near = abs(size - np.floor(size) - 0.5) <= (error_of(a) + ROUNDING * largest(a.approx)) * scale * 2
    return _of_floats(np.copysign(np.floor(size + 0.5), a.approx), near, a, up, down)


def _whole(values: Any, up: int, bound: int, a: ColumnValue) -> ColumnValue:
    return ColumnValue(values, a.bits, a.seen, None if up == 1 else up, -bound, bound, up)


def floor(a: ColumnValue) -> tuple[ColumnValue, Any]:
    if a.exact:
        return _floored(a, long(a.values)), None
    return _of_floats(np.floor(a.values), _near_whole(a), a)


def ceil(a: ColumnValue) -> tuple[ColumnValue, Any]:
    if a.exact:
        return negate(_floored(negate(a), -long(a.values))), None
    return _of_floats(np.ceil(a.values), _near_whole(a), a)


def _floored(a: ColumnValue, values: Any) -> ColumnValue:
    return a if a.den is None else ColumnValue(values // a.den, a.bits, a.seen, None, a.low - 1, a.high)


def _near_whole(a: ColumnValue) -> Any:
    return abs(a.values - np.rint(a.values)) <= a.err * 2


def _of_floats(whole: Any, near: Any, a: ColumnValue, up: int = 1, down: int = 1) -> tuple[ColumnValue, Any]:
    """Rounded floats: from here on exact again, where they fit."""
    bound = int(largest(whole)) + 1
    if bound * down < 2**53:
        return _whole(whole.astype(np.int64) * down, up, bound * down, a), near
    return real(whole * down / up, 0.0, a.bits, a.seen), near
