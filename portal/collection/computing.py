"""From the documents of a round (and last year's numbers) to the engine and back: a data set of the places in a scope, and the results over it.

A scope is a school, a county or the nation: figures of a unit look at its sibling units, so a unit is computed within its school. A class
table counts when it has been sent; ``drafts`` gives the unsent tables that count as well (the checks of the table being filled). Of an
extended part that is written under a final unit the answers count that were there when the unit was frozen, unless ``pending``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import engine
from engine.methodology import Check, Methodology
from engine.responses import Document, Places, build_dataset
from portal.collection import holding, last_year
from portal.collection.models import CLASS, ClassTable, Collection, Response
from portal.network.models import Level
from portal.rounds import methodologies

SCHOOL, UNIT = Level.SCHOOL.value, Level.UNIT.value
LEVELS = (Level.COUNTY.value, SCHOOL, UNIT, CLASS)


@dataclass(frozen=True, slots=True)
class Fired:
    """A check that fires: at which collection, and at which place of the data set (a building has no collection of its own)."""

    check: Check
    collection: Collection
    place: int
    key: str


@dataclass
class Computed:
    """The collections of a scope by level, as the data set has them, and the results over it (computed when first asked for)."""

    methodology: Methodology
    rows: Mapping[str, Sequence[Collection]]
    dataset: Any
    _places: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {row.pk: place for listed in self.rows.values() for place, row in enumerate(listed)}

    @cached_property
    def results(self) -> engine.Results:
        return engine.compute(self.methodology, self.dataset)

    def place_of(self, collection: Collection) -> int:
        """The place of a collection in the data set. Raises ``KeyError`` for one outside the scope."""
        return self._places[collection.pk]

    def fired(self, at: Collection, checks: Iterable[Check] | None = None) -> list[Fired]:
        """The checks that fire at a unit, in its buildings and classes (or at one class alone), in the order of the methodology.

        None fires at what is exempt: it has no place in the data set.
        """
        if at.pk not in self._places:
            return []
        found: list[Fired] = []
        for check in checks if checks is not None else self.methodology.checks.values():
            for place in self._asked(check.level, at):
                if self.results.fires(check, place):
                    found.append(Fired(check, self._owner(check.level, place, at), place, str(self.dataset.tables[check.level].keys[place])))
        return found

    def _asked(self, level: str, at: Collection) -> list[int]:
        """Places of a level that belong to a collection: itself, or those inside it."""
        own = self.place_of(at)
        if level == at.level:
            return [own]
        if not self.methodology.topology.is_above(at.level, level):
            return []
        return [int(one) for one in self.results.members(level, at.level)[own]]

    def _owner(self, level: str, place: int, at: Collection) -> Collection:
        return self.rows[level][place] if level in self.rows else at


def scope_of(collection: Collection) -> Collection:
    """The smallest scope in which the figures of a collection can be computed."""
    current = collection
    while current.level in (CLASS, UNIT):
        assert current.parent is not None
        current = current.parent
    return current


def compute(collection: Collection, drafts: Mapping[int, bytes] | None = None, pending: bool = False) -> Computed:
    """Everything below (and at) the scope of a collection. Exempt units are outside: they have no figures."""
    scope = scope_of(collection)
    methodology = methodologies.of(scope.round.methodology)
    rows = _rows_below(scope)
    before = last_year.numbers(methodology, scope.round, rows)
    places = _places(methodology, rows, _documents(scope, pending), _tables(rows[CLASS], scope, drafts or {}), before)
    return Computed(methodology, rows, build_dataset(methodology, places, before=before.before))


def _rows_below(scope: Collection) -> dict[str, list[Collection]]:
    """By level, in the order of names; nothing that is exempt, nor what lies below it."""
    found: dict[str, list[Collection]] = {level: [] for level in LEVELS}
    for row in Collection.objects.filter(path__startswith=scope.path, level__in=LEVELS).order_by("sort_key", "pk"):
        found[row.level].append(row)
    kept = {scope.parent_id if scope.level in LEVELS else scope.pk}
    for level in LEVELS:
        found[level] = [row for row in found[level] if row.parent_id in kept and not row.exempt]
        kept |= {row.pk for row in found[level]}
    return found


def _places(
    methodology: Methodology,
    rows: Mapping[str, Sequence[Collection]],
    documents: Mapping[tuple[int, str], Document],
    tables: Sequence[bytes | None],
    before: last_year.Numbers,
) -> dict[str, Places]:
    places: dict[str, Places] = {}
    for level in LEVELS:
        if not rows[level] and level not in (UNIT, CLASS):
            continue
        above = {row.pk: place for place, row in enumerate(rows.get(_above(level), ()))}
        parents = {_above(level): [above[row.parent_id] for row in rows[level]]} if above else {}  # type: ignore[index]
        places[level] = Places(
            keys=[row.code for row in rows[level]],
            parents=parents,
            answers=_answers(methodology, rows[level], documents),
            final=[row.state == Collection.State.FINALISED for row in rows[level]],
            exempt=[row.exempt for row in rows[level]],
            previous=before.values.get(level, {}),
        )
    places[CLASS].tables = tables
    return places


def _above(level: str) -> str:
    return {CLASS: UNIT, UNIT: SCHOOL, SCHOOL: Level.COUNTY.value}.get(level, "")


def _answers(methodology: Methodology, rows: Sequence[Collection], documents: Mapping[tuple[int, str], Document]) -> dict[str, list[Document | None]]:
    """Documents by section; the facts of the network lie under the answers of the first section."""
    sections = [section.code for section in methodology.sections]
    found: dict[str, list[Document | None]] = {code: [documents.get((row.pk, code)) for row in rows] for code in sections}
    if rows and rows[0].level != CLASS:
        first = sections[0]
        found[first] = [{**facts_of(methodology, row), **(found[first][place] or {})} for place, row in enumerate(rows)]
    return found


def _documents(scope: Collection, pending: bool) -> dict[tuple[int, str], Document]:
    """The answers of every collection below a scope, by section."""
    rows = Response.objects.filter(collection__path__startswith=scope.path).values_list("collection", "section", "values", "published")
    found: dict[tuple[int, str], Document] = {}
    for pk, section, values, kept in rows.iterator(chunk_size=5000):
        document = values if pending else holding.published(values, kept)
        if document is not None:
            found[pk, section] = document
    return found


def facts_of(methodology: Methodology, row: Collection) -> dict[str, Any]:
    """What the network says of a place and nobody can answer otherwise, by code of the field."""
    known = {"siiir_code": row.code, "unit_name": row.name, "pj_code": row.code, "name": row.name} | row.attributes
    has_form = any(form.level == row.level for form in methodology.forms)
    fields = methodology.fields.get(row.level, {}).values()
    return {f.code: known[f.code] for f in fields if f.code in known and (not has_form or (f.readonly and f.prefill == "network"))}


def _tables(rows: Sequence[Collection], scope: Collection, drafts: Mapping[int, bytes]) -> list[bytes | None]:
    sent = {row.pk for row in rows if row.progress == Collection.Progress.SUBMITTED or row.state == Collection.State.FINALISED}
    stored = ClassTable.objects.filter(collection__path__startswith=scope.path).values_list("collection", "content")
    found = {pk: bytes(content) for pk, content in stored.iterator(chunk_size=5000) if pk in sent} | dict(drafts)
    return [found.get(row.pk) for row in rows]
