"""``manage.py export_county XX --round YEAR --to FILE.xlsx``: the workbook (or, for a .zip, the CSV archive) of a county."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports import making
from exports.scope import Scope
from portal.collection.models import Collection
from portal.network.models import Level

MAKERS = {".xlsx": making.make_workbook, ".zip": making.make_archive}


class Command(BaseCommand):
    help = "Scrie datele unui județ într-un registru Excel (.xlsx) sau într-o arhivă CSV (.zip)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("county", metavar="JUDEȚ", help="codul de două litere, precum AB")
        parser.add_argument("--round", metavar="AN", required=True, help="anul școlar al campaniei, precum 2025-2026")
        parser.add_argument("--to", metavar="FIȘIER", required=True, type=Path)
        parser.add_argument("--final-only", action="store_true", help="numai unitățile finalizate")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["to"]
        if path.suffix not in MAKERS:
            raise CommandError("Numele fișierului se termină în .xlsx sau .zip.")
        found = Collection.objects.filter(round__school_year=options["round"], level=Level.COUNTY, code=options["county"].upper())
        county = found.select_related("round__methodology").first()
        if county is None:
            raise CommandError(f"În campania {options['round']} nu există județul „{options['county']}”.")
        made = MAKERS[path.suffix](Scope(county, options["final_only"]), path)
        self.stdout.write(f"{path}: {made.size} octeți, SHA-256 {made.sha256}.")
