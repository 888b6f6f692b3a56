"""One kind of problem: a stable code and what is said of it in Romanian and English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """``ro`` / ``en`` say what is wrong, ``fix_ro`` / ``fix_en`` what to do; all may hold {placeholders}."""

    code: str
    level: str
    ro: str
    en: str
    fix_ro: str
    fix_en: str
    example: str
