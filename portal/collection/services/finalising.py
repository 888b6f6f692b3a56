"""Freezing and unfreezing, whole or in part. A unit's figures are stored when it is final; those that look at sibling units freeze again with
the school. The extended part of a unit is finalised by itself, also after the unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from secrets import SystemRandom

from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from engine.storage import decode_table
from portal.collection import freezing, holding, signals
from portal.collection.authors import Author
from portal.collection.computing import Computed, compute
from portal.collection.models import CLASS, ClassTable, Collection, ExactValues, Explanation, Result
from portal.collection.readiness import obstacles_of, obstacles_of_extended
from portal.collection.refusals import Refused
from portal.collection.sections import extended_sections, required_sections
from portal.collection.services import tables
from portal.collection.services.acting import Deed, deed
from portal.collection.standing import Decision
from portal.network.models import Level
from portal.rounds import methodologies

UNIT, SCHOOL, COUNTY = Level.UNIT.value, Level.SCHOOL.value, Level.COUNTY.value
A_STATEMENT_EACH, A_FEW = 1, 50
"""Results are large documents: many in one statement cost PostgreSQL's driver more than the statements saved."""


def finalise(collection: Collection, by: Author, request_id: str = "") -> None:
    """Freeze a place. Raises ``Refused`` when something stands in the way, and then nothing has changed."""
    required = required_sections(methodologies.of(collection.round.methodology))
    with deed("finalise", collection, by, obstacles=obstacles_of, sections=required, request_id=request_id) as acting:
        acting.target.state = Collection.State.FINALISED
        acting.target.finalised_at = acting.now
        acting.target.received_at = acting.target.received_at or acting.now
        acting.target.progress = Collection.Progress.COMPLETE
        acting.target.returned_section = ""
        acting.target.save()
        AFTER.get(acting.target.level, _announce)(acting)


def _freeze_unit(acting: Deed) -> None:
    shuffle(acting)
    if acting.target.extended == Collection.Extended.REQUESTED:
        holding.hold(acting.target)
    _freeze_alone(acting)


def _freeze_alone(acting: Deed) -> None:
    """The figures of the unit under a new number; the report is issued with it."""
    result = freeze(compute(acting.target), acting.target, acting)
    acting.detail.update(result=result.number, data_digest=result.data_digest)
    signals.finalised.send(Collection, collection=acting.target, result=result)


def _freeze_school(acting: Deed) -> None:
    """Figures that look at sibling units are final now."""
    _freeze_changed(compute(acting.target), acting.target, acting)
    _announce(acting)


def _freeze_changed(computed: Computed, school: Collection, acting: Deed) -> None:
    """Units of a school whose figures are others than those frozen get a new number, and their report is issued again."""
    frozen = {one.collection_id: one.figures for one in Result.objects.filter(collection__in=computed.rows[UNIT], superseded_at=None)}
    units = [unit for unit in computed.rows[UNIT] if unit.pk in frozen]
    changed = [unit for unit in units if frozen[unit.pk] != freezing.figures_of(computed, unit)]
    keep(computed, [school])
    keep(computed, [unit for unit in units if unit not in changed])
    for result in freeze_all(computed, changed, acting.now):
        signals.finalised.send(Collection, collection=result.collection, result=result)


def _freeze_county(acting: Deed) -> None:
    keep(compute(acting.target), [acting.target])
    _announce(acting)


def _announce(acting: Deed) -> None:
    signals.finalised.send(Collection, collection=acting.target, result=None)


AFTER: dict[str, Callable[[Deed], None]] = {UNIT: _freeze_unit, SCHOOL: _freeze_school, COUNTY: _freeze_county}


def finalise_extended(collection: Collection, by: Author, request_id: str = "") -> None:
    """Freeze the extended part of a unit by itself. Of a final unit the report is issued again; before, it goes into the unit's own report."""
    extended = extended_sections(methodologies.of(collection.round.methodology))
    with deed("finalise_extended", collection, by, obstacles=obstacles_of_extended, sections=extended, request_id=request_id) as acting:
        acting.target.extended = Collection.Extended.FINALISED
        acting.target.save()
        if acting.target.state == Collection.State.FINALISED:
            holding.release(acting.target)
            _freeze_alone(acting)
            if acting.rows[1].state == Collection.State.FINALISED:
                _freeze_changed(compute(acting.target), acting.rows[1], acting)


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
        _open(acting)


def return_section(collection: Collection, by: Author, section: str, reason: str) -> None:
    """Send one section of a final unit back; everything else of the unit stays frozen until it is final again. ``reason`` is the message."""
    if section not in required_sections(methodologies.of(collection.round.methodology)):
        raise Refused(Decision(False, "section", _("Alegeți o secțiune pe care o completează toate unitățile.")))
    with deed("return_section", collection, by, reason=reason, section=section) as acting:
        _open(acting)
        acting.target.returned_section = section


def _open(acting: Deed) -> None:
    acting.target.state = Collection.State.OPEN
    acting.target.reopened = True
    acting.target.returned_section = ""
    acting.target.finalised_at = None
    acting.target.progress = Collection.Progress.IN_PROGRESS
    latest = acting.target.results.filter(superseded_at=None).first()
    if latest is not None:
        acting.detail.update(result=latest.number)
        acting.target.results.filter(superseded_at=None).update(superseded_at=acting.now)
    ExactValues.objects.filter(collection=acting.target).delete()
    if acting.target.level == UNIT:
        holding.release(acting.target)
    signals.reopened.send(Collection, collection=acting.target)


def return_extended(collection: Collection, by: Author, reason: str) -> None:
    """Send a finalised extended part back, until corrections end. What was published of it stays published until it is final again."""
    with deed("return_extended", collection, by, reason=reason) as acting:
        until = acting.target.round.amend_until
        acting.target.extended, acting.target.extended_until = Collection.Extended.REQUESTED, until
        acting.detail.update(until=until.isoformat())
        if acting.target.state == Collection.State.FINALISED:
            holding.hold(acting.target)
