"""``python -m bench.report``: the PDF report of a unit of ten classes (of the worked example), from its figures to the file.

``--round YEAR --unit CODE`` measures a unit of the database instead. The pages are laid out in a process of their own, as the job does, with
WeasyPrint imported before.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import weasyprint  # noqa: E402, F401  -- as the parent of the worker's processes does

import engine  # noqa: E402
from bench.county import RESULTS, ROOT  # noqa: E402
from exports import figures, pdf, unit_subject  # noqa: E402
from exports.unit_report import unit_report  # noqa: E402
from exports.unit_subject import Subject  # noqa: E402
from portal.collection.computing import Computed  # noqa: E402
from portal.collection.models import Collection  # noqa: E402
from portal.rounds.models import MethodologyVersion, Round  # noqa: E402

YEAR = ROOT / "indicators" / "2025-2026"
FILE = RESULTS.with_name("report.json")


def of_example() -> Subject:
    """The first unit of the worked example, in memory."""
    methodology = engine.load_methodology(YEAR)
    dataset = engine.read_example(methodology, YEAR / "examples" / "worked")
    round_ = Round(school_year=methodology.code, methodology=MethodologyVersion(code=methodology.code, version=methodology.version))
    rows = {
        level: [
            Collection(pk=start + number, level=level, code=key, name=f"Locul {key}", round=round_, path=f"/{start + number}/", progress="submitted")
            for number, key in enumerate(dataset.tables[level].keys)
        ]
        for start, level in ((1, "school"), (100, "unit"), (1000, "class"))
    }
    unit = rows["unit"][0]
    unit.classes = sum(1 for place in dataset.tables["class"].parents["unit"] if place == 0)
    computed = Computed(methodology, rows, dataset)
    return Subject(unit, [unit, rows["school"][0]], computed, figures.current(computed, unit))


def of_round(year: str, code: str) -> Subject:
    unit = Collection.objects.select_related("round__methodology", "parent").get(round__school_year=year, level="unit", code=code)
    return unit_subject.of_now(unit)


def measure(whom: Subject) -> dict[str, Any]:
    """Processor seconds of every step, those of the process that lays out included."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "report.pdf"
        tree, report = clocked(lambda: unit_report(whom))
        paper, _none = clocked(lambda: pdf.write_pdf(report, path))
        cells = pdf.html_of(report).count("<td") + pdf.html_of(report).count("<th ")
        return {
            "classes": whom.unit.classes,
            "cells": cells,
            "tree": tree,
            "html and pdf": paper,
            "whole": tree + paper,
            "bytes": path.stat().st_size,
        }


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    before = os.times()
    found = work()
    after = os.times()
    return round(sum(after[:4]) - sum(before[:4]), 2), found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--round", dest="year")
    parser.add_argument("--unit")
    options = parser.parse_args()
    whom = of_round(options.year, options.unit) if options.year else of_example()
    found = [measure(whom) for _ in range(3)]
    if not options.year:
        FILE.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
