"""Plain values become columns: exact Python values (of files), and answers as they are stored (JSON).

A stored answer is what JSON can hold: text, whole number, yes or no; a decimal number is text ("12.5"), a choice its code, several
choices a list of codes, a date ISO text ("2025-10-15"), a place its key. None, "" and [] are blanks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData
from engine.formula.tree import Kind
from engine.values import NOT_ANSWERED

Stored = str | int | bool | Sequence[str] | None
"""One stored answer; the module says what each type of field keeps."""


class Absent:
    """In place of an answer that is not there at all, not even blank."""


ABSENT: Final = Absent()

Bits = NDArray[np.uint8]
Codes = Mapping[str, int]
Types = set[type]
MAX_SCALE = 10**6
LIMIT: Final = 1 << 62


class StoredValueError(ValueError):
    """A stored answer is not of the type of its field: it was written by something else than this product."""


def encode(values: Sequence[Any], kind: Kind, bits: Bits | None) -> ColumnData:
    """Exact Python values (choices as positions, several choices as bit sets; None where absent) as a column."""
    match kind.name:
        case "text":
            return _texts(values, bits)
        case "multichoice":
            return ColumnData(np.array([value or 0 for value in values], np.uint64), bits)
        case "boolean":
            return ColumnData(np.array([int(value or 0) for value in values], np.uint8), bits)
        case "choice":
            positions = [int(value or 0) for value in values]
            return ColumnData(np.array(positions, np.min_scalar_type(max(positions, default=0))), bits)
    numbers = [Fraction(value or 0) for value in values]
    scale = lcm(*(number.denominator for number in numbers)) if numbers else 1
    if scale > MAX_SCALE:
        below = _integers([number.denominator for number in numbers])
        return ColumnData(_integers([number.numerator for number in numbers]), bits, denominators=below)
    return ColumnData(_integers([int(number * scale) for number in numbers]), bits, scale=scale)


def _integers(numbers: Sequence[int]) -> NDArray[Any]:
    """As int64; Python integers where those do not suffice."""
    beyond = any(abs(number) >= LIMIT for number in numbers)
    return np.array(numbers, object if beyond else np.int64)


def encode_stored(answers: Sequence[Stored], kind: Kind, index: Mapping[str, int], bits: Bits | None = None) -> ColumnData:
    """Stored answers of one field as a column. ``index``: the pinned order of its list.

    ``bits`` says why some are absent; every other blank is not_answered. Raises ``StoredValueError``.
    """
    types = set(map(type, answers))
    column = _ENCODERS.get(kind.name, _numbers)(answers, index, types)
    if type(None) in types or (str in types and "" in answers) or (list in types and [] in answers):
        found = np.array([NOT_ANSWERED if answer is None or answer == "" or answer == [] else 0 for answer in answers], np.uint8)
        column.bits = found if bits is None else np.where(bits, bits, found)
    return column


def _texts(answers: Sequence[Any], bits: Bits | None) -> ColumnData:
    vocabulary = list(dict.fromkeys(answer for answer in answers if answer is not None)) or [""]
    position = {text: number for number, text in enumerate(vocabulary)}
    return ColumnData(np.array([position.get(answer, 0) for answer in answers], np.int32), bits, vocabulary=vocabulary)


def _stored_texts(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    _check(answers, types, str)
    return _texts([answer or None for answer in answers], None)


def _whole(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    _check(answers, types, int)
    try:
        return ColumnData(np.array([answer or 0 for answer in answers], np.int64))
    except OverflowError:
        raise StoredValueError("a whole number beyond 64 bits") from None


def _truths(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    _check(answers, types, bool)
    return ColumnData(np.array([answer is True for answer in answers], np.bool_).view(np.uint8))


def _choices(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    blank = {None: 0, "": 0}
    try:
        positions = [index[answer] if answer else blank[answer] for answer in answers]  # type: ignore[index]
    except (KeyError, TypeError):
        bad = next(answer for answer in answers if answer not in (None, "") and not (isinstance(answer, str) and answer in index))
        raise StoredValueError(f"{bad!r} is no code of the list") from None
    return ColumnData(np.array(positions, np.uint8 if len(index) <= 256 else np.uint16))


def _sets(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    try:
        return ColumnData(np.array([bit_set(answer, index) if answer else 0 for answer in answers], np.uint64))  # type: ignore[arg-type]
    except (KeyError, TypeError):
        raise StoredValueError("several choices are a list of codes of the list") from None


def bit_set(codes: Sequence[str], index: Mapping[str, int]) -> int:
    """Bit i = the i-th code of the list. Raises ``KeyError`` for a code the list lacks, ``TypeError`` for what is no list."""
    if isinstance(codes, str):
        raise TypeError("a text where a list of codes is wanted")
    found = 0
    for code in codes:
        found |= 1 << index[code]
    return found


def codes_of(bits: int, codes: Sequence[str]) -> list[str]:
    """The codes of a bit set, in the order of the list."""
    return [code for position, code in enumerate(codes) if bits >> position & 1]


def _dates(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    try:
        days = [date.fromisoformat(answer).toordinal() if answer else 0 for answer in answers]  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise StoredValueError("a date is stored as 2025-10-15") from None
    return ColumnData(np.array(days, np.int32))


def _numbers(answers: Sequence[Stored], index: Codes, types: Types) -> ColumnData:
    places = max((len(answer.partition(".")[2]) for answer in answers if isinstance(answer, str)), default=0)
    try:
        return ColumnData(np.array([scaled(answer, places) if answer else 0 for answer in answers], np.int64), scale=10**places)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        raise StoredValueError("a decimal number is stored as text, 12.5") from None


def scaled(number: str | int, places: int) -> int:
    """``number`` × 10**places. Raises ``ValueError`` for what is no decimal number or has more places."""
    if not isinstance(number, str):
        if isinstance(number, bool) or not isinstance(number, int):
            raise ValueError(f"{number!r} is no stored number")
        return number * int(10**places)
    whole, _, rest = number.partition(".")
    if len(rest) > places or not (whole + rest).removeprefix("-").isdecimal() or not number.isascii():
        raise ValueError(f"{number!r} is no stored number")
    return int(whole + rest.ljust(places, "0"))


def decimal(number: int, places: int) -> str:
    """``number`` / 10**places as decimals are stored: a point, no zeros at the end."""
    digits = str(abs(number)).rjust(places + 1, "0")
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    return ("-" if number < 0 else "") + whole + ("." + rest if rest else "")


def _check(answers: Sequence[Stored], types: Types, wanted: type) -> None:
    """Every answer that is there has exactly this type (True is no whole number)."""
    if not types <= {wanted, type(None)}:
        bad = next(answer for answer in answers if answer is not None and type(answer) is not wanted)
        raise StoredValueError(f"{bad!r} is no {wanted.__name__}")


_ENCODERS: Mapping[str, Callable[[Sequence[Stored], Codes, Types], ColumnData]] = {
    "text": _stored_texts,
    "integer": _whole,
    "boolean": _truths,
    "choice": _choices,
    "multichoice": _sets,
    "date": _dates,
}
