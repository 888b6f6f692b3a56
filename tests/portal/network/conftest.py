"""A small network."""

from __future__ import annotations

import pytest

from portal.network import services, synthetic
from portal.network.models import Place

YEAR = "2025-2026"


@pytest.fixture
def invented(db: None) -> Place:
    """An invented network of one county: 3 schools, 7 units, 24 classes of 2025-2026. Gives the nation."""
    services.seed([0], synthetic.Size(3, 7, 24), 5, YEAR)
    return Place.objects.get(level="national")
