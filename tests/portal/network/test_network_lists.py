"""Importing the network: what becomes a school, what a unit, what moved, what is gone; nothing lost, nothing half done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from portal.network.importing import applying, runs
from portal.network.models import ClassRecord, Level, Place
from tests.portal.network.books import addresses, applied, codes_of, dry, listed

pytestmark = pytest.mark.django_db

# The school of Abrud with its own unit and a kindergarten; another school of the same county; one of Cluj.
ABRUD = ["AB", "0161100031", "Școala „Avram” Abrud", "0161100031", "Școala „Avram” Abrud", "PJ", "URBAN", 265]
NURSERY = ["AB", "0161100031", "Școala „Avram” Abrud", "0162100144", "Grădinița Abrud", "AR", "RURAL", 100]
LYCEUM = ["AB", "0161102892", "Liceul „Horea” Abrud", "0161102892", "Liceul „Horea” Abrud", "PJ", "URBAN", 316]
CLUJ = ["CJ", "1261105692", "Creșa Cluj", "1261105692", "Creșa Cluj", "PJ", "URBAN", 90]


def tree() -> dict[str, str]:
    """Level and code → code of the place above; closed places in brackets."""
    found = Place.objects.select_related("parent").order_by("pk")
    return {f"{place.level} {place.code}": f"({above(place)})" if place.closed_on else above(place) for place in found}


def above(place: Place) -> str:
    return place.parent.code if place.parent else ""


def unit(code: str) -> Place:
    return Place.objects.get(level=Level.UNIT, code=code)


def everything() -> list[Any]:
    return list(Place.objects.order_by("pk").values())


# ---- what rows become ------------------------------------------------------------------------------------


def test_a_row_with_legal_personality_makes_a_school_and_its_own_unit() -> None:
    applied(listed(ABRUD, NURSERY, CLUJ))
    assert tree() == {
        "national RO": "",
        "county AB": "RO",
        "county CJ": "RO",
        "school 0161100031": "AB",
        "school 1261105692": "CJ",
        "unit 0161100031": "0161100031",
        "unit 0162100144": "0161100031",
        "unit 1261105692": "1261105692",
    }
    assert Place.objects.get(level=Level.COUNTY, code="CJ").name == "Cluj"


def test_residence_belongs_to_the_unit_and_facts_have_the_names_that_methodologies_prefill() -> None:
    applied(listed(ABRUD, NURSERY))
    assert unit("0161100031").attributes == {"unit_status": "pj", "residence": "urban", "pupils_total": 265}
    assert unit("0162100144").facts == {
        "unit_status": "ar",
        "residence": "rural",
        "pupils_total": 100,
        "siiir_code": "0162100144",
        "unit_name": "Grădinița Abrud",
    }
    assert "residence" not in Place.objects.get(level=Level.SCHOOL).attributes


def test_every_path_names_the_way_from_the_top() -> None:
    applied(listed(ABRUD, NURSERY, CLUJ))
    for place in Place.objects.select_related("parent"):
        assert place.path == f"{place.parent.path if place.parent else '/'}{place.pk}/"


def test_a_place_takes_part_when_something_at_or_below_it_teaches_pupils() -> None:
    applied(listed([*ABRUD[:7], 0], LYCEUM, ["CJ", *CLUJ[1:7], 0]))
    collecting = set(Place.objects.filter(collects=True).values_list("level", "code"))
    assert collecting == {("national", "RO"), ("county", "AB"), ("school", "0161102892"), ("unit", "0161102892")}
    applied(listed([*ABRUD[:7], 3], LYCEUM, CLUJ))
    assert not Place.objects.filter(collects=False).exists()


def test_pupils_that_are_not_known_keep_a_unit_in_the_round() -> None:
    applied(listed([*ABRUD[:7], None]))
    assert unit("0161100031").collects


# ---- importing again -------------------------------------------------------------------------------------


def test_the_same_list_again_changes_nothing() -> None:
    content = listed(ABRUD, NURSERY, LYCEUM, CLUJ)
    applied(content)
    before = everything()
    _read, plan = dry(content)
    assert plan.changes_nothing and not plan.missing and plan.unchanged == 7
    runs.write("network", plan)
    assert everything() == before


def test_special_education_is_presumed_only_where_the_list_does_not_say_it() -> None:
    from tests.portal.network.books import HEADER, book

    special = [*ABRUD[:4], "Școala Specială Abrud", *ABRUD[5:]]
    content = book([*HEADER, "Învățământ special"], [*special, None], [*LYCEUM, "Da"])
    applied(content)
    assert "special_school" not in unit("0161100031").attributes and unit("0161102892").attributes["special_school"] is True
    assert dry(content)[1].changes_nothing
    applied(listed(["AB", *special[1:3], "0162100144", "Grădinița Specială", *special[5:]], special))
    assert unit("0162100144").attributes["special_school"] is True


def test_facts_that_the_list_has_no_column_for_are_kept() -> None:
    applied(listed(ABRUD))
    place = unit("0161100031")
    place.attributes |= {"levels": ["primary"]}
    place.save()
    applied(listed([*ABRUD[:6], "RURAL", 250]))
    assert unit("0161100031").attributes == {"unit_status": "pj", "residence": "rural", "pupils_total": 250, "levels": ["primary"]}


def test_a_unit_that_goes_to_another_school_is_moved_with_its_path() -> None:
    applied(listed(ABRUD, NURSERY, LYCEUM))
    _read, plan = dry(listed(ABRUD, LYCEUM, ["AB", "0161102892", "Liceul", *NURSERY[3:]]))
    assert [(update.kinds, update.told["moved"]) for update in plan.updated] == [(("moved",), ("Școala „Avram” Abrud", "Liceul „Horea” Abrud"))]
    runs.write("network", plan)
    moved = unit("0162100144")
    assert moved.parent is not None and moved.path.startswith(moved.parent.path) and moved.parent.code == "0161102892"


def test_a_school_that_became_a_structure_keeps_its_unit_and_is_reported_as_merged() -> None:
    applied(listed(ABRUD, NURSERY, LYCEUM))
    kept = unit("0161100031").pk
    structure = ["AB", "0161102892", "Liceul „Horea” Abrud", "0162100031", "Școala „Avram” Abrud", "AR", "URBAN", 265]
    nursery = ["AB", "0161102892", "Liceul „Horea” Abrud", *NURSERY[3:]]
    _read, plan = dry(listed(LYCEUM, structure, nursery))
    assert [(gone.code, heir.code) for gone, heir in plan.merged] == [("0161100031", "0161102892")]
    assert [place.code for place in plan.missing] == ["0161100031"]
    assert {kind for update in plan.updated for kind in update.kinds} >= {"became_structure", "moved"}
    runs.write("network", plan)
    assert unit("0162100031").pk == kept
    assert Place.objects.get(level=Level.SCHOOL, code="0161100031").collects is False


def test_a_structure_that_became_a_school_keeps_its_unit() -> None:
    applied(listed(ABRUD, NURSERY))
    kept = unit("0162100144").pk
    applied(listed(ABRUD, ["AB", "0161100144", "Grădinița Abrud", "0161100144", "Grădinița Abrud", "PJ", "RURAL", 100]))
    assert unit("0161100144").pk == kept and above(unit("0161100144")) == "0161100144"


def test_what_the_list_does_not_mention_is_reported_and_stays() -> None:
    applied(listed(ABRUD, NURSERY, LYCEUM, CLUJ))
    _read, plan = dry(listed(ABRUD))
    assert [(place.level, place.code) for place in plan.missing] == [("school", "0161102892"), ("unit", "0162100144"), ("unit", "0161102892")]
    before = everything()
    runs.write("network", plan)
    assert everything() == before


def test_what_is_missing_is_closed_only_when_asked_and_reopened_when_it_is_back() -> None:
    content = listed(ABRUD, NURSERY, LYCEUM)
    applied(content)
    applied(listed(ABRUD), clear_missing=date(2026, 9, 1))
    assert [place.code for place in Place.objects.exclude(closed_on=None)] == ["0161102892", "0162100144", "0161102892"]
    assert Place.objects.get(level=Level.SCHOOL, code="0161102892").collects is False
    _read, plan = dry(content)
    assert {kind for update in plan.updated for kind in update.kinds} == {"reopened", "expected"}
    runs.write("network", plan)
    assert not Place.objects.exclude(closed_on=None).exists()


def test_units_with_a_closing_date_in_the_list_are_not_imported() -> None:
    from tests.portal.network.books import HEADER, book

    read, plan = dry(book([*HEADER, "Data închiderii"], [*ABRUD, None], [*NURSERY, "31.08.2025"]))
    assert [place.code for place in plan.created if place.level == Level.UNIT] == ["0161100031"]
    assert read.problems.counts["closed"] == 1


# ---- what is wrong in a list -----------------------------------------------------------------------------


def test_a_structure_whose_school_is_nowhere_is_an_error_and_one_whose_school_is_in_the_network_is_not() -> None:
    read, _plan = dry(listed(NURSERY))
    assert codes_of(read, "error") == ["school_unknown"] and addresses(read, "school_unknown") == ["2"]
    applied(listed(ABRUD))
    read, plan = dry(listed(NURSERY))
    assert codes_of(read, "error") == [] and len(plan.created) == 1


def test_one_code_with_two_contents_is_an_error_naming_both_rows() -> None:
    read, _plan = dry(listed(ABRUD, [*ABRUD[:4], "Alt nume", *ABRUD[5:]]))
    assert codes_of(read, "error") == ["duplicate_code"]
    assert "rândul 2" in str(next(iter(read.problems)).sentence) and addresses(read, "duplicate_code") == ["3"]


def test_an_exact_repetition_is_reported_and_makes_one_place() -> None:
    read, plan = dry(listed(ABRUD, ABRUD))
    assert codes_of(read, "error") == [] and read.problems.counts["duplicate_row"] == 1
    assert len([place for place in plan.created if place.level == Level.UNIT]) == 1


def test_status_and_codes_that_contradict_each_other_are_a_warning() -> None:
    read, _plan = dry(listed([*ABRUD[:5], "AR", *ABRUD[6:]]))
    assert read.problems.counts["status_contradicts"] == 1 and codes_of(read, "error") == []


def test_a_code_given_by_another_county_is_a_warning() -> None:
    read, _plan = dry(listed(["CJ", *ABRUD[1:]]))
    assert "al județului Alba" in str(next(problem for problem in read.problems if problem.code == "county_of_code").sentence)


def test_a_unit_may_not_be_in_another_county_than_its_school() -> None:
    read, _plan = dry(listed(ABRUD, ["CJ", *NURSERY[1:]]))
    assert codes_of(read, "error") == ["county_of_school"]


def test_rows_of_other_counties_are_refused_by_name() -> None:
    read, plan = dry(listed(ABRUD, CLUJ), scope=frozenset({"AB"}))
    sentence = str(next(problem for problem in read.problems if problem.code == "other_county").sentence)
    assert "„Creșa Cluj” este din județul Cluj" in sentence and "numai: Alba" in sentence
    assert "CJ" not in {place.code for place in plan.created}


def test_a_unit_of_another_county_cannot_be_drawn_over() -> None:
    """The row says Alba; the unit, or the school, is in Cluj."""
    applied(listed(ABRUD, CLUJ))
    for row in (
        ["AB", "0161100031", "x", "1261105692", "Creșa", "AR", "URBAN", 3],
        ["AB", "1261105692", "x", "0162100144", "Grădinița", "AR", "URBAN", 3],
    ):
        read, plan = dry(listed(row), scope=frozenset({"AB"}))
        assert codes_of(read, "error") == ["other_county"] and not plan.updated


# ---- all or nothing, and back ----------------------------------------------------------------------------


def test_an_import_is_undone_to_the_letter() -> None:
    applied(listed(ABRUD, NURSERY, LYCEUM))
    before = everything()
    moved = ["AB", "0161102892", "Liceul „Horea” Abrud", "0162100144", "Grădinița nouă", "AR", "URBAN", 0]
    difference = applied(listed(LYCEUM, moved, CLUJ), clear_missing=date(2026, 9, 1))
    assert everything() != before
    runs.undo("network", difference)
    assert everything() == before


def test_what_changed_since_keeps_an_import_from_being_undone() -> None:
    applied(listed(ABRUD))
    difference = applied(listed([*ABRUD[:4], "Nume nou", *ABRUD[5:]]))
    Place.objects.filter(level=Level.UNIT).update(name="Alt nume")
    with pytest.raises(applying.CannotUndo, match="changed_since"):
        runs.undo("network", difference)


def test_an_import_whose_places_have_data_is_not_undone() -> None:
    difference = applied(listed(ABRUD))
    ClassRecord.objects.create(unit=unit("0161100031"), school_year="2025-2026", code="VA", name="V A", pupils=20)
    before = everything()
    with pytest.raises(applying.CannotUndo, match="in_use"):
        runs.undo("network", difference)
    assert everything() == before


def test_a_failure_at_any_statement_leaves_nothing_behind() -> None:
    applied(listed(ABRUD, NURSERY))
    before = everything()
    content = listed([*ABRUD[:4], "Nume nou", *ABRUD[5:]], LYCEUM, CLUJ)
    _read, plan = dry(content)
    reached = 0
    for failing in range(1, 200):
        count = 0

        def fail(execute: Any, sql: str, params: Any, many: bool, context: Any, failing: int = failing) -> Any:
            nonlocal count
            if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                count += 1
                if count == failing:
                    raise OperationalError("injected")
            return execute(sql, params, many, context)

        _read, plan = dry(content)
        try:
            with connection.execute_wrapper(fail), transaction.atomic():
                runs.write("network", plan)
        except OperationalError:
            reached += 1
            assert everything() == before
            continue
        break
    assert reached >= 5
    assert unit("0161100031").name == "Nume nou"
