"""How Romanian names are matched and sorted on every database: folded letters, ă â î ș ț after their bases."""

from __future__ import annotations

import unicodedata

# Each special letter sorts right after its base letter; both spellings of ș and ț are the same letter.
AFTER = {"ă": "a\ue001", "â": "a\ue002", "î": "i\ue001", "ș": "s\ue001", "ş": "s\ue001", "ț": "t\ue001", "ţ": "t\ue001"}
COMMA_BELOW = str.maketrans("ŞşŢţ", "ȘșȚț")


def comma_below(text: str) -> str:
    """The same text with ș and ț as Romanian writes them."""
    return text.translate(COMMA_BELOW)


def folded(text: str) -> str:
    """The text as it is matched: no diacritics, no case, single spaces, straight quotes."""
    plain = unicodedata.normalize("NFKD", comma_below(text)).casefold()
    kept = "".join(" " if character in "„”“\"'’`" else character for character in plain if not unicodedata.combining(character))
    return " ".join(kept.split())


def sort_key(text: str) -> str:
    """A key whose order of code points is the order of the Romanian alphabet; numbers inside sort by value."""
    key, digits = [], ""
    for character in unicodedata.normalize("NFC", text).casefold():
        if character.isdecimal():
            digits += character
            continue
        key.append(digits.zfill(6) if digits else "")
        digits = ""
        plain = unicodedata.normalize("NFKD", character)[0]
        key.append(AFTER.get(character, plain if plain.isalnum() else " "))
    key.append(digits.zfill(6) if digits else "")
    return " ".join("".join(key).split())[:300]


def plain(text: str) -> str:
    """The text as headings and listed values are matched: folded, letters and digits only."""
    return " ".join("".join(character if character.isalnum() else " " for character in folded(text)).split())
