"""Lists that go out: they come back unchanged, run nothing, and tell how to fill them in."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from portal.network.exporting import delimited, rows, workbook
from portal.network.importing import reading, runs
from portal.network.importing.columns import KINDS, columns_of
from portal.network.importing.runs import Order
from portal.network.models import ClassRecord, Level, Place
from tests.portal.network.books import codes_of, dry
from tests.portal.network.conftest import YEAR

pytestmark = pytest.mark.django_db
ODD_NAMES = [
    "=cmd|' /C calc'!A0",
    "+40 722",
    "-1",
    "@SUM(A1)",
    "Școala „A” \"B\" 'C'; D",
    "<b>&amp;</b>",
    "Linie; cu; punct și virgulă",
    "https://example.org/",
]


def exported(kind: str, shape: str, place: Place) -> bytes:
    found = rows.rows_of(columns_of(kind), place, YEAR)
    return workbook.content(columns_of(kind), found) if shape == "xlsx" else "".join(delimited.lines(columns_of(kind), found)).encode()


def named_oddly(nation: Place) -> None:
    for place, name in zip(Place.objects.filter(level__in=(Level.SCHOOL, Level.UNIT)), ODD_NAMES * 3, strict=False):
        place.name = name
        place.save()
    for record, name in zip(ClassRecord.objects.all(), ["=V A", "-", "V A/1", "P'B"] * 20, strict=False):
        record.name = name
        record.save()


@pytest.mark.parametrize("shape", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_export_imported_back_changes_nothing(invented: Place, kind: str, shape: str) -> None:
    named_oddly(invented)
    before = [list(model.objects.order_by("pk").values()) for model in (Place, ClassRecord)]
    read, plan = dry(exported(kind, shape, invented), kind, school_year=YEAR)
    assert codes_of(read, "error") == [] and len(read.records) == (24 if kind == "classes" else 7)
    assert plan.changes_nothing and not plan.missing and plan.unchanged
    runs.write(kind, plan)
    assert [list(model.objects.order_by("pk").values()) for model in (Place, ClassRecord)] == before


@pytest.mark.parametrize("shape", ["xlsx", "csv"])
def test_a_network_without_pupils_or_levels_comes_back_too(invented: Place, shape: str) -> None:
    for unit in Place.objects.filter(level=Level.UNIT):
        unit.attributes = {}
        unit.save()
    for kind in KINDS:
        read, plan = dry(exported(kind, shape, invented), kind, school_year=YEAR)
        assert codes_of(read, "error") == [] and plan.changes_nothing


def test_a_list_of_classes_has_a_row_to_fill_in_for_every_unit_without_classes(invented: Place) -> None:
    unit = Place.objects.filter(level=Level.UNIT).earliest("pk")
    unit.classes.all().delete()
    content = exported("classes", "xlsx", invented)
    read, plan = dry(content, "classes", school_year=YEAR)
    assert read.problems.counts["not_filled"] == 1 and plan.changes_nothing
    sheet = reading.read(content).sheet("Clase")
    assert sheet is not None
    filled = [row for row in sheet.rows if unit.code in row]
    assert len(filled) == 1 and filled[0][:3] == [YEAR, unit.code, unit.name]


def test_a_county_exports_only_what_is_below_it(invented: Place) -> None:
    from portal.network import services, synthetic

    services.seed([1], synthetic.Size(2, 4, 9), 5, YEAR)
    arad = Place.objects.get(level=Level.COUNTY, code="AR")
    read, _plan = dry(exported("network", "csv", arad))
    assert {record["county"] for record in read.records} == {"AR"} and len(read.records) == 4


def test_text_that_looks_like_a_formula_is_text_in_both_shapes(invented: Place) -> None:
    named_oddly(invented)
    with zipfile.ZipFile(io.BytesIO(exported("network", "xlsx", invented))) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert not re.search(rb"<(\w+:)?f[ >]", content), name
            assert b"hyperlink" not in content or name.endswith("styles.xml"), name
    lines = exported("network", "csv", invented).decode().splitlines()
    assert any("'=cmd" in line for line in lines)
    assert not any(re.search(r'(^|;)"?[=+@-]', line) for line in lines)


def test_a_template_says_how_to_fill_it_in_and_offers_the_values() -> None:
    content = workbook.content(columns_of("classes"), [])
    book = reading.read(content)
    assert [sheet.name for sheet in book.sheets] == ["Instrucțiuni", "Clase", "Liste"]
    told = " ".join(str(cell) for row in book.sheets[0].rows for cell in row if cell)
    assert "Nu scrieți nume de elevi" in told and "cls_pupils" in told and "Obligatoriu." in told
    assert book.sheets[1].rows == [[field.code for field in columns_of("classes").fields], [field.label for field in columns_of("classes").fields]]
    assert "Maghiară" in {cell for row in book.sheets[2].rows for cell in row}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert sheet.count("<dataValidation ") == 5 and "'Liste'!$A$2:$A$8" in sheet


def test_a_template_that_was_filled_in_is_imported(invented: Place) -> None:
    unit = Place.objects.filter(level=Level.UNIT).earliest("pk")
    columns = columns_of("classes")
    row = [YEAR, unit.code, unit.name, None, "Noua clasă", "Primar", "Clasa I", "Română", "Zi", None, 17]
    read, plan = dry(workbook.content(columns, [row]), "classes", school_year=YEAR)
    assert codes_of(read, "error") == [] and [record.code for record in plan.created] == ["NOUACLASA"]


def test_values_of_a_new_methodology_need_no_new_data_here(invented: Place) -> None:
    unit = Place.objects.filter(level=Level.UNIT).earliest("pk")
    columns = columns_of("classes").with_values({"teaching_language": {"ro": "Limba română", "tt": "Tătară"}})
    assert "Tătară" in {cell for row in reading.read(workbook.content(columns, [])).sheets[2].rows for cell in row}
    row = [YEAR, unit.code, unit.name, "T", "Clasă tătară", "Primar", "Clasa I", "tătară", "Zi", None, 17]
    from portal.network.importing import headers

    book = reading.read(workbook.content(columns, [row]))
    _read, plan = runs.check(book, headers.proposed(book, columns), columns, Order("classes", school_year=YEAR))
    assert plan.created[0].attributes["cls_language"] == "tt"


def test_values_have_the_codes_and_labels_of_the_methodology(methodology_2025) -> None:  # type: ignore[no-untyped-def]
    from portal.network.importing.values import listed

    for name in ("residence", "unit_status", "ownership", "education_level", "teaching_language", "study_form", "grade"):
        theirs = {choice.code: choice.label["ro"] for choice in methodology_2025.choices[name].choices}
        assert dict(listed(name).labels) == theirs, name
