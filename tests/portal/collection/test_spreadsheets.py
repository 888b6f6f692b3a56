"""Class tables between the product and spreadsheets: blocks are read by the names of their columns, and nothing is saved unasked."""

from __future__ import annotations

import io
import json

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from portal.accounts.models import Membership, User
from portal.collection import class_table, pasting
from portal.collection.class_table import TableNow
from portal.collection.models import Collection
from portal.collection.services import tables
from tests.portal.worked_round import WorkedRound

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(school_class: Collection) -> TableNow:
    return class_table.table_now(school_class)


@pytest.fixture
def desk(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def url(name: str, school_class: Collection) -> str:
    return reverse(f"collection:table_{name}", args=[school_class.pk])


def test_columns_are_found_by_name_and_rows_by_number(now: TableNow) -> None:
    block = pasting.read_text(now, "Etnie\tNr.\tPrenume\tbursa sociala\nRomă\t3\tx\tDa\nmaghiara\t2\ty\t", 1, "gender")
    assert [field.code for _name, field in block.matched] == ["ethnicity", "social_grant"]
    assert block.ignored == ("Prenume",)
    assert block.changed["3.ethnicity"] == "roma"
    assert block.changed["2.ethnicity"] == "hungarian"
    assert not any(name.endswith("row_no") for name in block.changed)
    assert block.bad == ()


def test_a_block_without_names_goes_where_it_is_pasted(now: TableNow) -> None:
    block = pasting.read_text(now, "Romă\tRomani\n\tMaghiară\n", 4, "ethnicity")
    assert [field.code for _name, field in block.matched] == ["ethnicity", "mother_tongue"]
    assert block.changed["4.ethnicity"] == "roma"
    assert "5.ethnicity" not in block.changed
    assert {one.name for one in block.bad} | set(block.changed) >= {"4.mother_tongue", "5.mother_tongue"}


def test_code_letters_of_the_grid_are_read_as_their_values(now: TableNow) -> None:
    block = pasting.read_text(now, "M\nF\nm", 1, "gender")
    typed = {1: "m", 2: "f", 3: "m"}
    assert block.bad == ()
    assert block.changed == {f"{row}.gender": value for row, value in typed.items() if now.rows[row - 1]["gender"] != value}


def test_every_cell_that_cannot_be_read_is_told_with_its_reason(now: TableNow) -> None:
    block = pasting.read_text(now, "Banca (a câta de la catedră)\tBursă socială\n99\tpoate\n2\tda", 1, "gender")
    assert [(one.row, one.value) for one in block.bad] == [(1, "poate"), (1, "99")]
    assert all(one.sentence for one in block.bad)


def test_lines_beyond_the_pupils_are_counted_and_left_out(now: TableNow) -> None:
    block = pasting.read_text(now, "\n".join(["Da"] * (len(now.rows) + 3)), 1, "social_grant")
    assert block.beyond == 3
    assert all(int(name.split(".")[0]) <= len(now.rows) for name in block.changed)


@pytest.mark.parametrize("text", ["", "\t\t\t", '"', "\0", "a\t" * 5000, "=cmd|'/c calc'!A1", "x" * 100_000])
def test_odd_text_is_no_failure(now: TableNow, text: str) -> None:
    block = pasting.read_text(now, text, 1, "ethnicity")
    assert all(name.split(".")[0].isdecimal() for name in block.changed)


def test_a_paste_is_read_and_nothing_is_saved(desk: Client, school_class: Collection) -> None:
    before = tables.stored_rows(school_class)
    body = json.dumps({"text": "Etnie\nRomă\nmarțian", "row": 1, "column": "gender"})
    told = desk.post(url("paste", school_class), body, content_type="application/json").json()
    assert told["changed"] == {"1.ethnicity": "roma"}
    assert [one["name"] for one in told["bad"]] == ["2.ethnicity"]
    assert tables.stored_rows(school_class) == before
    for wrong in ("", "[]", '{"text": 1, "row": 1, "column": ""}', '{"text": "", "row": "1", "column": ""}'):
        assert desk.post(url("paste", school_class), wrong, content_type="application/json").status_code == 400


def book(*lines: list[object]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        sheet = made.add_worksheet()
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, line)
    return SimpleUploadedFile("tabel.xlsx", stream.getvalue())


def hidden(page: str, name: str) -> str:
    import html
    import re

    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def test_a_workbook_is_shown_before_it_is_saved_and_saves_what_could_be_read(desk: Client, school_class: Collection) -> None:
    before = tables.stored_rows(school_class)
    page = desk.post(url("upload", school_class), {"file": book(["Nr.", "Etnie"], [1, "Romă"], [2, "=1+1"], [3, "marțian"])}).content.decode()
    assert "B4" in page
    assert "B3" in page
    assert tables.stored_rows(school_class) == before
    data = {name: hidden(page, name) for name in ("cells", "revision", "request_id")}
    saved = desk.post(url("upload", school_class), data)
    again = desk.post(url("upload", school_class), data)
    assert (saved.status_code, again.status_code) == (303, 303)
    rows, revision = tables.stored_rows(school_class)
    assert [row["ethnicity"] for row in rows[:3]] == ["roma", "romanian", "romanian"]
    assert revision == before[1] + 1


@pytest.mark.parametrize(("content", "words"), [(b"", "gol"), (b"%PDF-1.4", "PDF"), (b"nimic;altceva\n1;2\n", "numele coloanelor")])
def test_a_file_that_is_no_table_is_refused_in_words(desk: Client, school_class: Collection, content: bytes, words: str) -> None:
    answer = desk.post(url("upload", school_class), {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert desk.post(url("upload", school_class), {}).status_code == 422


def test_forged_cells_are_read_like_any_other(desk: Client, school_class: Collection) -> None:
    before = tables.stored_rows(school_class)
    for cells in ("", "[1]", '{"1.ethnicity": {"a": 1}}'):
        assert desk.post(url("upload", school_class), {"cells": cells, "revision": "1", "request_id": "r"}).status_code == 400
    desk.post(url("upload", school_class), {"cells": '{"1.ethnicity": "marțian", "99.gender": "f"}', "revision": str(before[1]), "request_id": "r"})
    assert tables.stored_rows(school_class) == before


def test_the_workbook_of_a_table_comes_back_unchanged(desk: Client, school_class: Collection) -> None:
    answer = desk.get(url("workbook", school_class))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == len(tables.stored_rows(school_class)[0]) + 1
    page = desk.post(url("upload", school_class), {"file": SimpleUploadedFile("tabel.xlsx", answer.content)}).content.decode()
    assert hidden(page, "cells") == "{}"


def test_who_only_reads_uploads_nothing(worked: WorkedRound, school_class: Collection) -> None:
    director = User.objects.create_user("director@example.org", "Dan")
    Membership.objects.create(user=director, place=worked.school.place, role="director")  # type: ignore[misc]
    client = Client()
    client.force_login(director)
    assert client.get(url("upload", school_class)).status_code == 403
    assert client.get(url("workbook", school_class)).status_code == 200
