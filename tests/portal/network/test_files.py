"""Files that people send: what is read, what is refused by its own name, what cannot hurt."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from pathlib import Path

import pytest

from portal.network.importing import limits, reading, signatures
from portal.network.importing.workbook import Odd
from tests.portal.network.books import Formula, book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def sheet_replaced(content: bytes) -> bytes:
    """A true workbook whose sheet is other XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["a"]))) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == "xl/worksheets/sheet1.xml" else old.read(part))
    return stream.getvalue()


SHEET = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'

REFUSED = {
    "empty": b"",
    "blank": b"  \r\n ",
    "pdf": b"%PDF-1.7 ...",
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpeg": b"\xff\xd8\xff\xe0....",
    "old xls": OLE,
    "password": OLE + signatures.ENCRYPTED,
    "zip of something": zipped(readme=b"x"),
    "word document": zipped(word__document_xml=b"<x/>"),
    "opendocument": zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_xml=b"<x/>"),
    "web page": b"<!DOCTYPE html><p>x",
    "binary": b"abc\x00\x01\x02;def",
    "undefined in cp1250": b"cod;nume\n1;\x81\x83\xff",
    "broken zip": b"PK\x03\x04 not a zip",
    "workbook without parts": zipped(xl__workbook_xml=b"<workbook/>"),
    "workbook of nonsense": zipped(xl__workbook_xml=b"\x00\xff not xml", **{"xl/_rels/workbook.xml.rels": b"<"}),
    "open quotes": b'cod;nume\n1;"' + b"x" * 50_000,
}
CODES = {
    "empty": "empty", "blank": "empty", "pdf": "pdf", "png": "image", "jpeg": "image", "old xls": "old_workbook", "password": "password",
    "zip of something": "archive", "word document": "document", "opendocument": "other_workbook", "web page": "web_page", "binary": "no_text",
    "undefined in cp1250": "no_text", "broken zip": "damaged", "workbook without parts": "damaged", "workbook of nonsense": "damaged",
    "open quotes": "quotes",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_another_kind_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(reading.Refused) as refusal:
        reading.read(REFUSED[name])
    assert refusal.value.code == CODES[name]
    sentence = str(refusal.value.sentence)
    assert sentence.endswith(".") and "{" not in sentence


def test_a_workbook_is_read_with_its_types() -> None:
    sheet = reading.read(book(["text", 12, 12.5, True, None, "=1+2"], sheet="Ciudată & <b>")).sheets[0]
    assert sheet.name == "Ciudată & <b>"
    assert sheet.rows == [["text", 12, 12.5, True, None, "=1+2"]]


def test_formulas_merged_cells_dates_and_errors_are_told_by_address() -> None:
    from datetime import datetime

    content = book(["a", Formula("=2+3")], ["b"], [datetime(2026, 9, 8), Formula("=1/0")], merged=["A5:B6"])
    sheet = reading.read(content).sheets[0]
    assert sheet.formulas == {(0, 1), (2, 1)}
    assert sheet.merged == [(4, 0, 5, 1)]
    assert isinstance(sheet.rows[2][0], Odd) and sheet.rows[2][0].text.startswith("2026-09-08")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("\ufeffCod;Denumire\n01;Școală".encode(), [["Cod", "Denumire"], ["01", "Școală"]]),
        ("Cod,Denumire\n01,\"Școală, mare\"".encode(), [["Cod", "Denumire"], ["01", "Școală, mare"]]),
        ("Cod;Denumire\n01;Şcoală ţâncilor".encode("cp1250"), [["Cod", "Denumire"], ["01", "Şcoală ţâncilor"]]),
        ("Cod\tDenumire\n01\tȘcoală".encode("utf-16"), [["Cod", "Denumire"], ["01", "Școală"]]),
        (b"Cod;Denumire\r\n01;\"cu \"\"ghilimele\"\"\nrand nou\"\r\n", [["Cod", "Denumire"], ["01", 'cu "ghilimele"\nrand nou']]),
    ],
    ids=["utf-8 with mark", "commas", "cp1250", "utf-16 with tabs", "quotes and line breaks"],
)  # fmt: skip
def test_text_is_read_in_its_encoding_and_with_its_delimiter(content: bytes, rows: list[list[str]]) -> None:
    assert reading.read(content).sheets[0].rows == rows


# ---- what cannot hurt ------------------------------------------------------------------------------------


def bomb() -> bytes:
    """A small file that unpacks to three hundred megabytes."""
    return zipped(xl__workbook_xml=b"<workbook/>", **{"xl/worksheets/sheet1.xml": b" " * 300_000_000})


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    with pytest.raises(reading.Refused) as refusal:
        reading.read(bomb())
    assert refusal.value.code == "bomb"


def test_a_directory_that_lies_about_its_sizes_ends_only_the_child() -> None:
    """The sheet says that it has 1 kB; it has three hundred megabytes."""
    content = bytearray(sheet_replaced(SHEET % (b"<row r='1'>" + b"<c r='A1'><v>1</v></c>" * 1_000_000 + b"</row>")))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    lie = bytes(content).replace(struct.pack("<I", true), struct.pack("<I", 1000))
    assert lie != content
    started = time.monotonic()
    try:
        reading.read(lie)
    except reading.Refused as refusal:
        assert refusal.code in ("damaged", "exhausted", "too_large", "too_many_columns")
    assert time.monotonic() - started < limits.WALL_SECONDS


def test_many_parts_and_parts_of_one_name_are_refused() -> None:
    with pytest.raises(reading.Refused, match="bomb"):
        reading.read(zipped(xl__workbook_xml=b"<x/>", **{f"part{number}": b"" for number in range(limits.ARCHIVE_MEMBERS)}))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<y/>")
    with pytest.raises(reading.Refused, match="bomb"):
        reading.read(stream.getvalue())


def test_a_sheet_whose_corners_are_far_apart_ends_only_the_child() -> None:
    """Two cells, one of them the last of a spreadsheet: read densely that would be sixteen thousand million cells."""
    far = b"<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>"
    with pytest.raises(reading.Refused) as refusal:
        reading.read(sheet_replaced(SHEET % far))
    assert refusal.value.code in ("exhausted", "too_many_rows")


def test_entities_are_not_expanded() -> None:
    declared = b'<?xml version="1.0"?><!DOCTYPE x [' + b"".join(
        b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10 if number else b"lol" * 100) for number in range(9)
    )
    content = (
        declared
        + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&e8;</t></is></c></row></sheetData></worksheet>'
    )
    try:
        rows = reading.read(sheet_replaced(content)).sheets[0].rows
    except reading.Refused as refusal:
        assert refusal.code in ("damaged", "exhausted")
    else:
        assert len(str(rows)) < 10_000


@pytest.mark.parametrize("shape", ["xlsx", "csv"])
def test_a_million_rows_are_counted_and_refused(shape: str) -> None:
    if shape == "csv":
        content = b"cod;nume\n" + b"1;x\n" * 1_000_000
    else:
        content = sheet_replaced(SHEET % b"".join(b"<row r='%d'><c r='A%d'><v>1</v></c></row>" % (number, number) for number in range(1, 100_001)))
    with pytest.raises(reading.Refused) as refusal:
        reading.read(content)
    assert refusal.value.code == "too_many_rows"
    assert ("1.000.001" if shape == "csv" else "100.000") in str(refusal.value.sentence)


def test_a_sheet_may_have_as_many_rows_as_the_limit_says() -> None:
    rows = reading.read(b"cod;nume\n" + b"1;x\n" * limits.ROWS).sheets[0].rows
    assert len(rows) == limits.ROWS + 1


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(reading.Refused, match="too_many_columns"):
        reading.read(book(["x"] * (limits.COLUMNS + 1)))


def test_huge_cells_are_cut_while_reading() -> None:
    rows = reading.read(book(["x" * 32_000, "y"])).sheets[0].rows
    assert rows == [["x" * limits.CELL_CHARACTERS, "y"]]


def test_a_file_larger_than_the_limit_is_not_even_handed_to_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    with pytest.raises(reading.Refused, match="too_large"):
        reading.read(b"cod;nume;mult")


def test_the_child_is_ended_by_its_limits_of_memory_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness is sensitive: a child that eats memory, or never ends, is refused, and nothing else happens."""
    import sys

    for waste in ("x = []\nwhile True: x.append(bytearray(10_000_000))", "while True: pass"):
        source = f"from portal.network.importing import limits, reader\nlimits.CPU_SECONDS = 1\nreader.limit()\n{waste}"
        monkeypatch.setattr(reading, "CHILD", [sys.executable, "-c", source])
        with pytest.raises(reading.Refused, match="exhausted"):
            reading.read(b"cod;nume")


def test_the_child_knows_no_django(tmp_path: Path) -> None:
    import subprocess
    import sys

    source = "import sys; from portal.network.importing import reader, spreadsheet; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], cwd=reading.ROOT, check=False).returncode == 0
