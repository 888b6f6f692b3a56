"""Keeping a round with the network: what an import or a correction changed reaches the collections, as far as nobody has worked on them.

New places and classes get collections, names and facts are those of the network, a unit goes with its school, and what is no longer expected
leaves the round. What is final stays as it was frozen, and nothing that somebody has begun is ever taken out: it is told instead. The caller
holds the network (``network.lock``) in the transaction in which it was changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Several
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.collection.models import Collection, Event
from portal.collection.refusals import Refused
from portal.collection.services.following.change import Change, Followed
from portal.collection.services.following.classes import ClassFollower
from portal.collection.services.following.places import SCHOOL, UNIT, Follower
from portal.collection.services.following.untouched import drop, untouched
from portal.collection.standing import Decision
from portal.network import services as network
from portal.network.models import ClassRecord, Level, Place
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.services import Tell, no_news
from portal.rounds import permissions
from portal.rounds.models import Round, RoundEvent

__all__ = ["Change", "Followed", "ask_to_catch_up", "catch_up", "follow", "follow_everywhere", "followed_rounds", "release"]
KIND = "follow_network"


def followed_rounds() -> QuerySet[Round]:
    """The rounds that go with the network: open ones, and one that is being opened."""
    opening = Q(state=Round.State.DRAFT, opening_at__isnull=False)
    return Round.objects.filter(Q(state=Round.State.OPEN) | opening).select_related("methodology").order_by("pk")


def follow_everywhere(change: Change, by: User | None, through: str) -> list[dict[str, Any]]:
    """What every round that goes with the network took over, as plain data."""
    return [{"school_year": one.school_year} | follow(one, change, by, through).as_data() for one in followed_rounds()]


@transaction.atomic
def follow(round_: Round, change: Change, by: User | None, through: str) -> Followed:
    """Brings a round to what the network says now of the places and classes that changed."""
    follower = Follower(round_, change)
    new = follower.run()
    ClassFollower(follower).run(new)
    follower.keep(by, through)
    return follower.done


def ask_to_catch_up(round_: Round, by: User, at: datetime | None = None) -> Job:
    """Lets a job bring an open round to the whole network: what was final or begun when the network changed may be open again by now."""
    permissions.require_manager(by)
    if not Round.objects.filter(pk=round_.pk, state=Round.State.OPEN).exists():
        raise Refused(Decision(False, "round_not_open", _("Numai o campanie deschisă se aduce la zi cu rețeaua.")))
    at = at or timezone.now()
    return outbox.enqueue(KIND, f"{round_.pk}:{at.timestamp():.0f}", {"round": round_.pk, "by": by.pk})


def catch_up(round_: Round, by: User, tell: Tell = no_news) -> None:
    """County by county, each in a transaction of its own."""
    counties = list(Place.objects.filter(level=Level.COUNTY).order_by("sort_key"))
    made: Counter[str] = Counter()
    for done, county in enumerate(counties):
        tell(done, len(counties))
        with transaction.atomic():
            network.lock()
            places = Place.objects.filter(path__startswith=county.path).values_list("pk", flat=True)
            classes = ClassRecord.objects.filter(unit__path__startswith=county.path, school_year=round_.school_year).values_list("unit_id", "code")
            change = Change(frozenset(places), frozenset(classes), round_.school_year)
            made += follow(round_, change, by, Event.Through.JOB).made
    RoundEvent.objects.create(round=round_, action="followed", by=by, changes={level: [0, many] for level, many in made.items()})


@transaction.atomic
def release(places: Several[int]) -> None:
    """Takes places that nobody has worked on out of the rounds that go with the network, which is about to lose them."""
    for round_ in followed_rounds():
        Follower(round_, Change(frozenset(places))).hold()
        for level in (UNIT, SCHOOL, Level.COUNTY):
            drop(untouched(Collection.objects.filter(round=round_, level=level, place__in=places)))
