"""Classes of a round brought to what the network says of them now, as long as nobody has begun them."""

from __future__ import annotations

from collections.abc import Collection as Several
from functools import cached_property
from typing import Any

from django.db.models import Q

from engine.methodology import Methodology
from portal.collection.models import CLASS, Collection, Response
from portal.collection.services import taking
from portal.collection.services.following.change import ClassKey
from portal.collection.services.following.places import MANY, Follower
from portal.collection.services.following.untouched import drop, untouched
from portal.network.importing.columns import columns_of
from portal.network.models import ClassRecord, Level
from portal.rounds import methodologies

SHOWN = ("name", "sort_key", "pupils")


class ClassFollower:
    """The classes that changed in the school year of the round of a ``Follower``, whose outcome it adds to."""

    def __init__(self, follower: Follower) -> None:
        self.follower, self.round, self.done = follower, follower.round, follower.done
        change = follower.change
        self.keys = change.classes if change.school_year == self.round.school_year else frozenset()
        self.units = {unit for unit, _code in self.keys}

    @cached_property
    def methodology(self) -> Methodology:
        return methodologies.of(self.round.methodology)

    def run(self, new: Several[int]) -> None:
        """``new``: places of units that are new in the round; all their classes are taken."""
        if not (self.keys or new):
            return
        records = self._records()
        for county in self.follower.counties:
            changed = [one.pk for one in records.values() if one.unit.path.startswith(county.path)]
            if not (changed or new):
                continue
            self.done.made[CLASS] += taking.take_classes(self.round, county, Q(pk__in=changed) | Q(unit__in=new))
        rows = self._rows()
        self.done.frozen |= {key: _name(one.name, one.unit.name) for key, one in records.items() if key not in rows}
        self._bring(rows, records)
        taking.count_classes(Collection.objects.filter(round=self.round, level=Level.UNIT, place__in=self.units))

    def _records(self) -> dict[ClassKey, ClassRecord]:
        records = ClassRecord.objects.filter(school_year=self.round.school_year).select_related("unit")
        near = records.filter(unit__in=self.units) if len(self.units) < MANY else records
        return {key: one for one in near.iterator(taking.BATCH) if (key := (one.unit_id, one.code)) in self.keys}

    def _rows(self) -> dict[ClassKey, Collection]:
        rows = Collection.objects.filter(round=self.round, level=CLASS).select_related("parent")
        near = rows.filter(parent__place__in=self.units) if len(self.units) < MANY else rows
        return {key: row for row in near.iterator(taking.BATCH) if (key := (_unit(row).place_id or 0, row.code)) in self.keys}

    def _bring(self, rows: dict[ClassKey, Collection], records: dict[ClassKey, ClassRecord]) -> None:
        """What differs is changed or taken out, unless it is final or begun."""
        section = self.methodology.sections[0].code
        answers = {one.collection_id: one for one in Response.objects.filter(section=section, collection__in=[row.pk for row in rows.values()])}
        differ = {key: row for key, row in rows.items() if self._differs(row, records.get(key), answers.get(row.pk))}
        frozen = {key: row for key, row in differ.items() if self.follower.frozen(row)}
        free = set(untouched(Collection.objects.filter(pk__in=[row.pk for row in differ.values()])).values_list("pk", flat=True))
        begun = {key: row for key, row in differ.items() if key not in frozen and row.pk not in free}
        self.done.frozen |= {key: _name(row.name, _unit(row).name) for key, row in frozen.items()}
        self.done.begun |= {key: _name(row.name, _unit(row).name) for key, row in begun.items()}
        open_ = {key: row for key, row in differ.items() if key not in frozen and key not in begun}
        self.done.dropped[CLASS] += len(drop(Collection.objects.filter(pk__in=[row.pk for key, row in open_.items() if key not in records])))
        self._change([(row, records[key], answers.get(row.pk)) for key, row in open_.items() if key in records])

    def _differs(self, row: Collection, record: ClassRecord | None, response: Response | None) -> bool:
        if record is None or any(getattr(row, name) != getattr(record, name) for name in SHOWN):
            return True
        return _told(response.values if response else {}) != taking.parameters(record, self.methodology)

    def _change(self, changed: list[tuple[Collection, ClassRecord, Response | None]]) -> None:
        documents = []
        for row, record, response in changed:
            for name in SHOWN:
                setattr(row, name, getattr(record, name))
            found = response or Response(collection=row, section=self.methodology.sections[0].code, revision=1)
            own = {code: value for code, value in found.values.items() if code not in _told(found.values)}
            found.values = own | taking.parameters(record, self.methodology)
            documents.append(found)
        taking.overwrite([row for row, _record, _response in changed], SHOWN)
        once = ["collection", "section"]
        Response.objects.bulk_create(documents, taking.BATCH, update_conflicts=True, unique_fields=once, update_fields=["values"])
        self.done.changed[CLASS] += len(changed)


def _unit(row: Collection) -> Collection:
    assert row.parent is not None
    return row.parent


def _name(school_class: str, unit: str) -> str:
    return f"{school_class} – {unit}"


def _told(values: dict[str, Any]) -> dict[str, Any]:
    """Those answers of a class that lists of the network say."""
    codes = {field.code for field in columns_of("classes").fields}
    return {code: value for code, value in values.items() if code in codes}
