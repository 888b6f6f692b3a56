"""What is kept of a place when it is finalised. Of a unit: its figures as published, what its checks said, digests of what they came from.
Of every place: its exact numbers, for next year."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from engine import exact_numbers
from engine.examples import number
from engine.methodology import Methodology
from engine.results import Result as Figure
from engine.storage import content_digests, encode_table
from portal.collection import holding
from portal.collection.computing import Computed
from portal.collection.models import CLASS, Collection, ExactValues, Response
from portal.network.models import Level


def figures_of(computed: Computed, unit: Collection) -> dict[str, Any]:
    """Indicator code → what is published of it at a unit; the shape of worked examples, with reason and provisional besides."""
    place = computed.place_of(unit)
    unit_level = Level.UNIT.value
    return {
        code: plain(computed.results.result(code, place), indicator.format, indicator.items.formats if indicator.items else ())
        for code, indicator in computed.methodology.indicators.items()
        if indicator.level == unit_level
    }


def plain(figure: Figure, format_: str, item_formats: tuple[str, ...]) -> dict[str, Any]:
    """A result as JSON."""
    shown: dict[str, Any] = {
        "value": number(figure.value, format_), "status": figure.status, "reason": figure.reason, "band": figure.band,
        "provisional": figure.provisional,
    }  # fmt: skip
    if figure.items:
        value, own, reference = item_formats
        shown["items"] = [
            {
                "item": item.key,
                "value": number(item.value, value),
                "sub": number(item.own, own),
                "ref": number(item.reference, reference),
                "status": item.status,
            }
            for item in figure.items
        ]
    return shown


def at_risk(computed: Computed, unit: Collection) -> bool:
    """Whether the methodology suggests asking a unit for the extended section, which is how it says that something is to be looked at."""
    return bool(computed.results.suggested(computed.place_of(unit)))


def checks_of(computed: Computed, unit: Collection, explanations: Mapping[tuple[int, str], str]) -> list[dict[str, Any]]:
    """The checks that fire at a unit, with the reason that was written."""
    return [
        {
            "code": fired.check.code, "severity": fired.check.severity, "where": fired.key, "level": fired.check.level,
            "explanation": explanations.get((fired.collection.pk, fired.check.code), ""),
        }
        for fired in computed.fired(unit)
    ]  # fmt: skip


def exact_values(computed: Computed, places: Sequence[Collection]) -> list[ExactValues]:
    """The exact numbers of some places of one level, as rows to be written."""
    if not places:
        return []
    found = exact_numbers(computed.results, places[0].level, [computed.place_of(row) for row in places])
    return [
        ExactValues(collection=row, values={name: value.numerator if value.denominator == 1 else str(value) for name, value in values.items()})
        for row, values in zip(places, found, strict=True)
    ]


def data_digest(methodology: Methodology, unit: Collection) -> str:
    """SHA-256 over everything a unit answered; the order of rows, of keys and of saving leaves no trace."""
    return data_digests(methodology, [unit])[unit.pk]


def data_digests(methodology: Methodology, units: Sequence[Collection]) -> dict[int, str]:
    """The digests of the data of many units, by unit."""
    classes = Collection.objects.filter(parent__in=units, level=CLASS)
    answers = _answers(Response.objects.filter(Q(collection__in=units) | Q(collection__in=classes)))
    tables = _tables(methodology, classes)
    content: dict[int, dict[str, Any]] = {unit.pk: {"": answers.get(unit.pk, {})} for unit in units}
    for pk, parent, code in classes.values_list("pk", "parent", "code"):
        if parent is not None:
            content[parent][code] = [answers.get(pk, {}), tables[pk]]
    return {pk: hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest() for pk, said in content.items()}


def _answers(responses: QuerySet[Response]) -> dict[int, dict[str, Any]]:
    """Documents by collection and section, as they are published."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for pk, section, values, kept in responses.values_list("collection", "section", "values", "published").iterator(chunk_size=5000):
        document = holding.published(values, kept)
        if document is not None:
            found[pk][section] = document
    return found


def _tables(methodology: Methodology, classes: QuerySet[Collection]) -> dict[int, str]:
    """The digest of the table of each class; without one that of no rows."""
    stored = list(classes.values_list("pk", "table__content"))
    empty = encode_table(methodology, CLASS, [])
    digests = content_digests(methodology, CLASS, (bytes(content) if content is not None else empty for _, content in stored))
    return dict(zip((pk for pk, _ in stored), digests, strict=True))
