"""Official lists, where this machine has them, and a small network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portal.network import services, synthetic
from portal.network.models import Place

ROOT = Path(__file__).resolve().parents[3]
YEAR = "2025-2026"


@pytest.fixture(scope="session")
def official_lists() -> Path:
    """The folder of official lists: OFFICIAL_LISTS, or ``shared/data`` beside the repository."""
    folder = Path(os.environ.get("OFFICIAL_LISTS") or ROOT.parent / "shared" / "data")
    if not (folder / "retea-scolara-2024-2025-fara-contact.xlsx").is_file():
        pytest.skip(f"the official lists are not in {folder} (set OFFICIAL_LISTS)")
    return folder


@pytest.fixture
def invented(db: None) -> Place:
    """An invented network of one county: 3 schools, 7 units, 24 classes of 2025-2026. Gives the nation."""
    services.seed([0], synthetic.Size(3, 7, 24), 5, YEAR)
    return Place.objects.get(level="national")
