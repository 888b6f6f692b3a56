"""Listed values: from what a cell says to the code that is stored, and back to the label that is shown."""

from __future__ import annotations

from functools import cache, lru_cache

from portal.network import reference
from portal.network.ordering import plain


@cache
def _codes(choices: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in reference.read("values")[choices].items():
        for name in (code, *names):
            found.setdefault(plain(str(name)), code)
    return found


@lru_cache(maxsize=4096)
def code_of(choices: str, text: str) -> str | None:
    """The code of a value written by label, by another known spelling or by code; None when it is none of them."""
    return _codes(choices).get(plain(text))


@cache
def labels(choices: str) -> dict[str, str]:
    """Code → label, in the order of the list."""
    return {code: names[0] for code, names in reference.read("values")[choices].items()}


def label_of(choices: str, code: str) -> str:
    """The label of a code; the code itself where the list does not have it."""
    return labels(choices).get(code, code)
