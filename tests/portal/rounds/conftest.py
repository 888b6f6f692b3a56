"""Methodologies to publish or to spoil, and people of the commission and of a county."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.conf import LazySettings

import engine
from portal.accounts.models import Membership, User
from portal.network.models import Level, Place
from portal.rounds import methodologies, services
from portal.rounds.models import MethodologyVersion

ROOT = Path(__file__).resolve().parents[3]
CALENDAR = """
period: 2025-2026
commission: {code: CS, name: {ro: Comisia Spitalelor}}
calendar: {open: '2025-11-03', class_close: '2025-12-12', unit_close: '2025-12-19', school_close: '2026-01-16', county_close: '2026-01-30', amend_until: '2026-02-27'}
"""


@pytest.fixture(autouse=True)
def _own_data_folder(settings: LazySettings, tmp_path: Path) -> None:
    """Copies of published methodologies go to the test's folder; nothing is remembered from another test."""
    settings.DATA_DIR = tmp_path / "data"
    methodologies.forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The hospitals with a calendar and an expected result, free to be spoilt."""
    copy = Path(shutil.copytree(ROOT / "tests" / "fixtures" / "hospitals", tmp_path / "hospitals"))
    head = copy / "methodology.yaml"
    head.write_text(head.read_text("utf-8") + CALENDAR, "utf-8")
    example = copy / "examples" / "small"
    result = engine.evaluate(engine.load_methodology(copy), example)
    (example / "expected.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")
    return copy


@pytest.fixture
def published(db: None, folder: Path) -> MethodologyVersion:
    return services.publish(folder)


def person(email: str, level: Level, role: str) -> User:
    place, _ = Place.objects.get_or_create(level=Level.NATIONAL, code="RO", defaults={"name": "România"})
    if level == Level.COUNTY:
        place, _ = Place.objects.get_or_create(level=Level.COUNTY, code="AB", defaults={"name": "Alba", "parent": place})
    user = User.objects.create_user(email, "Ana Pop", "o parolă destul de lungă")
    Membership.objects.create(user=user, place=place, role=role)
    return user


@pytest.fixture
def member(db: None) -> User:
    """Of the commission."""
    return person("membru@example.ro", Level.NATIONAL, "national_member")


@pytest.fixture
def inspector(db: None) -> User:
    return person("inspector@example.ro", Level.COUNTY, "general_inspector")
