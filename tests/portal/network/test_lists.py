"""From rows to records: headers wherever they are, columns whatever they are called, cells of every type, totals and repetitions."""

from __future__ import annotations

from datetime import datetime

import pytest

from portal.network.importing import headers, reading, records
from portal.network.importing.columns import columns_of
from portal.network.importing.headers import Mapping
from portal.network.importing.records import Reading
from tests.portal.network.books import HEADER, Formula, addresses, book, codes_of, listed

ROW = ["AB", "0161102892", "Liceul", "0161102892", "Liceul", "PJ", "URBAN", 316]

# Headings of the lists that the ministry published over the years.
OFFICIAL = {
    "2016-2017": ["Judet", "Localitate", "Localitate superioară", "Cod SIIIR", "Denumire", "Denumire scurtă", "Statut", "Tip unitate", "Formă de proprietate", "Cod unitate PJ", "Data închiderii"],
    "2024-2025": ["An", "Judet PJ", "Localitate PJ", "Cod SIRUTA PJ", "Mediu loc. PJ", "Cod SIIIR PJ", "Denumire PJ", "Localitate unitate", "Cod SIRUTA unitate", "Mediu loc. unitate", "Cod SIRUES", "Cod SIIIR unitate", "Denumire scurta unitate", "Denumire lunga unitate", "Tip unitate", "Statut unitate", "Cod fiscal", "Mod functionare", "Forma finantare", "Forma proprietate", "Strada", "Numar", "Cod postal", "Telefon", "Fax", "Email"],
}  # fmt: skip
PUPILS = {
    "2015-2016": ["Judet", "Cod unitate", "Denumire unitate", "Localitate", "Mediu", "Nivel", "Limba predare", "Numarul claselor existente", "Numarul elevilor existenti"],
    "2021-2022": ["Judet", "Cod unitate PJ", "Cod Unitate Plan", "Nivel", "Limba predare", "Clase exist anterior-formatiun", "Elevi exist anterior-asoc", "Elevi propusi curent-plan"],
    "2025-2026": ["Cod SIIIR unitate", "Nivel", "Limba predare", "Clase existente", "Nr. elevi distincti"],
}  # fmt: skip


def read(content: bytes, kind: str = "network") -> Reading:
    workbook, columns = reading.read(content), columns_of(kind)
    mapping = headers.proposed(workbook, columns)
    sheet = workbook.sheet(mapping.sheet)
    assert sheet is not None
    return records.read(sheet, mapping, columns)


# ---- headers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", OFFICIAL)
@pytest.mark.parametrize("above", [0, 3, 9])
def test_the_header_is_found_under_title_rows_by_the_names_of_its_columns(year: str, above: int) -> None:
    rows = [["***Export complet rețea școlară"], [], ["Generat la data: 12.10.2025"], *[[]] * 9]
    mapping = headers.proposed(reading.read(book(*rows[:above], OFFICIAL[year], ["x"] * 26)), columns_of("network"))
    assert mapping.header == above + 1
    assert not headers.problems_of(mapping, columns_of("network"))
    named = {OFFICIAL[year][index]: field for index, field in mapping.fields.items()}
    assert named.get("Localitate unitate", named.get("Localitate")) == "locality"
    assert "Localitate PJ" not in named and "Telefon" not in named and "Email" not in named


@pytest.mark.parametrize("year", PUPILS)
def test_lists_of_pupils_of_every_year_are_recognised(year: str) -> None:
    mapping = headers.proposed(reading.read(book(PUPILS[year], ["x"] * 9)), columns_of("pupils"))
    named = {field: PUPILS[year][index] for index, field in mapping.fields.items()}
    assert not headers.problems_of(mapping, columns_of("pupils"))
    assert named["pupils"] in ("Numarul elevilor existenti", "Elevi exist anterior-asoc", "Nr. elevi distincti")
    assert "propusi" not in " ".join(named.values())


def test_headings_match_whatever_their_diacritics_case_and_marks() -> None:
    heads = ["JUDEŢ PJ", "cod_siiir_pj", " Denumire  PJ ", "Cod SIIIR unitate", "DENUMIRE LUNGĂ UNITATE"]
    mapping = headers.proposed(reading.read(book(heads)), columns_of("network"))
    assert mapping.fields == {0: "county", 1: "school_code", 2: "school_name", 3: "code", 4: "name"}


def test_the_best_sheet_is_chosen_whatever_it_is_called() -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        made.add_worksheet("Citește-mă").write(0, 0, "Județ")
        made.add_worksheet("Ñ 列表 <&>").write_row(2, 0, HEADER)
    mapping = headers.proposed(reading.read(stream.getvalue()), columns_of("network"))
    assert (mapping.sheet, mapping.header) == ("Ñ 列表 <&>", 3)


def test_a_mapping_without_required_columns_or_with_one_twice_is_refused_in_words() -> None:
    columns = columns_of("network")
    found = [str(sentence) for sentence in headers.problems_of(Mapping("", 1, {0: "code", 1: "code"}), columns)]
    assert "Alegeți coloana pentru „Județ”." in found
    assert "Câmpul „Cod SIIIR unitate” este ales pentru mai multe coloane." in found


def test_a_list_without_any_known_heading_still_proposes_something_to_correct() -> None:
    mapping = headers.proposed(reading.read(book(["a", "b"], ["c", "d"])), columns_of("network"))
    assert mapping.header == 1 and mapping.fields == {} and headers.problems_of(mapping, columns_of("network"))


# ---- cells -----------------------------------------------------------------------------------------------


def test_codes_that_lost_their_zeros_are_restored_with_a_warning() -> None:
    read_ = read(listed(["AB", 161102892, "Liceul", "161102892", "Liceul", "PJ", "URBAN", 316]))
    assert read_.records[0]["code"] == read_.records[0]["school_code"] == "0161102892"
    assert addresses(read_, "zeros_restored") == ["Export!B2", "Export!D2"]


@pytest.mark.parametrize("code", ["16110289", "abc", "1,61E+08", 12.5, "01611028921", "016110289O", True])
def test_what_cannot_be_a_code_is_an_error_at_its_cell(code: object) -> None:
    read_ = read(listed(["AB", "0161102892", "Liceul", code, "Liceul", "AR", "URBAN", 316]))
    assert len(codes_of(read_, "error")) == 1
    assert addresses(read_, codes_of(read_, "error")[0]) == ["Export!D2"]
    assert read_.records[0]["code"] is None


def test_a_wrong_control_digit_is_only_a_warning() -> None:
    read_ = read(listed(["AB", "0161102893", "Liceul", "0161102893", "Liceul", "PJ", "URBAN", 316]))
    assert codes_of(read_, "error") == [] and read_.problems.counts["control_digit"] == 2
    assert "ar fi 2" in str(read_.problems.kept[0].sentence)


def test_cedillas_are_stored_comma_below_and_counted() -> None:
    read_ = read(listed(["AB", "0161102892", "Şcoala  Ţintă", "0161102892", "ŞCOALA\u00a0„X”\u200b", "PJ", "URBAN", 316]))
    assert read_.records[0]["school_name"] == "Școala Țintă"
    assert read_.records[0]["name"] == "ȘCOALA „X”"
    assert read_.problems.counts["cedilla"] == 2


def test_markup_quotes_and_formula_like_names_are_kept_as_they_are() -> None:
    names = ["<script>alert(1)</script>", 'Liceul "A" „B” «C»', "=1+2", "+40", "@x", "O'Hara & fiii"]
    rows = [["AB", "0161102892", name, "0161102892", name, "PJ", "URBAN", 1] for name in names]
    assert [record["name"] for record in read(listed(*rows)).records] == names


@pytest.mark.parametrize(
    ("cell", "problem"),
    [(12.5, "half"), ("12,5", "half"), (-1, "no_number"), ("-1", "no_number"), ("multe", "no_number"), (1e12, "no_number"), (True, "wrong_type"), (datetime(2026, 9, 8), "wrong_type"), (Formula("=2+3"), "formula"), ("NaN", "no_number"), ("1e3", "no_number")],
)  # fmt: skip
def test_a_count_that_is_no_whole_number_is_an_error_at_its_cell(cell: object, problem: str) -> None:
    read_ = read(listed([*ROW[:7], cell]))
    assert codes_of(read_, "error") == [problem]
    assert addresses(read_, problem) == ["Export!H2"]
    assert read_.records[0]["pupils_total"] is None


@pytest.mark.parametrize(
    ("cell", "value"), [(316, 316), ("316", 316), ("1.316", 1316), (316.0, 316), ("316,0", 316), (0, 0), (None, None), (" ", None)]
)
def test_counts_are_read_as_spreadsheets_and_romanian_write_them(cell: object, value: int | None) -> None:
    read_ = read(listed([*ROW[:7], cell]))
    assert codes_of(read_, "error") == [] and read_.records[0]["pupils_total"] == value


def test_halves_of_classes_are_numbers_and_are_told() -> None:
    read_ = read(book([*HEADER, "Nr. clase"], [*ROW, 2.5], [*ROW[:3], "0162100144", "G", "AR", "R", 3, "0,5"]))
    assert [record["classes_total"] for record in read_.records] == [2.5, 0.5]
    assert read_.problems.counts["half_class"] == 2 and codes_of(read_, "error") == []


def test_a_formula_in_a_column_that_is_not_imported_is_nobodys_business() -> None:
    read_ = read(book([*HEADER, "Observații"], [*ROW, Formula("=1+1")]))
    assert not read_.problems.counts


def test_spreadsheet_errors_are_told_by_address() -> None:
    import io

    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        sheet = made.add_worksheet("Foaie")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW[:7])
        sheet.write_formula(1, 7, "=1/0", None, "#DIV/0!")
    read_ = read(stream.getvalue())
    assert addresses(read_, "formula") + addresses(read_, "cell_error") == ["Foaie!H2"]


@pytest.mark.parametrize("long", ["x" * 301, "y" * 40_000])
def test_a_text_longer_than_its_field_is_an_error_that_quotes_little_of_it(long: str) -> None:
    content = "\n".join([";".join(HEADER), f"AB;0161102892;Liceul;0161102892;{long};PJ;URBAN;3"]).encode()
    read_ = read(content)
    assert addresses(read_, "too_long") == ["E2"]
    assert len(str(read_.problems.kept[0].sentence)) < 200


def test_unknown_values_are_left_out_with_a_warning_and_unknown_counties_are_errors() -> None:
    read_ = read(listed(["Atlantida", *ROW[1:6], "suburban", 3]))
    assert codes_of(read_, "error") == ["county_unknown"] and codes_of(read_, "warning") == ["value_left_out"]
    assert "„Atlantida”" in str(read_.problems.kept[0].sentence)


def test_empty_required_cells_are_named_once() -> None:
    read_ = read(listed(["AB", "", "Liceul", " ", "Liceul", "AR", "URBAN", 3]))
    assert addresses(read_, "missing") == ["Export!B2", "Export!D2"]


def test_merged_cells_in_the_data_are_told_and_those_of_the_title_are_not() -> None:
    rows = [["Titlu"], HEADER, ROW, [*ROW[:3], "0162100144", "G", "AR", "URBAN", 3]]
    read_ = read(book(*rows, merged=["A1:H1", "G3:G4"]))
    assert addresses(read_, "merged") == ["Export!G3"]
    assert "G3:G4" in str(next(problem for problem in read_.problems if problem.code == "merged").sentence)


# ---- rows that are no data -------------------------------------------------------------------------------


def test_total_rows_are_left_out_and_compared_with_the_sum() -> None:
    rows = [ROW, [*ROW[:3], "0162100144", "Grădinița", "AR", "URBAN", 100]]
    read_ = read(listed(*rows, ["", "", "", "", "TOTAL GENERAL", "", "", 416], ["Total județ", "", "", "", "", "", "", 400], ["Sursa: SIIIR"], []))
    assert len(read_.records) == 2 and read_.sums == {"pupils_total": 416}
    assert [(total.row, total.stated, total.counted, total.agrees) for total in read_.totals] == [(4, 416, 416, True), (5, 400, 416, False)]
    assert read_.problems.counts["lone_text"] == 1 and codes_of(read_, "error") == []


def test_a_school_called_total_is_no_total() -> None:
    read_ = read(listed([*ROW[:4], "TOTAL SCHOOL SRL", "PJ", "URBAN", 3]))
    assert len(read_.records) == 1 and not read_.totals


def test_subtotals_of_pupils_by_unit_and_by_county_are_left_out() -> None:
    rows = [
        ["0161102892", "Primar", "română", 100],
        ["0161102892", "Gimnazial", "română", 60],
        ["0161102892", None, None, 160],
        [None, None, None, 160],
        ["0162100144", None, None, 40],
    ]
    read_ = read(book(["Cod Unitate Plan", "Nivel", "Limba predare", "Elevi exist anterior-asoc"], *rows), "pupils")
    assert [record["pupils"] for record in read_.records] == [100, 60, 40]
    assert read_.subtotals == 2 and read_.sums == {"pupils": 200}


def test_exact_repetitions_are_kept_and_name_the_row_they_repeat() -> None:
    read_ = read(listed(ROW, ROW, [*ROW[:7], 317]))
    assert [record.repeats for record in read_.records] == [0, 2, 0]


def test_problems_are_all_counted_though_only_some_are_kept() -> None:
    read_ = read(listed(*[[*ROW[:7], "multe"]] * 500))
    assert read_.problems.counts["no_number"] == 500
    assert len([problem for problem in read_.problems if problem.code == "no_number"]) == 200
