"""The report of a unit as a tree: what the methodology declares, everything that was answered, the words that restrict figures, no rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from exports import terminal, unit_subject
from exports.report_tree import Chart, Facts, Report, Table
from exports.terminal import words
from exports.unit_report import unit_report
from exports.unit_subject import Changed
from portal.collection.models import ClassTable, Collection, Explanation, Response, Result
from tests.portal import worked_round
from tests.portal.worked_round import WorkedRound, expected

pytestmark = pytest.mark.django_db


def report_of(worked: WorkedRound, key: str) -> Report:
    unit = Collection.objects.select_related("round__methodology", "parent").get(pk=worked.units[key].pk)
    return unit_report(unit_subject.of_now(unit))


def texts(report: Report, code: str = "") -> Iterator[str]:
    """Every text of a report, or of one section."""
    for section in report.sections:
        if section.code == code or not code:
            for block in section.blocks:
                match block:
                    case Table():
                        yield block.caption
                        yield from (head.text for head in block.head)
                        yield from (words(cell) for row in block.rows for cell in row)
                    case Facts():
                        yield from (block.title, block.empty)
                        yield from (text for name, cell in block.rows for text in (name, words(cell)))
                    case Chart():
                        yield block.alt
                    case _:
                        yield block.text


def table(report: Report, code: str, caption: str) -> Table:
    section = next(section for section in report.sections if section.code == code)
    return next(block for block in section.blocks if isinstance(block, Table) and block.caption.startswith(caption))


def test_the_sections_are_those_of_the_methodology_then_all_data(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    declared = [one["code"] for one in worked.methodology.declared["reports"]["reports"]["unit"]]
    assert [section.code for section in report.sections] == [*declared, "all"]
    assert report.sections[-1].title == "Toate datele"
    assert "Un risc nu este un verdict" in report.notice.text  # type: ignore[union-attr]
    assert report.commission == "Comisia Națională pentru Desegregare și Incluziune Educațională"


def test_figures_are_the_expected_ones_with_interval_and_unit(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    wanted = expected()["units"]["U1"]["indicators"]
    assert (wanted["A.ROM.1"]["value"], wanted["A.ROM.4"]["value"], wanted["A.ROM.4"]["band"]) == (28.89, 3.17, "risk")
    row = next(row for row in table(report, "matrix", "Indicatorii").rows if row[0].text == "Elevi romi")
    assert [words(cell) for cell in row[1:5]] == ["28,89\u00a0%", "0,18 (Fără semnal) provizoriu", "3,17 (Risc)", "3,17 (Risc)"]
    heads = [head.text for head in table(report, "matrix", "Indicatorii").head]
    assert heads[:5] == ["Grupul", "pondere în unitate", "unitate față de școala PJ", "clădire față de unitate", "clasă față de clasele paralele"]


def test_every_published_figure_is_printed_once_at_least(worked: WorkedRound) -> None:
    """By its code where it stands in a list, by its place in the matrix where it stands there."""
    worked.freeze("U1")
    report = report_of(worked, "U1")
    listed = {text.partition(" · ")[0] for text in texts(report)}
    crossed = {code for code, i in worked.methodology.indicators.items() if {"group", "rung"} <= i.tags.keys() and i.section == "basic"}
    assert set(worked.methodology.indicators) - listed <= crossed
    cells = [cell for row in table(report, "matrix", "Indicatorii").rows for cell in row[1:] if cell.text]
    assert len(cells) == len(crossed)


def test_provisional_figures_say_so_until_the_school_is_final(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    assert any(text.endswith("provizoriu") for text in texts(report))
    assert "îngheață când școala este finală" in report.warning
    for key in ("U2", "U3", "U1"):
        worked.freeze(key)
    report = report_of(worked, "U1")
    assert not any("provizoriu" in text for text in texts(report))
    assert report.warning == ""


def test_a_unit_that_is_not_final_has_a_preview_that_says_so(worked: WorkedRound) -> None:
    report = report_of(worked, "U2")
    assert dict(report.facts)["Raportul numărul"] == "previzualizare"
    assert report.warning.startswith("Previzualizare")


def test_all_answers_buildings_and_class_parameters_are_at_the_end(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    found = set(texts(report, "all"))
    for level in ("unit", "building", "class"):
        for field in worked.methodology.fields[level].values():
            assert field.label["ro"] in found or field.code == "cls_name", field.code
    assert {"Recensământ (INS)", "15.10.2025", "512,5", "Corp C (grădiniță)", "fără răspuns", "nu s-a cerut", "Clasa a III-a; Clasa a IV-a"} <= found
    assert {row.name for (key, _code), row in worked.classes.items() if key == "U1"} <= found


def test_counts_of_every_column_are_printed_by_class_and_for_the_unit(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    found = table(report, "all", "Câți elevi")
    assert [head.text for head in found.head][:3] == ["Clasa", "Gen", "Etnie"]
    by_name = {row[0].text: [cell.text.replace("\u00a0", " ") for cell in row] for row in found.rows}
    assert by_name["Grupa mijlocie"][1:3] == ["Feminin: 7; Masculin: 10", "Română: 13; Romă: 4"]
    assert by_name["Unitatea"][1:3] == ["Feminin: 88; Masculin: 92", "Română: 112; Maghiară: 13; Romă: 52; Nedeclarată: 3"]
    columns = {field.label["ro"] for field in worked.methodology.fields["pupil"].values() if field.code != "row_no"}
    assert columns <= set(texts(report, "all"))


def test_no_table_of_a_report_has_a_row_for_each_pupil(worked: WorkedRound) -> None:
    worked.freeze("U1")
    sizes = set(ClassTable.objects.filter(collection__parent=worked.units["U1"]).values_list("rows", flat=True))
    report = report_of(worked, "U1")
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                firsts = [row[0].text for row in block.rows]
                assert len(firsts) not in sizes or len(set(firsts)) == len(firsts)
                assert "Nr." not in [head.text for head in block.head]


def test_the_worst_places_come_first_and_only_where_there_is_a_signal(worked: WorkedRound) -> None:
    worked.freeze("U1")
    found = table(report_of(worked, "U1"), "worst", "Cel mult 5")
    rows = [[words(cell) for cell in row] for row in found.rows if row[0].text.startswith("A.ROM.4 ")]
    assert [row[1] for row in rows] == ["Pregătitoare B", "Pregătitoare A"]
    assert rows[0][2:] == ["72,22\u00a0%", "40,54\u00a0%", "3,17", "(Risc)"]
    assert not any("Fără semnal" in words(row[5]) for row in found.rows)


def test_derogations_and_explanations_are_listed_with_their_words(worked: WorkedRound) -> None:
    Explanation.objects.create(collection=worked.classes["U1", "5A"], check_code="V-C-03", text="Nu există\na doua sală.", author="user:1")
    worked.freeze("U1")
    report = report_of(worked, "U1")
    derogations = [[cell.text for cell in row] for row in table(report, "derogations", "Clase").rows]
    assert derogations == [["V C", "Predare în limba maternă / bilingv", "13"], ["VI S", "Clasă de învățământ special integrat", "8"]]
    said = {row[0].text.partition(" · ")[0]: [cell.text for cell in row[1:]] for row in table(report, "quality", "Verificări").rows}
    assert said["V-C-03"] == ["V A", "de explicat", "Nu există a doua sală."]
    assert said["V-U-05"][2] == "fără explicație"


@pytest.mark.parametrize(
    ("state", "sentence"), [("requested", "Cerut, neprimit."), ("optional", "Nu a fost cerută. Ce s-a completat totuși se află la „Toate datele”.")]
)
def test_an_extended_part_that_is_not_final_says_why_it_is_not_there(state: str, sentence: str, worked: WorkedRound) -> None:
    Collection.objects.filter(pk=worked.units["U1"].pk).update(extended=state)
    assert list(texts(report_of(worked, "U1"), "extended")) == [sentence]


def test_a_final_extended_part_is_printed_with_its_indicators_and_answers(worked: WorkedRound) -> None:
    Collection.objects.filter(pk=worked.units["U1"].pk).update(extended="finalised")
    found = set(texts(report_of(worked, "U1"), "extended"))
    assert {"Personal didactic", "Cadre didactice (persoane)", "83,33\u00a0%"} <= found


def test_what_it_was_computed_from_is_printed(worked: WorkedRound) -> None:
    result = worked.freeze("U1")
    report = report_of(worked, "U1")
    origin = dict(report.provenance)
    assert origin["Amprenta metodologiei"] == worked.methodology.digest
    assert origin["Amprenta datelor"] == result.data_digest
    assert origin["Metodologia"].endswith("versiunea 1.0-draft")
    assert "nr. 1" in report.running
    assert result.data_digest[:4] in report.running


def test_figures_of_a_freeze_are_never_printed_beside_other_data(worked: WorkedRound) -> None:
    result = worked.freeze("U1")
    assert unit_subject.of_result(result).published.number == 1
    answers = Response.objects.get(collection=worked.units["U1"], section="basic")
    answers.values["pop_total"] = 1
    answers.save()
    with pytest.raises(Changed):
        unit_subject.of_result(result)


def test_the_terminal_draws_the_same_tree(worked: WorkedRound) -> None:
    worked.freeze("U1")
    report = report_of(worked, "U1")
    drawn = "\n".join(terminal.lines(report))
    flat = " ".join(drawn.split())
    for text in texts(report):
        assert " ".join(text.split()) in flat, text
    assert max(len(line) for line in drawn.splitlines()) <= 110


# ---- beside last year ------------------------------------------------------------------------------------------------


def test_figures_stand_beside_last_years_before_all_the_data(worked: WorkedRound) -> None:
    round_ = worked_round.close_year_before(worked)
    then = Collection.objects.get(round=round_, place=worked.units["U1"].place)
    figures = {code: {"value": value} for code, value in {"A.ROM.1": 20.5, "A.ROM.4": 3.5, "A.ROM.5": 1.0, "D.RUR.1": 9, "X.TIT": None}.items()}
    Result.objects.create(collection=then, number=1, figures=figures, methodology_digest="", data_digest="")
    worked.freeze("U1")
    report = report_of(worked, "U1")
    assert [section.code for section in report.sections][-2:] == ["last_year", "all"]
    assert report.sections[-2].title == "Față de anul școlar 2024-2025"
    beside = table(report, "last_year", "Față de anul trecut")
    assert [head.text for head in beside.head] == ["Indicator", "Anul trecut", "Anul acesta", "Diferența"]
    rows = {row[0].text.partition(" ")[0]: [words(cell) for cell in row[1:]] for row in beside.rows}
    now = expected()["units"]["U1"]["indicators"]
    assert rows["A.ROM.4"] == ["3,50", "3,17", "−0,33"]
    assert rows["X.TIT"][0] == rows["X.TIT"][2] == "–", "no number then, so no difference"
    assert rows["A.ROM.1"] == ["20,50\u00a0%", "28,89\u00a0%", "+8,39 p.p."]
    assert now["A.ROM.1"]["value"] == 28.89
    assert rows["A.ROM.5"][0] == "–" and rows["A.ROM.5"][2] == "întrerupere de serie: formula s-a schimbat"
    assert rows["D.REZ.1"][2] == "întrerupere de serie: înlocuiește indicatorul D.RUR.1"
    assert set(rows) <= {"A.ROM.1", "A.ROM.4", "A.ROM.5", "D.REZ.1", "X.TIT"}


def test_a_report_without_a_year_before_says_nothing_of_one(worked: WorkedRound) -> None:
    worked_round.close_year_before(worked)
    worked.freeze("U3")
    assert "last_year" not in [section.code for section in report_of(worked, "U3").sections]
