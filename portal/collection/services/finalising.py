"""Freezing and unfreezing. A unit's figures are stored when it is final; those that look at sibling units freeze again with the school."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import SystemRandom

from django.db.models import Max, Q

from engine.storage import decode_table
from portal.collection import freezing, signals
from portal.collection.authors import Author
from portal.collection.computing import Computed, compute
from portal.collection.models import CLASS, ClassTable, Collection, ExactValues, Explanation, Result
from portal.collection.readiness import obstacles_of
from portal.collection.services import tables
from portal.collection.services.acting import Deed, deed
from portal.network.models import Level
from portal.rounds import methodologies

UNIT, SCHOOL, COUNTY = Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value
A_STATEMENT_EACH, A_FEW = 1, 50
"""Results are large documents: many in one statement cost PostgreSQL's driver more than the statements saved."""


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
    frozen = {one.collection_id: one.figures for one in Result.objects.filter(collection__in=computed.rows[UNIT], superseded_at=None)}
    units = [unit for unit in computed.rows[UNIT] if unit.pk in frozen]
    changed = [unit for unit in units if frozen[unit.pk] != freezing.figures_of(computed, unit)]
    keep(computed, [acting.target])
    keep(computed, [unit for unit in units if unit not in changed])
    for result in freeze_all(computed, changed, acting.now):
        signals.finalised.send(Collection, collection=result.collection, result=result)
    _announce(acting)


def _freeze_county(acting: Deed) -> None:
    keep(compute(acting.target), [acting.target])
    _announce(acting)


def _announce(acting: Deed) -> None:
    signals.finalised.send(Collection, collection=acting.target, result=None)


AFTER: dict[str, Callable[[Deed], None]] = {UNIT: _freeze_unit, SCHOOL: _freeze_school, COUNTY: _freeze_county}


def freeze(computed: Computed, unit: Collection, acting: Deed) -> Result:
    """Store the figures of a unit under the next number; the earlier ones are kept."""
    return freeze_all(computed, [unit], acting.now)[0]


def freeze_all(computed: Computed, units: Sequence[Collection], at: datetime) -> list[Result]:
    """Store the figures of some units of a scope; the caller holds the decisions and the locks."""
    earlier = Result.objects.filter(collection__in=units)
    numbers = dict(earlier.values_list("collection").annotate(last=Max("number")))
    earlier.filter(superseded_at=None).update(superseded_at=at)
    written = Explanation.objects.filter(Q(collection__in=units) | Q(collection__parent__in=units)).values_list("collection", "check_code", "text")
    explanations = {(pk, code): text for pk, code, text in written}
    digests = freezing.data_digests(computed.methodology, units)
    results = [
        Result(
            collection=unit, number=numbers.get(unit.pk, 0) + 1, figures=freezing.figures_of(computed, unit),
            checks=freezing.checks_of(computed, unit, explanations), at_risk=freezing.at_risk(computed, unit),
            methodology_digest=computed.methodology.digest,
            data_digest=digests[unit.pk], computed_at=at,
        )
        for unit in units
    ]  # fmt: skip
    keep(computed, units)
    return Result.objects.bulk_create(results, batch_size=A_STATEMENT_EACH)


def keep(computed: Computed, places: Sequence[Collection]) -> None:
    """Keep the exact numbers of some places of one level for next year; those kept before are written over."""
    rows = freezing.exact_values(computed, places)
    ExactValues.objects.bulk_create(rows, A_FEW, update_conflicts=True, unique_fields=["collection"], update_fields=["values"])


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
        ExactValues.objects.filter(collection=acting.target).delete()
        signals.reopened.send(Collection, collection=acting.target)
