"""Published methodologies as the engine reads them: from the text in the database, through a folder of this machine.

The folder is a copy made when it is first needed. It is compared with the stored text whenever a process loads it, and the digest of what
was loaded with the digest that was published, so that neither a spoilt copy nor a spoilt row goes unnoticed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

import engine
from engine.methodology import Methodology
from portal.rounds.models import MethodologyFile, MethodologyVersion

KEPT = 8
"""Methodologies kept in a process: this year's, last year's, a few that are looked at."""


class Damaged(Exception):
    """The stored text of a version is not what was published."""


def of(version: MethodologyVersion) -> Methodology:
    """The methodology of a version. Loaded once in a process."""
    return _load(version.digest)


def folder_of(version: MethodologyVersion) -> Path:
    """The folder with the files of a version, worked examples included."""
    return _folder(version.digest)


@lru_cache(maxsize=KEPT)
def _load(digest: str) -> Methodology:
    methodology, problems = engine.read_methodology(_folder(digest))
    if methodology is None:
        raise Damaged(f"{digest}: {problems[0].code}")
    if methodology.digest != digest:
        raise Damaged(f"{digest}: the stored text has the digest {methodology.digest}")
    return methodology


@lru_cache(maxsize=KEPT)
def _folder(digest: str) -> Path:
    texts = dict(MethodologyFile.objects.filter(version__digest=digest).values_list("path", "text"))
    root = Path(settings.DATA_DIR) / "methodologies"
    folder = root / digest
    if not _same(folder, texts):
        root.mkdir(parents=True, exist_ok=True)
        _put(folder, texts)
    return folder


def _same(folder: Path, texts: Mapping[str, str]) -> bool:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return found.keys() == texts.keys() and all(path.read_bytes() == texts[name].encode() for name, path in found.items())


def _put(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes beside the place and renames: others see the whole folder or none. One that is whole stays, as others may be reading it."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".", ignore_cleanup_errors=True) as scratch:
        new = Path(scratch) / "new"
        write(new, texts)
        try:
            new.rename(folder)
        except OSError:
            if not _same(folder, texts):  # else somebody was quicker
                shutil.move(folder, Path(scratch) / "old")
                new.rename(folder)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """The texts as files of a folder; a path that leads outside it is refused."""
    for name, text in texts.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise Damaged(f"a file lies outside its folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def forget() -> None:
    """Empties what this process remembers, as a new process would begin."""
    _load.cache_clear()
    _folder.cache_clear()
