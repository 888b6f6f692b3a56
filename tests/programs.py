"""Programs beside the product that some tests look through: an office program, a reader of PDFs."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(program: str, package: str) -> pytest.MarkDecorator:
    """Skips a test where the program is not installed; with REQUIRE_SERVICES=1 the test runs, and fails."""
    missing = shutil.which(program) is None and os.environ.get("REQUIRE_SERVICES") != "1"
    return pytest.mark.skipif(missing, reason=f"{program} ({package}) nu este instalat")
