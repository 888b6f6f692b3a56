"""Many stored tables at once: columns to the bytes of each table, and back into columns of a data set.

Bytes are joined and read by numpy, documents with equal headers together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData
from engine.encoding import ABSENT, Absent, Stored
from engine.methodology import Methodology
from engine.storage.documents import fitting, parts_of
from engine.storage.header import CHECKED, MAX_ROWS, START, StorageError, check, header, sealed
from engine.storage.layout import Column, Layout, layout_of
from engine.values import NOT_ANSWERED, NOT_COLLECTED

TEXT_BLANKS = (-1, -2)
"""Of texts, whose positions are counted again: not_answered, not_collected."""
BLOCK = 1 << 14
"""Records copied at a time: they stay in the processor's cache while each column is picked from them."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Rows of many tables under each other, in the order of the documents.

    ``columns`` by code, the number of the row among them; ``sizes``: rows of each document (0 where none has come); ``received``: whether
    it has come.
    """

    columns: dict[str, ColumnData]
    sizes: NDArray[np.int64]
    received: NDArray[np.bool_]


def encode_tables(methodology: Methodology, owner: str, columns: Mapping[str, Sequence[Stored | Absent]], sizes: Sequence[int]) -> list[bytes]:
    """The tables of many places of level ``owner`` as bytes, from cells under each other; ``sizes``: how many rows each table has.

    A column that is not given is ABSENT everywhere. Raises ``StorageError`` like ``encode_table``, and for a layout with texts, whose
    positions belong to each document alone.
    """
    layout = layout_of(methodology, owner)
    if layout.has_texts:
        raise StorageError("tables with texts are stored one by one")
    if max(sizes, default=0) > MAX_ROWS:
        raise StorageError(f"the most rows that can be stored are {MAX_ROWS}")
    missing: list[Stored | Absent] = [ABSENT] * sum(sizes)
    stored = [column.raw(columns.get(column.code, missing), {}) for column in layout.columns]
    records = np.empty(len(missing), [(column.code, form.numpy) for column, (form, _) in zip(layout.columns, stored, strict=True)])
    for column, (_, numbers) in zip(layout.columns, stored, strict=True):
        records[column.code] = numbers
    start, width, content = header(layout.fingerprint, tuple(form for form, _ in stored)), records.dtype.itemsize, records.tobytes()
    ends = np.cumsum(sizes, dtype=np.int64).tolist()
    return [sealed(start + size.to_bytes(2, "little") + content[(end - size) * width : end * width]) for size, end in zip(sizes, ends, strict=True)]


def decode_tables(methodology: Methodology, owner: str, documents: Sequence[bytes | None], only: Collection[str] | None = None) -> Decoded:
    """The tables of many places of level ``owner`` (None: the table has not come) as columns; with ``only``, no more than these columns.

    Raises ``StorageError`` naming the first document that is damaged, cut off or of another layout.
    """
    layout = layout_of(methodology, owner)
    sizes = np.zeros(len(documents), np.int64)
    received = np.fromiter((document is not None for document in documents), np.bool_, len(documents))
    wanted = [column for column in layout.columns if only is None or column.code in only]
    groups = [_Group(layout, start, numbers, documents, wanted) for start, numbers in _by_header(layout, documents).items()]
    for group in groups:
        sizes[group.numbers] = group.sizes
    columns = {column.code: _joined(column, at, groups, sizes) for at, column in enumerate(wanted)}
    number = layout.table.number
    if number and (only is None or number in only):
        columns[number] = ColumnData(_numbers(sizes))
    return Decoded(columns, sizes, received)


def _by_header(layout: Layout, documents: Sequence[bytes | None]) -> dict[bytes, list[int]]:
    """Positions of the documents by the bytes that say how their rows lie; every check sum looked at."""
    end = START + 2 * len(layout.columns)
    found: dict[bytes, list[int]] = {}
    for number, document in enumerate(documents):
        if document is None:
            continue
        start = document[:end]
        if crc32(document) != CHECKED or start not in found:
            try:
                check(document, layout.fingerprint, len(layout.columns))
                fitting(layout.columns, start)
            except StorageError as error:
                raise _at(number, error) from None
            found[start] = []
        found[start].append(number)
    return found


def _at(number: int, error: object) -> StorageError:
    return StorageError(f"table {number}: {error}")


class _Group:
    """Documents with one header: their sizes, and each wanted column of all of them as whole numbers."""

    def __init__(self, layout: Layout, start: bytes, numbers: list[int], documents: Sequence[bytes | None], wanted: Sequence[Column]) -> None:
        self.numbers = np.array(numbers)
        own = [document for number in numbers if (document := documents[number]) is not None]
        forms = fitting(layout.columns, start)
        names = [column.code for column in layout.columns]
        dtype = np.dtype([(name, form.numpy) for name, form in zip(names, forms, strict=True)])
        of_column = dict(zip(names, forms, strict=True))
        self.forms = [of_column[column.code] for column in wanted]
        self.vocabulary: list[str] = []
        records = self._with_texts(layout, own, dtype) if layout.has_texts else self._plain(own, len(start), dtype)
        self.columns = _picked(records, [column.code for column in wanted])

    def _plain(self, documents: list[bytes], start: int, dtype: np.dtype[np.void]) -> NDArray[np.void]:
        counts = np.frombuffer(b"".join([document[start : start + 2] for document in documents]), "<u2")
        self.sizes = counts.astype(np.int64)
        odd = np.fromiter(map(len, documents), np.int64, len(documents)) != start + 6 + self.sizes * dtype.itemsize
        if odd.any():
            raise _at(int(self.numbers[odd.argmax()]), "the stored table is damaged: its length does not fit")
        return np.frombuffer(b"".join([document[start + 2 : -4] for document in documents]), dtype)

    def _with_texts(self, layout: Layout, documents: list[bytes], dtype: np.dtype[np.void]) -> NDArray[np.void]:
        """Texts make documents unlike each other: their positions are counted again over all documents of the group."""
        position: dict[str, int] = {}
        wide = np.dtype([(column.code, "<i8" if column.letter == "t" else dtype[column.code]) for column in layout.columns])
        found = []
        for number, document in zip(self.numbers.tolist(), documents, strict=True):
            try:
                _, records, texts = parts_of(layout, document)
                found.append(_renumbered(layout, np.array(records, dtype).astype(wide), dtype, texts, position))
            except StorageError as error:
                raise _at(number, error) from None
        self.vocabulary = list(position) or [""]
        self.sizes = np.array([len(records) for records in found], np.int64)
        return np.concatenate(found)

    def column(self, column: Column, at: int) -> ColumnData:
        """One column as the data set wants it: 0 and a reason where nothing is known."""
        numbers, form = self.columns[at], self.forms[at]
        blank, uncollected = TEXT_BLANKS if column.letter == "t" else form.blanks
        bits = None
        if _may_hold(numbers, blank, uncollected):
            missing = (numbers == blank) | (numbers == uncollected)
            bits = np.where(missing, np.where(numbers == blank, NOT_ANSWERED, NOT_COLLECTED), 0).astype(np.uint8)
            numbers = np.where(missing, 0, numbers).astype(numbers.dtype)
        self._within(column, numbers)
        match column.letter:
            case "m":
                return ColumnData(numbers.astype(np.uint64), bits)
            case "t":
                return ColumnData(numbers.astype(np.int32), bits, vocabulary=self.vocabulary)
            case "D":
                return ColumnData(numbers.astype(np.int32), bits)
        if numbers.dtype == np.uint64:
            numbers = numbers.astype(np.int64)
        return ColumnData(numbers, bits, 10**form.places)

    def _within(self, column: Column, numbers: NDArray[Any]) -> None:
        """Positions of codes, yes and no, bit sets and days have an end; beyond it nothing has a meaning."""
        limit = {"c": len(column.codes), "b": 2, "m": 1 << len(column.codes), "D": date.max.toordinal() + 1}.get(column.letter)
        if limit is not None and len(numbers) and (int(numbers.max()) >= limit or int(numbers.min()) < 0):
            row = int(((numbers >= limit) | (numbers < 0)).argmax())
            number = int(self.numbers[np.searchsorted(np.cumsum(self.sizes), row, "right")])
            raise _at(number, f"column {column.code}: {int(numbers[row])} stands for nothing")


def _may_hold(numbers: NDArray[Any], blank: int, uncollected: int) -> bool:
    """Whether any value is one of the two, which lie at one end of the range."""
    if len(numbers) == 0:
        return False
    return int(numbers.max()) >= uncollected if blank > 0 else int(numbers.min()) <= max(blank, uncollected)


def _renumbered(layout: Layout, records: NDArray[np.void], dtype: np.dtype[np.void], texts: list[str], position: dict[str, int]) -> NDArray[np.void]:
    """Positions among the texts of one document become positions among those of all."""
    table = np.array([position.setdefault(text, len(position)) for text in texts] or [0], np.int64)
    for column in layout.columns:
        if column.letter == "t":
            own = records[column.code]
            top = np.iinfo(dtype[column.code]).max
            if ((own < 0) | (own >= len(texts)) & (own < top - 1)).any():
                raise StorageError(f"column {column.code}: a text that is not there")
            records[column.code] = np.where(own >= top - 1, own - top - 1, table[np.minimum(own, len(table) - 1)])
    return records


def _picked(records: NDArray[np.void], names: Sequence[str]) -> list[NDArray[Any]]:
    """Each column of the records as an array of its own."""
    fields = [records[name] for name in names]
    found = [np.empty(len(records), part.dtype) for part in fields]
    for first in range(0, len(records), BLOCK):
        for into, part in zip(found, fields, strict=True):
            into[first : first + BLOCK] = part[first : first + BLOCK]
    return found


def _joined(column: Column, at: int, groups: Sequence[_Group], sizes: NDArray[np.int64]) -> ColumnData:
    """One column over all documents, in their order."""
    parts = [group.column(column, at) for group in groups]
    if not parts:
        return ColumnData(np.zeros(0, np.uint8), vocabulary=[""] if column.letter == "t" else None)
    if len(parts) == 1:
        return parts[0]
    scale, rows = max(part.scale for part in parts), int(sizes.sum())
    scaled = [part.values if part.scale == scale else part.values.astype(np.int64) * (scale // part.scale) for part in parts]
    values = np.zeros(rows, np.result_type(*scaled))
    bits = np.zeros(rows, np.uint8)
    which = np.zeros(len(sizes), np.int32)
    for number, group in enumerate(groups):
        which[group.numbers] = number
    of_row = np.repeat(which, sizes)
    vocabulary: dict[str, int] = {}
    for number, (part, own) in enumerate(zip(parts, scaled, strict=True)):
        if part.vocabulary is not None:
            own = np.array([vocabulary.setdefault(text, len(vocabulary)) for text in part.vocabulary])[own]
        values[of_row == number] = own
        bits[of_row == number] = 0 if part.bits is None else part.bits
    return ColumnData(values, bits if bits.any() else None, scale, vocabulary=list(vocabulary) or None)


def _numbers(sizes: NDArray[np.int64]) -> NDArray[Any]:
    """1, 2, 3 … within each document."""
    total, most = int(sizes.sum()), int(sizes.max(initial=0))
    first = np.cumsum(sizes) - sizes
    return (np.arange(1, total + 1, dtype=np.int64) - np.repeat(first, sizes)).astype(np.uint8 if most < 256 else np.uint16)
