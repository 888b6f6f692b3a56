"""``manage.py seed_demo``: the demonstration, once; then its accounts, printed at every call and kept in a file for the owner's eyes only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import override

from portal.collection.generating import demonstration
from portal.collection.generating.demonstration import Demonstration, RealData
from portal.collection.services.links import token_of
from portal.outbox.mail import absolute

FILE = "demo-accounts.txt"
REFUSAL = "Baza de date conține deja o rețea, conturi sau o campanie; demonstrația se face numai într-o bază goală și nu s-a schimbat nimic."


class Command(BaseCommand):
    help = "Face o singură dată demonstrația (un județ inventat, în toiul unei campanii) și arată conturile ei."

    def handle(self, *args: Any, **options: Any) -> None:
        kept = Path(settings.DATA_DIR) / FILE
        try:
            demo = demonstration.found()
        except RealData:
            raise CommandError(REFUSAL) from None
        if demo is None:
            demonstration.build()
            demo = demonstration.found()
            kept.unlink(missing_ok=True)
        assert demo is not None
        if not kept.exists():
            _keep(kept, "".join(f"{line}\n" for line in _lines(demo, demonstration.new_passwords(demo.accounts))))
        self.stdout.write(kept.read_text("utf-8"), ending="")


def _keep(path: Path, text: str) -> None:
    """Readable by nobody else from the first moment on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _lines(demo: Demonstration, passwords: Mapping[str, str]) -> Iterator[str]:
    rows = [("Rol", "Loc", "E-mail", "Parolă")]
    with override("ro"):
        rows += [(str(one.label), one.place.name, one.user.email, passwords[one.user.email]) for one in demo.accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    yield "Conturi demonstrative; parolele au fost alese la întâmplare pentru această instalare, iar al doilea factor nu se cere."
    yield ""
    for number, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if number == 0:
            yield "  ".join("─" * width for width in widths)
    school_class = demo.link.collection
    yield ""
    yield f"Linkul clasei {school_class.name}, {school_class.parent}, se deschide fără cont:"
    yield absolute(reverse("collection:link_start", args=[token_of(demo.link)]))
