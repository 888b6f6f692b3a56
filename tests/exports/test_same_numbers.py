"""Completeness is the same on boards, lists, pages, exports and reports, whatever the state of the country: each is read and compared with a count
by hand."""

from __future__ import annotations

import html
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from python_calamine import CalamineWorkbook

from exports import unit_subject
from exports.making import make_archive, make_workbook
from exports.scope import Scope
from exports.unit_report import unit_report
from portal.collection import completeness
from portal.collection.models import CLASS, Collection
from portal.collection.services import taking
from portal.rounds.models import Round
from tests.portal import small_round
from tests.portal.collection.counting import Counted, Country, country_of
from tests.portal.lasting import rolled_back
from tests.portal.small_round import SmallRound

pytestmark = pytest.mark.django_db
TREE = {
    "A": {"A1": {"A1x": 3, "A1y": 0}, "A2": {"A2x": 1}, "A3": {"A3x": 2, "A3y": 2, "A3z": 1}},
    "B": {"B1": {"B1x": 1, "B1y": 2}},
}
WORDS = {"Tabele de clasă": CLASS, "Unități": "unit", "Școli": "school", "Inspectorate": "county"}
READERS = {"national": "national_member", "county": "inspector", "school": "director", "unit": "unit_manager"}


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallRound]:
    """Built once, inside a transaction that is rolled back; what a test changes is rolled back after it."""
    with rolled_back(django_db_blocker):
        yield small_round.build(TREE)


@pytest.fixture
def small(built: SmallRound, db: None) -> SmallRound:
    """The same country with people of its own, who are gone after the test."""
    return SmallRound(Round.objects.get(pk=built.round.pk), built.ids)


def shake(small: SmallRound, seed: int) -> Country:
    """Puts every place and class into some state: exempt, blocked, reopened, final in time or late, or not begun. One seed leaves nothing expected."""
    chance, now = random.Random(seed), timezone.now()
    small.move_windows(opens_at=now - timedelta(9), class_close=now - timedelta(4), unit_close=now - timedelta(3), school_close=now - timedelta(2))
    for row in small.rows:
        came = None if chance.random() < 0.3 else now - timedelta(days=chance.choice([1, 2.5, 3.5, 6]))
        row.received_at = came
        row.exempt = row.level not in (CLASS, "national") and (seed == 0 or chance.random() < 0.15)
        row.blocked, row.reopened = chance.random() < 0.1, chance.random() < 0.2
        row.state = "finalised" if row.level != CLASS and came and chance.random() < 0.7 else "open"
        row.progress = chance.choice(["submitted", "submitted", "returned", "in_progress"]) if row.level == CLASS and came else "in_progress"
        row.save()
    taking.count_classes(Collection.objects.filter(round=small.round, level="unit"))
    small.round.refresh_from_db()
    return country_of(small.rows, small.round)


# ---- reading what is shown -------------------------------------------------------------------------------


def page(small: SmallRound, word: str, tail: str = "") -> str:
    row = small[word]
    client = Client()
    client.force_login(small.author(READERS[row.level], word).person)
    answer = client.get(f"/colectare/{row.pk}/{tail}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def cells_of(row: str) -> list[str]:
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)]


def table_after(shown: str, caption: str) -> list[list[str]]:
    """The cells of the first table with a caption that begins so, row by row."""
    body = shown.split(f">{caption}")[1].split("<tbody>")[1].split("</tbody>")[0]
    return [cells_of(row) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]


def percent(part: int, whole: int) -> str:
    """Cut to two decimals, counted in whole numbers."""
    return f"{part * 10_000 // whole // 100},{part * 10_000 // whole % 100:02d} %" if whole else "–"


def words_of(counted: Counted) -> list[str]:
    expected, exempt, received, on_time = counted
    return [str(expected), str(exempt), f"{received} · {percent(received, expected)}", f"{on_time} · {percent(on_time, expected)}"]


def of_overall_table(shown: str) -> dict[str, list[str]]:
    return {WORDS[row[0]]: row[1:] for row in table_after(shown, "Stadiul colectării</caption>")}


def of_list(shown: str, caption: str) -> dict[str, list[str]]:
    """The „x din y” of each place of a list, by code, in the order of the columns."""
    found = {}
    for row in table_after(shown, caption):
        name = next(cell for cell in row if re.search(r"\d{10}|\b[AB]\b", cell))
        code = re.findall(r"\d{10}|\b[AB]\b", name)[-1]
        found[code] = [match for cell in row for match in re.findall(r"\d+ din \d+", cell)]
    return found


def of_table(frame: pd.DataFrame) -> dict[tuple[str, str], Counted]:
    """Expected, exempt, received, on time by place (its lowest code) and kind."""
    found: dict[tuple[str, str], Counted] = {}
    for row in frame.to_dict("records"):
        code = next((str(row[name]) for name in ("unit.code", "school.code", "county.code") if row[name] not in (None, "")), "RO")
        found[f"{row['level']} {code}", row["what"]] = (int(row["expected"]), int(row["exempt"]), int(row["received"]), int(row["on_time"]))
        _rates(row)
    return found


def _rates(row: dict[str, Any]) -> None:
    for rate, part in (("rate", "received"), ("timely", "on_time")):
        shown = "–" if row[rate] in (None, "") else f"{float(str(row[rate]).replace(',', '.')):.2f} %".replace(".", ",")
        assert shown == percent(int(row[part]), int(row["expected"]))
        assert shown == "–" or float(str(row[rate]).replace(",", ".")) <= 100


def csv_frame(content: bytes) -> pd.DataFrame:
    return pd.read_csv(BytesIO(content), sep=";", dtype=str, keep_default_na=False)


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def sheet_frame(sheet: list[list[Any]]) -> pd.DataFrame:
    """A sheet by its codes; the words of its two lists turned back into codes."""
    back = {"Național": "national", "Județ": "county", "Școală": "school", "Unitate": "unit"} | WORDS
    rows = [[back.get(cell, cell) for cell in row] for row in sheet[2:]]
    assert {row[5] for row in rows} <= set(back.values()) and {row[6] for row in rows} <= set(WORDS.values())
    return pd.DataFrame(rows, columns=sheet[1])


# ---- the comparison --------------------------------------------------------------------------------------


def by_hand(small: SmallRound, country: Country, top: str) -> dict[tuple[str, str], Counted]:
    below = [row for row in country.rows.values() if small.ids[top] in row.chain_ids and row.level != CLASS]
    return {(f"{row.level} {row.code}", kind): counted for row in below for kind, counted in country.whole(row).items()}


def compare_pages(small: SmallRound, country: Country) -> None:
    for word in ("nation", "A", "B", "A1", "A3"):
        wanted = {kind: words_of(counted) for kind, counted in country.whole(country.rows[small.ids[word]]).items()}
        for tail in ("", "stadiu/"):
            assert of_overall_table(page(small, word, tail)) == wanted, (word, tail)


def compare_lists(small: SmallRound, country: Country) -> None:
    for word, query, caption, level in (
        ("nation", "", "Inspectorate", "county"), ("A", "", "Școli", "school"), ("A", "?nivel=unitati", "Unități", "unit"), ("A3", "", "Unități", "unit"),
    ):  # fmt: skip
        wanted = {}
        for row in country.rows.values():
            if row.level == level and small.ids[word] in row.chain_ids:
                kinds = [kind for kind in ("unit", CLASS) if kind != level]
                counts = [country.counted(row, kind) for kind in kinds]
                wanted[row.code] = [f"{received} din {expected}" for expected, _exempt, received, _on_time in counts]
        assert of_list(page(small, word, query), f"{caption}</caption>") == wanted, (word, query)


def compare_files(small: SmallRound, country: Country, folder: Path) -> None:
    for word in ("nation", "A", "A3"):
        wanted = by_hand(small, country, word)
        answers = Client()
        answers.force_login(small.author(READERS[small[word].level], word).person)
        files = {shape: answers.get(f"/colectare/{small.ids[word]}/stadiu/fisier.{shape}").content for shape in ("csv", "xlsx")}
        (folder / "stadiu.xlsx").write_bytes(files["xlsx"])
        assert of_table(csv_frame(files["csv"])) == wanted
        assert of_table(sheet_frame(sheets(folder / "stadiu.xlsx")["Stadiul colectării"])) == wanted
        compare_exports(small, country, word, folder)


def compare_exports(small: SmallRound, country: Country, word: str, folder: Path) -> None:
    wanted, scope = by_hand(small, country, word), Scope(small[word])
    make_workbook(scope, folder / "all.xlsx")
    make_archive(scope, folder / "all.zip")
    book = sheets(folder / "all.xlsx")
    with zipfile.ZipFile(folder / "all.zip") as archive:
        assert of_table(csv_frame(archive.read("stadiu.csv"))) == wanted
    assert of_table(sheet_frame(book["Stadiul colectării"])) == wanted
    about = {row[0]: row[1] for row in book["Despre"]}
    for label, kind in WORDS.items():
        if kind in country.whole(country.rows[small.ids[word]]):
            said = tuple(about[f"{label}: {name}"] for name in ("așteptate", "exceptate", "primite", "primite la timp"))
            assert said == country.counted(country.rows[small.ids[word]], kind)


def compare_units(small: SmallRound, country: Country) -> None:
    """The task list of a unit and its report."""
    for word in ("A1x", "A1y", "A2x", "A3y", "B1y"):
        row = country.rows[small.ids[word]]
        expected, exempt, received, on_time = country.counted(row, CLASS)
        shown = page(small, word, "sarcini/")
        said = f"tabele exceptate: {exempt}" if exempt else f"{received} din {expected} tabele trimise, {on_time} la timp"
        assert said in shown, word
        if not country.exempt(row):
            facts = dict(unit_report(unit_subject.of_now(small[word])).facts)
            rate = percent(received, expected).replace(" ", "\N{NO-BREAK SPACE}")
            assert facts["Tabele de clasă"] == f"{received} din {expected} primite ({rate}), la timp {on_time}"


def compare_everything(small: SmallRound, country: Country, folder: Path) -> None:
    compare_pages(small, country)
    compare_lists(small, country)
    compare_files(small, country, folder)
    compare_units(small, country)


@pytest.mark.parametrize("seed", range(4))
def test_every_output_says_what_is_counted_by_hand(seed: int, small: SmallRound, tmp_path: Path) -> None:
    country = shake(small, seed)
    if seed == 0:
        assert all(country.counted(country.rows[small.ids["A"]], kind)[0] == 0 for kind in (CLASS, "unit", "school"))
    compare_everything(small, country, tmp_path)


def own_exemptions_alone(level: str) -> Any:
    return completeness.Q(exempt=True)


def every_final_one_on_time(real: Callable[..., Any]) -> Callable[..., Any]:
    def sums(level: str, round_: Any) -> Any:
        counted = real(level, round_)
        return counted | {f"{level}_on_time": counted[f"{level}_received"]}

    return sums


@pytest.mark.parametrize(("broken", "seed"), [("exemptions", 2), ("limits", 1)])
def test_an_output_that_counts_otherwise_is_found(broken: str, seed: int, small: SmallRound, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is sensitive: without the exemptions of places above, or without the limit, some page says something else."""
    country = shake(small, seed)
    if broken == "exemptions":
        monkeypatch.setattr(completeness, "left_out", own_exemptions_alone)
    else:
        monkeypatch.setattr(completeness, "sums", every_final_one_on_time(completeness.sums))
    with pytest.raises(AssertionError):
        compare_pages(small, country)
