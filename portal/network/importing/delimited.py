"""Delimited text: which encoding, which delimiter, which rows."""

from __future__ import annotations

import codecs
import csv
import io

from portal.network.importing import limits
from portal.network.importing.signatures import Unreadable

BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = ";,\t"
SAMPLE_LINES = 30
SAMPLE_CHARACTERS = 4_000


def rows_of(content: bytes) -> list[list[str]]:
    """The rows of the text. Raises ``Unreadable`` when it is no text or no table."""
    text = decoded(content)
    csv.field_size_limit(limits.CELL_CHARACTERS * 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=False)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > limits.ROWS + limits.HEADER_ROWS:
                raise Unreadable("too_many_rows", rows=len(text.splitlines()), most=limits.ROWS)
            if len(row) > limits.COLUMNS:
                raise Unreadable("too_many_columns", most=limits.COLUMNS)
    except csv.Error as error:
        raise Unreadable("quotes", row=reader.line_num) from error
    return rows


def decoded(content: bytes) -> str:
    """By byte order mark, else UTF-8, else the Windows code page of Central Europe."""
    encodings = [name for mark, name in BYTE_ORDER_MARKS if content.startswith(mark)] or ["utf-8", "cp1250"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("no_text")


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most lines of the beginning into the same number of cells."""
    lines = [line[:SAMPLE_CHARACTERS] for line in text[: SAMPLE_LINES * SAMPLE_CHARACTERS].splitlines() if line.strip()][:SAMPLE_LINES]

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(next(csv.reader([line], delimiter=delimiter))) for line in lines]
        commonest = max(set(widths), key=widths.count, default=0)
        return (widths.count(commonest) if commonest > 1 else 0, commonest)

    return max(DELIMITERS, key=score)
