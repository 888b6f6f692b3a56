"""Last year: the round before, which place of it is which place now, and the exact numbers it kept of them.

A place is the same over the years when it has the same level and the same code, the digit of its status masked. Its numbers are
taken once the round of the school year before is closed, or its nation final: until then they may still change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

import engine
from engine.methodology import Methodology
from portal.collection.models import CLASS, Collection, ExactValues
from portal.network.models import Level
from portal.rounds import methodologies
from portal.rounds.models import Round

Number = int | str | None
"""A number as it is kept: whole, or a fraction as text; None where there is none."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """By level and name: last year's number of each place, in the order of the places given. ``before``: the year, and whose series broke."""

    values: Mapping[str, Mapping[str, Sequence[Number]]] = field(default_factory=dict)
    before: engine.Before = field(default_factory=engine.Before)


def round_before(round_: Round) -> Round | None:
    """The round of the school year before, when nothing in it changes any more."""
    final = Collection.objects.filter(round=OuterRef("pk"), level=Level.NATIONAL, state=Collection.State.FINALISED)
    held = Round.objects.filter(school_year=year_before(round_)).select_related("methodology")
    return held.filter(Q(state=Round.State.CLOSED) | Exists(final)).first()


def still_open(round_: Round) -> Round | None:
    """The round of the school year before, when its numbers cannot be taken yet."""
    held = Round.objects.filter(school_year=year_before(round_)).first()
    return held if round_before(round_) is None else None


def year_before(round_: Round) -> str:
    first = int(round_.school_year[:4])
    return f"{first - 1}-{first}"


def numbers(methodology: Methodology, round_: Round, rows: Mapping[str, Sequence[Collection]]) -> Numbers:
    """What the formulas of a methodology ask of last year, at the places of a round."""
    asked = {level: names for level, names in engine.asked_of_last_year(methodology).items() if rows.get(level)}
    before = round_before(round_) if asked else None
    if before is None:
        return Numbers()
    old = methodologies.of(before.methodology)
    values: dict[str, dict[str, list[Number]]] = {}
    broken: set[tuple[str, str]] = set()
    for level, names in asked.items():
        series = {name: engine.earlier(methodology, old, level, name) for name in names}
        kept = _kept(before, rows[level])
        values[level] = {name: [one.get(found.name) for one in kept] for name, found in series.items() if not found.broken}
        broken |= {(level, name) for name, found in series.items() if found.broken}
    return Numbers(values, engine.Before(before.school_year, frozenset(broken)))


def _kept(before: Round, rows: Sequence[Collection]) -> list[Mapping[str, Any]]:
    """The exact numbers that were kept of the same places; nothing where there are none."""
    same = same_places(before, rows)
    held = ExactValues.objects.filter(collection__in=same.values(), collection__exempt=False).values_list("collection", "values")
    found = dict(held.iterator(chunk_size=2000))
    return [found.get(same.get(row.pk, 0), {}) for row in rows]


def same_places(before: Round, rows: Sequence[Collection]) -> dict[int, int]:
    """For rows of one level: which collection of the round before was of the same place. A place serves one row; new places have none."""
    if not rows:
        return {}
    there = Collection.objects.filter(round=before, level=rows[0].level, identity__in={row.identity for row in rows})
    listed = list(there.values_list("pk", "code", "identity"))
    by_code = {code: pk for pk, code, _identity in listed}
    same = {row.pk: by_code[row.code] for row in rows if row.code in by_code}
    if len(same) == len(rows) or len(same) == len(listed):
        return same
    by_identity = _renumbered(rows[0], listed)
    return same | {row.pk: by_identity[row.identity] for row in rows if row.pk not in same and row.identity in by_identity}


def _renumbered(row: Collection, listed: Sequence[tuple[int, str, str]]) -> dict[str, int]:
    """By identity: the places of the round before whose code nobody has any more, where only one has that identity."""
    codes = {code for _pk, code, _identity in listed}
    now = Collection.objects.filter(round=row.round_id, level=row.level, code__in=codes, identity__in={one for _pk, _code, one in listed})
    gone = codes - set(now.values_list("code", flat=True))
    left = [(pk, identity) for pk, code, identity in listed if code in gone]
    many = Counter(identity for _pk, identity in left)
    return {identity: pk for pk, identity in left if many[identity] == 1}


def place_before(row: Collection) -> Collection | None:
    """The collection of the same place in the round before."""
    before = round_before(row.round)
    if before is None:
        return None
    found = Collection.objects.filter(pk=same_places(before, [row]).get(row.pk, 0)).first()
    if found is not None:
        found.round = before
    return found


def classes_before(unit: Collection) -> list[Collection]:
    """The classes that a unit had last year."""
    before = place_before(unit)
    if before is None:
        return []
    classes = list(before.children.filter(level=CLASS).order_by("sort_key", "pk"))
    for row in classes:
        row.round = before.round
    return classes
