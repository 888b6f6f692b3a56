"""``manage.py explain CODE PLACE (--examples DIR [--methodology FOLDER] | --round YEAR)``: why an indicator has its value at a place, or what
a check compared there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

import engine
from engine.dataset import Dataset
from engine.errors import nearest
from engine.methodology import Check, Indicator, Methodology
from portal.collection.computing import compute
from portal.collection.figures import hide_rows, row_levels
from portal.collection.models import Collection

MANY = 40


class Command(BaseCommand):
    help = "Explică valoarea unui indicator, sau ce a comparat o verificare, la un loc dintr-un exemplu sau dintr-o campanie."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", metavar="COD")
        parser.add_argument("place", metavar="LOC", help="cheia locului în exemplu (U1, PB sau U1/PB), codul lui în campanie")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--examples", metavar="DIR", help="folderul exemplului")
        source.add_argument("--round", metavar="AN", help="anul școlar al campaniei, precum 2025-2026")
        parser.add_argument("--methodology", metavar="FOLDER", help="a exemplului; altfel cea în care stă exemplul")

    def handle(self, *args: Any, **options: Any) -> None:
        code, place = options["code"], options["place"]
        trace = (
            _of_round(code, place, options["round"]) if options["round"] else _of_example(code, place, options["examples"], options["methodology"])
        )
        self.stdout.write("\n".join(engine.trace_lines(trace)))


def _of_example(code: str, place: str, examples: str, methodology: str | None) -> engine.Trace:
    folder = Path(examples)
    try:
        found = engine.load_methodology(methodology or _folder_of(folder))
        dataset = engine.read_example(found, folder)
    except engine.MethodologyError as error:
        raise CommandError("\n".join(engine.render(problem) for problem in error.problems)) from None
    return _explained(found, dataset, code, place)


def _explained(methodology: Methodology, dataset: Dataset, code: str, place: str) -> engine.Trace:
    explained = _explained_by(methodology, code)
    listed = places_named(dataset, explained.level, place)
    if not listed:
        keys = [dataset.path(explained.level, one) for one in range(min(dataset.count(explained.level), MANY))]
        more = " …" if dataset.count(explained.level) > MANY else ""
        raise CommandError(f"Nu există locul „{place}”; locurile exemplului: {', '.join(keys)}{more}.")
    if len(listed) > 1:
        paths = ", ".join(dataset.path(explained.level, one) for one in listed)
        raise CommandError(f"Sunt mai multe locuri „{place}”; spuneți care: {paths}.")
    return engine.explain(methodology, dataset, explained.code, listed[0])


def places_named(dataset: Dataset, level: str, name: str) -> list[int]:
    """Places with this key, or with this key under keys above it: U1/PB."""
    parts = name.split("/")
    keys = dataset.tables[level].keys
    found = [place for place, key in enumerate(keys) if key in (name, parts[-1])]
    return [place for place in found if keys[place] == name or f"/{dataset.path(level, place)}".endswith(f"/{name}")]


def _explained_by(methodology: Methodology, code: str) -> Indicator | Check:
    found = methodology.indicator_of(code) or methodology.checks.get(code)
    if found is None:
        close = nearest(code, [*methodology.indicators, *methodology.checks])
        raise CommandError(f"Nu există indicatorul sau verificarea „{code}”." + (f" Ați vrut „{close}”?" if close else ""))
    return found


def _of_round(code: str, place: str, year: str) -> engine.Trace:
    """At a place of a round, from its stored answers. Rows are never shown: the command may be run for anybody."""
    rows = Collection.objects.filter(round__school_year=year, code=place).select_related("round__methodology", "parent__parent")
    if not rows.exists():
        raise CommandError(f"În campania {year} nu există locul „{place}”.")
    computed = compute(rows[0])
    explained = _explained_by(computed.methodology, code)
    row = next((row for row in rows if row.level == explained.level), None)
    if row is None:
        raise CommandError(f"„{code}” nu se calculează la locul „{place}”.")
    if row.exempt:
        raise CommandError(f"Locul „{place}” este exceptat din campanie, deci nu are cifre.")
    trace = engine.explain(computed.methodology, computed.dataset, explained.code, computed.place_of(row))
    hide_rows(trace, row_levels(computed))
    return trace


def _folder_of(example: Path) -> Path:
    """The methodology an example lies in, else the one its expected.json names."""
    inside = example.resolve().parent.parent
    if (inside / "methodology.yaml").is_file():
        return inside
    named = engine.methodology_named_by(example)
    folder = Path(settings.METHODOLOGIES_DIR) / named
    if not named or not (folder / "methodology.yaml").is_file():
        raise CommandError("Spuneți metodologia cu --methodology FOLDER.")
    return folder
