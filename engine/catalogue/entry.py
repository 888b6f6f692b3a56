"""One kind of problem: a stable code and what is said of it in Romanian and English; in Hungarian too where everybody may read it."""

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
    hu: str = ""
    fix_hu: str = ""

    def said(self, language: str) -> tuple[str, str]:
        """What is wrong and what to do, in a language; in Romanian where it is not translated."""
        found = {"en": (self.en, self.fix_en), "hu": (self.hu, self.fix_hu)}.get(language)
        return found if found and found[0] else (self.ro, self.fix_ro)
