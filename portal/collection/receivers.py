"""What follows in open collections from news of the rounds."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from portal.collection.locking import hold
from portal.collection.models import Collection
from portal.collection.services import taking
from portal.network.models import Level
from portal.rounds import signals
from portal.rounds.models import Round


@receiver(signals.changing, dispatch_uid="collection.round_changing")
def wait_for_whoever_writes(round: Round, **said: Any) -> None:
    """Nobody writes by a limit or a state that the round does not have any more: who is writing is waited for, the next one waits and reads anew."""
    nation = Collection.objects.filter(round=round, level=Level.NATIONAL).first()
    if nation is not None:
        hold((nation.pk, True))


@receiver(signals.windows_moved, dispatch_uid="collection.windows_moved")
def count_what_is_on_time(round: Round, **said: Any) -> None:
    """Another limit, other tables on time."""
    taking.count_classes(Collection.objects.filter(round=round, level=Level.UNIT))
