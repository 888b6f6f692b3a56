"""The demonstration: an invented county in the middle of a round, with an account for every role. Everything that a person would do is done
through the services, by the account of that person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from portal.accounts.models import Membership, User
from portal.collection import generating
from portal.collection.authors import Author
from portal.collection.generating import county, finishing
from portal.collection.models import CLASS, ClassLink, Collection
from portal.collection.services import finalising, links, opening, supervising
from portal.network import services as network
from portal.network.models import Level, Place
from portal.network.synthetic import Size
from portal.rounds.models import Round
from portal.rounds.services import make_round, publish
from portal.rounds.windows import BUCHAREST

METHODOLOGY = "2025-2026"
SEED = 2025
FIRST_DAY = -14
LAST_DAYS = {"class_close": 10, "unit_close": 17, "school_close": 24, "county_close": 38, "amend_until": 66}
"""The windows in days from today: tables are still being sent."""


@dataclass(frozen=True, slots=True)
class Person:
    """``at``: which place of the demonstration the role is held at."""

    role: str
    at: str
    name: str
    email: str


PEOPLE = (
    Person("national_member", "nation", "Maria Comisaru", "membru.cndie@demo.example"),
    Person("methodologist", "nation", "Mihai Metodescu", "metodolog@demo.example"),
    Person("analyst", "nation", "Anca Analiză", "analist.cndie@demo.example"),
    Person("general_inspector", "county", "Gelu Inspector-Șef", "inspector.general@demo.example"),
    Person("inspector", "county", "Ioana Inspectoru", "inspector@demo.example"),
    Person("analyst", "county", "Andrei Analistu", "analist.judet@demo.example"),
    Person("director", "school", "Dan Directoru", "director@demo.example"),
    Person("unit_manager", "unit", "Rodica Responsabilu", "responsabil@demo.example"),
    Person("operator", "unit", "Olga Operatoru", "operator@demo.example"),
)


class RealData(Exception):
    """The database holds something that is no demonstration."""


@dataclass(slots=True)
class Demonstration:
    """Its accounts as they are, and the class link of the unit in work."""

    accounts: list[Membership]
    link: ClassLink


def found() -> Demonstration | None:
    """The demonstration that is there; None before it is made. Raises ``RealData`` where it may not be made."""
    accounts = Membership.objects.filter(user__email__in=[one.email for one in PEOPLE], ended_at=None).select_related("user", "place")
    link = ClassLink.objects.filter(collection__parent__place__memberships__in=accounts).select_related("collection__parent").first()
    if accounts and link is not None:
        order = {person.email: number for number, person in enumerate(PEOPLE)}
        return Demonstration(sorted(accounts, key=lambda one: order[one.user.email]), link)
    if Round.objects.exists() or User.objects.exists() or Place.objects.filter(level=Level.SCHOOL).exists():
        raise RealData
    return None


def new_passwords(accounts: Iterable[Membership]) -> dict[str, str]:
    """A new random password for each account, by its address."""
    chosen = {}
    for account in accounts:
        chosen[account.user.email] = get_random_string(12, "abcdefghjkmnpqrstuvwxyz23456789")
        account.user.set_password(chosen[account.user.email])
        account.user.save(update_fields=["password"])
    return chosen


@transaction.atomic
def build() -> None:
    """Make it: network, methodology, round, accounts, answers, and what people have done so far."""
    network.seed([0], Size(), SEED, METHODOLOGY)
    version = publish(Path(settings.METHODOLOGIES_DIR) / METHODOLOGY, note="Metodologia demonstrației.")
    round_ = make_round(version, _windows())
    opening.open_round(round_)
    story = Story(round_)
    story.give_accounts()
    story.before_answers()
    begun = {story.in_work.code: county.BEGUN, story.final.code: county.COMPLETE, story.reopened.code: county.COMPLETE}
    [written] = generating.generate([story.county], generating.Order(SEED, 0.7, events=True, begun=begun))
    story.after_answers(written.planted)


def _windows() -> dict[str, datetime]:
    midnight = datetime.combine(timezone.localdate(), time(), BUCHAREST)
    moments = {"opens_at": FIRST_DAY} | LAST_DAYS
    return {name: midnight + timedelta(days=days) for name, days in moments.items()}


class Story:
    """Who does what where. The director's school has three units: one in work, one final, one reopened."""

    def __init__(self, round_: Round) -> None:
        rows = list(Collection.objects.filter(round=round_).exclude(level=CLASS).select_related("place", "parent").order_by("code"))
        self.nation = next(row for row in rows if row.level == Level.NATIONAL)
        self.county = next(row for row in rows if row.level == Level.COUNTY)
        units = [row for row in rows if row.level == Level.UNIT]
        self.schools = [[unit for unit in units if unit.parent_id == row.pk] for row in rows if row.level == Level.SCHOOL]
        own = next(school for school in self.schools if len(school) > 2 and school[0].classes > 4)
        self.in_work, self.final, self.reopened = own[:3]
        rest = [school for school in self.schools if school is not own]
        self.blocked, self.exempt = rest[-1][0].parent, min((unit for school in rest[:-1] for unit in school[1:]), key=lambda unit: unit.pupils)
        self.people: dict[tuple[str, str], User] = {}

    def author(self, role: str, at: str) -> Author:
        return Author(user=self.people[role, at])

    def give_accounts(self) -> None:
        places = {"nation": self.nation, "county": self.county, "school": self.in_work.parent, "unit": self.in_work}
        for person in PEOPLE:
            user = self.people[person.role, person.at] = User.objects.create_user(person.email, person.name)
            row = places[person.at]
            assert row is not None and row.place is not None
            Membership.objects.create(user=user, place=row.place, role=person.role)

    def before_answers(self) -> None:
        """A unit that answers nothing this year."""
        text = "Unitatea are prea puțini copii; indicatorii ar putea identifica persoane."
        supervising.exempt(self.exempt, self.author("inspector", "county"), "too_small", text)

    def after_answers(self, planted: dict[str, str]) -> None:
        inspector, manager, now = self.author("inspector", "county"), finishing.generator(), timezone.now()
        for unit in (self.final, self.reopened):
            finishing.finalise_unit(unit, manager)
        finishing.end_roles()
        reason = "Numărul elevilor unei grupe a fost trecut greșit; vă rugăm să îl corectați."
        finalising.reopen(self.reopened, self.author("director", "school"), reason)
        assert self.blocked is not None
        supervising.block(self.blocked, inspector, "Se clarifică fuziunea cu școala vecină; vă rugăm să nu completați până atunci.")
        at_risk = Collection.objects.get(round=self.county.round, level=Level.UNIT, code=planted["apart"])
        reason = "Elevii romi sunt într-una singură din clasele paralele; vă rugăm să completați monitorizarea extinsă."
        supervising.request_extended(at_risk, inspector, now + timedelta(days=20), reason)
        waiting = self.in_work.children.filter(level=CLASS).exclude(progress=Collection.Progress.SUBMITTED).order_by("progress", "sort_key")
        links.send(waiting[0], self.author("unit_manager", "unit"))
