"""Making the files that people asked for: a workbook or an archive of a place, written beside its final name and put there whole."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from exports import coverage, csv_archive, documentation, workbook
from exports.columns import Layout
from exports.csv_archive import Archive
from exports.datasets import frames_of
from exports.layouts import CLASSES, UNITS, layouts_of
from exports.scope import Scope
from exports.workbook import Book
from portal.outbox.services import Tell, no_news


@dataclass(frozen=True, slots=True)
class Made:
    """A file in its place."""

    size: int
    sha256: str


def make_workbook(scope: Scope, path: Path, tell: Tell = no_news) -> Made:
    """Of the whole country only the wide tables: they have every figure, and the long ones would be millions of rows."""
    layouts = layouts_of(scope.methodology, scope.attributes())
    shown = {code: layouts[code] for code in (UNITS, CLASSES)} if scope.national else layouts
    with placed(path) as (new, scratch):
        _fill(Book(new, title_of(scope), scratch), scope, shown, workbook.how_written(), tell)
    return made(path)


def make_archive(scope: Scope, path: Path, tell: Tell = no_news) -> Made:
    with placed(path) as (new, scratch):
        _fill(Archive(new, scratch), scope, layouts_of(scope.methodology, scope.attributes()), csv_archive.how_written(), tell)
    return made(path)


def title_of(scope: Scope) -> str:
    return _("Monitorizarea segregării școlare %(year)s – %(name)s") % {"year": scope.collection.round.school_year, "name": scope.collection.name}


def _fill(target: Book | Archive, scope: Scope, layouts: Mapping[str, Layout], written: str, tell: Tell) -> None:
    """Documentation first, then how complete it is, then every table of every part; the tables of the country grow county by county."""
    total = len(layouts) * (scope.collection.children.count() if scope.national else 1) + 1
    documented = {coverage.COVERAGE: coverage.layout()} | dict(layouts)
    target.plain(*documentation.about(scope, documented, timezone.now(), written))
    target.add(*documentation.dictionary(documented))
    target.add(*coverage.table(scope.collection))
    done = 0
    for part in scope.parts():
        for layout, frame in frames_of(part, layouts):
            target.add(layout, frame)
            done += 1
            tell(done, total)
    target.close()


@contextmanager
def placed(path: Path) -> Iterator[tuple[Path, Path]]:
    """(a name to write to, a folder for other files): what was written takes its place when everything went well, and else is gone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".", ignore_cleanup_errors=True) as scratch:
        new = Path(scratch) / path.name
        yield new, Path(scratch)
        new.replace(path)


def made(path: Path) -> Made:
    with path.open("rb") as file:
        return Made(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
