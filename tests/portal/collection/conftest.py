"""Shared by the tests of rounds."""

from __future__ import annotations

import pytest

from tests.portal import small_round
from tests.portal.small_round import SmallRound


@pytest.fixture
def small(db: None) -> SmallRound:
    """Two counties, the first with a school of two units."""
    return small_round.build()
