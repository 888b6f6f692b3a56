"""Places of a round brought to what the network says of them now."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Hashable, Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Substr

from portal.accounts.models import User
from portal.collection.locking import hold
from portal.collection.models import CLASS, Collection, Event
from portal.collection.services import taking
from portal.collection.services.following.change import Change, Followed
from portal.collection.services.following.untouched import drop, untouched
from portal.network.models import Level, Place
from portal.rounds.models import Round

ACTION = "follow_network"
SNAPSHOT = ("code", "name", "sort_key", "attributes")
SAME = Q(**{name: F(f"place__{name}") for name in SNAPSHOT})
"""As far as the database can tell: equal documents may be written differently."""
UNIT, SCHOOL, COUNTY = Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value
MANY = 2000
"""From so many places on the whole round is looked at."""


class Follower:
    """One round, and what it is brought to. ``places``: those that changed, with what lies above them and the units of their schools;
    ``counties``: where they lie in the network now."""

    def __init__(self, round_: Round, change: Change) -> None:
        self.round, self.change, self.done = round_, change, Followed()
        touched = [row for row in _near("pk", change.places).values_list("pk", "level", "path") if row[0] in change.places]
        self.places = set(change.places) | {part for _pk, _level, path in touched for part in _ids(path)}
        schools = {pk for pk, level, _path in touched if level == SCHOOL}
        self.places |= {pk for pk, parent in _near("parent", schools).values_list("pk", "parent") if parent in schools}
        self.counties = self._counties([path for _pk, _level, path in touched])
        self.final: set[int] = set()

    def _counties(self, paths: list[str]) -> list[Place]:
        """In a round that is being opened only those that are in it already: the others come whole."""
        units = {unit for unit, _code in self.change.classes}
        paths += [path for pk, path in _near("pk", units).values_list("pk", "path") if pk in units]
        found = Place.objects.filter(level=COUNTY, pk__in={pk for path in paths for pk in _ids(path)[1:2]}).order_by("pk")
        return list(found if self.round.state == Round.State.OPEN else found.filter(collections__round=self.round))

    def run(self) -> set[int]:
        """Gives the places of the units that are new."""
        self.hold()
        final = Collection.objects.filter(round=self.round, state=Collection.State.FINALISED).exclude(level=CLASS)
        self.final = set(final.values_list("pk", flat=True))
        new = self._take()
        for level in (SCHOOL, UNIT):
            self._move(level)
        for level in (UNIT, SCHOOL):
            self._drop(level)
        self._copy()
        return new

    def hold(self) -> None:
        """Those who write in the counties concerned wait until the end, others do not."""
        paths = [path for level in (COUNTY, SCHOOL, UNIT) for path in self.rows(level).values_list("path", flat=True)]
        paths += Collection.objects.filter(round=self.round, place__in=self.counties).values_list("path", flat=True)
        nations, counties = ({pk for path in paths for pk in _ids(path)[level : level + 1]} for level in (0, 1))
        hold(*((pk, False) for pk in nations), *((pk, True) for pk in sorted(counties)))

    def rows(self, level: str) -> QuerySet[Collection]:
        """The collections of a level whose places may be others now."""
        rows = Collection.objects.filter(round=self.round, level=level)
        return rows.filter(place__in=self.places) if len(self.places) < MANY else rows

    def frozen(self, row: Collection) -> bool:
        """Whether a place or something above it is final."""
        return any(pk in self.final for pk in row.chain_ids)

    # ---- the steps ---------------------------------------------------------------------------------------

    def _take(self) -> set[int]:
        """Makes what is missing. What lies under something final is told."""
        units = list(taking.untaken(self.round, UNIT).values_list("pk", "name", "path"))
        missing = [path for _pk, _name, path in units]
        missing += taking.untaken(self.round, SCHOOL).values_list("path", flat=True)
        for county in self.counties:
            if any(path.startswith(county.path) for path in missing):
                self.done.made.update(taking.take_places(self.round, county))
        left = set(taking.untaken(self.round, UNIT).values_list("pk", flat=True)) if units else set()
        here = tuple(county.path for county in self.counties)
        self.done.frozen |= {("place", pk): name for pk, name, path in units if pk in left and path.startswith(here)}
        return {pk for pk, _name, _path in units} - left

    def _move(self, level: str) -> None:
        """Places that lie elsewhere in the network now, with everything below them."""
        above = {row.place_id: row for upper in (COUNTY, SCHOOL) for row in self.rows(upper).defer("attributes")}
        elsewhere = self.rows(level).exclude(parent__place=F("place__parent")).select_related("place", "parent")
        for row in elsewhere:
            assert row.place is not None and row.parent is not None
            parent = above.get(row.place.parent_id)
            if parent is None:
                continue
            if self.frozen(row) or self.frozen(parent):
                self.done.frozen[row.pk] = row.name
                continue
            self.done.moves.append((row, row.parent.name, parent.name))
            _put(row, parent)

    def _drop(self, level: str) -> None:
        """Places that are not expected any more. A school stays as long as something is left below it."""
        expected = Exists(taking.expected(level).filter(pk=OuterRef("place")))
        unexpected = {row.pk: row for row in self.rows(level).exclude(expected)}
        if level == SCHOOL:
            left = set(Collection.objects.filter(parent__in=unexpected).values_list("parent", flat=True))
            unexpected = {pk: row for pk, row in unexpected.items() if pk not in left}
        kept: dict[Hashable, str] = {pk: row.name for pk, row in unexpected.items() if self.frozen(row)}
        free = untouched(Collection.objects.filter(pk__in=unexpected.keys() - kept.keys()))
        self.done.frozen |= kept
        gone = drop(free)
        self.done.dropped[level] += len(gone)
        self.done.begun |= {pk: row.name for pk, row in unexpected.items() if pk not in kept and pk not in gone}

    def _copy(self) -> None:
        """Codes, names and facts as the network has them now."""
        rows = [self.rows(level).exclude(SAME).select_related("place") for level in (COUNTY, SCHOOL, UNIT)]
        differ = [row for listed in rows for row in listed if _differs(row)]
        changed = [row for row in differ if not self.frozen(row)]
        self.done.frozen |= {row.pk: row.name for row in differ if self.frozen(row)}
        self.done.changed.update(row.level for row in changed)
        for row in changed:
            for name in SNAPSHOT:
                setattr(row, name, getattr(row.place, name))
        taking.overwrite(changed, SNAPSHOT)
        above = Collection.objects.filter(pk=OuterRef("parent")).values("attributes")[:1]
        Collection.objects.filter(parent__in=[row.pk for row in changed if row.level == UNIT], level=CLASS).update(attributes=Subquery(above))

    # ---- history -----------------------------------------------------------------------------------------

    def keep(self, by: User | None, through: str) -> None:
        """An event at each place that moved, and one that counts everything, at the county or, of several, at the nation."""
        Event.objects.bulk_create(self._events(by, through))

    def _events(self, by: User | None, through: str) -> Iterator[Event]:
        for row, old, new in self.done.moves:
            yield Event(collection=row, action=ACTION, by=by, through=through, detail={"moved": [old, new]})
        if self.done.anything:
            where = {"place": self.counties[0]} if len(self.counties) == 1 else {"level": Level.NATIONAL}
            top = Collection.objects.get(round=self.round, **where)
            yield Event(collection=top, action=ACTION, by=by, through=through, detail=self.done.as_data())


def _near(name: str, ids: Several[int]) -> QuerySet[Place]:
    """The places with these ids, or, of many, all places: no statement names them all."""
    return Place.objects.filter(**{f"{name}__in": ids}) if len(ids) < MANY else Place.objects.all()


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _differs(row: Collection) -> bool:
    return any(getattr(row, name) != getattr(row.place, name) for name in SNAPSHOT)


def _put(row: Collection, parent: Collection) -> None:
    """Moves a collection with everything below it under another one."""
    new = f"{parent.path}{row.pk}/"
    Collection.objects.filter(pk=row.pk).update(parent=parent)
    Collection.objects.filter(path__startswith=row.path).update(path=Concat(Value(new), Substr("path", len(row.path) + 1)))
