"""What the network takes from the current round: its school year and its methodology's values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.network.selectors import school_year_of
from portal.rounds import methodologies
from portal.rounds.models import MethodologyFile, MethodologyVersion, Round
from portal.structure import selectors
from tests.portal.people import Cast

ROOT = Path(__file__).resolve().parents[3]
CHOICE = "      - {code: confessional,"


@pytest.fixture
def round_(cast: Cast, settings: LazySettings, tmp_path: Path) -> Round:
    """A round of 2025-2026 whose methodology knows one more form of ownership."""
    import engine

    settings.DATA_DIR = tmp_path
    methodologies.forget()
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "indicators" / "2025-2026").glob("*.yaml")}
    texts["choices.yaml"] = texts["choices.yaml"].replace(
        CHOICE, "      - {code: cooperative, label: {ro: Cooperatistă, en: Cooperative, hu: Szövetkezeti}}\n" + CHOICE, 1
    )
    methodologies.write(tmp_path / "changed", texts)
    version = MethodologyVersion.objects.create(code="2025-2026", version="x", digest=engine.load_methodology(tmp_path / "changed").digest)
    MethodologyFile.objects.bulk_create(MethodologyFile(version=version, path=path, text=text) for path, text in texts.items())
    now = timezone.now()
    moments = {name: now + timedelta(days=30) for name in ("class_close", "unit_close", "school_close", "county_close", "amend_until")}
    return Round.objects.create(school_year="2025-2026", methodology=version, state="open", opens_at=now, **moments)


def test_values_and_school_year_are_those_of_the_round(round_: Round, cast: Cast, browser_of: Callable[[str], Client]) -> None:
    assert selectors.school_year() == "2025-2026"
    assert selectors.columns("network").field("ownership").listed.code_of("COOPERATISTA") == "cooperative"
    page = browser_of("ioana").get(reverse("network:correct", args=[cast.places["tiur"].pk])).content.decode()
    assert "Cooperatistă" in page
    assert 'value="2025-2026"' in browser_of("ioana").get(reverse("network:upload", args=[cast.places["alba"].pk])).content.decode()


def test_without_a_round_the_year_follows_the_calendar(db: None) -> None:
    assert selectors.school_year() == school_year_of(timezone.localdate())
    assert [school_year_of(date(2026, month, 1)) for month in (1, 7, 8, 12)] == ["2025-2026", "2025-2026", "2026-2027", "2026-2027"]
    assert selectors.columns("network").field("ownership").listed.code_of("cooperatistă") is None
