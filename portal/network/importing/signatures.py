"""What a file is, by its first bytes: a workbook, delimited text, or something that is refused by its own name."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that is not read. ``code`` and ``params`` make the sentence (``reading.REFUSALS``)."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code, self.params = code, params


ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BEGINNINGS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"RIFF", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"{\\rtf", "document"),
    (b"<!DOCTYPE", "web_page"),
    (b"<html", "web_page"),
    (b"<?xml", "web_page"),
)


def kind_of(content: bytes) -> str:
    """``workbook`` or ``text``. Raises ``Unreadable`` for everything else."""
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith(b"PK"):
        return "workbook"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("password" if ENCRYPTED in content else "old_workbook")
    for beginning, code in BEGINNINGS:
        if content.startswith(beginning) and not (beginning == b"BM" and content.isascii()):
            raise Unreadable(code)
    return "text"
