"""``manage.py explain CODE PLACE [--examples DIR] [--methodology FOLDER]``: why an indicator has its value at a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine


class Command(BaseCommand):
    help = "Explică valoarea unui indicator la un loc dintr-un exemplu."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="COD")
        parser.add_argument("place", metavar="LOC")
        parser.add_argument("--examples", metavar="DIR", required=True, help="folderul exemplului")
        parser.add_argument("--methodology", metavar="FOLDER", help="altfel cea în care stă exemplul")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["examples"])
        try:
            methodology = engine.load_methodology(options["methodology"] or _folder_of(folder))
            dataset = engine.read_example(methodology, folder)
        except engine.MethodologyError as error:
            raise CommandError("\n".join(engine.render(problem) for problem in error.problems)) from None
        indicator = methodology.indicator_of(options["code"])
        if indicator is None:
            raise CommandError(f"Nu există indicatorul „{options['code']}”.")
        keys = list(dataset.tables[indicator.level].keys)
        if options["place"] not in keys:
            raise CommandError(f"Nu există locul „{options['place']}”; locurile exemplului: {', '.join(keys)}.")
        trace = engine.explain(methodology, dataset, indicator.code, keys.index(options["place"]))
        self.stdout.write("\n".join(engine.trace_lines(trace)))


def _folder_of(example: Path) -> Path:
    """The methodology an example lies in, else the one its expected.json names."""
    inside = example.resolve().parent.parent
    if (inside / "methodology.yaml").is_file():
        return inside
    expected = example / "expected.json"
    named = json.loads(expected.read_text("utf-8")).get("methodology", "") if expected.is_file() else ""
    if not named:
        raise CommandError("Spuneți metodologia cu --methodology FOLDER.")
    return Path(settings.METHODOLOGIES_DIR) / str(named)
