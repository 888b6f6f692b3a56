"""The figures of units as published: frozen ones where the unit is final, else what its data give now. One shape for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.collection import freezing
from portal.collection.computing import Computed
from portal.collection.models import Collection, Explanation, Result


@dataclass(frozen=True, slots=True)
class Published:
    """``figures``: indicator code → value, status, reason, band, provisional, items. ``number``: of the freeze, None where nothing is
    frozen and the figures can still change."""

    figures: Mapping[str, Mapping[str, Any]]
    checks: Sequence[Mapping[str, Any]]
    number: int | None
    computed_at: datetime
    methodology_digest: str
    data_digest: str


def published_of(computed: Computed, units: Iterable[Collection]) -> dict[int, Published]:
    """By unit. ``units`` lie in the scope that was computed."""
    rows = list(units)
    frozen = frozen_of([row for row in rows if row.state == Collection.State.FINALISED])
    return {row.pk: frozen.get(row.pk) or current(computed, row) for row in rows}


def frozen_of(units: Sequence[Collection]) -> dict[int, Published]:
    """The frozen figures that hold now."""
    results = Result.objects.filter(collection__in=[row.pk for row in units], superseded_at=None)
    return {result.collection_id: of_result(result) for result in results.iterator(chunk_size=200)}


def of_result(result: Result) -> Published:
    return Published(
        result.figures, result.checks, result.number, result.computed_at, result.methodology_digest, result.data_digest
    )  # fmt: skip


def current(computed: Computed, unit: Collection) -> Published:
    """What the data of a unit give now."""
    figures = freezing.figures_of(computed, unit)
    return Published(figures, (), None, timezone.now(), computed.methodology.digest, "")


def current_with_checks(computed: Computed, unit: Collection) -> Published:
    """The same with everything a report needs besides: what the checks say, and the digest of the data."""
    written = Explanation.objects.filter(collection__path__startswith=unit.path).values_list("collection", "check_code", "text")
    checks = freezing.checks_of(computed, unit, {(pk, code): text for pk, code, text in written})
    digest = freezing.data_digest(computed.methodology, unit)
    figures = freezing.figures_of(computed, unit)
    return Published(figures, checks, None, timezone.now(), computed.methodology.digest, digest)
