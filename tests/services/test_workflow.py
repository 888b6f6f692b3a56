"""The workflow on PostgreSQL: many random walks, every broken program found; the table of rights against the same database."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.services.conftest import ROOT, listens, need

pytestmark = pytest.mark.services
FILES = ["tests/portal/collection/test_machine.py", "tests/portal/collection/test_scenarios.py", "tests/portal/collection/test_history.py"]


def test_the_workflow_keeps_its_promises_on_postgresql() -> None:
    need(listens(5432), "PostgreSQL")
    user = os.environ.get("PGUSER", "postgres")
    environment = os.environ | {"DATABASE_URL": f"postgres://{user}@127.0.0.1:5432/workflow_{os.getpid()}", "WALKS": os.environ.get("WALKS", "25")}
    command = [sys.executable, "-m", "pytest", *FILES, "-m", "services or not services", "-q", "-p", "no:cacheprovider", "-n", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout[-20_000:]
