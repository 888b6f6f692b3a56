"""The product on real services: PostgreSQL, Redis, and pages in Chromium at two widths. Required where REQUIRE_SERVICES=1."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.conftest import free_port, listens, need

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-quic", "--disable-sync", "--no-first-run"]  # fmt: skip
PAGES = ["", "metodologii/2025-2026/", "metodologii/2025-2026/formulare/", "metodologii/2024-2025/indicatori/A.ROM.4/"]
pytestmark = pytest.mark.services


def start(environment: dict[str, str], port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} nu răspunde")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The product under a path prefix, on PostgreSQL."""
    need(listens(5432), "PostgreSQL")
    user = os.environ.get("PGUSER", "postgres")
    environment = {
        "DATABASE_URL": f"postgres://{user}@127.0.0.1:5432/postgres",
        "URL_PREFIX": "/mds",
        "DATA_DIR": str(tmp_path_factory.mktemp("data")),
        "DEBUG": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "--check"], cwd=ROOT, env=os.environ | environment, check=False, capture_output=True)
    port = free_port()
    server = start(environment, port)
    try:
        wait_for(f"http://127.0.0.1:{port}/mds/")
        yield f"http://127.0.0.1:{port}/mds/"
    finally:
        server.terminate()
        server.wait(10)


def test_the_database_settings_reach_postgresql() -> None:
    need(listens(5432), "PostgreSQL")
    code = "import django; django.setup(); from django.db import connection; c = connection.cursor(); c.execute('select version()'); print(c.fetchone()[0])"
    environment = os.environ | {"DATABASE_URL": "postgres://postgres@127.0.0.1:5432/postgres", "DJANGO_SETTINGS_MODULE": "config.settings"}
    printed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
    assert printed.startswith("PostgreSQL")


def test_redis_answers() -> None:
    need(listens(6379), "Redis")
    with socket.create_connection(("127.0.0.1", 6379), 2) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(16) == b"+PONG\r\n"


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_pages_fit_the_screen_and_say_nothing_in_the_console(product: str, width: int) -> None:
    need(bool(CHROMIUM), "Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("requestfailed", lambda request: said.append(request.url))
        for path in PAGES:
            response = page.goto(product + path)
            assert response is not None and response.status == 200
            assert page.locator("h1").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Noto Sans"')
        browser.close()
    assert said == []
