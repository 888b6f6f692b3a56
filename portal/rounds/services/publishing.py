"""Publishing a methodology: its text is checked, its worked examples are computed, then it is stored and never changes again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import engine
from engine.methodology import Methodology
from portal.accounts.models import User
from portal.rounds import methodologies
from portal.rounds.models import MethodologyFile, MethodologyVersion
from portal.rounds.wording import difference_lines

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
    texts = read_texts(Path(folder))
    methodology = check(Path(folder).resolve().name, texts)
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
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / name
        methodologies.write(folder, texts)
        methodology, problems = engine.read_methodology(folder)
        if methodology is None:
            raise PublishRefused(tuple(engine.render(problem) for problem in problems if problem.level == "error"))
        _check_examples(methodology, folder / "examples")
    return methodology


def _check_examples(methodology: Methodology, folder: Path) -> None:
    examples = engine.example_folders(folder)
    silent = [example.name for example in examples if not (example / "expected.json").is_file()]
    if not examples or silent:
        raise PublishRefused((_("Metodologia are nevoie de cel puțin un exemplu lucrat, iar fiecare exemplu de „expected.json”."),))
    outcome = engine.run(methodology, folder)
    if outcome["differences"]:
        raise PublishRefused(tuple(difference_lines(outcome)))


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
