"""Which place a record belongs to: keys, links to the places above, and that every way up leads to the same one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Table, compose
from engine.errors import nearest
from engine.examples.cells import is_empty
from engine.examples.files import Folder, Record
from engine.levels import Level
from engine.methodology import Methodology

Scope = tuple[int, str]
Index = NDArray[np.int32]


@dataclass(slots=True)
class Links:
    """The places read so far, by key. A key is unique inside the first parent of its level that has data."""

    methodology: Methodology
    folder: Folder
    tables: dict[str, Table]
    by_key: dict[str, dict[Scope, int]] = field(default_factory=dict)
    """Places of each level by (place of the scope, key)."""
    by_lone_key: dict[str, dict[str, int]] = field(default_factory=dict)
    """Places of each level by key alone, -1 for a key that occurs in several scopes."""
    lost: dict[str, set[str]] = field(default_factory=dict)
    """Keys of each level whose own place is not known: nothing is said of records that name them and are not found."""
    unread: set[str] = field(default_factory=set)
    """Levels whose places are not known: nothing is said of records that name them."""

    def of(self, level: Level, records: list[Record]) -> dict[str, Index]:
        """Index of each record's place at every parent of its level."""
        links = {parent: self._to(level, parent, link, records) for parent, link in level.parents.items()}
        self._agree(level, links, records)
        return links

    def _to(self, level: Level, parent: str, link: str | None, records: list[Record]) -> Index:
        """A question that names a place may lead nowhere; any other link must not."""
        result = np.zeros(len(records), np.int32)
        if parent in self.unread:
            return result - 1
        if self.methodology.levels[parent].data is None or link is None:
            return result
        asked = link in self.methodology.fields.get(level.code, {})
        if not any(link in record.cells for record in records):
            return self._unnamed(level, parent, link, records, asked)
        for place, record in enumerate(records):
            raw = record.cells.get(link)
            result[place] = -1 if is_empty(raw) else self._named(level, parent, record, str(raw).strip())
            if result[place] >= 0 or asked or str(raw).strip() in self.lost.get(parent, ()):
                continue
            if is_empty(raw):
                self.folder.add("D715", record, link, level=parent)
            else:
                keys = list(self.by_lone_key[parent])
                self.folder.add("D716", record, link, nearest(str(raw), keys), value=str(raw)[:60], level=parent)
        return result

    def _unnamed(self, level: Level, parent: str, link: str, records: list[Record], asked: bool) -> Index:
        """No record names a place: a lone place is meant, else the column is missing, told once."""
        alone = self.tables[parent].count == 1
        if not alone and not asked and records:
            self.folder.add("D715", records[0], link, level=parent)
            self.unread.add(level.code)
        return np.full(len(records), 0 if alone else -1, np.int32)

    def _named(self, level: Level, target: str, record: Record, key: str) -> int:
        """The place of ``target`` that a record of ``level`` names by its key, -1 for none.

        Where the record does not say in which scope, a key that occurs once will do.
        """
        scope = self._scope_of(target)
        if scope is None:
            return self.by_key[target].get((0, key), -1)
        named = next((record.cells[name] for name in self._names_of(level, target, scope) if not is_empty(record.cells.get(name))), None)
        if named is None:
            return self.by_lone_key[target].get(key, -1)
        inside = self._named(level, scope, record, str(named).strip())
        return self.by_key[target].get((inside, key), -1)

    def _names_of(self, level: Level, target: str, scope: str) -> list[str]:
        """Columns by which a record may tell the scope of the ``target`` it names: as it, the scope or the target calls it."""
        data = self.methodology.levels[scope].data
        names = (level.parents.get(scope), data.key if data else None, self.methodology.levels[target].parents.get(scope))
        return [name for name in names if name]

    def scoping(self, level: Level) -> set[str]:
        """Columns that tell in which scope the places lie that a record names."""
        names: set[str] = set()
        for parent in level.parents:
            target, scope = parent, self._scope_of(parent)
            while scope is not None:
                names.update(self._names_of(level, target, scope))
                target, scope = scope, self._scope_of(scope)
        return names

    def _scope_of(self, level: str) -> str | None:
        return next((parent for parent in self.methodology.levels[level].parents if self.methodology.levels[parent].data is not None), None)

    def remember(self, level: Level, records: list[Record], keys: list[str], links: Mapping[str, Any]) -> None:
        """Note the keys of a level; an empty one, or one that occurs twice in its scope, is a mistake."""
        assert level.data is not None
        scope = level.owner or self._scope_of(level.code)
        index, lone = self.by_key.setdefault(level.code, {}), self.by_lone_key.setdefault(level.code, {})
        if scope in self.unread or (records and level.data.key not in records[0].cells):
            self.unread.add(level.code)
            return
        for place, (record, key) in enumerate(zip(records, keys, strict=True)):
            inside = int(links[scope][place]) if scope else 0
            if not key:
                self.folder.add("D717", record, level.data.key)
            elif (inside, key) in index and inside >= 0:
                self.folder.add("D718", record, level.data.key, value=key)
            elif (inside, key) not in index:
                index[inside, key] = place
                lone[key] = -1 if key in lone else place
            if inside < 0:
                self.lost.setdefault(level.code, set()).add(key)

    def _agree(self, level: Level, links: Mapping[str, Index], records: list[Record]) -> None:
        """Every way up leads to the same place of a level that can be reached in several ways."""
        reached: dict[str, tuple[str, Index]] = {}
        for parent, index in links.items():
            for upper, above in self._ways(parent, index).items():
                if upper in reached and upper not in self.unread:
                    self._compare(level, records, upper, reached[upper], (parent, above))
                else:
                    reached[upper] = (parent, above)

    def _ways(self, parent: str, index: Index) -> dict[str, Index]:
        """Index at the parent, and at everything above it."""
        ways = {parent: index}
        for upper, link in self.tables[parent].parents.items():
            ways |= {name: above for name, above in self._ways(upper, compose(index, link)).items() if name not in ways}
        return ways

    def _compare(self, level: Level, records: list[Record], upper: str, first: tuple[str, Index], second: tuple[str, Index]) -> None:
        apart = np.flatnonzero((first[1] != second[1]) & (first[1] >= 0) & (second[1] >= 0))
        for place in apart:
            names = (level.parents[first[0]] or first[0], level.parents[second[0]] or second[0])
            self.folder.add("D723", records[place], names[1], other=names[0], level=upper)
