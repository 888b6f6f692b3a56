"""Shared by the tests of exports: the worked example as a round, read by many tests and changed back after each."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from pytest_django import DjangoDbBlocker

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.computing import compute
from portal.collection.models import Collection, Explanation
from portal.collection.readiness import unexplained
from tests.portal import worked_round
from tests.portal.lasting import rolled_back
from tests.portal.worked_round import WorkedRound


@pytest.fixture(scope="session", autouse=True)
def _preloaded() -> None:
    """The processes that lay out pages inherit WeasyPrint, as those of the worker do."""
    importlib.import_module("weasyprint")


@pytest.fixture(scope="module")
def worked(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[WorkedRound]:
    """Built once a module, inside a transaction that is rolled back; what a test changes is rolled back after the test."""
    with rolled_back(django_db_blocker):
        yield worked_round.build()


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Where the product keeps its files in this test."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def somebody(role: str, collection: Collection) -> User:
    """A person with a role at a place."""
    user = User.objects.create_user(f"{role}.{collection.pk}@example.org", f"{role} {collection.pk}")
    assert collection.place is not None
    Membership.objects.create(user=user, place=collection.place, role=role)
    return user


def author(role: str, collection: Collection) -> Author:
    return Author(user=somebody(role, collection))


def ready_unit(worked: WorkedRound) -> Collection:
    """The unit of the example in which nothing must be fixed, with every reason written that is asked for, as the database has it."""
    unit = Collection.objects.select_related("round__methodology", "parent").get(pk=worked.units["U3"].pk)
    for fired in unexplained(compute(unit).fired(unit)):
        Explanation.objects.create(collection=fired.collection, check_code=fired.check.code, text="Așa este.", author="user:1")
    return unit
