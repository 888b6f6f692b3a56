"""Why something typed is not accepted: a code of the catalogue, with what its sentence needs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Refused(Exception):
    """``code`` of the catalogue; ``params`` fill its placeholders; ``candidates``: what could have been meant by ``value``."""

    def __init__(self, code: str, candidates: Iterable[str] = (), **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.candidates = candidates
        self.params = params


def quoted(raw: object) -> str:
    """What was typed, short enough to be repeated in a sentence and without signs that cannot be shown."""
    text = "".join(char if char.isprintable() else " " for char in str(raw)[:60])
    return text if len(str(raw)) <= 60 else text + "…"
