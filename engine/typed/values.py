"""Choices, yes or no, dates and places as people write them; and which function reads which field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from engine.encoding import Stored
from engine.methodology import ChoiceList, Field, Methodology
from engine.typed.numbers import decimal_reader, whole_reader
from engine.typed.personal import refuse_personal
from engine.typed.refusal import Refused, quoted
from engine.typed.texts import LONGEST, folded, text_reader, tidy

Reader = Callable[[Any], Stored]
"""From what was typed (text of a form, a pasted cell, a JSON value) to a stored answer, None for a blank. Raises ``Refused``."""

TRUTH: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("da", "yes", "igen", "true", "adevarat", "on", "1"), True),
    **dict.fromkeys(("nu", "no", "nem", "false", "fals", "off", "0"), False),
}
LOCAL_DATE: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
YEARS: Final = (1900, 2100)
LONGEST_WORD: Final = 500
SEVERAL: Final = re.compile(r"[|;\n]")


def reader_of(methodology: Methodology, field: Field) -> Reader:
    """The function that reads answers to a field. It looks at nothing but the value: not at whether it is asked or required."""
    match field.type:
        case "integer" | "number":
            return whole_reader(field.minimum, field.maximum)
        case "decimal":
            return decimal_reader(field.minimum, field.maximum, field.places)
        case "boolean":
            return truth
        case "date":
            return day
        case "choice":
            return choice_reader(methodology.choices[field.choices])
        case "multichoice":
            return several_reader(methodology.choices[field.choices])
    lines = field.type == "textarea"
    return free_reader(text_reader(field.max_length or LONGEST["textarea" if lines else "text"], lines))


def free_reader(read: Callable[[Any], str | None]) -> Reader:
    """Free text, in which nothing personal may stand."""

    def read_free(raw: Any) -> str | None:
        text = read(raw)
        if text is not None:
            refuse_personal(text)
        return text

    return read_free


def truth(raw: Any) -> bool | None:
    """Yes or no, in the words of the three languages, of forms (on) and of workbooks (1, TRUE)."""
    if isinstance(raw, bool) or raw is None:
        return raw
    text = _word(raw)
    if not text:
        return None
    found = TRUTH.get(folded(text))
    if found is None:
        raise Refused("A810", value=quoted(text))
    return found


def day(raw: Any) -> str | None:
    """A date, ISO or 15.10.2025, as ISO."""
    if isinstance(raw, date):
        return _of_year(raw.date() if isinstance(raw, datetime) else raw)
    text = _word(raw)
    if not text:
        return None
    local, iso = LOCAL_DATE.fullmatch(text), ISO_DATE.fullmatch(text)
    try:
        if local:
            return _of_year(date(int(local[3]), int(local[2]), int(local[1])))
        if iso:
            return _of_year(date(int(iso[1]), int(iso[2]), int(iso[3])))
    except ValueError:
        pass
    raise Refused("A811", value=quoted(text))


def _of_year(found: date) -> str:
    low, high = YEARS
    if not low <= found.year <= high:
        raise Refused("A812", value=found.year, low=low, high=high)
    return found.isoformat()


def choice_reader(listed: ChoiceList) -> Reader:
    """A code of the list, or one of its labels, whatever the case and the marks of its letters."""
    words, index = _words(listed), listed.index
    written = _written(listed)

    def read(raw: Any) -> str | None:
        if type(raw) is str and raw in index:
            return raw
        text = _word(raw)
        if not text:
            return None
        return _code(text, index, words, written)

    return read


def several_reader(listed: ChoiceList) -> Reader:
    """Codes or labels as a list, or as text with ``|``, ``;`` or line ends between; kept in the order of the list, each once."""
    words, index = _words(listed), listed.index
    written = _written(listed)

    def read(raw: Any) -> list[str] | None:
        if isinstance(raw, (list, tuple)):
            if len(raw) > 4 * len(index):
                raise Refused("A815")
            texts = [_word(one) for one in raw]
        else:
            text = _word(raw, LONGEST_WORD * len(index))
            texts = [text] if text in index or folded(text) in words else [one.strip() for one in SEVERAL.split(text)]
        chosen = {_code(text, index, words, written) for text in texts if text}
        return [code for code in index if code in chosen] or None

    return read


def _written(listed: ChoiceList) -> tuple[str, ...]:
    """What a choice is called, in every language: what could be meant by a word. Codes are read as well, but nobody is told of one."""
    return tuple(dict.fromkeys(label for choice in listed.choices for label in choice.label.values()))


def _code(text: str, index: Mapping[str, int], words: Mapping[str, str], written: tuple[str, ...]) -> str:
    if text in index:
        return text
    found = words.get(folded(text))
    if found is None:
        raise Refused("A809", written, value=quoted(text))
    return found


def _words(listed: ChoiceList) -> dict[str, str]:
    """Code by folded code or label; labels that two codes share are left out."""
    found: dict[str, str | None] = {}
    for choice in listed.choices:
        for label in {folded(label) for label in choice.label.values()}:
            found[label] = None if label in found else choice.code
    codes = [folded(choice.code) for choice in listed.choices]
    found |= {word: choice.code for word, choice in zip(codes, listed.choices, strict=True) if codes.count(word) == 1}
    return {word: code for word, code in found.items() if code is not None}


def _word(raw: Any, longest: int = LONGEST_WORD) -> str:
    """A short word or number as text."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, (str, int)) or (isinstance(raw, int) and abs(raw) >= 10 ** LONGEST["text"]):
        raise Refused("A815")
    text = str(raw)
    if len(text) > longest:
        raise Refused("A813", found=len(text), limit=longest)
    return tidy(text)
