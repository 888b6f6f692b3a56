"""One act on many places: each in a transaction of its own, with its line of the result; what one refuses stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from uuid import uuid4

from django.db import transaction

from portal.collection.authors import Author
from portal.collection.models import Batch, BatchLine, Collection
from portal.collection.refusals import Refused, Repeated

Perform = Callable[[Collection, Author], None]
TOGETHER = ("remind", "block", "unblock", "exempt", "withdraw_exemption", "extend", "request_extended")
"""Acts that can be done on many places at once."""
INVERSE = {"block": "unblock", "unblock": "block", "exempt": "withdraw_exemption"}
"""What takes an act back. Mails that left and extensions, which end by themselves, are not taken back."""


def act(board: Collection, action: str, places: Iterable[Collection], by: Author, perform: Perform) -> Batch:
    """Do an act to each place below a board. A request that comes again goes on where it was broken off, and does nothing twice."""
    by = replace(by, request_id=by.request_id or uuid4().hex)
    batch, _made = Batch.objects.get_or_create(board=board, request_id=by.request_id, defaults={"action": action, "by": by.person})
    return _do(batch, places, by, perform)


def undo(batch: Batch, by: Author, perform: Perform) -> Batch:
    """Take an act on many back where it was done. Raises ``KeyError`` for one that is not taken back."""
    again, _made = Batch.objects.get_or_create(
        undoes=batch, defaults={"board": batch.board, "action": INVERSE[batch.action], "by": by.person, "request_id": uuid4().hex}
    )
    done = Collection.objects.filter(pk__in=batch.lines.filter(done=True).values("collection")).select_related("round").order_by("sort_key")
    return _do(again, done, replace(by, request_id=again.request_id), perform)


def _do(batch: Batch, places: Iterable[Collection], by: Author, perform: Perform) -> Batch:
    told = set(batch.lines.values_list("collection", flat=True))
    for place in places:
        if place.pk not in told:
            _do_one(batch, place, by, perform)
    return batch


def _do_one(batch: Batch, place: Collection, by: Author, perform: Perform) -> None:
    try:
        with transaction.atomic():
            perform(place, by)
            BatchLine.objects.create(batch=batch, collection=place, done=True)
    except Repeated:
        return
    except Refused as refused:
        said = {"done": False, "code": refused.decision.code, "sentence": str(refused.decision.sentence)}
        BatchLine.objects.get_or_create(batch=batch, collection=place, defaults=said)
