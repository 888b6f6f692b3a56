"""The workflow on PostgreSQL: many random walks, every broken program found; the stories, the tables of rights and of pages, completeness."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.services.conftest import ROOT, listens, need

pytestmark = pytest.mark.services
RULES = [
    "tests/portal/collection/test_machine.py",
    "tests/portal/collection/test_scenarios.py",
    "tests/portal/collection/test_history.py",
    "tests/portal/collection/test_rights.py",
    "tests/portal/collection/test_limits.py",
    "tests/portal/collection/test_completeness.py",
]
PAGES = ["tests/portal/test_routes.py", "tests/exports/test_same_numbers.py"]


@pytest.mark.parametrize("files", [RULES, PAGES], ids=["rules", "pages"])
def test_the_workflow_keeps_its_promises_on_postgresql(files: list[str], request: pytest.FixtureRequest) -> None:
    need(listens(5432), "PostgreSQL")
    user, name = os.environ.get("PGUSER", "postgres"), f"workflow_{os.getpid()}_{request.node.callspec.id}"
    environment = os.environ | {"DATABASE_URL": f"postgres://{user}@127.0.0.1:5432/{name}", "WALKS": os.environ.get("WALKS", "25")}
    command = [sys.executable, "-m", "pytest", *files, "-m", "services or not services", "-q", "-p", "no:cacheprovider", "-n", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and "skipped" not in done.stdout, done.stdout[-20_000:]
