"""Paper: letters that can be copied, structure for screen readers, nothing fetched, markup that stays text, limits that hold."""

from __future__ import annotations

import re
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from exports import pdf, unit_subject
from exports.report_tree import Cell, Chart, Head, Note, Paragraph, Report, Section, Table
from exports.unit_report import unit_report
from portal.collection.models import Collection, Explanation
from tests.portal.worked_round import WorkedRound
from tests.programs import needs

needs_poppler = needs("pdftotext", "poppler-utils")
MARKUP = '<script>alert(1)</script><img src="file:///etc/passwd"> & „ghilimele”'


def small(**changed: Any) -> Report:
    """A report of one section."""
    table = Table("Un tabel", (Head("Ce"), Head("Cât", number=True)), ((Cell("ăâîșț őű"), Cell("1.234,56", number=True)),))
    parts: dict[str, Any] = {
        "kicker": "Raport de probă", "title": "Școala Țițeica", "commission": "Comisia", "facts": (("Cod", "0461100123"),),
        "provenance": (("Amprenta", "abc"),), "running": "0461100123 · nr. 1", "notice": Note("Un risc nu este un verdict."),
        "sections": (Section("one", "Secțiunea", (Paragraph("Text."), table, Chart("<svg xmlns='http://www.w3.org/2000/svg'/>", "Un desen."))),),
    }  # fmt: skip
    return Report(**parts | changed)


def inflated(content: bytes) -> bytes:
    """The file with its compressed parts unpacked."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    return b"\n".join([content, *(zlib.decompress(part) for part in parts if part[:1] == b"\x78")])


def text_of(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.django_db
@needs_poppler
def test_the_report_of_a_unit_reads_as_it_should_on_every_page(worked: WorkedRound, tmp_path: Path) -> None:
    Explanation.objects.create(collection=worked.classes["U1", "5A"], check_code="V-C-03", text=MARKUP, author="user:1")
    worked.freeze("U1")
    unit = Collection.objects.select_related("round__methodology", "parent").get(pk=worked.units["U1"].pk)
    path = tmp_path / "u1.pdf"
    pdf.write_pdf(unit_report(unit_subject.of_now(unit)), path)
    text = text_of(path)
    pages = text.split("\f")[:-1]
    assert len(pages) > 5
    for number, page in enumerate(pages, 1):
        assert f"Pagina {number} din {len(pages)}" in page
        assert "SYN-2501 · 2025-2026 · nr. 1" in page
    flat = " ".join(text.split())
    assert "<script>alert(1)</script>" in flat.replace("< script", "<script")
    for words in ("Toate datele", "provizoriu", "Un risc nu este un verdict", "28,89 %", "Școala Gimnazială Model", worked.methodology.digest):
        assert words in flat, words
    assert not re.search("[şţŞŢ]", text)


def test_a_pdf_is_tagged_titled_and_in_romanian(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    pdf.write_pdf(small(), path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-1.7")
    inside = inflated(content)
    assert re.search(rb"pdfuaid:part[>=\"']+1", inside)
    assert b"/Lang (ro)" in inside
    assert b"/StructTreeRoot" in inside
    assert inside.count(b"/FontFile") == 2


@needs_poppler
def test_structure_and_letters_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    pdf.write_pdf(small(), path)
    told = subprocess.run(["pdfinfo", "-struct-text", str(path)], check=True, capture_output=True, text=True).stdout
    for part in ("H1", "H2", "Table", "TH", "Figure", "ăâîșț őű", "1.234,56"):
        assert part in told, part
    info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Title:\s+Raport de probă – Școala Țițeica", info)
    assert re.search(r"Tagged:\s+yes", info)
    fonts = subprocess.run(["pdffonts", str(path)], check=True, capture_output=True, text=True).stdout
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:])


@needs_poppler
@pytest.mark.parametrize("place", ["title", "running", "commission", "warning"])
def test_markup_and_quotes_stay_text_wherever_they_are(place: str, tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    pdf.write_pdf(small(**{place: MARKUP + '"} @page{size:1cm} \\'}), path)
    flat = "".join(text_of(path).split())
    assert "".join((MARKUP + '"} @page{size:1cm} \\').split()) in flat
    assert "root:" not in flat


def test_html_of_a_report_has_no_markup_of_others() -> None:
    hostile = small(title=MARKUP, sections=(Section("x", MARKUP, (Paragraph(MARKUP), Chart("<svg xmlns='http://www.w3.org/2000/svg'/>", MARKUP))),))
    html = pdf.html_of(hostile)
    assert "<script" not in html
    assert html.count("<img") == 1


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1/x.svg",
        "https://example.org/",
        "report:../../models.py",
        "report:/etc/passwd",
        "report:report.css",
        "//x",
        "",
    ],
)
def test_nothing_but_our_own_files_is_fetched(url: str) -> None:
    with pytest.raises(PermissionError):
        pdf.own_file(url)


def test_our_own_fonts_and_drawings_are_fetched() -> None:
    assert pdf.own_file("report:fonts/NotoSans-Regular.ttf").stat().st_size > 500_000
    assert pdf.own_file("report:steps-3.svg").read_text("utf-8").startswith("<svg")


def test_a_report_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0)
    with pytest.raises(pdf.NotMade):
        pdf.write_pdf(small(), tmp_path / "x.pdf")
