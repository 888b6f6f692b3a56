"""What a stored table says of itself, before its rows. Little-endian throughout; format 1:

======  =======  ======================================================================================
offset  bytes    what
======  =======  ======================================================================================
0       2        ``TD``
2       1        number of the format
3       1        number of columns, c
4       8        fingerprint of the layout: names and types of the columns, codes of their lists in order
12      2 c      for each column its type (a letter) and its form: width, sign, decimal places
12+2c   2        number of rows, n
14+2c   n × w    the rows, one record of w bytes each, columns side by side
…                only where a column holds texts: their number (2), then for each its length (2) and UTF-8
last 4  4        CRC-32 of everything before
======  =======  ======================================================================================

Types: ``i`` whole number, ``d`` decimal (times 10**places), ``b`` yes or no, ``c`` choice (position in its list), ``m`` several choices
(bit set), ``t`` text (position among the document's texts), ``D`` date (day number, 1 = 0001-01-01). Form: bits 0–1 the width (1, 2, 4
or 8 bytes), bit 2 set when signed, bits 4–7 the decimal places. The two outermost values of a width stand for what is missing: the last
one (the first, when signed) for not_answered, the one beside it for not_collected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zlib import crc32

MAGIC: Final = b"TD"
FORMAT: Final = 1
START: Final = 12
CHECKED: Final = 0x2144DF1C
"""CRC-32 of anything that ends with its own CRC-32."""
MAX_ROWS: Final = 0xFFFF
WIDTHS: Final = (1, 2, 4, 8)
STRUCT: Final = ("BHIQ", "bhiq")


class StorageError(ValueError):
    """Bytes that are no stored table of this version (damaged, cut off, foreign), or rows that cannot be stored."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one column's values lie in a record: ``letter`` of the type, ``size`` 0 to 3 (1, 2, 4, 8 bytes)."""

    letter: str
    size: int = 0
    signed: bool = False
    places: int = 0

    @property
    def struct(self) -> str:
        """As ``struct`` writes it."""
        return STRUCT[self.signed][self.size]

    @property
    def numpy(self) -> str:
        return f"<{'i' if self.signed else 'u'}{WIDTHS[self.size]}"

    @property
    def blanks(self) -> tuple[int, int]:
        """The values that stand for not_answered and for not_collected."""
        bits = 8 * WIDTHS[self.size]
        return (-(1 << bits - 1), 1 - (1 << bits - 1)) if self.signed else ((1 << bits) - 1, (1 << bits) - 2)

    @property
    def range(self) -> tuple[int, int]:
        """The least and the greatest value beside those; none beyond 63 bits and a sign."""
        bits = 8 * WIDTHS[self.size]
        return (2 - (1 << bits - 1), (1 << bits - 1) - 1) if self.signed else (0, min((1 << bits) - 3, (1 << 63) - 1))

    @property
    def pair(self) -> bytes:
        return bytes((ord(self.letter), self.size | self.signed << 2 | self.places << 4))


def form_of(pair: bytes) -> Form:
    return Form(chr(pair[0]), pair[1] & 3, bool(pair[1] & 4), pair[1] >> 4)


def smallest(letter: str, low: int, high: int, places: int = 0) -> Form:
    """The narrowest form that holds every value from ``low`` to ``high`` beside the two that stand for what is missing."""
    for size in range(len(WIDTHS)):
        form = Form(letter, size, low < 0, places)
        least, most = form.range
        if low >= least and high <= most:
            return form
    raise StorageError("a number beyond 63 bits and a sign cannot be stored")


def header(fingerprint: bytes, forms: tuple[Form, ...]) -> bytes:
    return MAGIC + bytes((FORMAT, len(forms))) + fingerprint + b"".join(form.pair for form in forms)


def sealed(content: bytes) -> bytes:
    """The content with its check sum."""
    return content + crc32(content).to_bytes(4, "little")


def check(document: bytes, fingerprint: bytes, columns: int) -> None:
    """Raises ``StorageError`` unless these are whole bytes of a stored table of this layout."""
    if len(document) < START + 2 * columns + 6 or document[:2] != MAGIC:
        raise StorageError("these bytes are no stored table")
    if document[2] != FORMAT:
        raise StorageError(f"stored in format {document[2]}, which this version does not read")
    if crc32(document) != CHECKED:
        raise StorageError("the stored table is damaged: its check sum does not fit")
    if document[4:START] != fingerprint or document[3] != columns:
        raise StorageError(f"stored under another layout ({document[4:START].hex()}, not {fingerprint.hex()}): read it with its own version")


def forms_of(start: bytes) -> tuple[Form, ...]:
    """The forms of the columns, from the bytes before the number of rows."""
    return tuple(form_of(start[at : at + 2]) for at in range(START, len(start), 2))
