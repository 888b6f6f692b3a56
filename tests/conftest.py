"""Shared by all tests: the fixture methodology of another domain, and the real ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.db.models.signals import post_save
from hypothesis import settings

import engine
from engine.methodology import Methodology

settings.register_profile("steady", deadline=None, print_blob=True)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent
HOSPITALS = ROOT / "tests" / "fixtures" / "hospitals"


@pytest.fixture(scope="session", autouse=True)
def _no_queue_server() -> None:
    """Tests announce no jobs to a product that may be running beside them; the sweeper does jobs in the test itself."""
    for queue in django_settings.RQ_QUEUES.values():
        queue["URL"] = "unix:///nowhere/queue.sock"


@pytest.fixture(autouse=True)
def _second_factors(settings: LazySettings) -> Iterator[None]:
    """As in real use, roles of the commission and of inspectorates need a second factor, and whoever gets such a role in a test has one;
    tests about having none take it away."""
    settings.DEMO = False
    post_save.connect(give_second_factor, sender="accounts.Membership")
    yield
    post_save.disconnect(give_second_factor, sender="accounts.Membership")


def give_second_factor(instance: Any, **said: Any) -> None:
    from allauth.mfa.models import Authenticator

    from portal.accounts.roles import SECOND_FACTOR

    if instance.role in SECOND_FACTOR:
        Authenticator.objects.get_or_create(user=instance.user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})


@pytest.fixture(scope="session")
def hospitals() -> Methodology:
    return engine.load_methodology(HOSPITALS)


@pytest.fixture(scope="session")
def methodology_2024() -> Methodology:
    return engine.load_methodology(ROOT / "indicators" / "2024-2025")


@pytest.fixture(scope="session")
def methodology_2025() -> Methodology:
    return engine.load_methodology(ROOT / "indicators" / "2025-2026")


@pytest.fixture
def copy_of_hospitals(tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(HOSPITALS, tmp_path / "hospitals"))


@pytest.fixture
def copy_of_example(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "indicators" / "2024-2025" / "examples" / "worked", tmp_path / "worked"))
