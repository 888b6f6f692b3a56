"""Shared by the tests of the portal: the cast, its mails, a browser for each person; official lists, where this machine has them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings, settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import clear_url_caches

import config.urls
from portal.outbox import services as outbox
from tests.portal.people import Cast, make_cast


@pytest.fixture(scope="session")
def official_lists() -> Path:
    """The folder of official lists."""
    folder = settings.OFFICIAL_LISTS
    if not (folder / "retea-scolara-2024-2025-fara-contact.xlsx").is_file():
        pytest.skip(f"the official lists are not in {folder} (set OFFICIAL_LISTS)")
    return folder


@pytest.fixture(autouse=True)
def _own_counters(settings: LazySettings, tmp_path: Path) -> None:
    """Attempts counted in one test do not count in the next; hashing passwords slowly is the business of Django, not of these tests."""
    settings.CACHES = {"default": {"BACKEND": "config.caches.Files", "LOCATION": str(tmp_path / "cache")}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    """``browser_of("dan")``: a browser in which that person is signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(cast[name])
        return client

    return signed_in


@pytest.fixture
def mails(db: None) -> Callable[[], list[EmailMessage]]:
    """Lets the outbox work, and gives what has been mailed since the last time."""

    def delivered() -> list[EmailMessage]:
        while outbox.sweep():
            pass
        sent, mail.outbox[:] = list(mail.outbox), []
        return sent

    return delivered


def reload_urls() -> None:
    clear_url_caches()
    importlib.reload(config.urls)


@pytest.fixture(params=["", "mds/"], ids=["at the root", "under /mds"])
def prefix(request: pytest.FixtureRequest, settings: LazySettings) -> Iterator[str]:
    """The product at the root of its site, then under a path."""
    settings.URL_PREFIX = request.param
    settings.STATIC_URL = f"/{request.param}static/"
    reload_urls()
    yield str(request.param)
    settings.URL_PREFIX = ""
    reload_urls()
