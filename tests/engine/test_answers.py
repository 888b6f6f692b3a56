"""What a form shows, requires, proposes and keeps."""

from __future__ import annotations

import re
import shutil
from typing import Any

import pytest

import engine
from engine.answers import carried_over
from engine.answers.prefill import prefill
from engine.answers.problems import AnswerProblem
from engine.catalogue.answers import ENTRIES
from engine.methodology import Methodology, Step
from engine.reference import Reference
from tests.conftest import HOSPITALS, ROOT
from tests.engine import stored

UNIT = {"residence": "urban", "buildings": [{"bld_code": "A"}, {"bld_code": "B"}]}
CLASS: dict[str, Any] = {
    "cls_name": "V A",
    "cls_level": "lower_secondary",
    "cls_simultaneous": False,
    "cls_grade": "5",
    "cls_language": "hu",
    "cls_form": "day",
    "cls_building": "A",
    "cls_shift": "one",
    "cls_pupils": 28,
    "cls_girls": 10,
    "cls_has_benches": True,
    "cls_bench_rows": 5,
    "cls_seats_per_row": 6,
    "cls_derogation": "none",
    "cls_teacher_qualified": "yes",
}


@pytest.fixture(scope="module")
def in_unit(methodology_2025: Methodology) -> engine.Context:
    return engine.Context(engine.around(methodology_2025, {"unit": UNIT}))


def told(problems: tuple[AnswerProblem, ...]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems]


def test_good_answers_are_kept_and_nothing_is_wrong(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    cleaned = engine.clean(methodology_2025, "class", CLASS, in_unit)
    assert cleaned.problems == ()
    assert cleaned.values == CLASS | {"cls_teacher_changed": False, "cls_support_teacher": False}


def test_what_was_cleaned_once_is_clean(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    typed = CLASS | {"cls_pupils": " 28 ", "cls_girls": "10,0", "cls_simultaneous": "nu", "cls_language": "Maghiară", "cls_name": "V\u00a0A "}
    once = engine.clean(methodology_2025, "class", typed, in_unit)
    assert once.values == engine.clean(methodology_2025, "class", CLASS, in_unit).values
    assert engine.clean(methodology_2025, "class", once.values, in_unit) == once


def test_a_hidden_answer_is_neither_kept_nor_wrong(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    answers = CLASS | {"cls_has_benches": False, "cls_bench_rows": "12abc", "cls_seats_per_row": 6}
    cleaned = engine.clean(methodology_2025, "class", answers, in_unit)
    assert cleaned.problems == ()
    assert not {"cls_bench_rows", "cls_seats_per_row"} & cleaned.values.keys()


def test_what_is_required_depends_on_the_answers(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    answers = CLASS | {"cls_simultaneous": True, "cls_has_benches": None}
    found = told(engine.clean(methodology_2025, "class", answers, in_unit).problems)
    assert found == [("cls_grades_mixed", "A801"), ("cls_has_benches", "A801")]


def test_an_absent_answer_takes_its_default_and_a_blank_stays_blank(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    absent = {code: value for code, value in CLASS.items() if code != "cls_bench_rows"}
    assert engine.clean(methodology_2025, "class", absent, in_unit).values["cls_bench_rows"] == 5
    blank = engine.clean(methodology_2025, "class", CLASS | {"cls_bench_rows": " "}, in_unit)
    assert told(blank.problems) == [("cls_bench_rows", "A801")]


def test_a_default_looks_at_other_answers(methodology_2025: Methodology) -> None:
    assert engine.initial(methodology_2025, "class", engine.Context(stored={"cls_level": "preschool"}))["cls_has_benches"] is False
    assert engine.initial(methodology_2025, "class", engine.Context(stored={"cls_level": "primary"}))["cls_has_benches"] is True
    assert engine.initial(methodology_2025, "class", engine.Context(stored={"cls_language": "hu"}))["cls_derogation"] == "mother_tongue"


def test_only_the_fields_asked_for_are_judged_but_all_answers_count(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    context = engine.Context(in_unit.places, stored=CLASS | {"cls_has_benches": False})
    cleaned = engine.clean(methodology_2025, "class", {"cls_bench_rows": 4, "cls_shift": "x"}, context, fields=["cls_bench_rows", "cls_shift"])
    assert (cleaned.values, told(cleaned.problems)) == ({}, [("cls_shift", "A809")])


def test_a_read_only_field_ignores_what_is_typed(methodology_2025: Methodology) -> None:
    context = engine.Context(stored={"locality": "Alba Iulia"}, network={"siiir_code": "0461100123"})
    cleaned = engine.clean(methodology_2025, "unit", {"locality": "Cluj", "siiir_code": "1"}, context, fields=["locality", "siiir_code"])
    assert cleaned.values == {"locality": "Alba Iulia", "siiir_code": "0461100123"}


def test_a_place_that_is_not_declared_is_refused(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    assert told(engine.clean(methodology_2025, "class", CLASS | {"cls_building": "Z"}, in_unit).problems) == [("cls_building", "A816")]
    nothing_known = engine.Context()
    assert engine.clean(methodology_2025, "class", CLASS | {"cls_building": "Z"}, nothing_known).problems == ()


def test_the_state_of_every_field_is_told_while_answers_are_wrong(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    states = engine.shown(methodology_2025, "class", {"cls_level": "early", "cls_pupils": "12abc", "cls_simultaneous": "da"}, in_unit)
    seen = {code: (states[code].value, states[code].shown, states[code].required) for code in ("cls_pupils", "cls_has_benches", "cls_bench_rows")}
    assert seen == {"cls_pupils": (None, True, True), "cls_has_benches": (False, True, True), "cls_bench_rows": (5, False, False)}
    assert (states["cls_grade"].shown, states["cls_grades_mixed"].required) == (False, True)


def test_a_question_with_a_condition_on_several_choices(methodology_2025: Methodology) -> None:
    def relevant(levels: list[str]) -> bool:
        return engine.shown(methodology_2025, "unit", {"levels": levels})["en8_present"].shown

    assert (relevant(["primary", "lower_secondary"]), relevant(["primary"])) == (True, False)


def test_a_condition_that_is_missing_is_not_true(hospitals: Methodology) -> None:
    shown = [engine.shown(hospitals, "ward", {"open_at_night": value})["night_staff"].shown for value in (True, False, None)]
    assert shown == [True, False, False]


@pytest.mark.parametrize("year", ["2024-2025", "2025-2026"])
def test_what_is_shown_and_required_is_what_the_reference_says(year: str) -> None:
    folder = ROOT / "indicators" / year
    methodology = engine.load_methodology(folder)
    places = stored.schools(methodology, folder / "examples" / "worked")
    reference = Reference(methodology, engine.build_dataset(methodology, places))
    compared = 0
    for level in ("unit", "class"):
        for place in range(len(places[level].keys)):
            answers: dict[str, Any] = {}
            for listed in places[level].answers.values():
                answers |= listed[place] or {}
            blanks = dict.fromkeys(methodology.fields[level])
            for code, state in engine.shown(methodology, level, blanks | answers, engine.Context(places, place)).items():
                field = state.field
                visible = field.show is None or reference.value(field.show, place).value is True
                needed = field.required or (field.required_if is not None and reference.value(field.required_if, place).value is True)
                assert (state.shown, state.required) == (visible, visible and needed), (level, place, code)
                compared += 1
    assert compared > 200


# ---- conditions that look further --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wards(tmp_path_factory: pytest.TempPathFactory) -> Methodology:
    """Hospitals whose questions look at the rows below and at the places beside."""
    folder = shutil.copytree(HOSPITALS, tmp_path_factory.mktemp("wards") / "wards")
    forms = (folder / "forms.yaml").read_text("utf-8")
    more = [
        "- {code: why_few, type: text, label: {ro: De ce}, show_if: 'count(patient) < 3'}",
        "- {code: share_of_all, type: decimal, label: {ro: Parte}, default_formula: 'size_declared / hospital.declared'}",
    ]
    line = "          - {code: kind, type: choice, label: {ro: Specialitate}, choices: speciality}\n"
    assert line in forms
    (folder / "forms.yaml").write_text(forms.replace(line, line + "".join(f"          {one}\n" for one in more)), "utf-8")
    indicators = (folder / "indicators.yaml").read_text("utf-8")
    assert "calculations:\n" in indicators
    added = "calculations:\n  - {code: declared, level: hospital, formula: 'sum(ward.size_declared)'}\n"
    (folder / "indicators.yaml").write_text(indicators.replace("calculations:\n", added, 1), "utf-8")
    return engine.load_methodology(folder)


def test_a_condition_may_count_the_rows_of_the_place(wards: Methodology) -> None:
    for rows, relevant in ((2, True), (3, False)):
        table = engine.encode_table(wards, "ward", [{"age": "old"}] * rows)
        places = {"ward": engine.Places(("W1",), answers={"main": [{}]}, tables=[table])}
        assert engine.shown(wards, "ward", {}, engine.Context(places))["why_few"].shown is relevant
    nothing_has_come = engine.shown(wards, "ward", {}, engine.Context({"ward": engine.Places(("W1",), answers={"main": [{}]})}))
    assert nothing_has_come["why_few"].shown is False


def test_a_default_may_look_at_the_places_beside(wards: Methodology) -> None:
    beside = engine.Places(("W1", "W2", "W3"), answers={"main": [{"size_declared": 1}, {"size_declared": 5}, {"size_declared": 2}]})
    context = engine.Context({"hospital": engine.Places(("H",)), "ward": beside}, place=2)
    cleaned = engine.clean(wards, "ward", {"size_declared": "3"}, context)
    assert cleaned.values["share_of_all"] == "0.33"


# ---- items of repeating steps ------------------------------------------------------------------------------------


def buildings(methodology: Methodology) -> Step:
    return next(step for form in methodology.forms for step in form.steps if step.repeat == "building")


def test_items_are_cleaned_one_by_one(methodology_2025: Methodology) -> None:
    good = {"bld_code": "A", "bld_name": "Corp A", "bld_condition": "good", "bld_toilets": "indoor", "bld_heating": "da", "bld_area_m2": "1.512,5"}
    step = buildings(methodology_2025)
    cleaned = engine.clean_items(methodology_2025, step, [good, good | {"bld_heating": "poate"}, good | {"bld_code": " B"}])
    assert [(p.row, p.field, p.code) for p in cleaned.problems] == [(2, "bld_heating", "A810"), (2, "bld_code", "A817")]
    assert (cleaned.items[2]["bld_code"], cleaned.items[2]["bld_area_m2"], cleaned.items[2]["bld_main_distance_m"]) == ("B", "1512.5", 0)


def test_the_number_of_items_is_bounded(methodology_2025: Methodology) -> None:
    step = buildings(methodology_2025)
    assert told(engine.clean_items(methodology_2025, step, []).problems) == [("", "A820")]
    many = engine.clean_items(methodology_2025, step, [{"bld_code": f"B{number}"} for number in range(5000)])
    assert told(many.problems)[0] == ("", "A821")
    assert len(many.items) == step.maximum + 1


# ---- prefill -----------------------------------------------------------------------------------------------------


def test_last_year_is_proposed_where_its_codes_still_mean_the_same(methodology_2025: Methodology) -> None:
    previous = {
        "cls_building": "A",
        "roma_settlement": "yes",
        "pop_total": 400,
        "levels": ["primary"],
        "school_bus": True,
        "teaching_languages": ["xx"],
    }
    proposed = prefill(methodology_2025, "unit", {"residence": "urban"}, previous)
    assert proposed == {"residence": "urban", "roma_settlement": "yes", "pop_total": 400, "levels": ["primary"], "school_bus": True}


@pytest.mark.parametrize(
    ("level", "previous", "carried"),
    [
        ("pupil", {"absences": "a10", "gender": "f"}, {"unexcused_absences": "a10", "gender": "f"}),
        ("pupil", {"absences": "a0"}, {}),
        ("building", {"bld_code": "A", "bld_area_m2": "512.5", "bld_condition": "ruin", "bld_library": True}, {"bld_code": "A", "bld_area_m2": "512.5", "bld_library": True}),
        ("class", {"cls_name": "V A", "cls_pupils": "many", "nothing": 1}, {"cls_name": "V A"}),
        ("unit", {"siiir_code": "1", "levels": ["primary"]}, {"levels": ["primary"]}),
    ],
    ids=["renamed", "to be asked again", "code that is gone", "unreadable", "read-only"],
)  # fmt: skip
def test_what_is_carried_over_can_still_be_answered_so(
    methodology_2025: Methodology, level: str, previous: dict[str, object], carried: dict[str, object]
) -> None:
    assert carried_over(methodology_2025, level, previous) == carried


def test_a_form_begins_with_what_is_stored_then_proposed_then_default(methodology_2025: Methodology) -> None:
    network = {"residence": "rural", "pupils_total": "1 234", "special_school": "poate"}
    began = engine.initial(methodology_2025, "unit", engine.Context(stored={"residence": "urban"}, network=network, previous={"levels": ["primary"]}))
    assert began["residence"] == "urban"
    assert began["pupils_total"] == 1234
    assert began["levels"] == ["primary"]
    assert began["teaching_languages"] == ["ro"]
    assert began["special_school"] is False, "what cannot be read is not proposed"


# ---- sentences ---------------------------------------------------------------------------------------------------


def test_a_problem_is_told_in_the_language_of_the_reader(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    (problem,) = engine.clean(methodology_2025, "class", CLASS | {"cls_pupils": 46}, in_unit).problems
    assert problem.message == "46 depășește limita de 45. Scrieți cel mult 45."
    assert problem.in_language("en") == "46 exceeds the limit of 45. Write at most 45."
    assert problem.in_language("hu") == "46 nagyobb a megengedettnél (45). Legfeljebb ennyit írjon be: 45."
    assert problem.in_language("de") == problem.message


def test_a_likely_slip_is_named(methodology_2025: Methodology, in_unit: engine.Context) -> None:
    (problem,) = engine.clean(methodology_2025, "class", CLASS | {"cls_form": "Zii"}, in_unit).problems
    assert problem.message == "„Zii” nu se află în lista de variante. Ați vrut „Zi”? Alegeți o variantă din listă."


def test_every_problem_of_an_answer_is_told_in_hungarian_with_the_same_gaps() -> None:
    gap = re.compile(r"\{\w+\}")
    for entry in ENTRIES:
        assert entry.hu and entry.fix_hu, entry.code
        assert (set(gap.findall(entry.hu)), set(gap.findall(entry.fix_hu))) == (set(gap.findall(entry.ro)), set(gap.findall(entry.fix_ro))), (
            entry.code
        )
