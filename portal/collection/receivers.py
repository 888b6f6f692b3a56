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


@receiver(signals.windows_moved, dispatch_uid="collection.windows_moved")
def count_what_is_on_time(round: Round, **said: Any) -> None:
    """Another limit, other tables on time. Whoever is sending one has counted it by the old limit and is waited for; the next reads the new one."""
    nation = Collection.objects.filter(round=round, level=Level.NATIONAL).first()
    if nation is not None:
        hold((nation.pk, True))
        taking.count_classes(Collection.objects.filter(round=round, level=Level.UNIT))
