"""The end of a session in a real browser: warned before, prolonged with a click, and nothing typed is lost when it is over."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.services.chromium import answers
from tests.services.conftest import Product, eventually, free_port
from tests.services.walk import PASSWORD, Person

pytestmark = pytest.mark.services
MEMBER = "cndie@example.org"
MADE = "from portal.accounts.management.commands.create_national_member import make_account\nmake_account({member!r}, 'Maria Comisie', {password!r})"
LEFT = """
import time
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    session["ends_at"] = time.time() + {seconds}
    session.save()
"""


@pytest.fixture
def signed_in(product: Product, browser: Browser) -> Iterator[Person]:
    """A member of the commission in a browser whose clock the test moves."""
    port = free_port()
    product.environment |= {"DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    product.command("shell", "--verbosity", "0", "-c", MADE.format(member=MEMBER, password=PASSWORD))
    product.start(sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--log-level", "error")
    eventually(lambda: answers(f"http://127.0.0.1:{port}/"), "prima pagină")
    person = Person(browser, f"http://127.0.0.1:{port}/")
    person.page.clock.install()
    person.sign_in(MEMBER)
    yield person
    person.page.context.close()


def leave(product: Product, seconds: int) -> None:
    """As if nobody had asked for a page for a long time: so many seconds are left."""
    product.command("shell", "--verbosity", "0", "-c", LEFT.format(seconds=seconds))


def test_the_end_is_announced_prolonged_and_loses_nothing(signed_in: Person, product: Product) -> None:
    page = signed_in.page
    signed_in.go("cont/")
    warning = page.locator(".timeout")
    page.clock.fast_forward("01:50:00")
    expect(warning).to_be_hidden()

    page.clock.fast_forward("10:00")  # this page thinks that it is time, but another tab has prolonged the session
    expect(warning).to_be_hidden()

    page.fill("input[name=full_name]", "Maria Comisaru")
    leave(product, 200)
    page.clock.fast_forward("02:00:00")
    expect(warning).to_be_visible()
    warning.get_by_role("button", name="Rămâneți în cont").click()
    expect(warning).to_be_hidden()
    assert page.input_value("input[name=full_name]") == "Maria Comisaru"

    leave(product, -5)
    page.clock.fast_forward("02:00:00")
    expect(warning).to_contain_text("Sesiunea s-a încheiat")
    page.fill("input[name=phone]", "0733 123 456")
    signed_in.press("Salvați datele")
    assert "Ce ați scris s-a păstrat" in page.inner_text("main") and signed_in.heading == "Intrați în cont"
    page.fill("input[name=login]", MEMBER)
    page.fill("input[name=password]", PASSWORD)
    signed_in.press("Intrați în cont", within="main")
    assert signed_in.heading == "Trimiteți ce ați scris?"
    signed_in.press("Trimiteți ce ați scris")
    assert "Datele contului au fost salvate." in page.inner_text("main")
    assert page.input_value("input[name=full_name]") == "Maria Comisaru" and page.input_value("input[name=phone]") == "0733 123 456"
    assert signed_in.said == []
