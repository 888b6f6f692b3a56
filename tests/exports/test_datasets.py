"""What is exported is what the pages show: the figures of the worked example, counts that somebody else counts, coverage of the board."""

from __future__ import annotations

import csv
from collections import Counter
from typing import Any

import pandas as pd
import pytest
from django.utils import timezone

from exports.columns import Layout
from exports.datasets import frames_of
from exports.documentation import about, dictionary
from exports.layouts import layouts_of
from exports.scope import Scope
from portal.collection import completeness
from portal.collection.models import ClassTable, Collection, Exemption, Response
from tests.exports.conftest import somebody
from tests.portal.worked_round import EXAMPLE, WorkedRound, expected

pytestmark = pytest.mark.django_db


def tables(scope: Scope) -> dict[str, pd.DataFrame]:
    layouts = layouts_of(scope.methodology, scope.attributes())
    (part,) = scope.parts()
    return {layout.code: frame for layout, frame in frames_of(part, layouts)}


def rows_by(frame: pd.DataFrame, *columns: str) -> dict[Any, dict[str, Any]]:
    records = frame.to_dict("records")
    return {tuple(row[column] for column in columns) if len(columns) > 1 else row[columns[0]]: row for row in records}


def test_the_wide_and_the_long_table_have_the_expected_figures(worked: WorkedRound) -> None:
    found = tables(Scope(worked.county))
    wide = rows_by(found["unitati"], "unit.code")
    long = rows_by(found["indicatori"], "unit.code", "indicator")
    for key, unit in worked.units.items():
        for code, figure in expected()["units"][key]["indicators"].items():
            assert wide[unit.code][code] == figure["value"], (key, code)
            assert wide[unit.code][f"{code}.status"] == figure["status"]
            one = long[unit.code, code]
            assert (one["value"], one["status"], one["band"]) == (figure["value"], figure["status"], figure.get("band"))
            assert (one["reason"] is None) == (figure["status"] == "ok")
    assert len(long) == 3 * len(worked.methodology.indicators)


def test_the_places_behind_an_indicator_are_those_expected(worked: WorkedRound) -> None:
    found = tables(Scope(worked.county))["elemente"].to_dict("records")
    got = {(row["unit.code"], row["indicator"], row["item"]): (row["value"], row["own"], row["reference"]) for row in found}
    wanted = {
        (unit.code, code, item["item"]): (item["value"], item["sub"], item["ref"])
        for key, unit in worked.units.items()
        for code, figure in expected()["units"][key]["indicators"].items()
        for item in figure.get("items", ())
    }
    assert got == wanted


def test_counts_of_values_are_those_of_the_example_files(worked: WorkedRound) -> None:
    with (EXAMPLE / "pupils.csv").open(encoding="utf-8", newline="") as file:
        pupils = list(csv.DictReader(file))
    found = tables(Scope(worked.county))
    classes = rows_by(found["clase"], "unit.code", "class.code")
    units = rows_by(found["unitati"], "unit.code")
    for column in ("gender", "ethnicity", "parent_education", "bench"):
        for (key, code), school_class in worked.classes.items():
            counted = Counter(row[column] for row in pupils if (row["unit"], row["cls"]) == (key, code))
            row = classes[worked.units[key].code, school_class.code]
            got = {name.rpartition(".")[2]: many for name, many in row.items() if name.startswith(f"n.{column}.") and many}
            assert got == {value: many for value, many in counted.items() if value}
        for key, unit in worked.units.items():
            counted = Counter(row[column] for row in pupils if row["unit"] == key)
            assert {name: units[unit.code][f"n.{column}.{name}"] for name in counted if name} == {n: many for n, many in counted.items() if n}
    without_bench = sum(1 for row in pupils if row["unit"] == "U1" and row["cls"] == "7B" and not row["bench"])
    assert units[worked.units["U1"].code]["blank.bench"] == without_bench == 3


def test_a_class_whose_table_has_not_come_has_no_counts_rather_than_zeros(worked: WorkedRound) -> None:
    school_class = worked.classes["U1", "5A"]
    Collection.objects.filter(pk=school_class.pk).update(progress=Collection.Progress.IN_PROGRESS)
    row = rows_by(tables(Scope(worked.county))["clase"], "unit.code", "class.code")[worked.units["U1"].code, "5A"]
    counts = {name: value for name, value in row.items() if name.startswith(("n.", "blank.")) or name == "class.rows"}
    assert counts
    assert set(counts.values()) == {None}
    assert row["cls_pupils"] == 27


def test_no_table_holds_rows_of_pupils(worked: WorkedRound) -> None:
    """No table has as many rows as there are pupils, and the columns of the class table appear only as counts."""
    found = tables(Scope(worked.county))
    pupils = sum(ClassTable.objects.values_list("rows", flat=True))
    columns = set(worked.methodology.fields["pupil"])
    for code, frame in found.items():
        assert len(frame) != pupils
        assert not columns & set(frame.columns), code
    assert not columns & set(found["raspunsuri"]["question"])


def test_final_units_are_exported_with_the_figures_they_were_frozen_with(worked: WorkedRound) -> None:
    worked.freeze("U1")
    unit = worked.units["U1"]
    before = rows_by(tables(Scope(worked.county))["unitati"], "unit.code")[unit.code]
    answers = Response.objects.get(collection=unit, section="basic")
    answers.values["pop_total"] = 100_000
    answers.save()
    after = rows_by(tables(Scope(worked.county))["unitati"], "unit.code")[unit.code]
    assert after["A.ROM.6"] == before["A.ROM.6"]
    assert (after["unit.result"], after["unit.state"]) == (1, "finalised")
    others = rows_by(tables(Scope(worked.county))["indicatori"], "unit.code", "indicator")
    assert others[worked.units["U2"].code, "A.ROM.2"]["unit.result"] is None
    assert others[worked.units["U2"].code, "A.ROM.2"]["provisional"] is True


def test_only_final_units_are_exported_where_that_is_asked(worked: WorkedRound) -> None:
    worked.freeze("U3")
    found = tables(Scope(worked.county, final_only=True))
    for code in ("unitati", "clase", "building", "indicatori", "elemente", "raspunsuri"):
        assert set(found[code]["unit.code"]) == {worked.units["U3"].code}, code


def test_a_unit_is_exported_alone_though_its_figures_look_at_its_siblings(worked: WorkedRound) -> None:
    found = tables(Scope(worked.units["U2"]))
    assert list(found["unitati"]["unit.code"]) == [worked.units["U2"].code]
    assert found["unitati"].iloc[0]["A.ROM.2"] == expected()["units"]["U2"]["indicators"]["A.ROM.2"]["value"]


def test_an_exempt_unit_is_listed_with_its_reason_and_without_figures(worked: WorkedRound) -> None:
    unit = worked.units["U2"]
    Collection.objects.filter(pk=unit.pk).update(exempt=True)
    Exemption.objects.create(collection=unit, reason="too_small", text="Zece elevi.", given_by=somebody("inspector", worked.county))
    row = rows_by(tables(Scope(worked.county))["unitati"], "unit.code")[unit.code]
    assert (row["unit.state"], row["unit.exemption"], row["unit.exemption_text"]) == ("exempt", "too_small", "Zece elevi.")
    assert row["A.ROM.1"] is None
    assert row["pop_total"] is None


def test_the_units_of_an_exempt_school_are_exempt_for_its_reason(worked: WorkedRound) -> None:
    Collection.objects.filter(pk=worked.school.pk).update(exempt=True)
    Exemption.objects.create(collection=worked.school, reason="closed", text="Comasată.", given_by=somebody("inspector", worked.county))
    found = tables(Scope(worked.county))["unitati"]
    assert set(found["unit.state"]) == {"exempt"}
    assert set(found["unit.exemption"]) == {"closed"}


def test_answers_say_whether_they_were_asked(worked: WorkedRound) -> None:
    found = rows_by(tables(Scope(worked.county))["raspunsuri"], "unit.code", "item", "question")
    one, two = worked.units["U1"].code, worked.units["U2"].code
    assert (found[one, None, "pop_date"]["answer"], found[one, None, "pop_date"]["status"]) == ("15.10.2025", "ok")
    assert (found[one, None, "ownership"]["code"], found[one, None, "ownership"]["answer"]) == ("public", "De stat")
    assert found[one, None, "measures"]["status"] == "not_answered"
    assert found[one, None, "allocation_other"]["status"] == "not_collected"
    assert found[two, None, "teachers_total"]["status"] == "not_collected"
    assert found[one, "A", "bld_area_m2"]["number"] == 512.5


def test_the_first_table_counts_what_the_board_counts(worked: WorkedRound) -> None:
    worked.freeze("U1")
    scope = Scope(worked.county)
    layouts = layouts_of(scope.methodology, scope.attributes())
    layout, frame = about(scope, layouts, timezone.now(), "Așa.")
    said = dict(frame.itertuples(index=False))
    units = completeness.of(worked.county)["unit"]
    assert [said[f"Unități: {name}"] for name in ("așteptate", "exceptate", "primite", "primite la timp")] == [
        units.expected, units.exempt, units.received, units.on_time,
    ]  # fmt: skip
    assert said["Elevi în unitățile așteptate"] == tables(scope)["unitati"]["unit.pupils"].sum()
    assert said["Amprenta metodologiei"] == worked.methodology.digest
    assert layout.title == "Despre"


def test_every_column_is_in_the_dictionary_once_with_its_list(worked: WorkedRound) -> None:
    scope = Scope(worked.county)
    layouts = layouts_of(scope.methodology, scope.attributes())
    _layout, frame = dictionary(layouts)
    found = rows_by(frame, "table", "code")
    assert len(found) == len(frame) == sum(len(layout.columns) for layout in layouts.values())
    assert "public = De stat" in found["Unități", "ownership"]["choices"]
    assert found["Unități", "A.ROM.1"]["measure"] == "%"
    assert found["Clase", "n.ethnicity.roma"]["missing"].startswith("Tabelul clasei nu a fost trimis")
    assert all(row["label"] and row["type"] and row["missing"] for row in frame.to_dict("records"))


def test_codes_of_columns_never_collide(worked: WorkedRound) -> None:
    layouts: dict[str, Layout] = layouts_of(worked.methodology, ["siruta", "kind"])
    for layout in layouts.values():
        codes = [column.code for column in layout.columns]
        assert len(codes) == len(set(codes)), layout.code
