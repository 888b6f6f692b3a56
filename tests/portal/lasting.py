"""A world that is built once for many tests, the people in it, and requests of which nothing is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from portal.accounts.models import User
from tests.portal.route_table import ROLES
from tests.portal.route_world import World


@contextmanager
def rolled_back(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database is open inside a transaction that is rolled back at the end."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@contextmanager
def lasting(blocker: DjangoDbBlocker, folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """The same with files in a folder of its own."""
    with pytest.MonkeyPatch.context() as patched, rolled_back(blocker):
        patched.setattr("django.conf.settings.DATA_DIR", folder)
        yield patched


def clients(world: World) -> dict[str, Client]:
    """A browser for everybody, by word; ``anonymous`` a stranger's."""
    made = {"anonymous": Client()}
    for word in ROLES:
        made[word] = Client()
        made[word].force_login(User.objects.get(pk=world.cast[word].pk))
    return made


def undone(client: Client, ask: Callable[[], Any]) -> Any:
    """The answer to a request; what it changed is taken back, in the database, the counters of attempts and the cookies."""
    caches["default"].clear()
    cookies = client.cookies.copy()
    with transaction.atomic():
        answer = ask()
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer
