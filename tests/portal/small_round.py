"""A round on the smallest methodology (``tests/fixtures/schools``): any tree of places, ready to be filled, finalised, blocked and reopened.

Everything goes through the services that pages use; what a test needs to have happened is done by those who may do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.utils import timezone

from portal.accounts.models import Membership, User
from portal.collection.authors import Author
from portal.collection.models import CLASS, Collection
from portal.collection.services import classes, finalising, links, saving, tables, taking
from portal.collection.standing import Obstacles
from portal.network.models import Level, Place
from portal.rounds.models import Round
from portal.rounds.services import publish
from tests.portal.worked_round import open_round

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "schools"
LEADING = {"national": "national_member", "county": "general_inspector", "school": "director", "unit": "unit_manager"}
Tree = Mapping[str, Mapping[str, Mapping[str, int]]]
"""County → school → unit → how many classes."""
ONE_SCHOOL: Tree = {"A": {"A1": {"A1x": 2, "A1y": 1}}, "B": {"B1": {"B1x": 1}}}


@dataclass
class SmallRound:
    """``places`` by their word (``nation``, those of the tree, ``A1x-1`` for a class). Rows are read anew each time they are asked for."""

    round: Round
    ids: dict[str, int] = field(default_factory=dict)
    people: dict[tuple[str, str], Author] = field(default_factory=dict)

    def __getitem__(self, word: str) -> Collection:
        return Collection.objects.select_related("round__methodology", "parent__parent", "place").get(pk=self.ids[word])

    @property
    def rows(self) -> Iterator[Collection]:
        return iter(Collection.objects.filter(round=self.round).prefetch_related("extensions").order_by("path"))

    def author(self, role: str, word: str) -> Author:
        """Whoever holds a role at a place; made when first asked for."""
        if (role, word) not in self.people:
            user = User.objects.create_user(f"{role}.{word.lower()}.{self.round.pk}@example.org", f"{role} {word}")
            Membership.objects.create(user=user, place_id=self[word].place_id, role=role)
            self.people[role, word] = Author(user=user)
        return self.people[role, word]

    def manager(self, word: str) -> Author:
        """The unit manager of a unit or of the unit of a class."""
        return self.author("unit_manager", word.partition("-")[0])

    def above(self, word: str) -> Author:
        """Who stands directly above a place."""
        row = self[word]
        if row.level == CLASS:
            return self.manager(word)
        assert row.parent is not None
        return self.author(LEADING[row.parent.level], self.word_of(row.parent))

    def word_of(self, row: Collection) -> str:
        return next(word for word, pk in self.ids.items() if pk == row.pk)

    # ---- what people do ----------------------------------------------------------------------------------

    def answer(self, word: str, **values: Any) -> None:
        """The basic answers of a unit (``rooms``), saved by its manager."""
        saving.save_section(self[word], "basic", {"rooms": 3} | values, self.manager(word))

    def answer_extended(self, word: str, **values: Any) -> None:
        """The extended answers of a unit and of its classes."""
        saving.save_section(self[word], "extended", {"teachers": 4} | values, self.manager(word))
        for school_class in self.classes_of(word):
            saving.save_section(self[school_class], "extended", {"cls_helper": True}, self.manager(word))

    def classes_of(self, word: str) -> list[str]:
        return [one for one in self.ids if one.startswith(f"{word}-")]

    def send(self, word: str, grants: int = 1) -> None:
        """The table of a class, sent by the unit; ``grants``: pupils with one, of two."""
        rows = [{"row_no": number, "grant": "yes" if number <= grants else "no"} for number in (1, 2)]
        tables.submit(self[word], rows, self.manager(word), Obstacles())

    def fill(self, word: str) -> None:
        """Everything that a unit needs before it can be finalised, as far as it is not there."""
        if not self[word].responses.filter(section="basic").exists():
            self.answer(word)
        for school_class in self.classes_of(word):
            if self[school_class].progress != Collection.Progress.SUBMITTED:
                self.send(school_class)

    def finalise(self, word: str) -> None:
        """A place with everything below it, by those who sign."""
        row = self[word]
        if row.state == Collection.State.FINALISED or row.exempt:
            return
        for child in row.children.exclude(level=CLASS):
            self.finalise(self.word_of(child))
        if row.level == Level.UNIT:
            self.fill(word)
        finalising.finalise(self[word], self.author(LEADING[row.level], word))

    def link(self, word: str) -> Author:
        return Author.of_link(links.send(self[word], self.manager(word)))

    def move_windows(self, **moments: datetime) -> None:
        """Windows as they are wanted; those not given follow in order."""
        Round.objects.filter(pk=self.round.pk).update(**moments)
        self.round.refresh_from_db()


def build(tree: Tree = ONE_SCHOOL, **windows: Any) -> SmallRound:
    """Places, round, collections and classes of a tree; every class has two pupils and nothing is answered."""
    version = publish(FOLDER)
    nation, _ = Place.objects.get_or_create(level=Level.NATIONAL, code="RO", defaults={"name": "România"})
    codes = (f"{number:010d}" for number in count(1))
    words = {nation.pk: "nation"}
    for county, schools in tree.items():
        above = Place.objects.create(level=Level.COUNTY, parent=nation, code=county, name=f"Județul {county}")
        words[above.pk] = county
        for school, units in schools.items():
            made = Place.objects.create(level=Level.SCHOOL, parent=above, code=next(codes), name=f"Școala {school}")
            words[made.pk] = school
            for unit in units:
                words[Place.objects.create(level=Level.UNIT, parent=made, code=next(codes), name=f"Unitatea {unit}").pk] = unit
    small = SmallRound(open_round(version, **{"school_year": "2025-2026"} | windows))
    taking.take_all(small.round)
    small.ids = {words[row.place_id]: row.pk for row in Collection.objects.filter(round=small.round) if row.place_id}
    for unit, many in ((unit, many) for schools in tree.values() for units in schools.values() for unit, many in units.items()):
        row = small[unit]
        for number in range(1, many + 1):
            made_class = classes.create_class(row, f"{number}", {"cls_name": f"{number}", "cls_pupils": 2}, "basic")
            small.ids[f"{unit}-{number}"] = made_class.pk
        classes.recount(row)
        row.save()
    return small


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def ahead(days: float) -> datetime:
    return timezone.now() + timedelta(days=days)
