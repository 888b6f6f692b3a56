"""What the three import commands have in common: they do as the pages do, with a dry run unless told to apply."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.network.importing.problems import Problem
from portal.network.importing.reading import Refused
from portal.network.models import Level, Place
from portal.structure import reports
from portal.structure.models import NetworkImport
from portal.structure.services import imports


class ImportCommand(BaseCommand):
    """Checks a list, prints what it would change and what is wrong in it, and applies it with ``--apply``."""

    kind: ClassVar[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--county", default="", help="Importă numai județul dat prin cele două litere.")
        parser.add_argument("--year", default="", help="Anul școlar, de exemplu 2025-2026.")
        parser.add_argument("--apply", action="store_true", help="Aplică lista; fără aceasta se arată numai ce s-ar schimba.")
        parser.add_argument("--clear-missing", action="store_true", help="Închide locurile (sau scoate clasele) care lipsesc din listă.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"Fișierul nu se poate citi: {options['file']}.") from error
        try:
            record = imports.check(self._uploaded(content, options))
            if options["apply"] and not record.report["changes_nothing"]:
                record = imports.apply(record, clears_missing=options["clear_missing"])
        except (Refused, imports.NotNow) as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self._print(record)
        if record.is_open:
            imports.abandon(record)
        if record.report["errors"]:
            raise CommandError("Lista are probleme de corectat; nu s-a aplicat nimic.")

    def _uploaded(self, content: bytes, options: dict[str, Any]) -> NetworkImport:
        place = None
        if options["county"]:
            place = Place.objects.filter(level=Level.COUNTY, code=options["county"].upper()).first()
            if place is None:
                raise CommandError(f"Județul {options['county']} nu este în rețea.")
        return imports.upload(content, self.kind, place=place, file_name=options["file"].name, school_year=options["year"])

    def _print(self, record: NetworkImport) -> None:
        for line in reports.lines(record):
            self.stdout.write(str(line))
        for group in record.report["problems"]:
            for found in group["found"][:10]:
                problem = Problem(group["code"], found["sheet"], found["row"], found["column"], found["params"])
                self.stdout.write(f"  {problem.address}: {problem.sentence}")
