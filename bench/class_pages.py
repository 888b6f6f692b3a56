"""What ``bench.filling`` measures: the pages and saves of class tables, in milliseconds a processor worked, the web process and PostgreSQL apart.

A class of 28 rows × 16 columns: its pages, a save of three cells, the whole table sent, a unit of 8 classes recomputed. Beside them in the same
run: the same sheet through plain Django forms, and the save as a bare view with one UPDATE.
"""

from __future__ import annotations

import json
import os
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from bench.timing import PROCESSOR, percentile
from engine.forms import text_in
from portal.collection import class_table
from portal.collection.authors import Author
from portal.collection.computing import compute
from portal.collection.models import ClassTable, Collection
from portal.collection.services import tables
from tests.services import classes as site

ROUNDS = 60
TICK = os.sysconf("SC_CLK_TCK")


# ---- clocks ----------------------------------------------------------------------------------------------


def database_seconds() -> float:
    """What the database's own process for this connection has worked; 0 where the database is this process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def measure(work: Callable[[int], object], rounds: int = ROUNDS) -> dict[str, float]:
    """Milliseconds of one call: median and 95th percentile of this process, mean of the database (whose clock is coarse)."""
    for number in range(3):
        work(-1 - number)
    samples = []
    before = database_seconds()
    for number in range(rounds):
        start = PROCESSOR()
        work(number)
        samples.append((PROCESSOR() - start) * 1000)
    database = (database_seconds() - before) * 1000 / rounds
    median = statistics.median(samples)
    return {"web": round(median, 2), "p95": round(percentile(samples, 0.95), 2), "database": round(database, 2), "both": round(median + database, 2)}


# ---- what is measured ------------------------------------------------------------------------------------


class Bench:
    """A unit of 8 classes of 28, one of them open through its link, in one process."""

    def __init__(self) -> None:
        made = site.build(8)
        self.unit = Collection.objects.select_related("round__methodology", "parent").get(pk=made["unit"])
        self.token = made["classes"][0]["token"]
        self.pk = made["classes"][0]["pk"]
        self.client = Client(HTTP_HOST="127.0.0.1", secure=True)
        self.manager = Client(HTTP_HOST="127.0.0.1", secure=True)
        self.manager.force_login(site.manager())
        self.client.get(f"/t/{self.token}/")
        self.revision = 0

    def page(self, client: Client, address: str) -> bytes:
        response = client.get(address)
        assert response.status_code == 200, (response.status_code, address)
        return response.content

    def save(self, number: int) -> None:
        row, turn = number % 28 + 1, number // 28
        value = "yes" if turn % 2 else "no"
        cells = {f"{row}.social_grant": value, f"{row}.repeating": value, f"{row}.remedial": value}
        body = {"request_id": f"bench-{number}", "revision": self.revision, "cells": cells, "confirmed": ["social_grant"]}
        answer = self.client.post(
            f"/t/{self.token}/salvare/", json.dumps(body), content_type="application/json", headers={"Accept": "application/json"}
        )
        assert answer.status_code == 200, answer.content
        self.revision = answer.json()["revision"]

    def submit(self, number: int) -> None:
        answer = self.client.post(f"/t/{self.token}/trimitere/", {"request_id": f"sent-{number}"})
        assert answer.status_code == 303, answer.content
        assert answer["Location"].endswith("/primit/")

    def submissions(self, rounds: int) -> dict[str, float]:
        """The table sent again and again; recalling it in between is not counted."""
        one, by = Collection.objects.get(pk=self.pk), Author(user=site.manager())
        samples = []
        database = 0.0
        for number in range(-3, rounds):
            before, start = database_seconds(), PROCESSOR()
            self.submit(number)
            took = (PROCESSOR() - start) * 1000
            if number >= 0:
                samples.append(took)
                database += database_seconds() - before
            tables.recall(one, by)
        median, mean = statistics.median(samples), database * 1000 / rounds
        return {"web": round(median, 2), "p95": round(percentile(samples, 0.95), 2), "database": round(mean, 2), "both": round(median + mean, 2)}

    def recompute(self, _number: int) -> None:
        """Every indicator and check of the unit, from the database."""
        computed = compute(self.unit)
        for code in computed.methodology.indicators:
            computed.results.figures(code)
        computed.fired(self.unit)


# ---- the same by plain means -----------------------------------------------------------------------------


class PlainForms:
    """The sheet as a formset of ordinary Django forms, one select a cell."""

    def __init__(self, school_class: Collection) -> None:
        now = class_table.table_now(school_class)
        self.rows = now.rows
        fields: dict[str, forms.Field] = {}
        for field in now.asked:
            options = [(option.code, option.label) for option in now.listed(field)]
            label = text_in(field.label, "ro")
            fields[field.code] = forms.ChoiceField(choices=options, label=label) if options else forms.IntegerField(label=label)
        self.form = forms.formset_factory(type("RowForm", (forms.Form,), fields), extra=0)
        self.template = engines["django"].from_string(
            "<table>{% for form in formset %}<tr><th>{{ forloop.counter }}</th>"
            "{% for field in form %}<td>{{ field }}</td>{% endfor %}</tr>{% endfor %}</table>"
        )

    def page(self, _number: int = 0) -> str:
        return str(self.template.render({"formset": self.form(initial=self.rows)}))


def bare_save(pk: int) -> Callable[[int], object]:
    """A view that writes the cells into a JSON document with one UPDATE: no rights, no locks, no merge, no checks, no history."""
    factory = RequestFactory()
    document = {f"{row}.{code}": "no" for row in range(1, 29) for code in ("social_grant", "repeating", "remedial", "gender")}

    def view(request: HttpRequest) -> HttpResponse:
        get_token(request)
        cells = json.loads(request.body)["cells"]
        ClassTable.objects.filter(collection=pk).update(confirmed=sorted({*document, *cells}))
        return JsonResponse({"saved": len(cells)})

    return lambda number: view(factory.post("/", json.dumps({"cells": {f"{number % 28 + 1}.social_grant": "yes"}}), content_type="application/json"))


def measured() -> dict[str, Any]:
    """Everything, on an empty database."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    bench = Bench()
    link, desk = f"/t/{bench.token}/", f"/colectare/{bench.pk}/tabel/"
    plain = PlainForms(Collection.objects.get(pk=bench.pk))
    wanted: dict[str, Callable[[int], object]] = {
        "one question": lambda _n: bench.page(bench.client, f"{link}intrebari/ethnicity/"),
        "sheet, 28 × 16": lambda _n: bench.page(bench.manager, f"{desk}foaie/"),
        "sheet through plain Django forms (table only)": plain.page,
        "summary": lambda _n: bench.page(bench.client, f"{link}rezumat/"),
        "save of 3 cells": bench.save,
        "save as a bare view with one UPDATE": bare_save(bench.pk),
        "unit of 8 classes recomputed": bench.recompute,
    }
    found: dict[str, Any] = {"database": connection.vendor} | {name: measure(work) for name, work in wanted.items()}
    found["whole table sent"] = bench.submissions(30)
    sizes = {"one question": bench.page(bench.client, f"{link}intrebari/ethnicity/"), "sheet, 28 × 16": bench.page(bench.manager, f"{desk}foaie/")}
    found["bytes"] = {name: len(content) for name, content in sizes.items()}
    found["queries of a save"] = queries(bench)
    return found


def queries(bench: Bench) -> int:
    """How many statements one save sends."""
    with CaptureQueriesContext(connection) as asked:
        bench.save(1001)
    return len(asked)
