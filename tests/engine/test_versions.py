"""Semantic differences and what stored answers allow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import engine
from engine.methodology import Methodology
from engine.versions.compatibility import trend_of

EVERY = int(os.environ.get("EVERY_LEAF", "4"))
"""1 tries every leaf of every file; the ordinary run a part of them."""
ROOT = Path(__file__).resolve().parents[2]


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
    assert [(v.difference.part, v.level) for v in engine.judge(hospitals, declared)] == [("formula", "allowed"), ("trend", "free")]


def test_renamed_indicators_of_2025_are_no_new_ones(methodology_2024: Methodology, methodology_2025: Methodology) -> None:
    found = told(methodology_2024, methodology_2025)
    assert ("indicator", "D.REZ.1", "renamed", "") in found
    assert ("indicator", "C.PLAS.5", "removed", "") in found
    assert ("indicator", "F.CUM.1", "added", "") in found
    assert ("field", "pupil.unexcused_absences", "renamed", "") in found
    broken = {code: why for code in methodology_2025.indicators for trend, why in [trend_of(methodology_2025, code)] if trend == "break"}
    assert broken | {"A.ROM.5": "formula", "D.REZ.1": "renamed", "X.FLU": "formula", "B.CES.2": "constant", "R.MAX": "other"} == broken
    assert "A.ROM.4" not in broken


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every scalar of a file, and every list with more than one element."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from leaves(item, (*path, key))
    if not isinstance(value, (dict, list)):
        yield path, value


def altered(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value} + 0" if value and " " in value else f"{value}x"


@pytest.mark.parametrize("file", ["methodology", "choices", "forms", "indicators", "validations"])
def test_whatever_changes_is_told(file: str, hospitals: Methodology, copy_of_hospitals: Path) -> None:
    """Each leaf of the file in turn: what still loads and has another digest has a difference."""
    path = copy_of_hospitals / f"{file}.yaml"
    original = path.read_text("utf-8")
    told_of = 0
    for place, value in list(leaves(yaml.safe_load(original)))[::EVERY]:
        content = yaml.safe_load(original)
        inside = content
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = altered(value)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
        new, _ = engine.read_methodology(copy_of_hospitals)
        if new is not None and new.digest != hospitals.digest:
            told_of += 1
            assert engine.differences(hospitals, new), place
    assert told_of


def test_a_summary_over_indicators_is_touched_by_what_it_sees(methodology_2025: Methodology, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "indicators" / "2025-2026", tmp_path / "2025-2026"))
    new = changed(folder, "indicators.yaml", "value: {A: 5, B: 3,", "value: {A: 5, B: 4,")
    found = engine.differences(methodology_2025, new)
    assert [(d.kind, d.code, d.part) for d in found] == [("constant", "min_group", "value")]
    assert set(found[0].touches) == {"B.CES.2", "B.CES.3", "B.CES.4", "B.CES.5", "R.MAX", "R.NR", "R.CRI"}
    new = changed(folder, "indicators.yaml", "below: 3, color: '#fff8e1'", "below: 2.5, color: '#fff8e1'")
    touched = next(d.touches for d in engine.differences(methodology_2025, new) if d.kind == "scale")
    assert {"A.ROM.4", "R.MAX", "R.NR", "R.CRI"} <= set(touched) and not {"A.ROM.1", "X.CAL"} & set(touched)


def test_a_function_is_no_group_of_the_same_name(methodology_2025: Methodology, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "indicators" / "2025-2026", tmp_path / "2025-2026"))
    new = changed(folder, "indicators_groups.yaml", 'unexcused_absences in ("a20", "a40")', 'unexcused_absences in ("a10", "a20", "a40")')
    assert [set(d.touches) for d in engine.differences(methodology_2025, new)] == [{"E.ABS.1", "E.ABS.4", "E.ABS.5"}]


def test_every_change_of_2025_has_its_trend(methodology_2024: Methodology, methodology_2025: Methodology) -> None:
    verdicts = engine.judge(methodology_2024, methodology_2025)
    assert [v.difference for v in verdicts if v.level in ("needs_trend", "refused")] == []


def test_a_retired_code_does_not_return_with_another_meaning(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    field = "          - {code: budget, type: decimal, label: {ro: Buget}, section: more}\n"
    changes = "from: spitale\nto: spitale\nretired:\n  - {kind: field, code: budget}\n  - {kind: choice, code: speciality.lungs}\n"
    (copy_of_hospitals / "changes.yaml").write_text(changes, "utf-8")
    without = changed(copy_of_hospitals, "forms.yaml", field, "")
    back = changed(copy_of_hospitals, "forms.yaml", "      - code: wings", f"{field}      - code: wings")
    assert [(v.difference.code, v.level) for v in engine.judge(without, back)] == [("hospital.budget", "refused")]
    lungs = changed(copy_of_hospitals, "choices.yaml", "      - {code: bones", "      - {code: lungs, label: {ro: Plămâni}}\n      - {code: bones")
    assert [(v.difference.code, v.level) for v in engine.judge(back, lungs)] == [("speciality.lungs", "refused")]


def test_another_list_asks_or_maps_every_old_code(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "forms.yaml", "label: {ro: Servicii}, choices: service", "label: {ro: Servicii}, choices: speciality")
    counts = {"hospital.services": {"night|urgent": 2}}
    assert [(v.difference.part, v.level, v.answers) for v in engine.judge(hospitals, new, counts)] == [("choices", "refused", 2)]
    codes = ", ".join(f"{code}: ask" for code in hospitals.choices["service"].index)
    (copy_of_hospitals / "changes.yaml").write_text(f"from: spitale\nto: spitale\nrecode: [{{field: services, map: {{{codes}}}}}]\n", "utf-8")
    new = engine.load_methodology(copy_of_hospitals)
    assert [(v.level, v.answers) for v in engine.judge(hospitals, new, counts)] == [("allowed", 2)]


def test_answers_of_a_renamed_question_are_counted_under_its_old_code(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    new = changed(copy_of_hospitals, "forms.yaml", "{code: budget, type: decimal,", "{code: funds, was: budget, type: decimal, min: 10,")
    counts = {"hospital.budget": {"12.5": 3, "9": 2, "": 4, "multe": 1}}
    verdicts = [(v.difference.what, v.difference.part, v.level, v.answers) for v in engine.judge(hospitals, new, counts)]
    assert verdicts == [("renamed", "", "allowed", 10), ("changed", "min", "allowed", 3)]


def test_the_order_of_keys_and_files_is_no_content(hospitals: Methodology, copy_of_hospitals: Path) -> None:
    path = copy_of_hospitals / "indicators.yaml"
    content = yaml.safe_load(path.read_text("utf-8"))
    path.unlink()
    for key in reversed(list(content)):
        text = yaml.safe_dump({key: content[key]}, allow_unicode=True, sort_keys=True)
        (copy_of_hospitals / f"indicators_{key}.yaml").write_text(f"# {key}\n{text}", "utf-8")
    assert engine.load_methodology(copy_of_hospitals).digest == hospitals.digest
