"""The report of a dry run in words: for the pages and for the commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.collection.words import taken_over
from portal.network.importing.columns import columns_of
from portal.network.importing.plan import KINDS
from portal.network.importing.problems import CATALOGUE, LEVELS, Problem, level_of
from portal.structure.models import NetworkImport
from portal.ui.templatetags.romanian import counted, number

SHOWN = 50
"""Occurrences of one problem that a page lists."""
WORDS = {
    "national": gettext_lazy("loc național,locuri naționale"),
    "county": gettext_lazy("județ,județe"),
    "school": gettext_lazy("școală,școli"),
    "unit": gettext_lazy("unitate,unități"),
    "class": gettext_lazy("clasă,clase"),
}


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """All occurrences of one problem; the first of them with their places."""

    level: str
    title: Any
    many: int
    found: list[Problem]

    @property
    def word(self) -> Any:
        return LEVELS[self.level]

    @property
    def more(self) -> int:
        return self.many - len(self.found)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """All changes of one kind; the first of them named, from what to what."""

    title: Any
    many: int
    named: list[dict[str, str]]

    @property
    def more(self) -> int:
        return self.many - len(self.named)


@dataclass(frozen=True, slots=True)
class RoundNews:
    """What an open round took over of an import, in sentences. ``kept``: places that stay as they are there, with the reason."""

    school_year: str
    sentences: list[str]
    kept: list[ChangeGroup]


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """A number that the list adds up itself, beside the sum of its rows."""

    row: int
    label: str
    field: str
    stated: str
    counted: str
    agrees: bool


def problem_groups(record: NetworkImport) -> list[ProblemGroup]:
    """The problems of a list, what has to be corrected first."""
    return [_group(entry) for entry in record.report["problems"]]


def _group(entry: dict[str, Any]) -> ProblemGroup:
    code = entry["code"]
    found = [Problem(code, one["sheet"], one["row"], one["column"], one["params"]) for one in entry["found"][:SHOWN]]
    return ProblemGroup(level_of(code), CATALOGUE[code][1], entry["many"], found)


def created(record: NetworkImport) -> ChangeGroup | None:
    """What would be (was) added: „12 școli, 30 de unități”."""
    found = record.report["created"]
    if not found["many"]:
        return None
    parts = (counted(found["counts"][level], str(word)) for level, word in WORDS.items() if level in found["counts"])
    return ChangeGroup(_("Noi: {what}").format(what=", ".join(parts)), found["many"], found["named"])


def change_groups(record: NetworkImport) -> list[ChangeGroup]:
    """Everything that would change (has changed), the weightiest first."""
    found = [group for group in (created(record),) if group]
    found += [ChangeGroup(KINDS[entry["kind"]], entry["many"], entry["named"]) for entry in record.report["changes"]]
    if record.report["removed"]["many"]:
        found.append(ChangeGroup(_("Se scot din evidență"), record.report["removed"]["many"], record.report["removed"]["named"]))
    return found


def missing(record: NetworkImport) -> ChangeGroup | None:
    """What the network has and the list does not mention."""
    found, titles = (
        record.report["missing"],
        {
            "network": _("Sunt în rețea, dar lipsesc din listă"),
            "pupils": _("Unități care participă la monitorizare și lipsesc din listă"),
            "classes": _("Clase ale acestor unități care lipsesc din listă"),
        },
    )
    return ChangeGroup(titles[record.kind], found["many"], found["named"]) if found["many"] else None


def round_news(told: list[dict[str, Any]]) -> list[RoundNews]:
    """What each open round took over."""
    return [RoundNews(one["school_year"], [capfirst(sentence) for sentence in taken_over(one)], list(_kept(one))) for one in told]


def _kept(one: dict[str, Any]) -> Iterator[ChangeGroup]:
    titles = {
        "frozen": _("Rămân cum au fost înghețate, fiindcă sunt finalizate sau sunt sub un loc finalizat"),
        "begun": _("Rămân cum sunt, fiindcă cineva a lucrat deja la ele"),
    }
    for why, title in titles.items():
        if one[why]["many"]:
            yield ChangeGroup(title, one[why]["many"], [{"name": name, "code": ""} for name in one[why]["named"]])


def sums(record: NetworkImport) -> list[tuple[str, str]]:
    """The control totals of the rows: label, number."""
    columns = columns_of(record.kind)
    return [(_(columns.field(code).label), shown(value)) for code, value in record.report["sums"].items()]


def control_totals(record: NetworkImport) -> list[ControlTotal]:
    """The total rows of the list beside the sums of its other rows."""
    columns = columns_of(record.kind)
    return [
        ControlTotal(
            row["row"],
            row["label"] or _("Subtotal"),
            _(columns.field(row["field"]).label),
            shown(row["stated"]),
            shown(row["counted"]),
            row["stated"] == row["counted"],
        )
        for row in record.report["totals"]
    ]


def shown(value: float) -> str:
    """A whole number, or one with the decimals it has."""
    return number(int(value), 0) if float(value).is_integer() else number(Fraction(str(value)))


def lines(record: NetworkImport) -> Iterator[str]:
    """The report as lines of text."""
    report = record.report
    done = record.state == NetworkImport.State.APPLIED
    yield _("Aplicat.") if done else _("Verificat; nu s-a schimbat nimic.")
    yield _("Rânduri citite: {rows}. Neschimbate: {same}.").format(rows=number(report["rows"], 0), same=number(report["unchanged"], 0))
    yield from (f"{group.title}: {number(group.many, 0)}" for group in change_groups(record))
    yield from (f"{label}: {value}" for label, value in sums(record))
    gone = missing(record)
    if gone is not None:
        yield f"{gone.title}: {number(gone.many, 0)}"
    for news in round_news(report.get("rounds", [])):
        yield _("Campania {year}:").format(year=news.school_year)
        yield from (f"  {sentence}" for sentence in news.sentences)
        yield from (f"  {group.title}: {number(group.many, 0)}" for group in news.kept)
    yield from (f"[{group.word}] {group.title}: {number(group.many, 0)}" for group in problem_groups(record))
