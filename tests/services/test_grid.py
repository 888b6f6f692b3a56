"""A unit manager at a desk: the sheet by keys alone, a block from a spreadsheet with its two wrong cells, two people in one table, a step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser
from python_calamine import CalamineWorkbook

from portal.network.importing.workbook import column_letters
from tests.services.chromium import CHROMIUM
from tests.services.classes import MANAGER, Phone, Site, site_with_classes
from tests.services.conftest import eventually, need
from tests.services.walk import PASSWORD

pytestmark = pytest.mark.services
COLUMNS = ("gender", "ethnicity", "mother_tongue", "sen", "parent_education", "social_grant", "family", "home_residence", "home", "kindergarten",
           "repeating", "results")  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    need(bool(CHROMIUM), "Chromium")
    with site_with_classes(tmp_path_factory.mktemp("grid"), 8) as made:
        yield made


def desk(site: Site, browser: Browser, address: str, **how: bool) -> Phone:
    """The manager, signed in, at a page."""
    manager = Phone(browser, width=1280, **how)
    manager.page.goto(address)
    manager.page.fill("input[name=login]", MANAGER)
    manager.page.fill("input[name=password]", PASSWORD)
    manager.page.locator("main button.btn").first.click()
    manager.page.wait_for_url(address)
    return manager


def at_grid(site: Site, browser: Browser, school_class: dict[str, object]) -> Phone:
    manager = desk(site, browser, site.desk(school_class))
    manager.page.locator("[role=grid] td[tabindex='0']").wait_for()
    return manager


def place(manager: Phone) -> tuple[int, str]:
    """(row, label of the column) in which one is."""
    found = manager.page.evaluate(
        "(() => { const c = document.activeElement; const heads = document.querySelectorAll('[role=columnheader]');"
        " return [Number(c.dataset.row), heads[Number(c.dataset.column) + 1].textContent] })()"
    )
    return found[0], found[1]


def test_the_grid_is_one_tab_stop_with_arrows_home_and_end(site: Site, browser: Browser) -> None:
    manager = at_grid(site, browser, site.fresh())
    keys = manager.page.keyboard
    manager.page.locator("[role=grid] td[tabindex='0']").focus()
    assert manager.page.locator("[role=grid] [tabindex='0']").count() == 1
    assert place(manager) == (1, "Gen")
    for key, where in (
        ("ArrowDown", (2, "Gen")), ("ArrowRight", (2, "Etnie")), ("End", (2, "Banca (a câta de la catedră)")), ("Home", (2, "Gen")),
        ("Control+End", (28, "Banca (a câta de la catedră)")), ("Control+Home", (1, "Gen")), ("ArrowUp", (1, "Gen")), ("PageDown", (11, "Gen")),
    ):  # fmt: skip
        keys.press(key)
        assert place(manager) == where, key
    keys.press("Tab")
    assert manager.page.evaluate("document.activeElement.closest('[role=grid]')") is None
    keys.press("Shift+Tab")
    assert place(manager) == (11, "Gen")
    assert manager.said == []


def test_letters_fill_down_a_selection_and_undo_change_and_save_cells(site: Site, browser: Browser) -> None:
    school_class = site.fresh()
    manager = at_grid(site, browser, school_class)
    keys = manager.page.keyboard
    manager.page.locator("[role=grid] td[data-row='1']").nth(1).click()
    keys.type("roma")
    assert place(manager) == (1, "Etnie")
    assert manager.page.locator("td[data-row='1']").nth(1).get_attribute("aria-label") == "Romă"
    keys.press("Shift+ArrowDown")
    keys.press("Shift+ArrowDown")
    assert manager.page.locator("td[aria-selected=true]").count() == 3
    keys.press("Control+d")
    manager.saved()
    assert [row["ethnicity"] for row in site.rows(school_class)][:4] == ["roma", "roma", "roma", "romanian"]
    keys.press("Control+z")
    manager.saved()
    assert [row["ethnicity"] for row in site.rows(school_class)][:4] == ["roma", "romanian", "romanian", "romanian"]
    manager.page.locator("td[data-row='5']").last.click()
    keys.type("4")
    manager.saved()
    assert site.rows(school_class)[4]["bench"] == 4
    keys.type("99")
    eventually(lambda: manager.page.locator("td.bad").count() == 1, "celula greșită", 5)
    assert "cel mult" in manager.page.locator("[data-note=refused]").inner_text()
    keys.press("Enter")
    manager.page.locator("td input").fill("3")
    keys.press("Enter")
    manager.saved()
    assert site.rows(school_class)[4]["bench"] == 3
    assert place(manager)[0] == 5


def test_a_level_of_support_is_asked_as_soon_as_a_pupil_has_needs(site: Site, browser: Browser) -> None:
    school_class = site.fresh()
    manager = at_grid(site, browser, school_class)
    heads = manager.page.locator("[role=columnheader]")
    assert "Nivel de sprijin" not in heads.all_inner_texts()
    manager.page.locator("td[data-row='2']").nth(3).click()
    manager.page.keyboard.press("Enter")
    manager.page.locator("td select").select_option(label="CES și dizabilitate")
    manager.page.keyboard.press("Enter")
    eventually(lambda: "Nivel de sprijin" in heads.all_inner_texts(), "coloana", 5)
    assert place(manager) == (2, "CES / dizabilitate")
    assert manager.page.locator("td.gap").count() == 1
    assert manager.page.locator("td.na").count() == 27


def block() -> str:
    """28 × 12 as a spreadsheet gives them: words, names of columns above, two wrong cells."""
    words = [
        "Feminin",
        "Română",
        "română",
        "Fără",
        "Gimnaziu (cel mult 8 clase)",
        "Da",
        "Ambii părinți",
        "Urban",
        "Internat / gazdă",
        "nu",
        "Nu",
        "7-8,49 / Bine",
    ]
    lines = [list(words) for _ in range(28)]
    lines[5][5], lines[14][1] = "x", "marțiană"
    heads = ["Gen", "Etnie", "Limba maternă", "CES / dizabilitate", "Educația părinților", "Bursă socială", "Situația familială", "Mediul de domiciliu",
             "Unde locuiește", "A frecventat grădinița", "Repetă clasa", "Rezultate anul anterior"]  # fmt: skip
    return "\n".join("\t".join(line) for line in [heads, *lines])


def paste(manager: Phone, text: str) -> None:
    """As the browser does when somebody presses Ctrl+V in the grid."""
    manager.page.evaluate(
        "text => { const data = new DataTransfer(); data.setData('text/plain', text);"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }",
        text,
    )


def test_a_block_from_a_spreadsheet_shows_its_two_wrong_cells_and_saves_the_rest_on_confirmation(site: Site, browser: Browser) -> None:
    school_class = site.fresh()
    manager = at_grid(site, browser, school_class)
    manager.page.locator("[role=grid] td[tabindex='0']").focus()
    paste(manager, block())
    panel = manager.page.locator("[data-paste]")
    panel.wait_for()
    words = panel.inner_text()
    assert "28 de rânduri × 12 coloane" in words
    assert "Elevul 6, Bursă socială" in words
    assert "Elevul 15, Etnie" in words
    assert panel.locator(".faults li").count() == 2
    assert manager.page.locator("td.bad").count() == 2
    assert site.rows(school_class) == []
    panel.locator(".faults button").nth(1).click()
    assert place(manager) == (15, "Etnie")
    manager.press("Lipiți cele")
    manager.saved()
    rows = site.rows(school_class)
    assert [row["social_grant"] for row in rows] == ["yes"] * 5 + ["no"] + ["yes"] * 22
    assert {row["ethnicity"] for row in rows} == {"romanian"}
    assert {row["home"] for row in rows} == {"boarding"}
    assert {row["gender"] for row in rows} == {"f"}
    manager.press("Anulați ultima schimbare")
    manager.saved()
    assert {row["social_grant"] for row in site.rows(school_class)} == {"no"}


def test_a_phone_and_a_desk_in_one_table_lose_nothing(site: Site, browser: Browser) -> None:
    school_class, teacher = site.fresh(), Phone(browser)
    manager = at_grid(site, browser, school_class)
    teacher.page.goto(f"{site.link(school_class)}intrebari/social_grant/")
    teacher.chip(1)
    teacher.chip(2)
    teacher.saved()
    manager.page.locator("td[data-row='3']").nth(1).click()
    manager.page.keyboard.type("roma")
    manager.saved()
    eventually(lambda: "Altcineva a schimbat între timp: Elevul 1, Bursă socială" in manager.page.inner_text("main"), "ce au schimbat alții", 5)
    assert manager.page.locator("td[data-row='1']").nth(5).get_attribute("aria-label") == "Da"
    rows = site.rows(school_class)
    assert [row["social_grant"] for row in rows][:3] == ["yes", "yes", "no"]
    assert rows[2]["ethnicity"] == "roma"


def test_the_table_goes_to_a_workbook_and_comes_back_changed_without_scripts(site: Site, browser: Browser, tmp_path: Path) -> None:
    school_class = site.fresh()
    manager = desk(site, browser, f"{site.desk(school_class)}incarcare/", javascript=False)
    with manager.page.expect_download() as download:
        manager.page.get_by_role("link", name="Descărcați tabelul clasei").click()
    file = tmp_path / "tabel.xlsx"
    download.value.save_as(file)
    lines = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    social, ethnicity = lines[0].index("Bursă socială"), lines[0].index("Etnie")
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Foaie")
        sheet.write(0, 0, "Tabel completat la ședință")
        for row, line in enumerate(lines, 1):
            sheet.write_row(row, 0, line)
        sheet.write(3, social, "Da")
        sheet.write(4, social, "poate")
        sheet.write_formula(5, ethnicity, "=1+1")
    manager.page.set_input_files("input[name=file]", file)
    manager.press("Citiți fișierul")
    words = " ".join(manager.page.inner_text("main").split())
    assert "Elevul 3, Bursă socială" in words
    assert "Elevul 4, Etnie" in words
    assert f"{column_letters(social)}5" in words
    manager.press("Salvați 1 valoare")
    rows = site.rows(school_class)
    assert [row["social_grant"] for row in rows][:4] == ["no", "yes", "no", "no"]
    assert rows[3]["ethnicity"] == "romanian"


def test_answers_of_a_step_are_saved_while_one_types(site: Site, browser: Browser) -> None:
    manager = desk(site, browser, f"{site.address}colectare/{site.unit}/pasi/basic/general/")
    manager.page.locator("[name='general-pupils_total']").fill("181")
    manager.page.keyboard.press("Tab")
    manager.saved()
    asked = f"from portal.collection.models import Response\nprint(json.dumps(Response.objects.get(collection={site.unit}, section='basic').values))"
    assert site.ask(asked)["pupils_total"] == 181
    manager.page.locator("[name='general-pupils_total']").fill("o sută")
    manager.page.keyboard.press("Tab")
    manager.page.locator("[data-note=refused]").wait_for()
    assert "o sută" in manager.page.locator("[data-note=refused]").inner_text()
    assert site.ask(asked)["pupils_total"] == 181
    assert manager.said == []
