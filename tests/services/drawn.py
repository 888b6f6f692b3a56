"""Pages of the test process itself, drawn in Chromium: the test client answers whatever the browser asks, so that nothing has to be served.

The browser lives in a thread of its own (its driver runs an event loop, beside which Django gives no database), the database in that of the tests,
where the requests of the browser are answered while the test waits for it.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from tests.portal.lasting import undone
from tests.services.chromium import CHROMIUM, FLAGS

T = TypeVar("T")
SITE = "http://testserver"
KEPT = ("content-type", "content-security-policy", "content-language")
"""Headers that matter to what is drawn."""


@dataclass(frozen=True)
class Asked:
    """What the browser asks of the product, and where its answer is awaited."""

    method: str
    address: str
    body: bytes
    kind: str
    answer: Future[HttpResponse]


class Drawing:
    """One page of a browser in which the people of a world look around; what a request changes is undone after it."""

    def __init__(self, thread: ThreadPoolExecutor) -> None:
        self.thread = thread
        self.asked: SimpleQueue[Asked | None] = SimpleQueue()
        self.given: HttpResponse | None = None
        self.page: Page

    def open(self) -> None:
        """In the thread of the browser."""
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = self.browser.new_context(base_url=SITE, locale="ro-RO", reduced_motion="reduce")
        context.route("**/*", self._answer)
        self.page = context.new_page()

    def close(self) -> None:
        self.browser.close()
        self.playwright.stop()

    def show(self, client: Client, address: str, answer: HttpResponse, look: Callable[[Page], T]) -> T:
        """What is seen on an answer that the test client has already given; what the page itself asks for is asked in the same name."""
        self.given = answer
        seen = self.thread.submit(self._look, address, look)
        seen.add_done_callback(lambda _done: self.asked.put(None))
        while asked := self.asked.get():
            try:
                asked.answer.set_result(undone(client, partial(self._ask, client, asked)))
            except BaseException as error:
                asked.answer.set_exception(error)
        return seen.result()

    def _look(self, address: str, look: Callable[[Page], T]) -> T:
        self.page.goto(address)
        return look(self.page)

    def _answer(self, route: Route) -> None:
        request, asked = route.request, urlsplit(route.request.url)
        if asked.path.startswith(settings.STATIC_URL):
            kind = mimetypes.guess_type(asked.path)[0] or "application/octet-stream"
            return route.fulfill(body=static(asked.path.removeprefix(settings.STATIC_URL)), content_type=kind)
        answer, self.given = self.given, None
        if answer is None:
            address = asked.path + (f"?{asked.query}" if asked.query else "")
            waiting: Future[HttpResponse] = Future()
            self.asked.put(Asked(request.method, address, request.post_data_buffer or b"", request.headers.get("content-type", ""), waiting))
            answer = waiting.result(30)
        headers = {name: value for name, value in answer.headers.items() if name.lower() in KEPT}
        return route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    @staticmethod
    def _ask(client: Client, asked: Asked) -> HttpResponse:
        if asked.method == "GET":
            return client.get(asked.address)
        return client.post(asked.address, data=asked.body, content_type=asked.kind)


@contextmanager
def drawing() -> Iterator[Drawing]:
    with ThreadPoolExecutor(1, "chromium") as thread:
        made = Drawing(thread)
        thread.submit(made.open).result()
        try:
            yield made
        finally:
            thread.submit(made.close).result()


@cache
def static(path: str) -> bytes:
    return Path(finders.find(path)).read_bytes()
