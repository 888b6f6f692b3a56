"""Files that come with messages: few, small, of kinds recognised by what is in them and not by their names; written whole or not at all."""

from __future__ import annotations

import io
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MOST_FILES = 3
MOST_BYTES = 5_000_000
MACROS = "vbaProject.bin"


@dataclass(frozen=True, slots=True)
class Kind:
    label: str | Promise
    suffix: str
    mimetype: str


KINDS: dict[str, Kind] = {
    "pdf": Kind(_("PDF"), ".pdf", "application/pdf"),
    "png": Kind(_("imagine PNG"), ".png", "image/png"),
    "jpeg": Kind(_("imagine JPEG"), ".jpg", "image/jpeg"),
    "xlsx": Kind(_("registru Excel"), ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": Kind(_("document Word"), ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
BEGINNINGS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"))
PARTS = (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx"))


def kind_of(content: bytes) -> str | None:
    """The code of its kind; None for everything that is not accepted, documents with macros among them."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    return _office_kind(content) if content.startswith(b"PK") else None


def _office_kind(content: bytes) -> str | None:
    """Looks at the list of the archive only: nothing is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None
    if "[Content_Types].xml" not in members or any(member.endswith(MACROS) for member in members):
        return None
    return next((kind for part, kind in PARTS if part in members), None)


def write(path: Path, content: bytes) -> None:
    """Beside its name first, so that a file that is there is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as new:
        new.write(content)
    Path(new.name).replace(path)
