"""``python -m bench.network [LIST]``: importing a list of the country, step by step: CPU, wall time, memory. Writes bench/results/network.json.

Without a list, that of an invented country of the usual size is made first (42 counties, about 17,600 units).
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results" / "network.json"
SCHOOLS = 171
COUNTIES = 42


def measured(steps: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:
    """Does the work; keeps its CPU (children included) and wall seconds."""
    cpu, wall = _cpu(), time.perf_counter()
    outcome = work()
    steps[name] = {"cpu_s": round(_cpu() - cpu, 2), "wall_s": round(time.perf_counter() - wall, 2)}
    return outcome


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def invented() -> bytes:
    """The list of an invented country."""
    from portal.network import synthetic
    from portal.network.exporting import workbook
    from portal.network.importing.columns import columns_of

    columns, size = columns_of("network"), synthetic.Size.of(SCHOOLS)
    rows = [row for index in range(COUNTIES) for row in synthetic.county(index, size, 1)[0]]
    return workbook.content(columns, ([field.shown(row.get(field.code)) for field in columns.fields] for row in rows))


def run(content: bytes) -> dict[str, Any]:
    """An import as the pages do it, then the same list again, then the export."""
    from portal.network.exporting import rows, workbook
    from portal.network.importing import headers, reading, runs
    from portal.network.importing.columns import columns_of
    from portal.network.importing.runs import Order
    from portal.network.models import Place

    steps: dict[str, Any] = {}
    columns, order = columns_of("network"), Order("network")
    book = measured(steps, "read (child process)", lambda: reading.read(content))
    mapping = headers.proposed(book, columns)
    read, plan = measured(steps, "check", lambda: runs.check(book, mapping, columns, order))
    measured(steps, "write", lambda: runs.write("network", plan))
    _read, again = measured(steps, "check again, nothing changed", lambda: runs.check(book, mapping, columns, order))
    assert again.changes_nothing
    nation = Place.objects.get(level="national")
    measured(steps, "export (xlsx)", lambda: workbook.content(columns, rows.rows_of(columns, nation)))
    memory = {name: resource.getrusage(who).ru_maxrss // 1024 for name, who in (("self", resource.RUSAGE_SELF), ("child", resource.RUSAGE_CHILDREN))}
    return {"rows": len(read.records), "places": len(plan.created), "steps": steps, "peak_mb": memory}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": folder, "DEBUG": "1"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        outcome = run(Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else invented())
    print(json.dumps(outcome, indent=1))
    if len(sys.argv) == 1:
        RESULTS.write_text(json.dumps(outcome, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
