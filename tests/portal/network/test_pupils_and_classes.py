"""Pupil counts and the classes of a school year."""

from __future__ import annotations

from datetime import date

import pytest

from portal.network import selectors
from portal.network.exporting import delimited, rows, workbook
from portal.network.importing import runs
from portal.network.importing.columns import columns_of
from portal.network.importing.report import report_of
from portal.network.models import ClassRecord, Level, Place
from tests.portal.network.books import addresses, applied, book, codes_of, dry, listed
from tests.portal.network.test_network_lists import ABRUD, CLUJ, NURSERY, unit

pytestmark = pytest.mark.django_db
PLAN = ["Cod Unitate Plan", "Nivel", "Limba predare", "Elevi exist anterior-asoc", "Clase exist anterior-formatiun"]
CLASSES = [
    "An școlar",
    "Cod SIIIR unitate",
    "Cod clasă",
    "Denumirea clasei",
    "Nivel de învățământ",
    "An de studiu",
    "Limba de predare",
    "Forma de învățământ",
    "Profil / specializare",
    "Număr de elevi",
]
YEAR = "2025-2026"
VA = [YEAR, "0161100031", "VA", "V A", "Gimnazial", "Clasa a V-a", "Română", "Zi", None, 24]
VB = [YEAR, "0161100031", None, "V B", "Gimnazial", "V", "Limba maghiară", "Zi", None, 21]


@pytest.fixture(autouse=True)
def _network() -> None:
    applied(listed([*ABRUD[:7], None], [*NURSERY[:7], None], [*CLUJ[:7], None]))


# ---- pupils ----------------------------------------------------------------------------------------------


def test_plan_lines_are_added_up_by_unit() -> None:
    lines = [
        ["0161100031", "Primar", "Limba română", 120, 5.5],
        ["0161100031", "Gimnazial", "Limba maghiară", 80, 4],
        ["0162100144", "Preșcolar", "română", 60, 3],
    ]
    applied(book(PLAN, *lines), "pupils")
    assert unit("0161100031").attributes == {
        "unit_status": "pj", "residence": "urban", "pupils_total": 200, "classes_total": 9.5,
        "levels": ["primary", "lower_secondary"], "teaching_languages": ["ro", "hu"],
    }  # fmt: skip
    assert unit("0162100144").attributes["pupils_total"] == 60


@pytest.mark.parametrize("kind", ["pupils", "network", "classes"])
def test_changed_values_of_lists_are_told_in_words(kind: str) -> None:
    """Fields with a list of values, in every kind of list."""
    applied(listed(["AB", "0161100018", "Școala", "0161100018", "Școala", "PJ", "URBAN", 9]))
    heads = {
        "pupils": ["Cod SIIIR unitate", "Nivel de învățământ", "Limba de predare", "Număr de elevi"],
        "network": ["Județ", "Cod SIIIR PJ", "Cod SIIIR unitate", "Denumire unitate", "Niveluri de învățământ", "Limbi de predare"],
        "classes": ["Cod SIIIR unitate", "Denumirea clasei", "Nivel de învățământ", "Limba de predare", "Număr de elevi"],
    }[kind]
    start = {"pupils": ["0161100018"], "network": ["AB", "0161100018", "0161100018", "Școala"], "classes": ["0161100018", "V A"]}[kind]
    end = [] if kind == "network" else [9]
    applied(book(heads, [*start, "Primar", "română", *end]), kind, school_year="2025-2026")
    read, plan = dry(book(heads, [*start, "Gimnazial", "maghiară", *end]), kind, school_year="2025-2026")
    [change] = report_of(read, plan)["changes"]
    [told] = change["named"]
    assert "Primar" in told["from"] and "română" in told["from"].lower()
    assert "Gimnazial" in told["to"] and "maghiară" in told["to"].lower()


def test_counts_without_classes_come_back_from_their_export_unchanged() -> None:
    applied(book([*PLAN[:4]], ["0161100031", "Primar", "română", 120]), "pupils")
    columns = columns_of("pupils")
    for content in (
        workbook.content(columns, rows.rows_of(columns, Place.objects.get(code="RO"))),
        "".join(delimited.lines(columns, rows.rows_of(columns, Place.objects.get(code="RO")))).encode(),
    ):
        _read, plan = dry(content, "pupils")
        assert plan.changes_nothing and "classes_total" not in unit("0161100031").attributes


def test_a_unit_reported_without_pupils_leaves_the_round_with_its_school() -> None:
    applied(book(PLAN, ["1261105692", "Antepreșcolar", "română", 0, 0]), "pupils")
    assert not unit("1261105692").collects
    assert not Place.objects.get(level=Level.SCHOOL, code="1261105692").collects
    assert not Place.objects.get(level=Level.COUNTY, code="CJ").collects
    applied(book(PLAN, ["1261105692", "Antepreșcolar", "română", 12, 1]), "pupils")
    assert Place.objects.get(level=Level.COUNTY, code="CJ").collects


def test_units_of_which_the_list_says_nothing_are_reported_and_unchanged() -> None:
    _read, plan = dry(book(PLAN, ["0161100031", "Primar", "română", 3, 1]), "pupils")
    assert [place.code for place in plan.missing] == ["0162100144"]


def test_exact_repetitions_of_plan_lines_are_added_and_reported() -> None:
    read, plan = dry(book(PLAN, *[["0161100031", "Primar", "română", 30, 1]] * 2), "pupils")
    assert read.problems.counts["duplicate_row_added"] == 1
    assert plan.updated[0].subject.attributes["pupils_total"] == 60


def test_pupils_of_units_that_are_unknown_closed_or_of_another_county_are_errors() -> None:
    Place.objects.filter(code="0162100144").update(closed_on=date(2026, 1, 1))
    rows = [[code, "Primar", "română", 3, 1] for code in ("0161102892", "0162100144", "1261105692")]
    read, _plan = dry(book(PLAN, *rows), "pupils", scope=frozenset({"AB"}))
    assert sorted(codes_of(read, "error")) == ["other_county", "unit_closed", "unit_unknown"]


def test_the_same_counts_again_change_nothing_and_counts_are_undone() -> None:
    before = list(Place.objects.order_by("pk").values())
    content = book(PLAN, ["0161100031", "Primar", "română", 120, 5])
    difference = applied(content, "pupils")
    assert dry(content, "pupils")[1].changes_nothing
    runs.undo("pupils", difference)
    assert list(Place.objects.order_by("pk").values()) == before


# ---- classes ---------------------------------------------------------------------------------------------


def test_classes_are_kept_by_unit_year_and_code_with_the_parameters_that_are_prefilled() -> None:
    applied(book(CLASSES, VA, VB), "classes", school_year=YEAR)
    assert [record.code for record in selectors.classes_of([unit("0161100031").pk], YEAR)] == ["VA", "VB"]
    assert ClassRecord.objects.get(code="VB").parameters == {
        "cls_name": "V B", "cls_level": "lower_secondary", "cls_grade": "5", "cls_language": "hu", "cls_form": "day", "cls_pupils": 21,
    }  # fmt: skip


def test_a_class_keeps_its_code_when_its_name_changes() -> None:
    applied(book(CLASSES, VA, VB), "classes", school_year=YEAR)
    kept = ClassRecord.objects.get(code="VA").pk
    applied(book(CLASSES, [*VA[:3], "V Alfa", *VA[4:]], VB), "classes", school_year=YEAR)
    assert ClassRecord.objects.get(code="VA").pk == kept and ClassRecord.objects.get(code="VA").name == "V Alfa"


def test_classes_of_another_year_are_others() -> None:
    applied(book(CLASSES, VA), "classes", school_year=YEAR)
    applied(book(CLASSES, ["2026-2027", *VA[1:]]), "classes", school_year="2026-2027")
    assert ClassRecord.objects.filter(code="VA").count() == 2


def test_a_list_of_another_year_is_refused() -> None:
    read, plan = dry(book(CLASSES, VA), "classes", school_year="2026-2027")
    assert codes_of(read, "error") == ["other_year"] and not plan.created


def test_classes_that_the_list_does_not_mention_stay_unless_asked() -> None:
    applied(book(CLASSES, VA, VB), "classes", school_year=YEAR)
    _read, plan = dry(book(CLASSES, VA), "classes", school_year=YEAR)
    assert [record.code for record in plan.missing] == ["VB"] and plan.changes_nothing
    difference = applied(book(CLASSES, VA), "classes", school_year=YEAR, clear_missing=date(2026, 1, 1))
    assert [record.code for record in ClassRecord.objects.all()] == ["VA"]
    runs.undo("classes", difference)
    assert [record.code for record in ClassRecord.objects.order_by("code")] == ["VA", "VB"]


def test_classes_of_units_that_the_list_does_not_speak_of_are_not_missing() -> None:
    applied(
        book(CLASSES, VA, [YEAR, "0162100144", None, "Grupa mare", "Preșcolar", "Grupa mare", "Română", "Zi", None, 18]), "classes", school_year=YEAR
    )
    _read, plan = dry(book(CLASSES, VA), "classes", school_year=YEAR)
    assert not plan.missing


@pytest.mark.parametrize(
    ("cell", "code"),
    [(24.5, "half"), (None, "missing"), ("douăzeci", "no_number")],
)
def test_a_class_without_a_whole_number_of_pupils_is_an_error(cell: object, code: str) -> None:
    read, plan = dry(book(CLASSES, [*VA[:9], cell]), "classes", school_year=YEAR)
    assert codes_of(read, "error") == [code] and addresses(read, code) == ["Export!J2"] and not plan.created


def test_one_code_for_two_classes_of_a_unit_is_an_error_and_of_two_units_is_not() -> None:
    read, _plan = dry(book(CLASSES, VA, [*VA[:3], "Altă clasă", *VA[4:]]), "classes", school_year=YEAR)
    assert codes_of(read, "error") == ["duplicate_code"]
    read, plan = dry(book(CLASSES, VA, [YEAR, "0162100144", *VA[2:]]), "classes", school_year=YEAR)
    assert codes_of(read, "error") == [] and len(plan.created) == 2


def test_unusual_classes_are_only_remarked_on() -> None:
    read, plan = dry(book(CLASSES, [*VA[:5], None, *VA[6:9], 46]), "classes", school_year=YEAR)
    assert set(read.problems.counts) == {"no_grade", "many_pupils"} and len(plan.created) == 1


def test_an_unknown_level_is_an_error_because_a_class_must_have_one() -> None:
    read, _plan = dry(book(CLASSES, [*VA[:4], "Universitar", *VA[5:]]), "classes", school_year=YEAR)
    assert codes_of(read, "error") == ["value_unknown"]
