"""Semantic differences and what stored answers allow."""

from __future__ import annotations

from pathlib import Path

import engine
from engine.methodology import Methodology
from engine.versions.compatibility import breaks


def changed(folder: Path, file: str, old: str, new: str) -> Methodology:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return engine.load_methodology(folder)


def told(old: Methodology, new: Methodology) -> list[tuple[str, str, str, str]]:
    return [(d.kind, d.code, d.what, d.part) for d in engine.differences(old, new)]


def test_layout_and_brackets_are_no_difference(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "indicators.yaml", "formula: n / beds}", "formula: '(n)  /  (beds)'}")
    assert told(hospitals, new) == []


def test_the_digest_ignores_comments_and_files_but_no_content(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    assert changed(copy_of_hospitals, "indicators.yaml", "criteria:", "# o notă\ncriteria:").digest == hospitals.digest
    assert changed(copy_of_hospitals, "indicators.yaml", "value: 2}", "value: 3}").digest != hospitals.digest


def test_a_changed_constant_touches_what_uses_it(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "indicators.yaml", "{code: few, value: 2}", "{code: few, value: 3}")
    found = engine.differences(hospitals, new)
    assert [(d.kind, d.code, d.part) for d in found] == [("constant", "few", "value")]
    assert "I.OLD.2" in found[0].touches and "I.BEDS" not in found[0].touches


def test_a_type_changes_only_to_text(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    counts = {"hospital.budget": {"12.5": 3}}
    new = changed(copy_of_hospitals, "forms.yaml", "{code: budget, type: decimal", "{code: budget, type: integer")
    verdicts = engine.judge(hospitals, new, counts)
    assert [(v.difference.code, v.level, v.answers) for v in verdicts] == [("hospital.budget", "refused", 3)]


def test_a_removed_question_needs_a_word(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    field = "          - {code: budget, type: decimal, label: {ro: Buget}, section: more}\n"
    new = changed(copy_of_hospitals, "forms.yaml", field, "")
    assert [v.level for v in engine.judge(hospitals, new, {"hospital.budget": {"1": 2}})] == ["refused"]
    (copy_of_hospitals / "changes.yaml").write_text("from: spitale\nto: spitale\nretired:\n  - {kind: field, code: budget}\n", "utf-8")
    assert [v.level for v in engine.judge(hospitals, engine.load_methodology(copy_of_hospitals), {"hospital.budget": {"1": 2}})] == ["allowed"]


def test_tightened_limits_count_the_answers_that_now_fail(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "forms.yaml", "min: 1, required: true", "min: 10, required: true")
    verdicts = engine.judge(hospitals, new, {"hospital.beds": {"8": 4, "20": 1}})
    assert [(v.difference.part, v.level, v.answers) for v in verdicts] == [("min", "allowed", 4)]


def test_a_code_with_answers_leaves_only_with_a_recode(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "choices.yaml", "      - {code: bones, label: {ro: Oase}}\n", "")
    counts = {"ward.kind": {"bones": 5, "heart": 2}}
    assert [(v.level, v.answers) for v in engine.judge(hospitals, new, counts)] == [("refused", 5)]
    text = "from: spitale\nto: spitale\nrecode:\n  - {field: kind, map: {bones: ask}}\n"
    (copy_of_hospitals / "changes.yaml").write_text(text, "utf-8")
    assert [v.level for v in engine.judge(hospitals, engine.load_methodology(copy_of_hospitals), counts)] == ["allowed"]


def test_a_changed_formula_needs_a_declared_trend(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "indicators.yaml", "formula: n / beds}", "formula: n / (beds + 1)}")
    assert [(v.difference.code, v.level) for v in engine.judge(hospitals, new)] == [("I.BEDS", "needs_trend")]
    declared = changed(copy_of_hospitals, "indicators.yaml", "formula: n / (beds + 1)}", "formula: n / (beds + 1), trend: break}")
    assert [v.level for v in engine.judge(hospitals, declared)] == ["allowed"]


def test_renamed_indicators_of_2025_are_no_new_ones(methodology_2024: Methodology, methodology_2025: Methodology) -> None:
    found = told(methodology_2024, methodology_2025)
    assert ("indicator", "D.REZ.1", "renamed", "") in found
    assert ("indicator", "C.PLAS.5", "removed", "") in found
    assert ("indicator", "F.CUM.1", "added", "") in found
    assert ("field", "pupil.unexcused_absences", "renamed", "") in found
    assert {"A.ROM.5", "D.REZ.1", "X.FLU"} <= set(breaks(methodology_2025))
