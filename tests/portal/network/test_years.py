"""The network over the years: what differs from one round to the next, and what an import changes, named kind by kind, all of it to be taken away."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from portal.collection.models import Collection
from portal.collection.services import opening
from portal.network.models import ClassRecord, Place
from portal.rounds import methodologies
from portal.rounds.models import Round
from portal.rounds.services import close_round
from portal.structure import years
from portal.structure.services import imports
from portal.structure.years import Known
from tests.portal.network.books import applied, dry, listed
from tests.portal.people import Cast
from tests.portal.worked_round import draft_round, published

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
BLAJ = ["AB", "0161100018", "Școala Blaj", "0161100018", "Școala Blaj", "PJ", "URBAN", 210]
TIUR = ["AB", "0161100018", "Școala Blaj", "0162100016", "Școala Tiur", "AR", "RURAL", 20]
NURSERY = ["AB", "0161100018", "Școala Blaj", "0162100025", "Grădinița Blaj", "AR", "URBAN", 30]
SEBES = ["AB", "0161100027", "Școala Sebeș", "0161100027", "Școala Sebeș", "PJ", "URBAN", 300]
TURDA = ["CJ", "1261100013", "Colegiul Turda", "1261100013", "Colegiul Turda", "PJ", "URBAN", 10]
FIRST = (BLAJ, TIUR, NURSERY, SEBES, TURDA)
# A year later Sebeș is a structure of Blaj, the kindergarten a school of its own that took Tiur along, and there is one new unit.
SEBES_STRUCTURE = ["AB", "0161100018", "Școala Blaj", "0162100027", "Școala Sebeș", "AR", "URBAN", 300]
NURSERY_SCHOOL = ["AB", "0161100025", "Grădinița „Ion” Blaj", "0161100025", "Grădinița „Ion” Blaj", "PJ", "URBAN", 30]
TIUR_MOVED = ["AB", "0161100025", "Grădinița „Ion” Blaj", "0162100016", "Școala Tiur", "AR", "RURAL", 20]
ADDED = ["AB", "0161100018", "Școala Blaj", "0162100034", "Creșa Blaj", "AR", "URBAN", 12]
SECOND = (BLAJ, SEBES_STRUCTURE, NURSERY_SCHOOL, TIUR_MOVED, ADDED, TURDA)
KINDS = {
    ("created", "school", "0161100025"), ("created", "unit", "0162100034"), ("gone", "school", "0161100027"),
    ("became_structure", "unit", "0162100027"), ("became_school", "unit", "0161100025"), ("renamed", "unit", "0161100025"),
    ("moved", "unit", "0162100027"), ("moved", "unit", "0161100025"), ("moved", "unit", "0162100016"),
    ("merged", "school", "0161100027"), ("split", "school", "0161100018"),
}  # fmt: skip
"""What the second list is, against the first."""


def unit(code: str, name: str, school: str) -> Known:
    return Known("unit", code, name, school, f"Școala {school}")


def school(code: str) -> Known:
    return Known("school", code, f"Școala {code}", "", "")


def told(changes: list[list[str]]) -> set[tuple[str, str, str]]:
    return {(kind, level, code) for kind, level, code, *_rest in changes}


# ---- two years side by side ------------------------------------------------------------------------------


def test_the_same_unit_is_found_by_its_code_with_the_fourth_digit_masked() -> None:
    before, after = [unit("0161100018", "A", "0161100018")], [unit("0162100018", "A", "0161100018")]
    assert list(years.compare(before, after)) == [["became_structure", "unit", "0162100018", "A", "0161100018", "0162100018"]]
    assert list(years.compare(after, before)) == [["became_school", "unit", "0161100018", "A", "0162100018", "0161100018"]]
    other = [unit("0171100018", "A", "0161100018")]
    assert told(list(years.compare(before, other))) == {("created", "unit", "0171100018"), ("gone", "unit", "0161100018")}


def test_two_equal_years_differ_in_nothing() -> None:
    known = [school("0161100018"), unit("0161100018", "A", "0161100018")]
    assert list(years.compare(known, known)) == []


def test_a_school_is_merged_into_the_one_that_took_most_of_its_units() -> None:
    units = ["0162100001", "0162100002", "0162100003"]
    before = [school("0161100010"), *(unit(code, code, "0161100010") for code in units), school("0161100020"), school("0161100030")]
    heirs = ["0161100020", "0161100030", "0161100030"]
    after = [school("0161100020"), school("0161100030"), *(unit(code, code, heir) for code, heir in zip(units, heirs, strict=True))]
    found = [change for change in years.compare(before, after) if change[0] in ("merged", "split")]
    assert found == [["merged", "school", "0161100010", "Școala 0161100010", "Școala 0161100010", "Școala 0161100030 (0161100030)"]]


# ---- an import -------------------------------------------------------------------------------------------


def test_a_list_that_is_imported_again_names_every_kind_of_difference() -> None:
    applied(listed(*FIRST))
    record = imports.check(imports.upload(listed(*SECOND), "network", place=None))
    named = {(kind, level, code) for kind, level, code, *_rest in record.changes if kind not in ("corrected", "expected", "not_expected")}
    assert named == {("missing", *rest) if kind == "gone" else (kind, *rest) for kind, *rest in KINDS}
    assert [one["code"] for one in record.report["merged"]] == ["0161100027"]
    assert [(one["code"], one["heir"]) for one in record.report["split"]] == [("0161100018", "0161100025")]


def test_nothing_is_split_where_a_school_only_gives_a_unit_to_one_that_was_there() -> None:
    applied(listed(*FIRST))
    _read, plan = dry(listed(BLAJ, ["AB", "0161100027", "Școala Sebeș", *TIUR[3:]], NURSERY, SEBES, TURDA))
    assert (plan.merged, plan.split, [update.kinds for update in plan.updated]) == ([], [], [("moved",)])


def rows_of(client: Client, address: str) -> list[list[str]]:
    """The rows of the file, which both shapes agree on."""
    text = client.get(f"{address}.csv").content.decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text), delimiter=";"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{address}.xlsx").content)).get_sheet_by_index(0)
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [[str(cell) for cell in row] for row in sheet.to_python()]
    return read[1:]


def test_all_changes_of_an_import_are_taken_away_though_a_page_names_only_some(cast: Cast, browser_of: Browser) -> None:
    many = [["AB", "0161100018", "=Școala", f"01621{number:05d}", f"=Grădinița {number}", "AR", "URBAN", 9] for number in range(1001, 1131)]
    record = imports.check(imports.upload(listed(BLAJ, *many), "network", place=cast.places["alba"], by=cast["ioana"]))
    client = browser_of("ioana")
    shown = html.unescape(client.get(reverse("network:import", args=[record.pk])).content.decode())
    assert "și încă" in shown and f"/retea/importuri/{record.pk}/schimbari.csv" in shown
    found = rows_of(client, f"/retea/importuri/{record.pk}/schimbari")
    assert sum(row[0] == "Noi în rețea" for row in found) == 130
    assert sum(row[0] == "Lipsesc din listă" for row in found) == record.report["missing"]["many"]
    raw = client.get(f"/retea/importuri/{record.pk}/schimbari.csv").content.decode()
    assert "'=Grădinița 1001;" in raw


def test_the_changes_of_an_import_of_another_county_do_not_exist(cast: Cast, browser_of: Browser) -> None:
    record = imports.check(imports.upload(listed(BLAJ), "network", place=cast.places["alba"], by=cast["ioana"]))
    assert browser_of("carmen").get(f"/retea/importuri/{record.pk}/schimbari.csv").status_code == 404
    assert browser_of("ioana").get(f"/retea/importuri/{record.pk}/schimbari.pdf").status_code == 404


# ---- rounds ----------------------------------------------------------------------------------------------


@pytest.fixture
def first_round(cast: Cast, settings: LazySettings, tmp_path: Path) -> Round:
    """A round over the first list, closed."""
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()
    applied(listed(*FIRST))
    ClassRecord.objects.create(unit=Place.objects.get(level="unit", code="0161100018"), school_year="2024-2025", code="VA", name="V A", pupils=20)
    made = draft_round(published(), school_year="2024-2025")
    opening.open_round(made)
    made.refresh_from_db()
    close_round(made)
    return made


def snapshot(round_: Round) -> list[Any]:
    columns = ("level", "place", "code", "name", "path", "attributes", "state", "classes", "pupils")
    return list(Collection.objects.filter(round=round_).order_by("pk").values(*columns))


def test_a_new_round_has_the_structure_of_the_last_one_where_nothing_changed(cast: Cast, first_round: Round) -> None:
    opening.open_round(draft_round(published(), school_year="2025-2026"))
    [newest, between] = years.pairs()
    nation = cast.places["country"]
    assert (newest.name, newest.after, between.after and between.after.school_year) == ("2025-2026", None, "2025-2026")
    assert years.difference(between, nation) == years.difference(newest, nation) == []
    assert len(years.of_round(first_round, nation)) == 8


def test_a_closed_round_keeps_its_own_network_and_the_next_one_differs_by_what_changed(cast: Cast, first_round: Round) -> None:
    before = snapshot(first_round)
    record = imports.apply(imports.check(imports.upload(listed(*SECOND), "network", place=None)), clears_missing=True)
    assert record.report["rounds"] == [] and snapshot(first_round) == before
    opening.open_round(draft_round(published(), school_year="2025-2026"))
    [now, between] = years.pairs()
    nation = cast.places["country"]
    assert told(years.difference(between, nation)) == KINDS and years.difference(now, nation) == []
    assert snapshot(first_round) == before


def test_an_import_that_is_undone_leaves_no_difference(cast: Cast, first_round: Round) -> None:
    [pair] = years.pairs()
    nation = cast.places["country"]
    record = imports.apply(imports.check(imports.upload(listed(*SECOND), "network", place=None)), clears_missing=True)
    assert told(years.difference(pair, nation)) == KINDS
    imports.undo(record)
    assert years.difference(pair, nation) == []


def test_a_place_that_closes_is_gone_and_its_data_stay(cast: Cast, first_round: Round) -> None:
    Place.objects.filter(level="unit", code="0162100016").update(closed_on=date(2025, 9, 1))
    [pair] = years.pairs()
    assert told(years.difference(pair, cast.places["alba"])) == {("gone", "unit", "0162100016")}
    assert Collection.objects.filter(round=first_round, code="0162100016").exists()


def test_the_years_are_a_page_and_a_file_of_the_own_county(cast: Cast, first_round: Round, browser_of: Browser) -> None:
    applied(listed(*SECOND, ["CJ", "1261100013", "Colegiul Turda", "1262100022", "Grădinița Turda", "AR", "URBAN", 5]))
    alba, client = cast.places["alba"], browser_of("ioana")
    shown = html.unescape(client.get(f"/retea/{alba.pk}/ani/").content.decode())
    assert "Rețeaua de acum față de campania 2024-2025" in shown and "Grădinița Turda" not in shown
    for title in ("Noi în rețea", "Devin structuri ale altei școli", "Devin școli cu personalitate juridică", "Trec la altă școală"):
        assert title in shown
    assert "Se desparte din ele o școală nouă" in shown
    found = rows_of(client, f"/retea/{alba.pk}/ani/2024-2025")
    assert {row[2] for row in found} <= {"0161100018", "0161100025", "0161100027", "0162100016", "0162100027", "0162100034"}
    assert client.get(f"/retea/{alba.pk}/ani/1999-2000.csv").status_code == 404
    assert browser_of("carmen").get(f"/retea/{alba.pk}/ani/").status_code == 404


def test_before_the_first_round_the_page_says_so(cast: Cast, browser_of: Browser) -> None:
    shown = browser_of("maria").get(f"/retea/{cast.places['country'].pk}/ani/").content.decode()
    assert "Nu a fost deschisă încă nicio campanie." in shown
