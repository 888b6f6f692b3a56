"""What the room does when something happens below: a freeze asks for a report, a reopening outdates one. In the transaction of the act."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from exports import services
from portal.collection import signals
from portal.collection.models import Collection, Result


@receiver(signals.finalised, dispatch_uid="exports.report_on_freeze")
def report_on_freeze(sender: Any, collection: Collection, result: Result | None, **kwargs: Any) -> None:
    if result is not None:
        services.issue_report(result)


@receiver(signals.reopened, dispatch_uid="exports.outdate_on_reopening")
def outdate_on_reopening(sender: Any, collection: Collection, **kwargs: Any) -> None:
    services.mark_outdated(collection, timezone.now())
