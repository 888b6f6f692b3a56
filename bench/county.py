"""``python -m bench.county``: the workbook of a county against a bare xlsxwriter loop over the same cells, in the same run.

Without arguments synthetic units of 5,000 classes in all are made in memory. ``--round YEAR --county CODE --to FILE`` measures a county of
the database instead, from reading its documents to the finished file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import xlsxwriter  # noqa: E402

import engine  # noqa: E402
from bench import country  # noqa: E402
from exports import workbook  # noqa: E402
from exports.columns import Layout  # noqa: E402
from exports.datasets import frames_of  # noqa: E402
from exports.figures import Published, current  # noqa: E402
from exports.layouts import layouts_of  # noqa: E402
from exports.making import make_workbook  # noqa: E402
from exports.scope import Part, Scope  # noqa: E402
from portal.collection.computing import Computed  # noqa: E402
from portal.collection.models import CLASS, Collection  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "county.json"
CLASSES = 5000
Table = tuple[Layout, pd.DataFrame]


def synthetic() -> Part:
    """A county in memory: answers, class tables and results as they come from the database, but without one."""
    methodology = engine.load_methodology(ROOT / "indicators" / "2025-2026")
    dataset = country.build(methodology, CLASSES)
    county = Collection(pk=1, level="county", code="AB", name="Alba", path="/1/")
    schools = [_row(2 + number, "school", county, number) for number in range(dataset.count("school"))]
    first = 2 + len(schools)
    units = [_row(first + number, "unit", schools[at], number) for number, at in enumerate(dataset.tables["unit"].parents["school"])]
    first += len(units)
    classes = [_row(first + number, CLASS, units[at], number) for number, at in enumerate(dataset.tables[CLASS].parents["unit"])]
    computed = Computed(methodology, {"county": [county], "school": schools, "unit": units, CLASS: classes}, dataset)
    published: dict[int, Published] = {unit.pk: current(computed, unit) for unit in units}
    above = {row.pk: row for row in (county, *schools)}
    return Part(computed, np.arange(len(units)), [], published, {}, above)


def _row(pk: int, level: str, parent: Collection, number: int) -> Collection:
    code = f"{level[0]}{number}"
    return Collection(pk=pk, level=level, parent=parent, code=code, name=f"Locul {code}", path=f"{parent.path}{pk}/", progress="submitted")


def tables_of(part: Part) -> Iterator[Table]:
    yield from frames_of(part, layouts_of(part.methodology, []))


def ours(tables: list[Table], path: Path, scratch: Path) -> None:
    book = workbook.Book(path, "Măsurătoare", scratch)
    for layout, frame in tables:
        book.add(layout, frame)
    book.close()


def bare(tables: list[list[tuple[Any, ...]]], path: Path, scratch: Path) -> None:
    """What one would write first: every cell of every row by its Python type."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(scratch)})
    for rows in tables:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, place, value)
                elif value is not None:
                    sheet.write_number(number, place, value)
    book.close()


def as_written(layout: Layout, frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The cells of a sheet as they stand in it, dates as Excel's numbers; heads included."""
    columns = [list(workbook.reader_of(column)(frame[column.code].tolist())) for column in layout.columns]
    heads = [tuple(column.label for column in layout.columns), tuple(column.code for column in layout.columns)]
    rows = [tuple(45000.5 if hasattr(value, "year") else value for value in row) for row in zip(*columns, strict=True)]
    return [*heads, *rows]


def clocked(work: Callable[[], object]) -> float:
    """Seconds of the processor, so that what else runs on the machine does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak() -> int:
    """Most memory this process ever had, in MB (not that of the one it was started from)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def measure() -> dict[str, Any]:
    """Ratios of the same run; ours includes making the frames from results and answers."""
    part = synthetic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = list(tables_of(part))
        plain = [as_written(layout, frame) for layout, frame in tables]
        many = sum(1 for rows in plain for row in rows for value in row if value is not None)
        seconds = {
            "frames": clocked(lambda: list(tables_of(part))),
            "ours, frames included": clocked(lambda: ours(list(tables_of(part)), folder / "ours.xlsx", folder)),
            "bare loop": clocked(lambda: bare(plain, folder / "bare.xlsx", folder)),
        }
        sizes = {file: (folder / file).stat().st_size for file in ("ours.xlsx", "bare.xlsx")}
    rows = {layout.code: len(frame) for layout, frame in tables}
    ratio = seconds["ours, frames included"] / seconds["bare loop"]
    return {"cells": many, "rows": rows, "processor seconds": seconds, "bytes": sizes, "ratio to the bare loop": ratio}


def peak_of(*arguments: str) -> dict[str, Any]:
    """One workbook in a process of its own: seconds and memory of the whole process."""
    done = subprocess.run([sys.executable, "-m", "bench.county", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def alone() -> dict[str, Any]:
    """The synthetic county written once, frame by frame as in the product."""
    part = synthetic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = workbook.Book(folder / "one.xlsx", "Măsurătoare", folder)

        def write() -> None:
            for layout, frame in tables_of(part):
                book.add(layout, frame)
            book.close()

        seconds = clocked(write)
    return {"processor seconds": seconds, "peak MB": peak()}


def of_round(year: str, code: str, path: Path) -> dict[str, Any]:
    """A county of the database, from its documents to the file."""
    county = Collection.objects.select_related("round__methodology").get(round__school_year=year, level="county", code=code)
    seconds = clocked(lambda: make_workbook(Scope(county), path))
    units = Collection.objects.filter(path__startswith=county.path, level="unit").count()
    return {"county": code, "units": units, "processor seconds": seconds, "bytes": path.stat().st_size, "peak MB": peak()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--round", dest="year")
    parser.add_argument("--county")
    parser.add_argument("--to", type=Path, default=Path("county.xlsx"))
    parser.add_argument("--alone", action="store_true")
    options = parser.parse_args()
    if options.year:
        print(json.dumps(of_round(options.year, options.county, options.to)))
    elif options.alone:
        print(json.dumps(alone()))
    else:
        found = measure() | {"in a process of its own": peak_of("--alone")}
        RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
