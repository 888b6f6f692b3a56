"""``manage.py unit_report CODE --round YEAR [--to FILE.pdf]``: the report of a unit, on the terminal or as a PDF file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exports import making, pdf, terminal, unit_subject
from exports.unit_report import unit_report
from portal.collection.models import Collection
from portal.network.models import Level


class Command(BaseCommand):
    help = "Arată raportul unei unități, ca text sau ca PDF."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="COD", help="codul unității")
        parser.add_argument("--round", metavar="AN", required=True, help="anul școlar al campaniei, precum 2025-2026")
        parser.add_argument("--to", metavar="FIȘIER", type=Path, help="fișierul PDF; altfel textul se scrie aici")

    def handle(self, *args: Any, **options: Any) -> None:
        found = Collection.objects.filter(round__school_year=options["round"], level=Level.UNIT, code=options["code"], exempt=False)
        unit = found.select_related("round__methodology", "parent").first()
        if unit is None:
            raise CommandError(f"În campania {options['round']} nu există unitatea „{options['code']}” sau ea este exceptată.")
        report = unit_report(unit_subject.of_now(unit))
        if options["to"] is None:
            self.stdout.write("\n".join(terminal.lines(report)))
            return
        try:
            with making.placed(options["to"]) as (new, _scratch):
                pdf.write_pdf(report, new)
        except pdf.NotMade as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{options['to']}: {options['to'].stat().st_size} octeți.")
