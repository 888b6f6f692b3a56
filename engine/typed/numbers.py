"""Numbers as people write them: ``12,5`` and ``12.5`` alike, thousands apart where that can be read in one way only.

The rule: a single point or comma is the sign of the decimals. Before it may stand thousands in groups of three, apart by spaces
(``1 234,5``) or by the other sign (``1.234,56``, ``1,234.56``); two groups or more need no decimals (``1.234.567``). One group alone,
``1.234`` or ``1,234``, may be either; it is taken for a decimal where the field accepts three places, and refused with a question where
it does not. Digits are the ten ordinary ones; no exponents, no measures, no infinities.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from engine.encoding import decimal
from engine.typed.refusal import Refused, quoted

MOST_DIGITS: Final = 12
MOST_LETTERS: Final = 40
SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ") | {0x2212: "-"}
PLAIN: Final = re.compile(r"([+-]?)([0-9]+)(?:[.,]([0-9]+))?")
SPACED: Final = re.compile(r"([+-]?)([0-9]{1,3}(?: [0-9]{3})+)(?:[.,]([0-9]+))?")
POINTED: Final = re.compile(r"([+-]?)([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]+)|([+-]?)([0-9]{1,3}(?:\.[0-9]{3}){2,})")
COMMAED: Final = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+)\.([0-9]+)|([+-]?)([0-9]{1,3}(?:,[0-9]{3}){2,})")


def whole_reader(minimum: Fraction | None, maximum: Fraction | None) -> Callable[[Any], int | None]:
    """Reads whole numbers within these limits, None for a blank."""
    low = None if minimum is None else math.ceil(minimum)
    high = None if maximum is None else math.floor(maximum)

    def read(raw: Any) -> int | None:
        if type(raw) is not int or abs(raw) >= 10**MOST_DIGITS:
            parts = _parts(raw, 0)
            if parts is None:
                return None
            sign, digits, rest = parts
            if rest:
                raise Refused("A803", value=quoted(raw))
            raw = int(sign + digits)
        _within(raw, low, high, 0)
        return raw  # type: ignore[no-any-return]

    return read


def decimal_reader(minimum: Fraction | None, maximum: Fraction | None, places: int) -> Callable[[Any], str | None]:
    """Reads decimal numbers of at most ``places`` places within these limits, as they are stored; None for a blank."""
    low = None if minimum is None else math.ceil(minimum * 10**places)
    high = None if maximum is None else math.floor(maximum * 10**places)

    def read(raw: Any) -> str | None:
        parts = _parts(raw, places)
        if parts is None:
            return None
        sign, digits, rest = parts
        if len(rest) > places:
            raise Refused("A807", value=quoted(raw), found=len(rest), limit=places)
        number = int(sign + digits + rest.ljust(places, "0"))
        _within(number, low, high, places)
        return decimal(number, places)

    return read


def _within(number: int, low: int | None, high: int | None, places: int) -> None:
    """``number`` and its limits are times 10**places."""
    if low is not None and number < low:
        raise Refused("A805", value=_shown(number, places), limit=_shown(low, places))
    if high is not None and number > high:
        raise Refused("A806", value=_shown(number, places), limit=_shown(high, places))


def _shown(number: int, places: int) -> str:
    return decimal(number, places).replace(".", ",")


def _parts(raw: Any, places: int) -> tuple[str, str, str] | None:
    """(sign, digits before the decimals, decimals without zeros at the end); None for a blank."""
    if raw is None:
        return None
    text = _text(raw)
    if not text:
        return None
    if len(text) > MOST_LETTERS:
        raise Refused("A802", value=quoted(raw))
    found = PLAIN.fullmatch(text)
    if found:
        sign, digits, rest = found[1], found[2], found[3] or ""
        if isinstance(raw, str):
            _refuse_ambiguous(text, sign, digits, rest, places)
    else:
        sign, digits, rest = _grouped(text)
    rest = rest.rstrip("0")
    if len(digits.lstrip("0")) > MOST_DIGITS:
        raise Refused("A808", found=len(digits.lstrip("0")), limit=MOST_DIGITS)
    return sign, digits, rest


def _text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw.strip()[: MOST_LETTERS + 1].translate(SPACES).strip()
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        raise Refused("A815")
    if isinstance(raw, int):
        if abs(raw) >= 10**MOST_LETTERS:
            raise Refused("A808", found=f"> {MOST_LETTERS}", limit=MOST_DIGITS)
        return str(raw)
    if not math.isfinite(raw):
        raise Refused("A802", value=quoted(raw))
    return f"{raw:.15g}" if abs(raw) >= 1e-4 or raw == 0 else f"{raw:.12f}"


def _refuse_ambiguous(text: str, sign: str, digits: str, rest: str, places: int) -> None:
    """One group of three digits after the only sign may be thousands or decimals, where decimals of three places are not accepted."""
    if len(rest) == 3 and len(digits) <= 3 and not digits.startswith("0") and places < 3:
        raise Refused("A804", value=quoted(text), whole=sign + digits + rest, decimal=f"{sign}{digits},{rest.rstrip('0') or '0'}")


def _grouped(text: str) -> tuple[str, str, str]:
    for pattern, sign in ((SPACED, " "), (POINTED, "."), (COMMAED, ",")):
        found = pattern.fullmatch(text)
        if found:
            parts = [part or "" for part in found.groups()]
            start = 3 if len(parts) > 3 and not parts[1] else 0
            return parts[start], parts[start + 1].replace(sign, ""), parts[2]
    raise Refused("A802", value=quoted(text))
