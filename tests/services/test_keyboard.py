"""Without a mouse: a class teacher fills and sends a table by link, a unit manager corrects a step and finalises; one always sees where one is."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.services.chromium import CHROMIUM, answers
from tests.services.conftest import eventually, free_port, need, on_postgresql
from tests.services.keys import Keyboard
from tests.services.walk import PASSWORD

pytestmark = pytest.mark.services
MANAGER = "titus@example.ro"


def build() -> dict[str, Any]:
    """Run inside the product: the world of the routes, with a password for the manager of a unit that is ready to be finalised."""
    from tests.portal.route_world import build as build_world

    world = build_world()
    world.cast["titus"].set_password(PASSWORD)
    world.cast["titus"].save()
    return {"token": world.things["link"][0]["token"], "unit": world.things["ready unit"][0]["pk"]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    need(bool(CHROMIUM), "Chromium")
    port = free_port()
    with on_postgresql(tmp_path_factory.mktemp("keys")) as product:
        product.environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
        code = "import json\nfrom tests.services.test_keyboard import build\nprint(json.dumps(build()))"
        made = json.loads(product.command("shell", "--verbosity", "0", "-c", code).strip().splitlines()[-1])
        product.start(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--log-level", "error")
        address = f"http://127.0.0.1:{port}/"
        eventually(lambda: answers(address), "prima pagină")
        yield made | {"address": address}


@pytest.mark.parametrize("width", [360, 1280])
def test_the_first_stop_leaps_over_the_head(site: dict[str, Any], browser: Browser, width: int) -> None:
    keys = Keyboard(browser, width)
    keys.page.goto(site["address"] + "metodologii/")
    assert keys.tab()["words"] == "Salt la conținut"
    keys.page.keyboard.press("Enter")
    assert keys.focused == "continut"
    keys.tab()
    assert keys.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert keys.unseen == []


def test_a_class_teacher_fills_and_sends_the_table(site: dict[str, Any], browser: Browser) -> None:
    keys = Keyboard(browser, 360)
    keys.page.goto(f"{site['address']}t/{site['token']}/")
    keys.follow("Începeți completarea", "Bursă")
    keys.to("1")
    keys.page.keyboard.press("Space")
    assert keys.page.locator(".chip input[value='1']").is_checked()
    keys.follow("Salvați și continuați", "Verificați")
    assert "Da – 1 elev; Nu – 1 elev" in keys.page.inner_text("main") or "Nu – 1 elev; Da – 1 elev" in keys.page.inner_text("main")
    keys.follow("Trimiteți tabelul clasei", "Tabelul a fost trimis")
    assert keys.unseen == []


def test_a_unit_manager_corrects_a_step_and_finalises(site: dict[str, Any], browser: Browser) -> None:
    keys = Keyboard(browser, 1280)
    keys.page.goto(f"{site['address']}colectare/{site['unit']}/sarcini/")
    keys.to("Adresa de e-mail")
    keys.write(MANAGER)
    keys.to("Parola")
    keys.write(PASSWORD)
    keys.page.keyboard.press("Enter")
    eventually(lambda: keys.heading == "Ce aveți de făcut", "sarcinile", 20)
    keys.follow("Date generale", "Date generale")
    keys.to("Săli de clasă")
    keys.write("o sută")
    keys.to("Salvați și ieșiți")
    keys.page.keyboard.press("Enter")
    keys.page.locator(".err").wait_for()
    eventually(lambda: keys.focused == "err", "focusul pe rezumatul greșelilor", 10)
    assert keys.page.title().startswith("Eroare: ")
    assert keys.tab()["kind"] == "a"
    keys.page.keyboard.press("Enter")
    assert keys.page.evaluate("document.activeElement.value") == "o sută"
    keys.write("7")
    keys.follow("Salvați și ieșiți", "Ce aveți de făcut")
    keys.follow("Verificați răspunsurile", "Verificați")
    keys.follow("Finalizați", "Finalizați")
    keys.to("Finalizați")
    keys.page.keyboard.press("Enter")
    eventually(lambda: "Finalizat" in keys.page.inner_text("main"), "unitatea finalizată", 20)
    assert keys.unseen == []


def test_a_focus_that_cannot_be_seen_is_told(site: dict[str, Any], browser: Browser) -> None:
    keys = Keyboard(browser, 1280)
    keys.page.goto(site["address"] + "metodologii/")
    keys.page.evaluate("for (const one of document.querySelectorAll('a')) one.style.cssText = 'outline:0;box-shadow:none'")
    keys.tab()
    assert keys.unseen == ["Salt la conținut (not marked) on „Metodologii”"]
