"""What one node is over all places of its level: arrays, bits of what is missing, and proven bounds that keep integers exact.

Shapes: ``values``, ``den`` and ``bits`` have the places as their last axis. A batch of like nodes has one more axis in front; a part
that is the same for the whole batch keeps one axis. A scalar, or a last axis of length one, stands for every place.

Numbers: integers (``den`` None); exact fractions ``values / den`` with ``den`` >= 1 (an int64 array, or one Python int for a fixed
scale); or float64 with ``exact`` False. ``low`` / ``high`` bound ``values``, ``below`` bounds ``den``; for floats ``high`` bounds the
size and ``err`` the absolute error. Places without a value hold anything within the bounds; booleans hold False there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Sure = tuple[Array, Array]
"""(numerators, denominators) of numbers; denominator 0: not known."""
Bits = NDArray[np.uint8]

LIMIT: Final = 1 << 62
ABSENT: Final = 16
"""Bits from 1 to 15 say that there is no value; from here on there is one."""
ROUNDING: Final = 2.0**-52


class ColumnValue:
    """Values of one node (or of a batch of like nodes) over the places of its level. Never changed once made."""

    __slots__ = ("_approx", "_open", "_present", "below", "bits", "den", "err", "exact", "high", "low", "seen", "sure", "values", "vocabulary")

    def __init__(
        self,
        values: Any,
        bits: Bits | None = None,
        seen: int = 0,
        den: Any = None,
        low: int = 0,
        high: Any = 0,
        below: int = 1,
        exact: bool = True,
        err: float = 0.0,
        vocabulary: Sequence[str] | None = None,
    ) -> None:
        self.values = values
        self.bits = bits
        self.seen = seen
        """Union of all ``bits`` (or more); 0 exactly when ``bits`` is None."""
        self.den = den
        self.low = low
        self.high = high
        self.below = below
        self.exact = exact
        self.err = err
        self.vocabulary = vocabulary
        self.sure: Sure | None = None
        """Of floats: where they are known exactly all the same."""
        self._approx: Any = None
        self._present: Any = None
        self._open: Any = None

    @property
    def num(self) -> Any:
        """Numerators of exact numbers."""
        return self.values

    @property
    def size(self) -> int:
        """Bound of the absolute value of ``values`` of an exact number."""
        return int(max(self.high, -self.low))

    @property
    def present(self) -> Any:
        """Mask of the places that have a value; None when all have."""
        if self.bits is None:
            return None
        if self._present is None:
            self._present = has_value(self.bits, self.seen)
        return self._present

    @property
    def open(self) -> Any:
        """Of a boolean whose bits tell only of what is missing: where it is not known to be false."""
        if self.bits is None:
            return self.values
        if self._open is None:
            self._open = self.values | (self.bits != 0)
        return self._open

    @property
    def approx(self) -> Any:
        """The numbers as float64 (a Python float for a constant)."""
        if not self.exact:
            return self.values
        if self._approx is None:
            self._approx = as_floats(self.values, self.den)
        return self._approx

    def with_bits(self, bits: Bits | None, seen: int) -> ColumnValue:
        """The same numbers, codes or texts with other bits. Not for booleans, which have to be False where absent."""
        if bits is self.bits:
            return self
        made = ColumnValue(self.values, bits, seen, self.den, self.low, self.high, self.below, self.exact, self.err, self.vocabulary)
        made._approx = self._approx
        made.sure = self.sure
        return made


def as_floats(values: Any, den: Any) -> Any:
    if isinstance(values, np.ndarray):
        values = values.astype(np.float64)
        if isinstance(den, np.ndarray):
            den = den.astype(np.float64)
        return values if den is None else values / den
    return float(values) if den is None else values / den


def has_value(bits: Bits, seen: int) -> Array:
    """True where bits say that there is a value. Bits 1 to 15 wrap below 15 when one is taken away, 0 becomes 255."""
    return bits == 0 if seen < ABSENT else (bits - np.uint8(1)) >= ABSENT - 1


FEW: Final = 4096
"""Up to about here a call costs more than what it does."""


def either(mask: Any, yes: Any, no: Any) -> Any:
    """``np.where``, which is slow on long arrays without a pattern: there the bits that differ are masked and put in.

    A Python integer has to fit the type of the array beside it (``fit``): numpy would wrap it around without a word.
    """
    if getattr(mask, "size", 1) <= FEW // 4:
        return np.where(mask, yes, no)
    dtype = np.result_type(yes, no)
    word = np.dtype(f"i{dtype.itemsize}")
    ones = mask.astype(word)
    np.negative(ones, out=ones)
    left, right = (np.asarray(part, dtype).view(word) for part in (yes, no))
    chosen = (left ^ right) & ones
    chosen ^= right
    return chosen.view(dtype)


def flag(mask: Any, bit: int) -> Any:
    """``bit`` where the mask is set."""
    return np.asarray(mask).view(np.uint8) * np.uint8(bit)


def closed(bits: Any) -> tuple[Bits | None, int]:
    """(bits, their union), or (None, 0) when nothing is set."""
    seen = union_of(bits)
    return (bits, seen) if seen else (None, 0)


def union_of(bits: Any) -> int:
    """All bits that are set anywhere."""
    if bits.size > FEW:
        return int(np.bitwise_or.reduce(bits, axis=None))
    found = bits.tobytes()
    if found.count(0) == len(found):
        return 0
    return int(reduce(or_, set(found)))


def anywhere(mask: Any) -> bool:
    """True when a mask is set in any place. (``any`` of an array costs four times as much.)"""
    return bool(np.count_nonzero(mask))


def everywhere(mask: Any) -> bool:
    return bool(np.count_nonzero(mask) == np.size(mask))


def real(values: Any, err: float, bits: Bits | None, seen: int) -> ColumnValue:
    """Inexact numbers with a bound of their error; the bound of their size is measured."""
    high = largest(values)
    return ColumnValue(values, bits, seen, None, 0, high, 1, False, err + high * ROUNDING)


def largest(values: Any) -> float:
    if not isinstance(values, np.ndarray):
        return abs(float(values))
    if values.size <= 8:
        return float(max(map(abs, values.ravel().tolist()), default=0.0))
    return float(np.maximum.reduce(np.abs(values), axis=None, initial=0))


def error_of(value: ColumnValue) -> float:
    """Bound of the absolute error of ``value.approx``."""
    return value.err if not value.exact else largest(value.approx) * ROUNDING


# ---- integer types -----------------------------------------------------------------------------------------

SMALL: Final = tuple(np.dtype(name) for name in ("u1", "i1", "u2", "i2", "i4", "i8"))
RANGE: Final = {t: (int(np.iinfo(t).min), int(np.iinfo(t).max)) for t in (*SMALL, np.dtype("u4"), np.dtype("u8"))}
INT32: Final = np.dtype(np.int32)
INT64: Final = np.dtype(np.int64)


def smallest(low: int, high: int) -> np.dtype[Any]:
    """Smallest integer type for this range."""
    for dtype in SMALL:
        least, most = RANGE[dtype]
        if low >= least and high <= most:
            return dtype
    raise OverflowError("beyond 64 bits")


def fit(values: Any, low: int, high: int) -> Any:
    """``values`` in a type that can hold the range; as they are when theirs can."""
    if not isinstance(values, np.ndarray):
        return values
    least, most = RANGE[values.dtype]
    return values if low >= least and high <= most else values.astype(smallest(low, high))


def usual(low: int, high: int) -> np.dtype[Any]:
    """The type of whole numbers above the rows: 32 bits where they suffice."""
    return INT32 if low >= -(1 << 31) and high < 1 << 31 else INT64


def long(values: Any) -> Any:
    """``values`` as int64."""
    return values.astype(np.int64) if isinstance(values, np.ndarray) and values.dtype != INT64 else values


def spread(values: Any, count: int) -> Array:
    """``values`` with a last axis of ``count`` places."""
    if isinstance(values, np.ndarray) and values.ndim and values.shape[-1] == count:
        return values
    array = np.asarray(values)
    return np.ascontiguousarray(np.broadcast_to(array, (*array.shape[:-1], count)))
