"""``python -m bench.official [--county AB] [--lists FOLDER]``: a county of the official lists, from an empty database to its workbook.

Imports the lists of the country, opens a round, invents answers for one county, finalises all of it through the services, exports it with the
command, and compares every figure of the workbook with the reference evaluator. Then the pages of that county. The database is made anew in a
temporary folder (SQLite), or taken empty from DATABASE_URL. FOLDER: OFFICIAL_LISTS, or ``shared/data`` beside the repository.
Writes bench/results/official.json.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.network import measured
from bench.round import ROOT, YEAR, pages, peak

RESULTS = ROOT / "bench" / "results" / "official.json"
LISTS = Path(os.environ.get("OFFICIAL_LISTS") or ROOT.parent / "shared" / "data")
NETWORK, PUPILS = "retea-scolara-2024-2025-fara-contact.xlsx", "unitati_profil.csv"


def prepare(steps: dict[str, Any], lists: Path, code: str) -> Any:
    """From the lists to an open round; gives the county."""
    from django.core.management import call_command

    from portal.collection.models import Collection
    from portal.collection.services import opening
    from portal.rounds.services import publish
    from tests.portal.worked_round import draft_round

    measured(steps, "schema", lambda: call_command("migrate", verbosity=0))
    with Path(os.devnull).open("w", encoding="utf-8") as unread:
        for command, name in (("import_network", NETWORK), ("import_pupils", PUPILS)):
            measured(steps, command, lambda command=command, name=name: call_command(command, str(lists / name), "--apply", stdout=unread))
    round_ = draft_round(publish(ROOT / "indicators" / YEAR))
    measured(steps, "round opened", lambda: opening.open_round(round_))
    return Collection.objects.select_related("round__methodology").get(level="county", code=code)


def finalised(steps: dict[str, Any], county: Any) -> dict[str, int]:
    """Answers of everybody, then units, schools and the county made final."""
    from portal.collection.generating import Order, finishing, generate

    [written] = measured(steps, "answers and tables generated", lambda: generate([county], Order(filled=1.0, blank=False)))
    done = measured(steps, "units, schools and county finalised", lambda: finishing.finalise(county, 1, 1))
    assert done.county, done
    return {"schools": done.schools, "units": done.units, "exempt": done.exempted, "classes": written.classes}


def exported(folder: Path, county: Any) -> tuple[Path, dict[str, Any]]:
    """The workbook, made in a process of its own, whose memory is measured."""
    path = folder / "county.xlsx"
    command = [sys.executable, "-m", "bench.county", "--round", county.round.school_year, "--county", county.code, "--to", str(path)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return path, json.loads(done.stdout.splitlines()[-1])


def compared(path: Path, county: Any) -> dict[str, int]:
    """Every figure of the sheets of units and of indicators beside that of the reference evaluator. Raises where one differs."""
    from python_calamine import CalamineWorkbook

    from engine.reference import Reference
    from engine.results import REASON, STATUS
    from engine.rounding import displayed
    from portal.collection.computing import compute
    from portal.rounds.selectors import STATUS_WORDS

    computed = compute(county)
    methodology = computed.methodology
    reference = Reference(methodology, computed.dataset)
    places = {row.code: place for place, row in enumerate(computed.rows["unit"])}
    book = CalamineWorkbook.from_path(path)
    wide, long = (_rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in ("Unități", "Indicatori"))
    by_unit = {row["unit.code"]: row for row in wide}
    words = {code: str(word) for code, word in STATUS_WORDS.items()}
    figures = 0
    for row in long:
        indicator = methodology.indicators[row["indicator"]]
        value = reference.quantity(indicator.quantity, places[row["unit.code"]])
        exact = value.fraction
        assert value.absent or exact is not None, value
        number = "" if exact is None else float(displayed(exact, indicator.format, methodology.rounding))
        assert row["value"] == number == by_unit[row["unit.code"]][indicator.code], (row, number)
        assert row["status"] == words[STATUS[value.bits]] and bool(row["reason"]) == bool(REASON[value.bits]), (row, value)
        figures += 1
    expected = len(places) * sum(one.level == "unit" for one in methodology.indicators.values())
    assert figures == expected, (figures, expected)
    return {"figures compared": figures, "units in the workbook": len(wide)}


def _rows(sheet: list[list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(sheet[1], row, strict=True)) for row in sheet[2:]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--county", default="AB")
    parser.add_argument("--lists", type=Path, default=LISTS)
    options = parser.parse_args()
    if not (options.lists / NETWORK).exists():
        sys.exit(f"Listele oficiale nu sunt în {options.lists}: spuneți unde sunt cu --lists.")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": folder, "DEBUG": "1", "REDIS_URL": f"unix://{folder}/none?db=0"}
        import django

        django.setup()
        from django.conf import settings

        settings.DEBUG = False
        steps: dict[str, Any] = {}
        county = prepare(steps, options.lists, options.county)
        counted = finalised(steps, county)
        path, written = exported(Path(folder), county)
        counted |= compared(path, county)
        outcome = {"county": county.code, **counted, "steps": steps, "workbook": written, "peak_mb": peak(), "pages": pages(county)}
    print(json.dumps(outcome, indent=1, ensure_ascii=False))
    RESULTS.write_text(json.dumps(outcome, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
