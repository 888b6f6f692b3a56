"""``manage.py check_methodology PATH… [--format text|json]``: every problem of the folders; exit 1 when there is an error."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

import engine


class Command(BaseCommand):
    help = "Verifică metodologiile și arată toate problemele, cu fișier, rând și coloană."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="FOLDER")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = [problem for path in options["paths"] for problem in engine.check_folder(path)]
        if options["format"] == "json":
            self.stdout.write(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=1))
        else:
            for problem in problems:
                self.stdout.write(engine.render(problem))
            errors = sum(problem.level == "error" for problem in problems)
            self.stdout.write(f"Erori: {errors}. Avertismente: {len(problems) - errors}.")
        if any(problem.level == "error" for problem in problems):
            sys.exit(1)
