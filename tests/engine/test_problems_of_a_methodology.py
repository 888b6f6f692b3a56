"""Every kind of mistake in a folder, told once, at its file, line and column. One spoilt line of the hospital methodology each."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.reference import Reference

# (file, what stands there, what is written instead, code, offset of the mark in the new text)
SPOILT = {
    "unknown name": ("indicators.yaml", "formula: n / beds}", "formula: n / bedz}", "N201", "bedz"),
    "lower level without aggregate": ("indicators.yaml", "formula: n / beds}", "formula: n / ward.n}", "N205", "ward.n"),
    "name of a lower level": ("indicators.yaml", "formula: n / beds}", "formula: n / days}", "N202", "days"),
    "unknown level": ("indicators.yaml", "max(ward.stay)", "max(wards.stay)", "N204", "wards.stay"),
    "unknown function": ("indicators.yaml", "max(ward.stay)", "maxx(ward.stay)", "N209", "maxx"),
    "unknown code": ("indicators.yaml", 'age = "old"', 'age = "olt"', "K303", '"olt"'),
    "unknown code in a list": ("indicators.yaml", 'age = "old"', 'age in ("old", "olt")', "K303", '"olt"'),
    "unknown code in a choice of two": ("indicators.yaml", 'age = "old"', 'age = if(insured, "old", "olt")', "K303", '"olt"'),
    "unknown band": ("methodology.yaml", 'band(i_old_2) = "bad"', 'band(i_old_2) = "baad"', "K307", '"baad"'),
    "band of nothing": ("methodology.yaml", 'band(i_old_2) = "bad"', 'band() = "bad"', "K301", "band"),
    "where outside an aggregate": ("indicators.yaml", "formula: n / beds}", "formula: abs(n where beds > 1)}", "K314", "beds > 1"),
    "where in a definition": ("indicators.yaml", "'gap(share_{g}, alike.share_{g})'", "'gap(share_{g} where true, alike.share_{g})'", "K314", "true"),
    "an index over indicators": ("indicators.yaml", "formula: n / beds}", "formula: 'gini(indicator.value, n)'}", "K315", "gini"),
    "never a value": ("indicators.yaml", "formula: n / beds}", "formula: 'coalesce(null, null)'}", "K321", "coalesce"),
    "too many decimals": ("indicators.yaml", "formula: n / beds}", "formula: 'round(n, 999999999)'}", "K322", "round"),
    "too long a number": ("indicators.yaml", "formula: n / beds}", f"formula: 'n / {'9' * 400}'}}", "F114", "999"),
    "a code that is none": ("indicators.yaml", "code: I.BEDS", "code: 'I BEDS'", "N141", "'I BEDS'"),
    "a word of the language as a name": ("forms.yaml", "code: budget", "code: unde", "N140", "unde"),
    "a level called any": ("methodology.yaml", "  region: {", "  any: {", "N140", "any"),
    "a definition called like a function": ("indicators.yaml", "definitions:", "definitions:\n  - {code: max, parameters: [a], formula: a}", "N140", "max"),
    "a parameter called like a constant": ("indicators.yaml", "parameters: [a, b]", "parameters: [few, b]", "N124", "few"),
    "a name called like a level below": ("forms.yaml", "code: budget", "code: ward", "N124", "ward"),
    "a name that any level has too": ("forms.yaml", "code: budget", "code: n_old", "N124", "n_old"),
    "an override of a family": ("indicators.yaml", "    tags: {kind: score}", "    tags: {kind: score}\n    each: {old: {scalee: concern}}", "S101", "scalee"),
    "an override of nobody": ("indicators.yaml", "    tags: {kind: score}", "    tags: {kind: score}\n    each: {odl: {scale: concern}}", "N112", "{scale: concern}"),
    "two limits of a band": ("indicators.yaml", "{code: fair, at_most: 4,", "{code: fair, below: 4, at_most: 4,", "N123", None),
    "a band twice": ("indicators.yaml", "{code: fair, at_most: 4,", "{code: good, at_most: 4,", "N110", "good, at_most"),
    "values of two kinds": ("indicators.yaml", "value: {heart: 2}", "value: {heart: 2, bones: x, lungs: 3}", "K318", "x"),
    "the primary language is not declared": ("methodology.yaml", "primary_language: ro", "primary_language: fr", "S111", "fr"),
    "a parameter twice": ("indicators.yaml", "parameters: [a, b]", "parameters: [a, a]", "S110", "[a, a]"),
    "kinds that do not add": ("indicators.yaml", "formula: n / beds}", "formula: n / services}", "K310", "n / services"),
    "arity": ("indicators.yaml", "'gap(share_{g}, alike.share_{g})'", "'gap(share_{g})'", "K301", "gap"),
    "aggregate that names no lower level": ("indicators.yaml", "max(ward.stay)", "max(beds)", "N212", "max"),
    "syntax": ("indicators.yaml", "formula: n / beds}", "formula: n // beds}", "F129", "/ beds"),
    "template variable": ("indicators.yaml", "'share_{g}'}", "'share_{x}'}", "N114", "{x}"),
    "unknown scale": ("indicators.yaml", "scale: concern\n    tags", "scale: concerns\n    tags", "N120", "concerns\n"),
    "unknown key": ("indicators.yaml", "tags: {kind: score}", "tagz: {kind: score}", "S101", "tagz"),
    "wrong type": ("forms.yaml", "min: 1, required", "min: unu, required", "S103", "unu"),
    "unknown severity": ("validations.yaml", "severity: note", "severity: notes", "S104", "notes"),
    "missing primary language": ("choices.yaml", "{ro: Tânăr}", "{en: Young}", "S106", "{en: Young}"),
    "undeclared language": ("choices.yaml", "{ro: Tânăr}", "{ro: Tânăr, de: Jung}", "S107", "de"),
    "duplicate code": ("indicators.yaml", "{code: few, value: 2}", "{code: few, value: 2}\n  - {code: few, value: 3}", "N110", "few, value: 3"),
    "duplicate choice": ("choices.yaml", "{code: bones", "{code: heart", "N110", "heart, label: {ro: Oase}"),
    "two meanings": ("indicators.yaml", "{code: few, value: 2}", "{code: beds, value: 2}", "N124", None),
    "uncovered table": ("indicators.yaml", ", else: null", "", "N122", None),
    "bands out of order": ("indicators.yaml", "below: 2", "below: 7", "N123", None),
    "definition with a foreign name": ("indicators.yaml", "abs(a - b) * 10", "abs(a - n) * 10", "N125", "n) * 10"),
    "free text in a table": ("forms.yaml", "{code: days, type: integer, label: {ro: Zile}, min: 0}", "{code: days, type: text, label: {ro: Zile}}", "N128", "text, label: {ro: Zile}"),
    "a step named like a field": ("forms.yaml", "- code: wings", "- code: beds", "N130", "beds\n        section: main\n        title: {ro: Aripi}"),
    "unknown key of a step": ("forms.yaml", "key: wing_code", "key: wing_kode", "N120", "wing_kode"),
    "unknown number column": ("forms.yaml", "number: bed_no", "number: bed", "N120", "bed\n      columns"),
    "check points nowhere": ("validations.yaml", "fields: [beds]}\n  - {code: V-3", "fields: [bedz]}\n  - {code: V-3", "N120", "bedz"),
    "duplicate key": ("methodology.yaml", "status: draft", "status: draft\nversion: '2'", "Y119", "version: '2'"),
    "an anchor": ("methodology.yaml", "status: draft", "status: &a draft", "Y112", "&a"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT.values(), ids=SPOILT.keys())
def test_a_mistake_is_told_at_its_place(case: tuple[str, str, str, str, str | None], copy_of_hospitals: Path) -> None:
    file, old, new, code, at = case
    path = copy_of_hospitals / file
    text = path.read_text("utf-8")
    assert old in text
    spoilt = text.replace(old, new, 1)
    path.write_text(spoilt, "utf-8")
    errors = [problem for problem in engine.check_folder(copy_of_hospitals) if problem.level == "error"]
    found = [problem for problem in errors if problem.code == code]
    assert found, [(p.code, p.line, p.message) for p in errors]
    if at is not None:
        index = spoilt.index(at, text.index(old))
        line = spoilt.count("\n", 0, index) + 1
        column = index - (spoilt.rfind("\n", 0, index) + 1) + 1
        assert (f"hospitals/{file}", line, column) in [(p.file, p.line, p.column) for p in found]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("forms.yaml", "{code: beds, type: integer", "{code: beds, type: integr"),
        ("indicators.yaml", "max(patient.days), missing: propagate", "max(patient.days"),
        ("indicators.yaml", "where: 'age = \"old\"'", "where: [1]"),
        ("indicators.yaml", "items: {level: ward, value:", "items: {level: ward, valeu:"),
        ("indicators.yaml", "formula: 'share_{g}'}", "formla: 'share_{g}'}"),
        ("indicators.yaml", "{for_each: {group: [old, free]}, code: 'share_{g}'", "{for_each: {group: [odl, free]}, code: 'share_{g}'"),
        ("indicators.yaml", "of: ward, in: hospital", "of: wrad, in: hospital"),
        ("indicators.yaml", "of: ward, in: hospital", "of: ward, in: patient"),
        ("indicators.yaml", "{code: longest, level: ward", "{code: longest, level: wrad"),
        ("indicators.yaml", "min(10, abs(a - b) * 10)", "min(10, abs(a - c) * 10)"),
        ("indicators.yaml", "min(10, abs(a - b) * 10)", "min(10, abs(a - b * 10)"),
        ("indicators.yaml", "groups:", "grups:"),
        ("indicators.yaml", "groups:", "groups: ["),
        ("forms.yaml", "forms:", "forms: }"),
        ("forms.yaml", "- level: ward", "- level: wrad"),
        ("forms.yaml", "choices: speciality", "choices: specialty"),
        ("forms.yaml", "required: true}", "required: yes}"),
        ("methodology.yaml", "levels:", "levels: ]"),
        ("indicators.yaml", "{code: I.MAX,", "{code: I.MAX, scales: concern,"),
        ("indicators.yaml", "formula: 'max(indicator.value where indicator.kind = \"score\")'", "formula: i_max + 1"),
    ],
)
def test_one_mistake_causes_one_problem(file: str, old: str, new: str, copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    errors = [problem for problem in engine.check_folder(copy_of_hospitals) if problem.level == "error"]
    assert len(errors) == 1, [(p.code, p.file, p.line, p.message) for p in errors]


def test_a_list_too_long_for_several_choices_is_refused(copy_of_hospitals: Path) -> None:
    choices = copy_of_hospitals / "choices.yaml"
    more = "".join(f"      - {{code: s{number}, label: {{ro: s{number}}}}}\n" for number in range(61))
    choices.write_text(choices.read_text("utf-8") + more, "utf-8")
    (problem,) = [problem for problem in engine.check_folder(copy_of_hospitals) if problem.level == "error"]
    assert (problem.code, problem.file) == ("N131", "hospitals/forms.yaml")
    assert "63" in problem.message


def test_a_circle_is_told_with_its_whole_path(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    more = "  - {code: x1, level: ward, formula: x2 + 1}\n  - {code: x2, level: ward, formula: x3 + 1}\n  - {code: x3, level: ward, formula: x1 + 1}\nindicators:"
    path.write_text(path.read_text("utf-8").replace("indicators:", more, 1), "utf-8")
    errors = [problem for problem in engine.check_folder(copy_of_hospitals) if problem.level == "error"]
    assert [problem.code for problem in errors] == ["G401"]
    assert "ward.x1" in errors[0].message and "ward.x2" in errors[0].message and "ward.x3" in errors[0].message


def test_several_mistakes_are_told_in_one_run_in_order(copy_of_hospitals: Path) -> None:
    for file, old, new in (
        ("indicators.yaml", "n / beds", "n / bedz"),
        ("validations.yaml", "n <= beds", "n <= bedd"),
        ("forms.yaml", "type: boolean", "type: bolean"),
    ):
        path = copy_of_hospitals / file
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    errors = [problem for problem in engine.check_folder(copy_of_hospitals) if problem.level == "error"]
    assert [(p.file, p.code) for p in errors] == [
        ("hospitals/forms.yaml", "S104"),
        ("hospitals/indicators.yaml", "N201"),
        ("hospitals/validations.yaml", "N201"),
    ]
    assert [p.suggestion for p in errors] == ["boolean", "beds", "beds"]


def test_a_share_against_a_bare_number_is_doubted(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "validations.yaml"
    path.write_text(path.read_text("utf-8").replace("n <= beds", "share_old < 20", 1), "utf-8")
    assert [p.code for p in engine.check_folder(copy_of_hospitals)] == ["K320"]


def test_definitions_that_double_are_refused(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    text = path.read_text("utf-8").replace("definitions:", "definitions:\n  - {code: twice, parameters: [a], formula: a + a}", 1)
    bomb = "twice(" * 35 + "n" + ")" * 35
    path.write_text(text.replace("formula: n / beds}", f"formula: '{bomb}'}}", 1), "utf-8")
    assert [(p.code, p.level) for p in engine.check_folder(copy_of_hospitals)] == [("F134", "error")]


def test_numbers_that_square_themselves_stay_bounded(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    chain = "  - {code: s0, level: hospital, formula: beds + 1}\n" + "".join(
        f"  - {{code: s{i + 1}, level: hospital, formula: s{i} * s{i}}}\n" for i in range(60)
    )
    text = path.read_text("utf-8").replace("indicators:", chain + "indicators:", 1)
    path.write_text(text.replace("formula: n / beds}", "formula: s60 / s59}", 1), "utf-8")
    methodology = engine.load_methodology(copy_of_hospitals)
    results = engine.compute(methodology, engine.read_example(methodology, copy_of_hospitals / "examples" / "small"))
    assert results.reference.quantity(methodology.indicators["I.BEDS"].quantity, 0).absent


def test_a_very_long_unknown_word_is_refused_quickly(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("scale: concern", f"scale: {'c' * 200_000}", 1), "utf-8")
    problems = engine.check_folder(copy_of_hospitals)
    assert [p.code for p in problems] == ["N120"]
    assert len(problems[0].message) < 400


def test_a_long_chain_and_a_long_sum_are_computed(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    chain = "".join(f"  - {{code: c{i}, level: ward, formula: c{i + 1} + 1}}\n" for i in range(2000)) + "  - {code: c2000, level: ward, formula: n}\n"
    total = "  - {code: total, level: ward, formula: '" + " + ".join(["n"] * 240) + "'}\n"
    path.write_text(path.read_text("utf-8").replace("indicators:", chain + total + "indicators:", 1), "utf-8")
    methodology = engine.load_methodology(copy_of_hospitals)
    reference = Reference(methodology, engine.read_example(methodology, copy_of_hospitals / "examples" / "small"))
    n, longest, sum_of = (reference.quantity(methodology.quantities["ward", name], 0).value for name in ("n", "c0", "total"))
    assert (longest, sum_of) == (n + 2000, n * 240)


def test_a_formula_that_its_definitions_make_too_deep_is_refused(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    long = "definitions:\n  - {code: long, parameters: [a], formula: 'a" + " + 1" * 240 + "'}"
    text = path.read_text("utf-8").replace("definitions:", long, 1)
    deep = "long(" * 7 + "n" + ")" * 7
    path.write_text(text.replace("formula: n / beds}", f"formula: {deep}}}", 1), "utf-8")
    assert [(p.code, p.level) for p in engine.check_folder(copy_of_hospitals)] == [("G403", "error")]


def test_what_is_missing_in_other_languages_is_told_as_coverage(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "methodology.yaml"
    path.write_text(path.read_text("utf-8").replace("languages: [ro]", "languages: [ro, en]"), "utf-8")
    problems = engine.check_folder(copy_of_hospitals)
    assert [(p.code, p.level, p.file, p.line) for p in problems] == [("S112", "warning", "hospitals/methodology.yaml", 5)]
    assert "„en”: 0 din" in problems[0].message


def test_all_missing_keys_of_one_place_are_told_together(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    path.write_text(path.read_text("utf-8").replace("{code: I.BEDS, level: hospital, section: main,", "{code: I.BEDS,", 1), "utf-8")
    errors = [p for p in engine.check_folder(copy_of_hospitals) if p.level == "error"]
    assert [(p.code, p.message) for p in errors] == [("S102", "Lipsește: „level”, „section”.")]


def test_the_same_circle_at_every_level_is_told_once(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "formula: count(patient)}", "formula: count(patient) + n_old - n_old + m}\n  - {code: m, level: any, formula: count(patient) + n}", 1
        ),
        "utf-8",
    )
    assert [p.code for p in engine.check_folder(copy_of_hospitals) if p.level == "error"] == ["G401"]


def test_a_calendar_holds_real_days_in_order(copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "methodology.yaml"
    calendar = "calendar: {open: '2025-02-30', middle: '2025-05-01', close: '2025-04-01'}\nlevels:"
    path.write_text(path.read_text("utf-8").replace("levels:", calendar, 1), "utf-8")
    assert [(p.code, p.line) for p in engine.check_folder(copy_of_hospitals)] == [("N142", 13), ("N143", 13)]


@pytest.mark.parametrize("written", ["share_old < 20", "between(share_old, 0, 20)", "share_old in (0, 20)", "not (20 <= share_old)"])
def test_every_comparison_of_a_share_with_a_bare_number_is_doubted(written: str, copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "validations.yaml"
    path.write_text(path.read_text("utf-8").replace("formula: n <= beds", f"formula: '{written}'", 1), "utf-8")
    assert [(p.code, p.level) for p in engine.check_folder(copy_of_hospitals)] == [("K320", "warning")]


def test_reports_and_changes_name_only_what_is_declared(copy_of_hospitals: Path) -> None:
    (copy_of_hospitals / "reports.yaml").write_text(
        "reports:\n"
        "  hospital:\n"
        "    - {code: a, title: {ro: A}, indicators: [I.BEDZ]}\n"
        "    - {code: b, title: {ro: B}, list: hospitals, level: hospital, filter: 'band(i_max) = \"baad\"'}\n"
        "    - {code: c, title: {ro: C}, matrix: {rows: kind, columns: rungs}}\n",
        "utf-8",
    )
    (copy_of_hospitals / "changes.yaml").write_text(
        "from: spitale\nto: spitale\nindicators: {added: [I.NEW], formula_changed: [{match: '*.Z', trend: break}]}\n"
        "recode: [{field: kind, map: {a: hart, b: ask}}, {field: kinds, map: {}}]\n",
        "utf-8",
    )
    told = [(p.file, p.code, p.line) for p in engine.check_folder(copy_of_hospitals)]
    assert told == [
        ("hospitals/changes.yaml", "N120", 3),
        ("hospitals/changes.yaml", "N120", 3),
        ("hospitals/changes.yaml", "K303", 4),
        ("hospitals/changes.yaml", "N120", 4),
        ("hospitals/reports.yaml", "N120", 3),
        ("hospitals/reports.yaml", "K307", 4),
        ("hospitals/reports.yaml", "N120", 5),
    ]
