"""Drafts: a methodology is brought from a folder, an archive or a published version, changed file by file, checked, published."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.rounds.models import MethodologyDraft, MethodologyVersion
from portal.rounds.services.publishing import MAX_BYTES, SUFFIXES, publish_texts, read_texts

MAX_FILES = 400
UNSEEN = ("__MACOSX", "Thumbs.db", "desktop.ini")


class DraftRefused(Exception):
    """What was brought or written cannot be kept; the message is for people."""


class DraftChanged(DraftRefused):
    """Somebody else saved meanwhile. ``by`` and ``text`` are theirs."""

    def __init__(self, by: str, text: str) -> None:
        super().__init__(_("Între timp, %(name)s a salvat acest fișier.") % {"name": by})
        self.text = text


def from_folder(folder: Path, by: User) -> MethodologyDraft:
    """Raises ``PublishRefused`` where the folder cannot be read."""
    return _made(folder.name, read_texts(folder), by)


def from_version(version: MethodologyVersion, by: User) -> MethodologyDraft:
    return _made(version.code, dict(version.files.values_list("path", "text")), by)


def from_archive(name: str, content: bytes, by: User) -> MethodologyDraft:
    """``name`` is that of the file; a single folder around everything gives its name instead. Raises ``DraftRefused``."""
    texts = read_archive(content)
    tops = {PurePosixPath(path).parts[0] for path in texts}
    if len(tops) == 1 and all(len(PurePosixPath(path).parts) > 1 for path in texts):
        name = tops.pop()
        texts = {path.partition("/")[2]: text for path, text in texts.items()}
    return _made(PurePosixPath(name).stem if name.endswith(".zip") else name, texts, by)


def read_archive(content: bytes) -> dict[str, str]:
    """Path → text of the files of a ZIP archive. Sizes are looked at before anything is unpacked. Raises ``DraftRefused``."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = [part for part in archive.infolist() if not part.is_dir() and not _unseen(part.filename)]
        _check_parts(parts)
        found = {part.filename: _text(archive, part) for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError) as error:
        raise DraftRefused(_("Fișierul nu este o arhivă ZIP care se poate citi. Arhivați din nou folderul, fără parolă.")) from error
    if not found:
        raise DraftRefused(_("Arhiva nu conține niciun fișier de metodologie (.yaml, .json, .csv, .md)."))
    return found


def _unseen(name: str) -> bool:
    """What operating systems add to archives by themselves."""
    return any(part.startswith(".") or part in UNSEEN for part in PurePosixPath(name).parts if part not in (".", ".."))


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MAX_FILES:
        raise DraftRefused(_("Arhiva are prea multe fișiere; se primesc cel mult %(most)s.") % {"most": MAX_FILES})
    if sum(part.file_size for part in parts) > MAX_BYTES:
        raise DraftRefused(_("Fișierele metodologiei depășesc împreună 5 MB."))
    if len({part.filename for part in parts}) != len(parts):
        raise DraftRefused(_("Arhiva are două fișiere cu același nume."))
    for part in parts:
        check_path(part.filename)


def check_path(name: str) -> None:
    """A path that stays in its folder and names a kind of file that methodologies have. Raises ``DraftRefused``."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or len(name) > 200 or not path.parts:
        raise DraftRefused(_("Calea „%(name)s” iese din folderul metodologiei sau este prea lungă.") % {"name": name[:200]})
    if path.suffix not in SUFFIXES:
        raise DraftRefused(_("„%(name)s” nu este un fișier de metodologie. Se primesc fișiere .yaml, .json, .csv și .md.") % {"name": name})


def _text(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    with archive.open(part) as opened:
        content = opened.read(part.file_size + 1)
    if len(content) != part.file_size:
        raise DraftRefused(_("„%(name)s” are altă mărime decât spune arhiva.") % {"name": part.filename})
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DraftRefused(_("Fișierul „%(name)s” nu este text UTF-8.") % {"name": part.filename}) from error


def _made(name: str, texts: Mapping[str, str], by: User) -> MethodologyDraft:
    return MethodologyDraft.objects.create(code=slugify(name)[:40] or "metodologie", files=dict(texts), created_by=by, changed_by=by)


def save_file(draft: MethodologyDraft, path: str, text: str, base: str, by: User) -> MethodologyDraft:
    """Writes one file of a draft (a new one too). ``base``: the mark of the text that was changed, '' for a new file.

    Raises ``DraftChanged`` when the file was saved by somebody else since then.
    """
    check_path(path)
    with transaction.atomic():
        kept = MethodologyDraft.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=draft.pk)
        there = kept.files.get(path)
        if there is not None and there != text and mark_of(there) != base:
            raise DraftChanged(str(kept.changed_by), there)
        return _saved(kept, kept.files | {path: text}, by)


def mark_of(text: str) -> str:
    """Tells two texts of a file apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def remove_file(draft: MethodologyDraft, path: str, by: User) -> MethodologyDraft:
    with transaction.atomic():
        kept = MethodologyDraft.objects.select_for_update().get(pk=draft.pk)
        return _saved(kept, {name: text for name, text in kept.files.items() if name != path}, by)


def _saved(draft: MethodologyDraft, files: dict[str, str], by: User) -> MethodologyDraft:
    if len(files) > MAX_FILES or sum(len(text.encode()) for text in files.values()) > MAX_BYTES:
        raise DraftRefused(_("Fișierele metodologiei depășesc împreună 5 MB."))
    draft.files, draft.revision = files, draft.revision + 1
    draft.changed_at, draft.changed_by = timezone.now(), by
    draft.save()
    return draft


def publish_draft(draft: MethodologyDraft, revision: int, by: User, note: str) -> MethodologyVersion:
    """Publishes exactly the text of that revision, and ends the draft. Raises ``PublishRefused``, ``DraftRefused``."""
    with transaction.atomic():
        kept = MethodologyDraft.objects.select_for_update().get(pk=draft.pk)
        if kept.revision != revision:
            raise DraftRefused(_("Proiectul a fost schimbat între timp. Verificați-l din nou înainte de publicare."))
        version = publish_texts(kept.code, kept.files, by, note)
        kept.delete()
    return version


def archived(texts: Mapping[str, str], folder: str) -> bytes:
    """The files as a ZIP archive with one folder in it."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in sorted(texts.items()):
            archive.writestr(zipfile.ZipInfo(f"{folder}/{path}"), text, zipfile.ZIP_DEFLATED)
    return whole.getvalue()
