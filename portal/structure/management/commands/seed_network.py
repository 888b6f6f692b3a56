"""``manage.py seed_network [--file LIST [--pupils LIST]] [--invented]``: the network of official lists, or an invented one with classes.

Without arguments the lists of the folder OFFICIAL_LISTS are taken (``shared/data`` beside the product where it is not set); where there are
none, the network is invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.network import services, synthetic
from portal.structure import selectors

DEMO = synthetic.Size()
NETWORK, PUPILS = "retea*", "unitati_profil*"
"""How the lists are named, whatever their year and kind."""


class Command(BaseCommand):
    help = "Umple rețeaua dintr-o listă oficială sau, fără listă, cu o rețea inventată."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="Lista oficială a rețelei (.xlsx sau .csv).")
        parser.add_argument("--pupils", type=Path, help="Lista oficială a efectivelor, după cea a rețelei.")
        parser.add_argument("--invented", action="store_true", help="O rețea inventată, chiar dacă există liste oficiale.")
        parser.add_argument("--counties", type=int, default=1, help="Câte județe inventate (1–42).")
        parser.add_argument("--schools", type=int, default=DEMO.schools, help="Câte școli are un județ inventat.")
        parser.add_argument("--seed", type=int, default=1, help="Același număr dă aceeași rețea.")
        parser.add_argument("--year", default="", help="Anul școlar al claselor inventate.")

    def handle(self, *args: Any, **options: Any) -> None:
        network, pupils = options["file"], options["pupils"]
        if network is None and pupils is not None:
            raise CommandError("Lista efectivelor (--pupils) se dă împreună cu cea a rețelei (--file).")
        if network is None and not options["invented"]:
            network, pupils = listed(NETWORK), listed(PUPILS)
        if network is None:
            self._invent(options)
            return
        for command, file in (("import_network", network), ("import_pupils", pupils)):
            if file is not None:
                self.stdout.write(f"→ {file}")
                call_command(command, str(file), "--apply", stdout=self.stdout)

    def _invent(self, options: dict[str, Any]) -> None:
        if not (1 <= options["counties"] <= 42 and 1 <= options["schools"] <= 900):
            raise CommandError("Se pot inventa între 1 și 42 de județe, fiecare cu 1 până la 900 de școli.")
        size = DEMO if options["schools"] == DEMO.schools else synthetic.Size.of(options["schools"])
        year = options["year"] or selectors.school_year()
        written = services.seed(range(options["counties"]), size, options["seed"], year)
        self.stdout.write(f"Locuri noi: {written['places']}. Clase noi în {year}: {written['classes']}.")


def listed(name: str) -> Path | None:
    """The newest list of that name among the official ones."""
    return max(settings.OFFICIAL_LISTS.glob(name), default=None)
