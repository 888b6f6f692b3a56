"""Official codes of schools and units (SIIIR): ten digits, ``CC T S P NNNN K``.

CC county, T type of institution, S status (1 with legal personality, 2 structure), P ownership, NNNN number, K control digit, whose rule is in
``engine.typed.official_codes``; it is inferred, so that a wrong one is only worth a warning.
"""

from __future__ import annotations

import re

from engine.typed.official_codes import consistent, control_digit

__all__ = ["LENGTH", "STATUS_AT", "consistent", "control_digit", "identity", "well_formed"]

LENGTH = 10
STATUS_AT = 3
"""Where S is. It does not count for K: the same unit keeps its control digit when it becomes a structure or the other way round."""


def well_formed(code: str) -> bool:
    return re.fullmatch(r"[0-9]{10}", code) is not None


def identity(code: str) -> str:
    """What stays of a code when the unit's status changes: the code with S masked."""
    return f"{code[:STATUS_AT]}_{code[STATUS_AT + 1 :]}"
