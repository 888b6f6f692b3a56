"""Filling a class table: one question over all rows, one row at a time, the whole grid; then a summary in words, and sending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from engine.answers import AnswerProblem
from engine.methodology import Field
from portal.collection import class_table
from portal.collection.class_table import TableNow
from portal.collection.models import Collection
from portal.collection.refusals import Refused, Repeated
from portal.collection.services import tables
from portal.collection.sheet import chips_of, rows_of, sheet_of
from portal.collection.table_data import data_of
from portal.collection.views.desk import Desk

SUBMITTED = Collection.Progress.SUBMITTED
TO_MEND = ("sections", "must_fix", "outdated")
"""Refusals after which one goes on with the table."""


def shared(request: HttpRequest, desk: Desk, now: TableNow) -> dict[str, Any]:
    """What every page of the desk shows. ``data``: for its scripts; not where something typed came back with mistakes."""
    writable = desk.may("fill")
    return {
        "desk": desk, "table": now, "school_class": desk.school_class, "unit": desk.school_class.parent, "request_id": uuid4().hex,
        "revision": request.POST.get("revision") or now.revision, "overview_url": desk.url("overview"), "writable": writable,
        "data": data_of(now, desk.author, script_urls(desk), bool(writable)) if request.method == "GET" else "",
    } | desk.frame  # fmt: skip


def script_urls(desk: Desk) -> dict[str, str]:
    """Where the scripts of a table lead; ``x-column`` and 0 stand for a column and a row."""
    names = {"save": (), "overview": (), "summary": (), "question": ("x-column",), "row": (0,)}
    desks = {} if desk.token else {"paste": desk.url("paste")}
    return {name: desk.url(name, *arguments) for name, arguments in names.items()} | desks


def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The first page of a link: school, class, pupils, minutes, deadline, one button. A sent table shows its receipt."""
    if desk.school_class.progress == SUBMITTED:
        return receipt(request, desk)
    now = class_table.table_now(desk.school_class)
    link = desk.author.link
    first = next((field for field in now.asked if field.code not in now.confirmed), now.asked[0] if now.asked else None)
    context = shared(request, desk, now) | {"link": link, "minutes": max(3, round(len(now.rows) * len(now.asked) / 60)), "first": first}
    context["first_url"] = desk.url("question", first.code) if first is not None else ""
    return render(request, "collection/table_start.html", context)


def overview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All questions: which were looked at, what is missing where."""
    if desk.school_class.progress == SUBMITTED and desk.token:
        return receipt(request, desk)
    now = class_table.table_now(desk.school_class)
    missing: dict[str, int] = {}
    for problem in now.problems:
        missing[problem.field] = missing.get(problem.field, 0) + 1
    listed = [(now.question(field), desk.url("question", field.code), field.code in now.confirmed, missing.get(field.code, 0)) for field in now.asked]
    context = shared(request, desk, now) | {"questions": listed, "summary_url": desk.url("summary"), "row_url": desk.url("row", 1)}
    return render(request, "collection/table_overview.html", context)


def question(request: HttpRequest, desk: Desk, column: str) -> HttpResponse:
    """One question over all rows. POST saves the column and goes to the next."""
    now = class_table.table_now(desk.school_class)
    field = now.column(column)
    if field is None or field not in now.asked:
        raise Http404
    wrong: list[AnswerProblem] = []
    if request.method == "POST":
        desk.require("fill")
        rows = class_table.with_answers(now, column, _answers(request, now, field))
        kept, wrong = class_table.cleaned(now, rows, [column])
        if not wrong:
            _save(request, desk, now, kept, [column])
            return _after(desk, now, field)
        now = now.retyped(rows)
    return _question_page(request, desk, now, field, wrong)


def _after(desk: Desk, now: TableNow, field: Field) -> HttpResponse:
    codes = [one.code for one in class_table.table_now(desk.school_class).asked]
    following = codes[codes.index(field.code) + 1 :] if field.code in codes else []
    return desk.go("question", following[0]) if following else desk.go("summary")


def _answers(request: HttpRequest, now: TableNow, field: Field) -> dict[int, Any]:
    """What was posted for one column, by row: marked chips of a yes/no question, else one control a row."""
    numbers = [cell.number for cell in now.cells(field) if cell.shown]
    marked = class_table.marked_code(now.methodology, field)
    if marked is not None:
        other = next(option.code for option in now.options(field) if option.code != marked)
        chosen = set(request.POST.getlist("rows"))
        return {number: marked if str(number) in chosen else other for number in numbers}
    return {number: request.POST[f"v-{number}"][:200] for number in numbers if f"v-{number}" in request.POST}


def _question_page(request: HttpRequest, desk: Desk, now: TableNow, field: Field, wrong: Iterable[AnswerProblem]) -> HttpResponse:
    problems = {problem.row or 0: problem.in_language(now.language) for problem in wrong}
    codes = [one.code for one in now.asked]
    place = codes.index(field.code)
    marked, options, cells = class_table.marked_code(now.methodology, field), now.listed(field), now.cells(field, problems)
    context = shared(request, desk, now) | {
        "field": field, "title": now.question(field), "controls": chips_of(cells, marked) if marked else rows_of(cells, options),
        "options": options, "marked": marked, "number": place + 1, "row_url": desk.url("row", 1),
        "summary_url": desk.url("summary"), "back_url": desk.url("question", codes[place - 1]) if place else desk.url("overview"),
        "problems": [(f"v-{row}", words) for row, words in problems.items()],
    }  # fmt: skip
    return render(request, "collection/table_question.html", context, status=422 if problems else 200)


def row(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One row with all its questions. POST saves it and goes to the next row."""
    now = class_table.table_now(desk.school_class)
    if not 1 <= number <= len(now.rows):
        raise Http404
    wrong: list[AnswerProblem] = []
    if request.method == "POST":
        desk.require("fill")
        typed = {field.code: request.POST[f"v-{field.code}"][:200] for field in now.columns if f"v-{field.code}" in request.POST}
        rows = [{**one, **typed} if place == number else one for place, one in enumerate(now.rows, 1)]
        kept, wrong = class_table.cleaned(now, rows, [field.code for field in now.columns])
        if not wrong:
            _save(request, desk, now, kept, [])
            return desk.go("row", number + 1) if number < len(now.rows) else desk.go("summary")
        now = now.retyped(rows)
    return _row_page(request, desk, now, number, wrong)


def _row_page(request: HttpRequest, desk: Desk, now: TableNow, number: int, wrong: Iterable[AnswerProblem]) -> HttpResponse:
    problems = {problem.field: problem.in_language(now.language) for problem in wrong if problem.row in (number, None)}
    listed = [(field, now.cells(field)[number - 1], now.listed(field), problems.get(field.code, "")) for field in now.columns]
    context = shared(request, desk, now) | {
        "number": number, "fields": [one for one in listed if one[1].shown], "first_question": desk.url("question", now.asked[0].code),
        "back_url": desk.url("row", number - 1) if number > 1 else desk.url("overview"), "summary_url": desk.url("summary"),
        "problems": [(f"v-{code}", words) for code, words in problems.items()],
    }  # fmt: skip
    return render(request, "collection/table_row.html", context, status=422 if problems else 200)


def grid(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole table at once, for desks."""
    now = class_table.table_now(desk.school_class)
    wrong: list[AnswerProblem] = []
    if request.method == "POST":
        desk.require("fill")
        rows = [_grid_row(request.POST, now, number, one) for number, one in enumerate(now.rows, 1)]
        codes = [field.code for field in now.columns]
        kept, wrong = class_table.cleaned(now, rows, codes)
        if not wrong:
            _save(request, desk, now, kept, codes)
            return desk.go("summary") if "send" in request.POST else desk.go("grid")
        now = now.retyped(rows)
    faults = {(problem.row, problem.field): problem.in_language(now.language) for problem in wrong}
    problems = [(f"c-{number}-{code}", f"{number}. {words}") for (number, code), words in faults.items()]
    context = shared(request, desk, now)
    context |= {"sheet": sheet_of(now, faults, bool(context["writable"])), "problems": problems, "upload_url": desk.url("upload")}
    return render(request, "collection/table_grid.html", context, status=422 if wrong else 200)


def _grid_row(posted: Mapping[str, str], now: TableNow, number: int, one: Mapping[str, Any]) -> dict[str, Any]:
    typed = {field.code: posted[f"c-{number}-{field.code}"][:200] for field in now.columns if f"c-{number}-{field.code}" in posted}
    return {**one, **typed}


def summary(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The table in words, its checks, and the button that sends it."""
    now = class_table.table_now(desk.school_class)
    fired = class_table.checks(now)
    context = shared(request, desk, now) | {
        "lines": [(label, options, desk.url("question", field.code)) for field, label, options in class_table.summary(now)],
        "missing": _missing(now, desk), "fired": fired, "must_fix": [one for one in fired if one.check.severity == "must_fix"],
        "send_url": desk.url("send"), "back_url": desk.url("overview"), "sendable": desk.may("submit_class"),
    }  # fmt: skip
    return render(request, "collection/table_summary.html", context)


def _missing(now: TableNow, desk: Desk) -> list[tuple[str, str]]:
    """(address, sentence) of every question with blanks that must be filled in."""
    rows: dict[str, list[int]] = {}
    for problem in now.problems:
        rows.setdefault(problem.field, []).append(problem.row or 0)
    return [_fault(now, desk, code, numbers) for code, numbers in rows.items()]


def _fault(now: TableNow, desk: Desk, code: str, numbers: list[int]) -> tuple[str, str]:
    field = now.column(code)
    if field is None:
        return desk.url("overview"), next(one.in_language(now.language) for one in now.problems if one.field == code)
    return desk.url("question", code), f"{now.question(field)}: {', '.join(str(number) for number in numbers[:10])}"


def send(request: HttpRequest, desk: Desk) -> HttpResponse:
    """POST sends the table, once for a request; what must be mended brings back to the summary."""
    if request.method != "POST":
        return desk.go("summary")
    now = class_table.table_now(desk.school_class)
    found, request_id = class_table.obstacles(now, class_table.checks(now)), request.POST.get("request_id", "")[:64]
    try:
        tables.submit(desk.school_class, now.clean.rows, desk.author, found, request_id, _revision(request, now))
    except Repeated:
        return desk.go("receipt")
    except Refused as refused:
        if refused.decision.code not in TO_MEND:
            raise
        messages.warning(request, str(refused.decision.sentence))
        return desk.go("summary")
    return desk.go("receipt")


def receipt(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was sent, when, and what happens next."""
    school_class = Collection.objects.select_related("parent").get(pk=desk.school_class.pk)
    context = {"desk": desk, "school_class": school_class, "unit": school_class.parent, "now": timezone.now()} | desk.frame
    if school_class.progress != SUBMITTED:
        return desk.go("overview")
    return render(request, "collection/table_receipt.html", context)


def _save(request: HttpRequest, desk: Desk, now: TableNow, rows: list[dict[str, Any]], confirmed: list[str]) -> None:
    tables.save_rows(
        desk.school_class, now.base, rows, desk.author, base_revision=_revision(request, now), confirmed=confirmed,
        request_id=request.POST.get("request_id", "")[:64],
    )  # fmt: skip


def _revision(request: HttpRequest, now: TableNow) -> int:
    """The revision of the table that the person was looking at."""
    posted = request.POST.get("revision", "")
    return int(posted) if posted.isdecimal() and len(posted) < 9 else now.revision
