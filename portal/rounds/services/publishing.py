"""Publishing a methodology: its text is checked, its worked examples are computed, then it is stored and never changes again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from engine.methodology import Methodology
from portal.accounts.models import User
from portal.rounds.checking import examine
from portal.rounds.models import MethodologyFile, MethodologyVersion

SUFFIXES = frozenset({".yaml", ".yml", ".json", ".csv", ".md"})
MAX_BYTES = 5_000_000


class PublishRefused(Exception):
    """The methodology cannot be published; ``problems`` says everything that stands against it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def publish(folder: Path | str, by: User | None = None, note: str = "") -> MethodologyVersion:
    """Publishes the text of a folder and gives the version; the same content again gives the version that is there.

    Raises ``PublishRefused`` with all problems. What is stored is exactly what was checked, even if the folder changes meanwhile.
    """
    return publish_texts(Path(folder).resolve().name, read_texts(Path(folder)), by, note)


def publish_texts(name: str, texts: Mapping[str, str], by: User | None = None, note: str = "") -> MethodologyVersion:
    """The same from texts; ``name``: of the folder they would lie in."""
    methodology = check(name, texts)
    with transaction.atomic():
        known = MethodologyVersion.objects.filter(digest=methodology.digest, published_at__isnull=False).first()
        return known or _store(methodology, texts, by, note)


def read_texts(folder: Path) -> dict[str, str]:
    """Path in the folder → text, of the files that belong to a methodology."""
    if not folder.is_dir():
        raise PublishRefused((_("Folderul „%(name)s” nu există.") % {"name": folder.name},))
    found = dict(_texts(folder))
    if sum(len(text) for text in found.values()) > MAX_BYTES:
        raise PublishRefused((_("Fișierele metodologiei depășesc împreună 5 MB."),))
    return found


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix not in SUFFIXES or any(part.startswith(".") for part in path.parts[len(folder.parts) :]):
            continue
        if path.is_symlink() or not path.resolve().is_relative_to(folder.resolve()):
            raise PublishRefused((_("Fișierul „%(name)s” este o legătură către alt loc.") % {"name": name},))
        try:
            yield name, path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise PublishRefused((_("Fișierul „%(name)s” nu este text UTF-8.") % {"name": name},)) from None


def check(name: str, texts: Mapping[str, str]) -> Methodology:
    """The methodology of some texts, when it has no error and its worked examples come out as they say. Raises ``PublishRefused``."""
    found = examine(name, texts)
    if found.methodology is None or found.against:
        raise PublishRefused(found.against)
    return found.methodology


def _store(methodology: Methodology, texts: Mapping[str, str], by: User | None, note: str) -> MethodologyVersion:
    named = MethodologyVersion.objects.filter(code=methodology.code, version=methodology.version, published_at__isnull=False)
    if named.exists():
        shown = {"code": methodology.code, "version": methodology.version}
        raise PublishRefused((_("Versiunea %(version)s a metodologiei %(code)s este deja publicată cu alt conținut; schimbați „version”.") % shown,))
    version, _made = MethodologyVersion.objects.get_or_create(
        digest=methodology.digest, defaults={"code": methodology.code, "version": methodology.version}
    )
    version.files.all().delete()
    MethodologyFile.objects.bulk_create(MethodologyFile(version=version, path=path, text=text) for path, text in texts.items())
    version.note, version.published_by, version.published_at = note, by, timezone.now()
    version.save()
    return version
