"""The 42 counties as official lists name them, and the nation above them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from portal.network import reference
from portal.network.ordering import plain

NATION_CODE, NATION_NAME = "RO", "România"


@dataclass(frozen=True, slots=True)
class County:
    """``prefix``: the first two digits of the codes given in the county."""

    code: str
    name: str
    prefix: str


@cache
def all_counties() -> dict[str, County]:
    """By two-letter code."""
    return {entry["code"]: County(**entry) for entry in reference.read("counties")}


@cache
def _by_text() -> dict[str, County]:
    found: dict[str, County] = {}
    for county in all_counties().values():
        name = plain(county.name)
        found |= {plain(county.code): county, name: county, f"judetul {name}": county, f"municipiul {name}": county}
    return found


@lru_cache(maxsize=1024)
def named(text: str) -> County | None:
    """The county of a two-letter code or of a name, however it is spelt."""
    return _by_text().get(plain(text))


@cache
def _by_prefix() -> dict[str, County]:
    return {county.prefix: county for county in all_counties().values()}


def of_code(code: str) -> County | None:
    """The county that gave an official code; None for digits that no county has."""
    return _by_prefix().get(code[:2])
