"""Digests of the content of many stored tables: what ``content_digest`` says of each, without making the rows.

A row is written out as JSON with its keys in order. The part of a column in it is the same wherever the same number is stored, so that it is
worked out once and rows are joined from such parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from engine.encoding import ABSENT
from engine.methodology import Methodology
from engine.storage.documents import content_digest, decode_table, line_of, parts_of
from engine.storage.header import Form
from engine.storage.layout import Column, Layout, layout_of


class Parts(dict[int, str]):
    """``"size":3`` for each number stored in a column of one form; '' where nothing is there at all."""

    def __init__(self, column: Column, form: Form) -> None:
        super().__init__()
        self.column, self.form = column, form

    def __missing__(self, number: int) -> str:
        [cell] = self.column.values(self.form, [number], ())
        self[number] = "" if cell is ABSENT else line_of({self.column.code: cell})[1:-1]  # type: ignore[dict-item]
        return self[number]


def content_digests(methodology: Methodology, owner: str, documents: Iterable[bytes]) -> list[str]:
    """The content digest of each stored table. Raises ``StorageError`` for anything but whole documents of this layout."""
    layout = layout_of(methodology, owner)
    if layout.has_texts:  # a position among texts means something else in every document
        return [content_digest(methodology, owner, decode_table(methodology, owner, document)) for document in documents]
    known: dict[tuple[Form, ...], list[Parts]] = {}
    return [_digest(layout, document, known) for document in documents]


def _digest(layout: Layout, document: bytes, known: dict[tuple[Form, ...], list[Parts]]) -> str:
    forms, records, _ = parts_of(layout, document)
    if forms not in known:
        known[forms] = [Parts(column, form) for column, form in zip(layout.columns, forms, strict=True)]
    columns = [(parts.column.code, map(parts.__getitem__, cells)) for parts, cells in zip(known[forms], zip(*records, strict=True), strict=False)]
    rows = zip(*(cells for _, cells in sorted(columns, key=lambda pair: pair[0])), strict=True)
    lines = sorted(f"{{{','.join(filter(None, row))}}}" for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
