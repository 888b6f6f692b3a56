"""``manage.py run_examples PATH [--examples DIR] [--format text|json]``: evaluates the worked examples and compares them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine
from portal.rounds.wording import difference_lines


class Command(BaseCommand):
    help = "Calculează exemplele lucrate ale unei metodologii și le compară cu expected.json."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", metavar="FOLDER")
        parser.add_argument("--examples", metavar="DIR", help="un exemplu sau un folder cu exemple; altfel cele ale metodologiei")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["examples"] or Path(options["path"]) / "examples")
        try:
            methodology = engine.load_methodology(options["path"])
            if not engine.example_folders(folder):
                raise CommandError(f"În {folder} nu este niciun exemplu.")
            found = engine.run_with_warnings(methodology, folder)
        except engine.MethodologyError as error:
            if options["format"] == "text":
                raise CommandError("\n".join(engine.render(problem) for problem in error.problems)) from None
            self.stdout.write(json.dumps(engine.refusals(error.problems), ensure_ascii=False, indent=1))
            sys.exit(1)
        outcome = found.content
        for warning in found.warnings:
            self.stderr.write(engine.render(warning))
        if options["format"] == "json":
            self.stdout.write(json.dumps(outcome, ensure_ascii=False, indent=1))
        else:
            self._tell(outcome)
        if outcome["differences"]:
            sys.exit(1)

    def _tell(self, outcome: dict[str, Any]) -> None:
        for name in outcome["examples"]:
            many = sum(difference["example"] == name for difference in outcome["differences"])
            self.stdout.write(f"{name}: {'fără diferențe' if not many else f'{many} diferențe'}.")
        for line in difference_lines(outcome):
            self.stdout.write(line)
