"""A person in a browser: signs in, fills what a page asks, reads the mails that came. Used by the walk along the main path."""

from __future__ import annotations

import email
import re
import time
from collections.abc import Mapping
from email.policy import default
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PASSWORD = "o-parolă-lungă-2026"


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, browser: Browser, address: str, width: int = 1280) -> None:
        self.context: BrowserContext = browser.new_context(viewport={"width": width, "height": 900}, locale="ro-RO", accept_downloads=True)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.address = address
        self.said: list[str] = []
        self.secret = ""
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        """Errors of a page. A form sent back with its mistakes answers 422, a script after the end of the session 401, and browsers tell both."""
        if message.type == "error" and not any(status in message.text for status in ("422 (Unprocessable", "401 (Unauthorized")):
            self.said.append(message.text)

    def go(self, path: str = "") -> None:
        response = self.page.goto(self.address + path.removeprefix("/mds/"))
        assert response is not None and response.status == 200, (path, response and response.status, self.heading)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").first.inner_text()

    def arrive(self, heading: str) -> None:
        """Waits for the page of that heading: a script may send what is unsent before it lets a form go."""
        self.page.locator("h1", has_text=heading).first.wait_for(timeout=20_000)

    def press(self, name: str, exact: bool = False, within: str = "body") -> None:
        """A button or link by its words; the page that follows must not be a fault of the server."""
        where = self.page.locator(within)
        found = where.get_by_role("button", name=name, exact=exact).or_(where.get_by_role("link", name=name, exact=exact)).first
        try:
            found.click()
        except PlaywrightTimeout as error:
            raise AssertionError(f"„{name}” nu este pe pagina „{self.page.title()}”:\n{self.page.inner_text('main')[:2500]}") from error
        self.page.wait_for_load_state()
        expect(self.page.locator("h1")).to_have_count(1)  # waits, too, for a page that a script of this one is opening

    def sign_in(self, address: str) -> None:
        self.go()
        self.press("Intrați în cont")
        self.page.fill("input[name=login]", address)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("main button.btn").first.click()
        self.page.wait_for_load_state()
        if self.heading == "Scrieți codul din aplicație":
            self.page.fill("input[name=code]", self.code())
            self.press("Intrați în cont", within="main")
        self.protect()
        assert "Intrați" not in self.heading

    def code(self) -> str:
        """What the telephone of this person shows now."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30))

    def protect(self) -> None:
        """Sets up the second factor where the product asks for it: the telephone takes the secret from the page."""
        if self.heading != "Porniți al doilea factor":
            return
        self.secret = "".join(re.findall(r"\b[A-Z2-7]{4}\b", self.page.inner_text("p.secret")))
        self.page.fill("input[name=code]", self.code())
        self.press("Porniți al doilea factor", within="main")
        assert self.heading == "Codurile de rezervă"
        self.press("Continuați, codurile sunt păstrate")

    def accept(self, link: str, phone: str = "0712 345 678") -> None:
        """Accept an invitation with a new account."""
        self.page.goto(link)
        if self.page.locator("input[name=phone]").count():
            self.page.fill("input[name=phone]", phone)
        self.page.fill("input[name=password1]", PASSWORD)
        self.page.fill("input[name=password2]", PASSWORD)
        self.press("Acceptați și faceți contul")
        self.protect()

    def answer(self, values: Mapping[str, str]) -> None:
        """Fill a generated form: the values given by field code, a first choice wherever a required question is blank."""
        form = self.page.locator("main form").last
        for code, value in values.items():
            self._set(form, code, value)
        for question in form.locator(".question:visible").all():
            self._first(question)

    def _set(self, form: Locator, code: str, value: str) -> None:
        controls = form.locator(f"[name$='-{code}']")
        if controls.first.get_attribute("type") in ("radio", "checkbox"):
            form.locator(f"[name$='-{code}'][value='{value}']").check()
        elif controls.first.evaluate("e => e.tagName") == "SELECT":
            controls.first.select_option(value)
        else:
            controls.first.fill(value)

    def _first(self, question: Locator) -> None:
        if "(opțional)" in question.inner_text():
            return
        radios = question.locator("input[type=radio]:not([disabled]), input[type=checkbox]:not([disabled])")
        select = question.locator("select")
        if radios.count() and not question.locator("input:checked").count():
            radios.first.check()
        elif select.count() and not select.first.input_value():
            select.first.select_option(index=1)


def mails(folder: Path) -> list[email.message.EmailMessage]:
    """Every mail that was written so far, oldest first."""
    found = []
    for file in sorted((folder / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
        for part in re.split(rb"\n-{79}\n", file.read_bytes()):
            if part.strip():
                found.append(email.message_from_bytes(part.strip(b"\n"), policy=default))
    return found  # type: ignore[return-value]


def link_to(folder: Path, address: str) -> str:
    """The link of the newest mail to somebody; '' while none has come."""
    for message in reversed(mails(folder)):
        if message["To"] == address:
            body = message.get_body(("plain",))
            found = re.search(r"https?://\S+", body.get_content() if body is not None else "")
            return found.group(0) if found else ""
    return ""
