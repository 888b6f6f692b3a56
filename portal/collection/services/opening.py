"""Opening a round: asked for by the commission, done by a job county by county, then open to everybody at one stroke.

Until the last step the round is still in preparation, and what has been made of it exists for nobody (``selectors.visible_to``). A worker that
dies leaves whole counties; the next one goes on with the others.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.collection.models import CLASS, Collection, Event
from portal.collection.refusals import Refused
from portal.collection.services import taking
from portal.collection.standing import Decision
from portal.network import services as network
from portal.network.models import ClassRecord, Level, Place
from portal.outbox import services as outbox
from portal.outbox.models import Job
from portal.outbox.services import Tell, no_news
from portal.rounds import permissions, signals
from portal.rounds.models import Round, RoundEvent

KIND = "open_round"
COUNTED = (Level.COUNTY.value, Level.SCHOOL.value, Level.UNIT.value, CLASS)


def ask(round_: Round, by: User, at: datetime | None = None) -> Job:
    """Lets a job open the round. Asked again, it is the same job; one that has failed is tried again."""
    _begin(round_, by, at or timezone.now())
    return outbox.enqueue(KIND, str(round_.pk), {"round": round_.pk, "by": by.pk})


def open_round(round_: Round, by: User | None = None, at: datetime | None = None) -> None:
    """Opens the round now. ``by`` None: a command at the server itself."""
    _begin(round_, by, at or timezone.now())
    carry_out(round_, by)


def _begin(round_: Round, by: User | None, at: datetime) -> None:
    permissions.require_manager(by)
    with transaction.atomic():
        held = Round.objects.select_for_update().get(pk=round_.pk)
        if held.state != Round.State.DRAFT:
            raise Refused(Decision(False, "round_not_draft", _("Numai o campanie în pregătire se deschide; aceasta a fost deja deschisă.")))
        if not taking.expected(Level.UNIT).exists():
            raise Refused(Decision(False, "network_empty", _("Rețeaua școlară este goală. Importați mai întâi lista unităților.")))
        if not held.is_opening:
            held.opening_at = at
            held.save(update_fields=["opening_at"])
            RoundEvent.objects.create(round=held, action="opening", by=by, at=at)


def carry_out(round_: Round, by: User | None = None, tell: Tell = no_news) -> None:
    """Makes what is not there yet, one county after the other, and opens the round. On one that is open it does nothing."""
    total = taking.expected(Level.COUNTY).count()
    waiting = list(_counties_to_take(round_))
    with transaction.atomic():
        network.lock()
        taking.take_nation(round_)
    for done, county in enumerate(waiting, total - len(waiting)):
        tell(done, total)
        with transaction.atomic():
            network.lock()
            taking.take(round_, county)
    tell(total, total)
    _open(round_, by)


def _counties_to_take(round_: Round) -> QuerySet[Place]:
    """The counties that a round in preparation does not have yet; a county is taken whole or not at all."""
    taken = Collection.objects.filter(round=round_, place=OuterRef("pk"))
    counties = taking.expected(Level.COUNTY).exclude(Exists(taken)).order_by("sort_key")
    return counties.filter(Exists(Round.objects.filter(pk=round_.pk, state=Round.State.DRAFT)))


@transaction.atomic
def _open(round_: Round, by: User | None) -> None:
    network.lock()
    held = Round.objects.select_for_update().get(pk=round_.pk)
    if held.state != Round.State.DRAFT:
        return
    for county in _counties_to_take(held):  # one that an import has brought meanwhile
        taking.take(held, county)
    held.state, held.opened_at = Round.State.OPEN, timezone.now()
    held.save(update_fields=["state", "opened_at"])
    made = counts(held)
    nation = Collection.objects.get(round=held, level=Level.NATIONAL)
    Event.objects.create(collection=nation, at=held.opened_at, action="open_round", by=by, detail={"made": made})
    RoundEvent.objects.create(round=held, at=held.opened_at, action="opened", by=by, changes={level: [0, many] for level, many in made.items()})
    signals.opened.send(Round, round=held)


def counts(round_: Round) -> dict[str, int]:
    """How many collections a round has, by level below the nation."""
    found = dict(Collection.objects.filter(round=round_).order_by().values_list("level").annotate(Count("pk")))
    return {level: found.get(level, 0) for level in COUNTED}


def counts_to_come(round_: Round) -> dict[str, int]:
    """How many collections the round would have if it were opened now."""
    places = {level: taking.expected(level).count() for level in (Level.COUNTY.value, Level.SCHOOL.value, Level.UNIT.value)}
    units = taking.expected(Level.UNIT).filter(pk=OuterRef("unit"))
    return places | {CLASS: ClassRecord.objects.filter(Exists(units), school_year=round_.school_year).count()}
