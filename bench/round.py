"""``python -m bench.round [--country]``: a round from the network to stored results and pages: CPU, wall time, memory.

One county of 150 schools, 700 units and 5,000 classes; with ``--country`` 42 counties, 17,500 units, 145,000 classes in all. The database is
made anew in a temporary folder (SQLite), or taken empty from DATABASE_URL. Writes bench/results/round.json.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.network import measured

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "round.json"
COUNTY = (150, 700, 5000)
COUNTRY = (172, 417, 3453)
COUNTIES = 42
YEAR = "2025-2026"
ROUNDS = 7


def prepare(steps: dict[str, Any], counties: int, size: tuple[int, int, int]) -> Any:
    """Network, round, answers of everybody; gives the round."""
    from django.core.management import call_command

    from portal.collection import generating
    from portal.collection.models import Collection
    from portal.collection.services import opening
    from portal.network import services as network
    from portal.network.synthetic import Size
    from portal.rounds.services import publish
    from tests.portal.worked_round import draft_round

    measured(steps, "schema", lambda: call_command("migrate", verbosity=0))
    measured(steps, "network invented and written", lambda: network.seed(range(counties), Size(*size), 1, YEAR))
    round_ = draft_round(publish(ROOT / "indicators" / YEAR))
    measured(steps, "round opened, classes taken over", lambda: opening.open_round(round_))
    every = Collection.objects.filter(level="county").select_related("round__methodology").order_by("code")
    measured(steps, "answers and tables generated", lambda: generating.generate(every, generating.Order(filled=1.0)))
    return round_


def freeze(steps: dict[str, Any]) -> dict[str, int]:
    """From the database to stored results, county by county, as if every unit had just been finalised."""
    from django.db import transaction
    from django.utils import timezone

    from portal.collection.computing import compute
    from portal.collection.models import Collection, Result
    from portal.collection.services import finalising

    def whole() -> None:
        for county in Collection.objects.filter(level="county").select_related("round__methodology"):
            with transaction.atomic():
                computed = compute(county)
                finalising.freeze_all(computed, computed.rows["unit"], timezone.now())

    def figures_only() -> None:
        for county in Collection.objects.filter(level="county").select_related("round__methodology"):
            compute(county).results.figures("R.MAX")

    measured(steps, "database to provisional figures", figures_only)
    measured(steps, "database to stored results", whole)
    return {"results": Result.objects.count()}


# ---- pages -----------------------------------------------------------------------------------------------


def pages(county: Any) -> dict[str, dict[str, float]]:
    """Median CPU and wall milliseconds and the number of queries of the pages of a county, its largest school and its largest unit."""
    from django.db.models import F

    from portal.collection.models import Collection

    unit = Collection.objects.filter(level="unit", path__startswith=county.path).order_by(F("classes").desc(), "pk").first()
    one = unit.children.order_by("sort_key").first()
    inspector, director, manager = signed_in(county, "inspector"), signed_in(unit.parent, "director"), signed_in(unit, "unit_manager")
    base = "/colectare/"
    wanted = {
        "county board": (inspector, f"{base}{county.pk}/"),
        "county board, filtered": (inspector, f"{base}{county.pk}/?stare=in-lucru&q=gimnaziala&ordine=tabele"),
        "school board": (director, f"{base}{unit.parent_id}/"),
        "unit tasks": (manager, f"{base}{unit.pk}/sarcini/"),
        "unit answers and checks": (manager, f"{base}{unit.pk}/raspunsuri/"),
        "unit results": (manager, f"{base}{unit.pk}/rezultate/"),
        "one indicator explained": (manager, f"{base}{unit.pk}/rezultate/A.ROM.4/"),
        "class table, questions": (manager, f"{base}{one.pk}/tabel/intrebari/"),
        "class table, one question": (manager, f"{base}{one.pk}/tabel/intrebari/ethnicity/"),
        "class table, sheet": (manager, f"{base}{one.pk}/tabel/foaie/"),
        "class table, summary": (manager, f"{base}{one.pk}/tabel/rezumat/"),
    }
    found: dict[str, dict[str, float]] = {}
    for name, (client, address) in wanted.items():
        found[name] = timed(lambda client=client, address=address: client.get(address))  # type: ignore[misc]
    return found | {"what": {"schools": county.children.count(), "classes of the unit": unit.classes}}


def signed_in(collection: Any, role: str) -> Any:
    from django.test import Client

    from portal.accounts.models import Membership, User

    user = User.objects.create_user(f"{role}@example.ro", role)
    Membership.objects.create(user=user, place=collection.place, role=role)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(user)
    return client


def timed(get: Callable[[], Any]) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        response = get()
    many = len(queries)  # counted now: the next request empties the log
    assert response.status_code == 200, (response.status_code, response.request["PATH_INFO"])
    cpu, wall = [], []
    for _ in range(ROUNDS):
        first, start = time.process_time(), time.perf_counter()
        get()
        cpu.append(time.process_time() - first)
        wall.append(time.perf_counter() - start)
    return {"cpu_ms": round(statistics.median(cpu) * 1000), "wall_ms": round(statistics.median(wall) * 1000), "queries": many}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--country", action="store_true")
    country = parser.parse_args().country
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": folder, "DEBUG": "1", "REDIS_URL": f"unix://{folder}/none?db=0"}
        import django

        django.setup()
        from django.conf import settings

        settings.DEBUG = False
        from portal.collection.models import Collection

        steps: dict[str, Any] = {}
        prepare(steps, COUNTIES if country else 1, COUNTRY if country else COUNTY)
        shown = pages(Collection.objects.filter(level="county").order_by("code").first())
        counted = freeze(steps)
    outcome = {"steps": steps, **counted, "peak_mb": peak(), "pages": shown}
    print(json.dumps(outcome, indent=1, ensure_ascii=False))
    kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps(kept | {"country" if country else "county": outcome}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def peak() -> int:
    """Most memory this process ever had, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main()
