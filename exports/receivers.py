"""What the room does when something happens below: a freeze asks for a report, a reopening outdates one, the opening of a round sends its letter.

In the transaction of the act.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from exports import services
from portal.accounts.models import Membership
from portal.accounts.signals import joined
from portal.collection import signals
from portal.collection.models import Collection, Result
from portal.network.models import Level
from portal.rounds.models import Round
from portal.rounds.selectors import current_round
from portal.rounds.signals import opened


@receiver(signals.finalised, dispatch_uid="exports.report_on_freeze")
def report_on_freeze(sender: Any, collection: Collection, result: Result | None, **kwargs: Any) -> None:
    if result is not None:
        services.issue_report(result)


@receiver(signals.reopened, dispatch_uid="exports.outdate_on_reopening")
def outdate_on_reopening(sender: Any, collection: Collection, **kwargs: Any) -> None:
    services.mark_outdated(collection, timezone.now())


@receiver(opened, dispatch_uid="exports.letters_on_opening")
def letters_on_opening(sender: Any, round: Round, **kwargs: Any) -> None:
    """A letter to every inspectorate, mailed to everybody who leads or works there; it waits for those where nobody has an account."""
    counties = Collection.objects.filter(round=round, level=Level.COUNTY).select_related("round__methodology").order_by("sort_key")
    for county in counties:
        services.issue_letter(county)
    held = Membership.objects.held().filter(role__in=("general_inspector", "inspector"), place__in=[county.place_id for county in counties])
    for membership in held.order_by("pk"):
        services.send_letter(membership, round)


@receiver(joined, dispatch_uid="exports.letter_to_a_new_general_inspector")
def letter_to_a_new_general_inspector(sender: Any, membership: Membership, **kwargs: Any) -> None:
    """Who comes to lead an inspectorate while the round is open gets its letter then."""
    round_ = current_round()
    if membership.role != "general_inspector" or round_ is None or round_.state != Round.State.OPEN:
        return
    if Collection.objects.filter(round=round_, place=membership.place).exists():
        services.send_letter(membership, round_)
