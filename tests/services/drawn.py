"""Pages of the test process itself, drawn in Chromium: the test client answers whatever the browser asks, so that nothing has to be served."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.services.test_services import CHROMIUM, FLAGS

SITE = "http://testserver"
KEPT = ("content-type", "content-security-policy", "content-language")
"""Headers that matter to what is drawn."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Its driver runs an event loop in this thread, before which Django would refuse the database."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield opened
            opened.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if before is None else os.environ.update(DJANGO_ALLOW_ASYNC_UNSAFE=before)


@cache
def static(path: str) -> bytes:
    return Path(finders.find(path)).read_bytes()


class Drawing:
    """One page of a browser in which the people of a world look around; what a request changes is undone after it."""

    def __init__(self, browser: Browser) -> None:
        context = browser.new_context(base_url=SITE, locale="ro-RO", reduced_motion="reduce")
        context.route("**/*", self._answer)
        self.page: Page = context.new_page()
        self.client = Client()
        self.given: HttpResponse | None = None

    def show(self, client: Client, address: str, answer: HttpResponse) -> Page:
        """An answer that the test client has already given, in the browser; what the page itself asks for is asked in the same name."""
        self.client, self.given = client, answer
        self.page.goto(address)
        return self.page

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if route.request.url.startswith(f"{SITE}{settings.STATIC_URL}"):
            kind = mimetypes.guess_type(asked.path)[0] or "application/octet-stream"
            return route.fulfill(body=static(asked.path.removeprefix(settings.STATIC_URL)), content_type=kind)
        answer, self.given = self.given, None
        if answer is None:
            address = asked.path + (f"?{asked.query}" if asked.query else "")
            answer = self._ask(route, address)
        headers = {name: value for name, value in answer.headers.items() if name.lower() in KEPT}
        return route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    def _ask(self, route: Route, address: str) -> HttpResponse:
        if route.request.method == "GET":
            return undone(lambda: self.client.get(address))
        sent = route.request.post_data_buffer or b""
        kind = route.request.headers.get("content-type", "application/x-www-form-urlencoded")
        return undone(lambda: self.client.post(address, data=sent, content_type=kind))


def undone(request: Callable[[], Any]) -> Any:
    """The answer to a request of which nothing is left in the database."""
    caches["default"].clear()
    with transaction.atomic():
        answer = request()
        transaction.set_rollback(True)
    return answer
