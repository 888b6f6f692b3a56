"""The language is changed in the middle of work, in a real browser under a path prefix: one stays where one is and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.services.chromium import CHROMIUM
from tests.services.classes import Phone, Site, site_with_classes
from tests.services.conftest import eventually, need

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    need(bool(CHROMIUM), "Chromium")
    with site_with_classes(tmp_path_factory.mktemp("languages"), 2) as made:
        yield made


def test_a_teacher_changes_the_language_between_two_taps(site: Site, browser: Browser) -> None:
    school_class, phone = site.fresh(), Phone(browser)
    address = f"{site.link(school_class)}intrebari/social_grant/"
    phone.page.goto(address)
    phone.chip(3)
    phone.page.click('form.lang button:has-text("Magyar")')
    expect(phone.page.locator("h1")).to_have_text("Mely tanulók kapnak szociális ösztöndíjat?")
    assert phone.page.url == address and phone.page.get_attribute("html", "lang") == "hu"
    phone.chip(5)
    eventually(lambda: phone.state.startswith("Mentve: "), f"starea, nu „{phone.state}”", 15)
    assert [row["row_no"] for row in site.rows(school_class) if row["social_grant"] == "yes"] == [3, 5]
    assert phone.said == []


def test_what_was_typed_in_a_form_is_still_there(site: Site, browser: Browser) -> None:
    page = Phone(browser, width=1280).page
    page.goto(f"{site.address}contact/")
    page.get_by_role("link", name="scrieți comisiei naționale").click()
    page.fill("[name=subject]", "Termenul claselor")
    page.fill("[name=text]", "Până când „mai” putem?\nMulțumim.")
    before = page.url
    page.focus('form.lang button[value="hu"]')
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "hu")
    assert page.url == before
    assert (page.input_value("[name=subject]"), page.input_value("[name=text]")) == ("Termenul claselor", "Până când „mai” putem?\nMulțumim.")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_switch_works_without_scripts(site: Site, browser: Browser) -> None:
    page = Phone(browser, javascript=False).page
    address = f"{site.link(site.fresh())}intrebari/social_grant/"
    page.goto(address)
    page.click('form.lang button[value="en"]')
    assert page.url == address and page.get_attribute("html", "lang") == "en"
    assert "Save and continue" in page.inner_text("main")
