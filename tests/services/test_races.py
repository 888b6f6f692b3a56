"""Races that only real concurrency shows: tests of the rooms that need PostgreSQL, run on it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.services.conftest import ROOT, listens, need

pytestmark = pytest.mark.services
FILES = [
    "tests/portal/accounts/test_races.py",
    "tests/portal/collection/test_races.py",
    "tests/portal/network/test_following_races.py",
]


def test_the_races_of_the_rooms_end_well_on_postgresql() -> None:
    need(listens(5432), "PostgreSQL")
    user = os.environ.get("PGUSER", "postgres")
    environment = os.environ | {"DATABASE_URL": f"postgres://{user}@127.0.0.1:5432/races_{os.getpid()}"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *FILES, "-m", "services", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout
