"""A day of a director, of an inspector and of a member of the commission, each in the browser, in the invented county in the midst of its round."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.services.chromium import CHROMIUM, answers
from tests.services.conftest import Product, eventually, free_port, need, on_postgresql
from tests.services.walk import Person

pytestmark = pytest.mark.services


@dataclass
class Demo:
    product: Product
    address: str
    passwords: dict[str, str]

    def person(self, browser: Browser, name: str, width: int = 1280) -> Person:
        """Somebody of the demonstration, signed in."""
        who = Person(browser, self.address, width)
        who.go()
        who.press("Intrați în cont")
        who.page.fill("input[name=login]", f"{name}@demo.example")
        who.page.fill("input[name=password]", self.passwords[f"{name}@demo.example"])
        who.page.locator("main button.btn").first.click()
        who.page.wait_for_load_state()
        return who


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    need(bool(CHROMIUM), "Chromium")
    with on_postgresql(tmp_path_factory.mktemp("days")) as product:
        product.environment |= {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
        said = product.command("seed_demo")
        address = f"127.0.0.1:{free_port()}"
        product.start(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", address, "--workers", "1", "--log-level", "error")
        eventually(lambda: answers(f"http://{address}/"), "prima pagină")
        yield Demo(product, f"http://{address}/", dict(re.findall(r"(\S+@demo\.example)\s+(\S+)", said)))


def main_of(who: Person) -> str:
    return " ".join(who.page.inner_text("main").split())


def act_on(who: Person, state: str, act: str) -> str:
    """Opens an act on the first place of the list that is in a state and admits it; the name of the place."""
    row = who.page.locator("#lista tbody tr", has_text=state).filter(has=who.page.get_by_role("link", name=act, include_hidden=True)).first
    name = row.locator("th a").inner_text()
    row.locator("summary").click()
    row.get_by_role("link", name=act).click()
    who.page.wait_for_load_state()
    return name


def state_of(who: Person, name: str) -> str:
    return who.page.locator("#lista tbody tr", has_text=name).first.locator(".tag").first.inner_text()


def row_of(who: Person, what: str) -> list[str]:
    """What stands in the table „Unde s-a ajuns” of a kind of thing: expected, exempt, received, on time."""
    row = who.page.locator("tr", has=who.page.get_by_role("rowheader", name=what, exact=True)).first
    return [re.split(r"\D", cell.inner_text().strip())[0] for cell in row.locator("td").all()]


def confirm(who: Person, button: str, **fields: str) -> None:
    for name, value in fields.items():
        who.page.fill(f"main [name={name}]", value)
    who.press(button, within="main")


def test_a_director_blocks_a_unit_reopens_another_and_sees_why_the_school_is_not_ready(demo: Demo, browser: Browser) -> None:
    director = demo.person(browser, "director")
    director.press("Panou")
    expected, _exempt, received, _on_time = row_of(director, "Unități")
    assert (expected, received) == ("5", "1")
    blocked = act_on(director, "În lucru", "Blocați")
    confirm(director, "Blocați acum", reason="Se verifică lista claselor.")
    assert state_of(director, blocked) == "Blocat"
    act_on(director, "Blocat", "Deblocați")
    confirm(director, "Deblocați acum")
    assert state_of(director, blocked) != "Blocat"
    reopened = act_on(director, "Finalizat", "Redeschideți")
    confirm(director, "Redeschideți acum", reason="Numărul sălilor este greșit.")
    assert state_of(director, reopened) == "Redeschis" and row_of(director, "Unități")[2] == "0"
    director.press("Finalizați", within="main")
    assert "5 locuri de finalizat dedesubt" in main_of(director)
    director.press("Panou")
    director.press("Istoric", within="main")
    assert "Numărul sălilor este greșit." in main_of(director) and "Se verifică lista claselor." in main_of(director)
    assert director.said == []


def test_an_inspector_exempts_extends_asks_for_more_and_reminds(demo: Demo, browser: Browser) -> None:
    inspector = demo.person(browser, "inspector")
    inspector.press("Panou")
    before = row_of(inspector, "Unități")
    inspector.page.locator(".seg a", has_text="Unități").click()
    exempt = act_on(inspector, "În lucru", "Exceptați din campanie")
    inspector.page.check("input[name=reason][value=closed]")
    confirm(inspector, "Exceptați", text="Comasată cu altă unitate.")
    inspector.press("Panou")
    after = row_of(inspector, "Unități")
    assert (int(after[0]), int(after[1])) == (int(before[0]) - 1, int(before[1]) + 1)
    inspector.page.locator(".seg a", has_text="Unități").click()
    extended = act_on(inspector, "În lucru", "Dați o prelungire")
    confirm(inspector, "Dați prelungirea", until="31.12.2035 16:00", reason="Inundație.")
    inspector.press("Panou")
    inspector.press("Stadiul fiecărui loc, exceptările și prelungirile")
    shown = main_of(inspector)
    assert exempt in shown and "Comasată cu altă unitate." in shown and extended in shown and "Inundație." in shown
    assert row_of(inspector, "Unități") == after
    with inspector.page.expect_download() as download:
        inspector.page.get_by_role("link", name="Descărcați CSV").click()
    assert "stadiu-" in download.value.suggested_filename
    inspector.press("Panou")
    inspector.page.locator(".seg a", has_text="Unități").click()
    asked = act_on(inspector, "În lucru", "Cereți monitorizarea extinsă")
    confirm(inspector, "Cereți", until="31.12.2035 16:00", reason="Risc ridicat.")
    inspector.press("Panou")
    inspector.page.locator(".kpis a", has_text="extinsă cerută").click()
    assert asked in main_of(inspector)
    inspector.press("Panou")
    inspector.page.locator(".kpis a", has_text="fără cont").click()
    assert "Conduce" in main_of(inspector)
    inspector.press("Rețeaua școlară")
    inspector.press("De la an la an")
    assert "Nicio schimbare." in main_of(inspector)
    assert inspector.said == []


def test_a_member_of_the_commission_follows_the_country_and_blocks_an_inspectorate(demo: Demo, browser: Browser) -> None:
    member = demo.person(browser, "membru.cndie")
    member.press("Panou")
    assert row_of(member, "Inspectorate")[0] == "1"
    county = act_on(member, "În lucru", "Blocați")
    confirm(member, "Blocați acum", reason="Se verifică raportul județului.")
    assert state_of(member, county) == "Blocat"
    act_on(member, "Blocat", "Deblocați")
    confirm(member, "Deblocați acum")
    member.press("Stadiul fiecărui loc, exceptările și prelungirile")
    assert row_of(member, "Inspectorate")[0] == "1" and county in main_of(member)
    member.press("Panou")
    member.press("Istoric", within="main")
    assert "Se verifică raportul județului." in main_of(member)
    member.press("Campanii")
    assert "2025-2026" in main_of(member)
    assert member.said == []
