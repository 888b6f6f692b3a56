"""Official codes of schools and units (SIIIR), whose layout ``engine.typed.official_codes`` describes; a wrong control digit is only worth a
warning."""

from __future__ import annotations

import re

from engine.typed.official_codes import consistent, control_digit

__all__ = ["LENGTH", "STATUS_AT", "consistent", "control_digit", "identity", "well_formed"]

LENGTH = 10
STATUS_AT = 3
"""Where the status is: 1 with legal personality, 2 structure."""


def well_formed(code: str) -> bool:
    return re.fullmatch(r"[0-9]{10}", code) is not None


def identity(code: str) -> str:
    """What stays of a code when the unit's status changes: the code with S masked."""
    return f"{code[:STATUS_AT]}_{code[STATUS_AT + 1 :]}"
