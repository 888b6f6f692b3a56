"""Pages on PostgreSQL, in Chromium at three widths. Required where REQUIRE_SERVICES=1."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.services.chromium import answers
from tests.services.conftest import eventually, free_port, on_postgresql

PAGES = ["", "metodologii/2025-2026/", "metodologii/2025-2026/formulare/", "metodologii/2024-2025/indicatori/A.ROM.4/"]
pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages under a path prefix, on PostgreSQL."""
    with on_postgresql(tmp_path_factory.mktemp("data")) as product:
        product.environment["URL_PREFIX"] = "/mds"
        address = f"127.0.0.1:{free_port()}"
        product.start(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", address, "--workers", "1", "--log-level", "error")
        eventually(lambda: answers(f"http://{address}/mds/metodologii/"), "paginile")
        yield f"http://{address}/mds/"


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_fit_the_screen_and_say_nothing_in_the_console(site: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    for path in PAGES:
        response = page.goto(site + path)
        assert response is not None and response.status == 200
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Noto Sans"')
    page.close()
    assert said == []
