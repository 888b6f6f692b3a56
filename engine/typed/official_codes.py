"""Official codes of institutions: ten digits, the fourth and fifth 1 or 2, the last a control digit.

The rule of the control digit is inferred from the lists (it holds for all but two of 18,200 codes).
"""

from __future__ import annotations

import re
from typing import Final

WEIGHTS: Final = (2, 3, 5, 0, 7, 6, 1, 4, 8)
"""The fourth digit weighs nothing: it says what an institution is at the moment, and changes."""
LAYOUT: Final = re.compile(r"[0-9]{3}[12][12][0-9]{5}")


def control_digit(code: str) -> str:
    """The last digit that the first nine ask for; the remainder 0 is written 9."""
    return str(sum(weight * int(digit) for weight, digit in zip(WEIGHTS, code, strict=False)) % 9 or 9)


def consistent(code: str) -> bool:
    """Whether a code of ten digits ends in its control digit."""
    return code[-1] == control_digit(code)


def looks_official(digits: str) -> bool:
    """Whether ten digits are rather such a code than anything else: layout and control digit fit."""
    return LAYOUT.fullmatch(digits) is not None and consistent(digits)
