"""Personal data in free text, as Romanians write it: personal codes (CNP), telephone numbers, e-mail addresses. None of it is ever asked for.

Looked for in a plain form of the text (compatibility forms and digits of every script made ordinary, invisible signs taken out), in runs of
digits that spaces, points, dashes or slashes join; a comma parts two numbers. Found are

- a personal code: thirteen digits with a possible month and day and the right control digit, also as ``1900101123456.0`` or ``1.90…E+12``;
- a Romanian telephone number: ten digits from 02, 03 or 07, together or in the groups in which people write them, or nine after 40;
- any other international number after ``+``;
- an address with ``@`` or ``(at)``.

Not found are official codes of institutions, of which 1,441 look like telephone numbers (``official_codes``), unless the word before says that
it is a telephone; years, dates, postal codes and counts.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from engine.typed.official_codes import looks_official
from engine.typed.refusal import Refused
from engine.typed.texts import INVISIBLE, folded

CONTROL: Final = (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
JOIN: Final = r"[\s./()_\-\u2010-\u2015]{0,3}"


def _digits(first: str, more: str) -> re.Pattern[str]:
    """Every place where so many digits begin and end a group, joined or not. Takes time in proportion to the text, whatever is in it."""
    return re.compile(rf"(?<![0-9])(?=({first}(?:{JOIN}[0-9]){{{more}}})(?![0-9]))")


PERSONAL_CODE: Final = _digits("[1-9]", "12")
NATIONAL: Final = _digits("0[237]", "8")
PREFIXED: Final = _digits(rf"(?:0{JOIN}0{JOIN})?4{JOIN}0{JOIN}[237]", "8")
ABROAD: Final = re.compile(rf"\+[\s(]{{0,2}}([0-9](?:{JOIN}[0-9]){{9,14}})(?![0-9])")
ADDRESS: Final = re.compile(r"(?<=[\w.+-])\s?(?:@|\(at\)|\[at\])\s?(?:[\w-]+\.)+[^\W\d_]{2,}", re.IGNORECASE)
TELEPHONE: Final = re.compile(r"\b(?:tel|telefon\w*|mobil\w*|fax\w*|suna\w*|whatsapp)[\s.:]*(?:nr|numar\w*|la)?[\s.:]*$")
BEFORE: Final = 24
"""So many signs before a number are read for what it is called."""


def refuse_personal(text: str) -> None:
    """Raises ``Refused`` when there is personal data in a text, with enough of it to find the place and no more."""
    plain = _plain(text)
    for match in PERSONAL_CODE.finditer(plain):
        if is_personal_code(_only_digits(match[1])):
            raise Refused("A822", value=_masked(match[1]))
    telephone = PREFIXED.search(plain) or ABROAD.search(plain) or _national(plain)
    if telephone:
        raise Refused("A823", value=_masked(telephone[1]))
    address = ADDRESS.search(plain)
    if address:
        raise Refused("A824", value=address[0].strip())


def is_personal_code(digits: str) -> bool:
    """Whether thirteen digits are a personal code. Wider than the law: no year of birth is too odd."""
    if not 1 <= int(digits[3:5]) <= 12 or not 1 <= int(digits[5:7]) <= 31:
        return False
    rest = sum(weight * int(digit) for weight, digit in zip(CONTROL, digits, strict=False)) % 11
    return int(digits[12]) == (1 if rest == 10 else rest)


def _national(plain: str) -> re.Match[str] | None:
    return next((match for match in NATIONAL.finditer(plain) if _is_telephone(match, plain)), None)


def _is_telephone(match: re.Match[str], plain: str) -> bool:
    """Whether ten digits from 02, 03 or 07 are grouped as telephones are; ten together, unless they are an official code called nothing else."""
    groups = re.findall("[0-9]+", match[1])
    if len(groups) == 1:
        called = folded(plain[max(0, match.start() - BEFORE) : match.start()])
        return not looks_official(groups[0]) or TELEPHONE.search(called) is not None
    return len(groups[0]) in (3, 4) or (groups[0] == "07" and all(len(group) == 2 for group in groups))


def _plain(text: str) -> str:
    if text.isascii():
        return text
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in plain)


def _only_digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _masked(found: str) -> str:
    """Enough to find it in a long text: its first and last signs."""
    return f"{found[:2]}…{found[-2:]}"
