"""Names and telephone numbers as people write them, and as they are kept."""

from __future__ import annotations

import re
import unicodedata

from portal.network.ordering import comma_below

SEPARATORS = re.compile(r"[\s().\-/]+")
ROMANIAN = re.compile(r"(?:\+?40|0)([237]\d{8})")
FOREIGN = re.compile(r"\+(?!40)[1-9]\d{6,13}")
IN_NAMES = frozenset(" -.,'’")


def normal_phone(text: str) -> str | None:
    """``0722 123 456`` → ``+40722123456``; other countries with their prefix. None when it is no telephone number."""
    compact = SEPARATORS.sub("", text)
    if compact.startswith("00"):
        compact = f"+{compact[2:]}"
    romanian = ROMANIAN.fullmatch(compact)
    if romanian:
        return f"+40{romanian[1]}"
    return compact if FOREIGN.fullmatch(compact) else None


def shown_phone(phone: str) -> str:
    """``+40722123456`` → ``0722 123 456``."""
    if phone.startswith("+40") and len(phone) == 12:
        return f"0{phone[3:6]} {phone[6:9]} {phone[9:]}"
    return phone


def normal_name(text: str) -> str | None:
    """Single spaces, comma-below letters. None when it has other signs than those of names."""
    name = comma_below(unicodedata.normalize("NFC", " ".join(text.split())))
    fits = all(character.isalpha() or character in IN_NAMES or unicodedata.combining(character) for character in name)
    return name if fits and sum(character.isalpha() for character in name) >= 3 else None
