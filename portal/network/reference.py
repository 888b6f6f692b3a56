"""The room's reference data: small YAML files beside the code (counties, columns of known lists, values, kinds of institutions)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """The content of a data file, by its path under ``data/`` without the ending."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
