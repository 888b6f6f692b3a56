"""Which places take part in a round: units that teach and are not reported without pupils, and whatever stands above one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from portal.network import reference
from portal.network.ordering import plain


@lru_cache(maxsize=256)
def teaches(kind: str) -> bool:
    """Whether a kind of institution has pupils. A kind that is not given is taken for a teaching one."""
    kinds, found = reference.read("kinds"), plain(kind)
    exact = found in {plain(name) for name in kinds["teaching"]}
    return not found or exact or found.startswith(tuple(plain(name) for name in kinds["teaching_begins_with"]))


def expected(attributes: Mapping[str, Any]) -> bool:
    """Whether a unit with these attributes is expected in a round. Pupils that are not known do not exclude it."""
    return teaches(attributes.get("kind") or "") and attributes.get("pupils_total") != 0


def presumed_special(name: str) -> bool:
    """Whether the name of a unit speaks of special education."""
    words = f" {plain(name)} "
    return any(f" {plain(word)} " in words for word in reference.read("kinds")["special_words"])
