"""``manage.py diff_methodology OLD NEW [--format text|json]``: what differs in meaning, with the verdict on stored answers."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine
from portal.rounds.wording import LEVEL_WORDS, WHAT_WORDS


class Command(BaseCommand):
    help = "Compară două metodologii după înțeles, nu după rânduri."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", metavar="VECHE")
        parser.add_argument("new", metavar="NOUĂ")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            verdicts = engine.judge(engine.load_methodology(options["old"]), engine.load_methodology(options["new"]))
        except engine.MethodologyError as error:
            raise CommandError("\n".join(engine.render(problem) for problem in error.problems)) from None
        if options["format"] == "json":
            self.stdout.write(json.dumps([_plain(verdict) for verdict in verdicts], ensure_ascii=False, indent=1))
            return
        for verdict in verdicts:
            self.stdout.write(_line(verdict))


def _plain(verdict: engine.Verdict) -> dict[str, Any]:
    found = verdict.difference
    named = {key: getattr(found, key) for key in ("kind", "code", "what", "part", "old", "new")}
    return named | {"touches": list(found.touches), "level": verdict.level, "answers": verdict.answers, "reason": verdict.reason}


def _line(verdict: engine.Verdict) -> str:
    found = verdict.difference
    part = f" {found.part}: {found.old or '–'} → {found.new or '–'}" if found.part or found.what == "renamed" else ""
    touches = f" (atinge: {', '.join(found.touches[:6])}{' …' if len(found.touches) > 6 else ''})" if found.touches else ""
    return f"[{LEVEL_WORDS[verdict.level]}] {found.kind} {found.code}: {WHAT_WORDS[found.what]}{part}{touches}"
