"""Many stored tables at once, as columns of a data set: bytes are joined and read by numpy, documents with equal headers together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData
from engine.methodology import Methodology
from engine.storage.documents import fitting, parts_of
from engine.storage.header import CHECKED, START, Form, StorageError, check
from engine.storage.layout import Column, Layout, layout_of
from engine.values import NOT_ANSWERED, NOT_COLLECTED

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
            _check(layout, number, document)
            found[start] = []
        found[start].append(number)
    return found


def _check(layout: Layout, number: int, document: bytes) -> None:
    try:
        check(document, layout.fingerprint, len(layout.columns))
    except StorageError as error:
        raise StorageError(f"table {number}: {error}") from None


class _Group:
    """Documents with one header: their sizes, and each wanted column of all of them as whole numbers."""

    def __init__(self, layout: Layout, start: bytes, numbers: list[int], documents: Sequence[bytes | None], wanted: Sequence[Column]) -> None:
        self.numbers = np.array(numbers)
        own = [documents[number] for number in numbers]
        forms = fitting(layout.columns, start)
        names = [column.code for column in layout.columns]
        dtype = np.dtype([(name, form.numpy) for name, form in zip(names, forms, strict=True)])
        self.forms = [form for column, form in zip(layout.columns, forms, strict=True) if column in wanted]
        self.vocabulary: list[str] = []
        if layout.has_texts:
            records = self._with_texts(layout, own, dtype, names)  # type: ignore[arg-type]
        else:
            records = self._plain(own, len(start), dtype)  # type: ignore[arg-type]
        self.columns = _picked(records, [column.code for column in wanted])

    def _plain(self, documents: list[bytes], start: int, dtype: np.dtype[np.void]) -> NDArray[np.void]:
        counts = np.frombuffer(b"".join([document[start : start + 2] for document in documents]), "<u2")
        self.sizes = counts.astype(np.int64)
        lengths = np.fromiter(map(len, documents), np.int64, len(documents))
        if (lengths != start + 6 + self.sizes * dtype.itemsize).any():
            number = int(self.numbers[(lengths != start + 6 + self.sizes * dtype.itemsize).argmax()])
            raise StorageError(f"table {number}: the stored table is damaged: its length does not fit")
        return np.frombuffer(b"".join([document[start + 2 : -4] for document in documents]), dtype)

    def _with_texts(self, layout: Layout, documents: list[bytes], dtype: np.dtype[np.void], names: list[str]) -> NDArray[np.void]:
        """Texts make documents unlike each other: their positions are counted again over all documents of the group."""
        position: dict[str, int] = {}
        wide = np.dtype([(name, "<i8" if column.letter == "t" else dtype[name]) for name, column in zip(names, layout.columns, strict=True)])
        found = []
        for number, document in zip(self.numbers, documents, strict=True):
            try:
                _, records, texts = parts_of(layout, document)
                found.append(_renumbered(layout, np.array(records, dtype).astype(wide), dtype, texts, position))
            except StorageError as error:
                raise StorageError(f"table {number}: {error}") from None
        self.vocabulary = list(position) or [""]
        self.sizes = np.array([len(records) for records in found], np.int64)
        return np.concatenate(found)


def _renumbered(layout: Layout, records: NDArray[np.void], dtype: np.dtype[np.void], texts: list[str], position: dict[str, int]) -> NDArray[np.void]:
    """Positions among the texts of one document become positions among those of all; -1 not_answered, -2 not_collected."""
    table = np.array([position.setdefault(text, len(position)) for text in texts] or [0], np.int64)
    for column in layout.columns:
        if column.letter == "t":
            own = records[column.code]
            top = np.iinfo(dtype[column.code]).max
            if ((own >= len(texts)) & (own < top - 1)).any():
                raise StorageError(f"column {column.code}: a text that is not there")
            records[column.code] = np.where(own >= top - 1, own - top - 1, table[np.minimum(own, len(table) - 1)])
    return records


def _picked(records: NDArray[np.void], names: Sequence[str]) -> list[NDArray[np.generic]]:
    """Each column of the records as an array of its own."""
    fields = [records[name] for name in names]
    found = [np.empty(len(records), part.dtype) for part in fields]
    for first in range(0, len(records), BLOCK):
        for into, part in zip(found, fields, strict=True):
            into[first : first + BLOCK] = part[first : first + BLOCK]
    return found


def _joined(column: Column, at: int, groups: Sequence[_Group], sizes: NDArray[np.int64]) -> ColumnData:
    """One column over all documents, in their order."""
    parts = [_column(column, group.forms[at], group.columns[at], group.vocabulary) for group in groups]
    if not parts:
        return ColumnData(np.zeros(0, np.uint8), vocabulary=[""] if column.letter == "t" else None)
    if len(parts) == 1:
        return parts[0]
    scale = max(part.scale for part in parts)
    rows = int(sizes.sum())
    values = np.zeros(rows, np.result_type(*(_scaled(part, scale) for part in parts)))
    bits = np.zeros(rows, np.uint8)
    which = np.empty(len(sizes), np.int32)
    for number, group in enumerate(groups):
        which[group.numbers] = number
    of_row = np.repeat(which, sizes)
    vocabulary: dict[str, int] = {}
    for number, part in enumerate(parts):
        rows_of = of_row == number
        own = _scaled(part, scale)
        if part.vocabulary is not None:
            own = np.array([vocabulary.setdefault(text, len(vocabulary)) for text in part.vocabulary])[own]
        values[rows_of] = own
        bits[rows_of] = 0 if part.bits is None else part.bits
    return ColumnData(values, bits if bits.any() else None, scale, vocabulary=list(vocabulary) or None)


def _scaled(part: ColumnData, scale: int) -> NDArray[np.generic]:
    return part.values if part.scale == scale else part.values.astype(np.int64) * (scale // part.scale)  # type: ignore[no-any-return]


def _column(column: Column, form: Form, numbers: NDArray[np.generic], vocabulary: list[str]) -> ColumnData:
    """Whole numbers of one group as the data set wants them: 0 and a reason where nothing is known."""
    blank, uncollected = (-1, -2) if column.letter == "t" else form.blanks
    missing = (numbers == blank) | (numbers == uncollected) if _may_lack(form, column, numbers) else None
    bits = None
    if missing is not None and missing.any():
        bits = np.where(missing, np.where(numbers == blank, NOT_ANSWERED, NOT_COLLECTED), 0).astype(np.uint8)
        numbers = np.where(missing, 0, numbers).astype(numbers.dtype)
    _within(column, numbers)
    match column.letter:
        case "m":
            return ColumnData(numbers.astype(np.uint64), bits)
        case "t":
            return ColumnData(numbers.astype(np.int32), bits, vocabulary=vocabulary)
        case "D":
            return ColumnData(numbers.astype(np.int32), bits)
    return ColumnData(numbers, bits, 10**form.places)


def _may_lack(form: Form, column: Column, numbers: NDArray[np.generic]) -> bool:
    if len(numbers) == 0:
        return False
    if form.signed or column.letter == "t":
        return int(numbers.min()) <= max(form.blanks) if form.signed else int(numbers.min()) < 0  # type: ignore[attr-defined]
    return int(numbers.max()) >= min(form.blanks)  # type: ignore[attr-defined]


def _within(column: Column, numbers: NDArray[np.generic]) -> None:
    """Positions of codes, yes and no, bit sets and days have an end; beyond it nothing has a meaning."""
    limit = {"c": len(column.codes), "b": 2, "m": 1 << len(column.codes), "D": 3_652_060}.get(column.letter)
    if limit is not None and len(numbers) and int(numbers.max()) >= limit:  # type: ignore[attr-defined]
        raise StorageError(f"column {column.code}: {int(numbers.max())} stands for nothing")  # type: ignore[attr-defined]


def _numbers(sizes: NDArray[np.int64]) -> NDArray[np.generic]:
    """1, 2, 3 … within each document."""
    total, most = int(sizes.sum()), int(sizes.max(initial=0))
    first = np.cumsum(sizes) - sizes
    return (np.arange(1, total + 1, dtype=np.int64) - np.repeat(first, sizes)).astype(np.uint8 if most < 256 else np.uint16)
