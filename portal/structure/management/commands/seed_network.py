"""``manage.py seed_network [--file LIST] [--pupils LIST]``: the network of an official list; without one, an invented network with classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.network import services, synthetic
from portal.structure import selectors

DEMO = synthetic.Size()


class Command(BaseCommand):
    help = "Umple rețeaua dintr-o listă oficială sau, fără listă, cu o rețea inventată."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="Lista oficială a rețelei (.xlsx sau .csv).")
        parser.add_argument("--pupils", type=Path, help="Lista oficială a efectivelor, după cea a rețelei.")
        parser.add_argument("--counties", type=int, default=1, help="Câte județe inventate (1–42).")
        parser.add_argument("--schools", type=int, default=DEMO.schools, help="Câte școli are un județ inventat.")
        parser.add_argument("--seed", type=int, default=1, help="Același număr dă aceeași rețea.")
        parser.add_argument("--year", default="", help="Anul școlar al claselor inventate.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"] is not None:
            call_command("import_network", str(options["file"]), "--apply", stdout=self.stdout)
            if options["pupils"] is not None:
                call_command("import_pupils", str(options["pupils"]), "--apply", stdout=self.stdout)
            return
        if not (1 <= options["counties"] <= 42 and 1 <= options["schools"] <= 900):
            raise CommandError("Se pot inventa între 1 și 42 de județe, fiecare cu 1 până la 900 de școli.")
        size = DEMO if options["schools"] == DEMO.schools else synthetic.Size.of(options["schools"])
        year = options["year"] or selectors.school_year()
        written = services.seed(range(options["counties"]), size, options["seed"], year)
        self.stdout.write(f"Locuri noi: {written['places']}. Clase noi în {year}: {written['classes']}.")
