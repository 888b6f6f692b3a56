"""Free text as it is kept: one form for each letter, comma-below ș and ț, no signs that cannot be seen, nothing longer than allowed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from engine.typed.refusal import Refused

LONGEST: Final = {"text": 200, "textarea": 5000}
"""Characters accepted where the field says nothing."""

COMMA_BELOW: Final = str.maketrans("ŞşŢţ", "ȘșȚț")
INVISIBLE: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029]")
SPACE: Final = re.compile(r"\s+")


def text_reader(longest: int, lines: bool) -> Callable[[Any], str | None]:
    """Reads text of at most ``longest`` characters, with several ``lines`` or as one; None for a blank."""

    def read(raw: Any) -> str | None:
        if raw is None:
            return None
        if isinstance(raw, bool) or not isinstance(raw, (str, int)):
            raise Refused("A815")
        text = raw if isinstance(raw, str) else _digits(raw, longest)
        if len(text) > 4 * longest:
            text = text.strip()
            if len(text) > 4 * longest:
                raise Refused("A813", found=len(text), limit=longest)
        text = tidy(text, lines)
        if len(text) > longest:
            raise Refused("A813", found=len(text), limit=longest)
        return text or None

    return read


def _digits(raw: int, longest: int) -> str:
    if abs(raw) >= 10**longest:
        raise Refused("A813", found=f"> {longest}", limit=longest)
    return str(raw)


def tidy(text: str, lines: bool = False) -> str:
    """The text in the one form in which it is kept. Raises ``Refused`` for control characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(COMMA_BELOW)
        text = INVISIBLE.sub("", text)
    text = LINE_ENDS.sub("\n", text)
    if CONTROL.search(text):
        raise Refused("A814")
    if lines:
        return "\n".join(line.replace("\t", " ").rstrip() for line in text.replace("\u00a0", " ").split("\n")).strip()
    return SPACE.sub(" ", text).strip()


def folded(text: str) -> str:
    """What two ways of writing one word have in common: case, marks above and below letters, and spaces do not count."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return SPACE.sub(" ", "".join(char for char in plain if not unicodedata.combining(char))).strip()
