"""What can be wrong with the text of a formula."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class FormulaSyntaxError(Exception):
    """``code`` of the catalogue at character ``offset`` of the formula."""

    code: str
    offset: int
    params: dict[str, Any] = field(default_factory=dict)
    suggestion: str = ""
