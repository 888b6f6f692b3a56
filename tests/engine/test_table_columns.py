"""What a column of a table may say for the page that asks it: the question over all rows, and the room in which the rows sit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import engine
from engine.methodology import Methodology
from tests.conftest import ROOT

TABLE = "forms_class_table.yaml"
ROOM = "room: {rows: cls_bench_rows, seats: cls_seats_per_row}"


def problems_with(folder: Path, old: str, new: str) -> list[tuple[str, int]]:
    copy = Path(shutil.copytree(ROOT / "indicators" / "2025-2026", folder / "m"))
    text = (copy / TABLE).read_text("utf-8")
    assert old in text
    (copy / TABLE).write_text(text.replace(old, new, 1), "utf-8")
    _methodology, problems = engine.read_methodology(copy)
    return [(problem.code, problem.line) for problem in problems]


def test_every_column_that_is_asked_has_a_question_in_all_three_languages(methodology_2025: Methodology) -> None:
    for field in methodology_2025.fields["pupil"].values():
        if field.code != "row_no":
            assert set(field.declared["question"]) == {"ro", "en", "hu"}
            assert field.declared["question"]["ro"].endswith("?")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("question: {ro: 'Care elevi sunt fete?', ", "question: {", "S106"),
        ("question: {ro: 'Care elevi sunt fete?'", "question: {de: 'x', ro: 'Care elevi sunt fete?'", "S107"),
        ("question: {ro: 'Care elevi sunt fete?', en: 'Which pupils are girls?', hu: 'Mely tanulók lányok?'}", "question: Care?", "S103"),
        (ROOM, "room: {rows: cls_bench_rows}", "S102"),
        (ROOM, "room: {rows: cls_bench_rowz, seats: cls_seats_per_row}", "N120"),
        (ROOM, "room: {rows: cls_bench_rows, seats: cls_language}", "N146"),
        ("choices: gender\n", f"choices: gender\n          {ROOM}\n", "N148"),
    ],
)
def test_a_wrong_question_or_room_is_told_where_it_stands(tmp_path: Path, old: str, new: str, code: str) -> None:
    found = problems_with(tmp_path, old, new)
    assert [known for known, _line in found] == [code]
    assert found[0][1] > 0


def test_words_of_a_question_change_no_figure(tmp_path: Path, methodology_2025: Methodology) -> None:
    copy = Path(shutil.copytree(ROOT / "indicators" / "2025-2026", tmp_path / "m"))
    text = (copy / TABLE).read_text("utf-8")
    (copy / TABLE).write_text(text.replace("Care elevi sunt fete?", "Cine este fată?"), "utf-8")
    found = engine.differences(methodology_2025, engine.load_methodology(copy))
    assert [(one.code, one.touches) for one in found if one.part == "question"] == [("pupil.gender", ())]
