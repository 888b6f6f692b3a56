"""One stored table: rows of plain answers to bytes and back, and a digest of its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import repeat
from struct import Struct
from typing import Any

from engine.encoding import ABSENT, Absent, Stored
from engine.methodology import Methodology
from engine.storage.header import FORMAT, MAX_ROWS, START, Form, StorageError, check, forms_of, header, sealed
from engine.storage.layout import Column, Layout, layout_of

Row = Mapping[str, Stored]


def encode_table(methodology: Methodology, owner: str, rows: Sequence[Row]) -> bytes:
    """The table of a place of level ``owner`` as bytes. A blank (None) is kept as not_answered, a key that a row lacks as not_collected.

    The number of a row is its place and is not stored. Keys that are no columns raise ``StorageError``, as do values that are not of
    the type of their column; limits (min, max) are no business of storage.
    """
    layout = layout_of(methodology, owner)
    if len(rows) > MAX_ROWS:
        raise StorageError(f"{len(rows)} rows; the most that can be stored are {MAX_ROWS}")
    _refuse_unknown(layout, rows)
    texts = _texts_of(layout, rows)
    columns = [column.raw([row.get(column.code, ABSENT) for row in rows], texts) for column in layout.columns]
    forms = tuple(form for form, _ in columns)
    pack = Struct("<" + "".join(form.struct for form in forms)).pack
    records = b"".join(map(pack, *(numbers for _, numbers in columns)))
    return sealed(header(layout.fingerprint, forms) + len(rows).to_bytes(2, "little") + records + _tail(layout, texts))


def _refuse_unknown(layout: Layout, rows: Sequence[Row]) -> None:
    known = layout.names
    for number, row in enumerate(rows, 1):
        if not row.keys() <= known:
            raise StorageError(f"row {number}: no such column: {', '.join(sorted(row.keys() - known))}")


def _texts_of(layout: Layout, rows: Sequence[Row]) -> dict[str, int]:
    """Position of each text of the document; in alphabetical order, so that the order of rows leaves no trace."""
    columns = [column.code for column in layout.columns if column.letter == "t"]
    found = {text for code in columns for row in rows if isinstance(text := row.get(code), str)}
    return {text: number for number, text in enumerate(sorted(found))}


def _tail(layout: Layout, texts: Mapping[str, int]) -> bytes:
    if not layout.has_texts:
        return b""
    parts = [len(texts).to_bytes(2, "little")]
    for text in texts:
        try:
            content = text.encode()
            parts += [len(content).to_bytes(2, "little"), content]
        except (UnicodeEncodeError, OverflowError):
            raise StorageError("a text that cannot be stored: longer than 65,535 bytes, or no Unicode") from None
    return b"".join(parts)


def decode_table(methodology: Methodology, owner: str, document: bytes) -> list[dict[str, Stored]]:
    """The rows of a stored table, with their numbers. Raises ``StorageError`` for anything but a whole document of this layout."""
    layout = layout_of(methodology, owner)
    forms, records, texts = parts_of(layout, document)
    count = len(records)
    columns: dict[str, Sequence[Stored | Absent]] = {layout.table.number: range(1, count + 1)} if layout.table.number else {}
    listed = list(zip(*records, strict=True)) if count else repeat(())
    for column, form, numbers in zip(layout.columns, forms, listed, strict=False):
        columns[column.code] = column.values(form, numbers, texts)
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    if any(ABSENT in values for values in columns.values()):
        rows = [{code: value for code, value in row.items() if value is not ABSENT} for row in rows]
    return rows  # type: ignore[return-value]


def parts_of(layout: Layout, document: bytes) -> tuple[tuple[Form, ...], list[tuple[int, ...]], list[str]]:
    """(forms of the columns, records, texts) of one document."""
    width = len(layout.columns)
    check(document, layout.fingerprint, width)
    start = START + 2 * width
    forms = fitting(layout.columns, document[:start])
    record = Struct("<" + "".join(form.struct for form in forms))
    count = int.from_bytes(document[start : start + 2], "little")
    end = start + 2 + count * record.size
    texts = _texts(document, end) if layout.has_texts else []
    if end > len(document) - 4 or (not layout.has_texts and end != len(document) - 4):
        raise StorageError("the stored table is damaged: its length does not fit")
    return forms, list(record.iter_unpack(document[start + 2 : end])), texts


def fitting(columns: Sequence[Column], start: bytes) -> tuple[Form, ...]:
    """The forms a header gives, when they are forms of these columns."""
    forms = forms_of(start)
    if any(form.letter != column.letter for form, column in zip(forms, columns, strict=True)):
        raise StorageError("the stored table is damaged: its columns are of other types")
    return forms


def _texts(document: bytes, at: int) -> list[str]:
    found: list[str] = []
    end = len(document) - 4
    count = int.from_bytes(document[at : at + 2], "little")
    at += 2
    while len(found) < count and at < end:
        size = int.from_bytes(document[at : at + 2], "little")
        at += 2 + size
        try:
            found.append(document[at - size : at].decode())
        except UnicodeDecodeError:
            raise StorageError("the stored table is damaged: a text is no Unicode") from None
    if at != end or len(found) != count:
        raise StorageError("the stored table is damaged: its texts do not fit")
    return found


def content_digest(methodology: Methodology, owner: str, rows: Sequence[Row]) -> str:
    """SHA-256 over the rows' content, whatever their order, numbers or stored form: the same rows have the same digest for ever.

    Rows with equal content count as often as they occur. A blank and a value that is not there at all differ.
    """
    number = layout_of(methodology, owner).table.number
    lines = sorted(line_of({code: value for code, value in row.items() if code != number}) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def line_of(row: Row) -> str:
    """A row as the digest sees it."""
    return json.dumps(row, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def dump_table(methodology: Methodology, owner: str, document: bytes) -> dict[str, Any]:
    """A stored table as plain data for people and other programs: what it says of itself, and its rows."""
    layout = layout_of(methodology, owner)
    rows = decode_table(methodology, owner, document)
    columns = [
        {"code": column.code, "type": form.letter, "bytes": Struct(form.struct).size, "places": form.places, "codes": list(column.codes)}
        for column, form in zip(layout.columns, forms_of(document[: START + 2 * len(layout.columns)]), strict=True)
    ]
    return {
        "format": FORMAT,
        "methodology": methodology.code,
        "version": methodology.version,
        "level": layout.table.level,
        "layout": layout.fingerprint.hex(),
        "columns": columns,
        "rows": rows,
    }
