"""Freezing and unfreezing. A unit's figures are stored when it is final; those that look at sibling units freeze again with the school."""

from __future__ import annotations

from collections.abc import Callable
from secrets import SystemRandom

from engine.storage import decode_table
from portal.collection import freezing, signals
from portal.collection.authors import Author
from portal.collection.computing import Computed, compute
from portal.collection.models import CLASS, ClassTable, Collection, Explanation, Result
from portal.collection.readiness import obstacles_of
from portal.collection.services import tables
from portal.collection.services.acting import Deed, deed
from portal.network.models import Level
from portal.rounds import methodologies

UNIT, SCHOOL = Level.UNIT.value, Level.SCHOOL.value


def finalise(collection: Collection, by: Author, request_id: str = "") -> None:
    """Freeze a place. Raises ``Refused`` when something stands in the way, and then nothing has changed."""
    with deed("finalise", collection, by, obstacles=obstacles_of, request_id=request_id) as acting:
        acting.target.state = Collection.State.FINALISED
        acting.target.finalised_at = acting.now
        acting.target.progress = Collection.Progress.COMPLETE
        acting.target.save()
        AFTER.get(acting.target.level, _announce)(acting)


def _freeze_unit(acting: Deed) -> None:
    shuffle(acting)
    computed = compute(acting.target)
    result = freeze(computed, acting.target, acting)
    acting.detail.update(result=result.number, data_digest=result.data_digest)
    signals.finalised.send(Collection, collection=acting.target, result=result)


def _freeze_school(acting: Deed) -> None:
    """Figures that look at sibling units are final now: units whose figures changed get a new number, and their report is issued again."""
    computed = compute(acting.target)
    for unit in computed.rows[UNIT]:
        latest = unit.results.filter(superseded_at=None).order_by("-number").first()
        if latest is not None and latest.figures != freezing.figures_of(computed, unit):
            result = freeze(computed, unit, acting)
            signals.finalised.send(Collection, collection=unit, result=result)
    _announce(acting)


def _announce(acting: Deed) -> None:
    signals.finalised.send(Collection, collection=acting.target, result=None)


AFTER: dict[str, Callable[[Deed], None]] = {UNIT: _freeze_unit, SCHOOL: _freeze_school}


def freeze(computed: Computed, unit: Collection, acting: Deed) -> Result:
    """Store the figures of a unit under the next number; the earlier ones are kept."""
    written = Explanation.objects.filter(collection__path__startswith=unit.path).values_list("collection", "check_code", "text")
    explanations = {(pk, code): text for pk, code, text in written}
    unit.results.filter(superseded_at=None).update(superseded_at=acting.now)
    last = unit.results.order_by("-number").values_list("number", flat=True).first() or 0
    return Result.objects.create(
        collection=unit, number=last + 1, figures=freezing.figures_of(computed, unit),
        checks=freezing.checks_of(computed, unit, explanations), methodology_digest=computed.methodology.digest,
        data_digest=freezing.data_digest(computed.methodology, unit), computed_at=acting.now,
    )  # fmt: skip


def shuffle(acting: Deed) -> None:
    """Mix the rows of every class table, so that their order says nothing of any list; the data digest does not see the order."""
    methodology = methodologies.of(acting.target.round.methodology)
    chance = SystemRandom()
    for table in ClassTable.objects.filter(collection__parent=acting.target, collection__level=CLASS).select_related("collection"):
        rows = decode_table(methodology, CLASS, bytes(table.content))
        chance.shuffle(rows)
        tables.reorder(table.collection, methodology, rows, acting.now)


def reopen(collection: Collection, by: Author, reason: str) -> None:
    """Open a finalised place again; nothing below or beside it is opened. Its reports are marked outdated, and kept."""
    with deed("reopen", collection, by, reason=reason) as acting:
        acting.target.state = Collection.State.OPEN
        acting.target.reopened = True
        acting.target.finalised_at = None
        acting.target.progress = Collection.Progress.IN_PROGRESS
        latest = acting.target.results.filter(superseded_at=None).first()
        if latest is not None:
            acting.detail.update(result=latest.number)
            acting.target.results.filter(superseded_at=None).update(superseded_at=acting.now)
        signals.reopened.send(Collection, collection=acting.target)
