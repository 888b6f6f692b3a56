"""Official codes of institutions (SIIIR): ten digits, ``CC T S P NNNN K``.

CC county, T type, S status (1 with legal personality, 2 structure), P ownership, NNNN number, K control digit. The rule of K is inferred from
the lists (it holds for all but two of 18,200 codes).
"""

from __future__ import annotations

import re
from typing import Final

WEIGHTS: Final = (2, 3, 5, 0, 7, 6, 1, 4, 8)
"""S weighs 0: an institution keeps its control digit when its status changes."""
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
