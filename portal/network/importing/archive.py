"""The directory of a zip archive, checked before anything is unpacked: what is inside, how many parts, how large they would become."""

from __future__ import annotations

import io
import zipfile

from portal.network.importing import limits
from portal.network.importing.signatures import Unreadable

ENCRYPTED_FLAG = 1


def checked(content: bytes) -> zipfile.ZipFile:
    """The archive of a workbook that is safe to open. Raises ``Unreadable``."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as error:
        raise Unreadable("damaged") from error
    parts = archive.infolist()
    _check_size(parts, len(content))
    _check_kind(parts)
    return archive


def _check_size(parts: list[zipfile.ZipInfo], packed: int) -> None:
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    ratio = max((part.file_size / max(part.compress_size, 1) for part in parts if part.file_size > 100_000), default=0.0)
    if len(parts) > limits.ARCHIVE_MEMBERS or len(set(names)) != len(names):
        raise Unreadable("bomb")
    if unpacked > limits.ARCHIVE_BYTES or unpacked / max(packed, 1) > limits.ARCHIVE_RATIO or ratio > limits.ARCHIVE_RATIO:
        raise Unreadable("bomb")


def _check_kind(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if any(part.flag_bits & ENCRYPTED_FLAG for part in parts):
        raise Unreadable("password")
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names or ("mimetype" in names and "content.xml" in names):
        raise Unreadable("other_workbook")
    raise Unreadable("document" if "word/document.xml" in names else "archive")
