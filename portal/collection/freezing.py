"""What is kept of a unit when it is finalised: its figures as published, what its checks said, and digests of what they came from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from engine.examples import number
from engine.methodology import Methodology
from engine.results import Result as Figure
from engine.storage import content_digest, decode_table
from portal.collection.computing import Computed
from portal.collection.models import CLASS, Collection
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


def checks_of(computed: Computed, unit: Collection, explanations: Mapping[tuple[int, str], str]) -> list[dict[str, Any]]:
    """The checks that fire at a unit, with the reason that was written."""
    return [
        {
            "code": fired.check.code, "severity": fired.check.severity, "where": fired.key, "level": fired.check.level,
            "explanation": explanations.get((fired.collection.pk, fired.check.code), ""),
        }
        for fired in computed.fired(unit)
    ]  # fmt: skip


def data_digest(methodology: Methodology, unit: Collection) -> str:
    """SHA-256 over everything a unit answered; the order of rows, of keys and of saving leaves no trace."""
    content: dict[str, Any] = {"": _responses(unit)}
    for row in unit.children.filter(level=CLASS).select_related("table"):
        table = getattr(row, "table", None)
        rows = decode_table(methodology, CLASS, bytes(table.content)) if table is not None else []
        content[row.code] = [_responses(row), content_digest(methodology, CLASS, rows)]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _responses(collection: Collection) -> dict[str, Any]:
    return dict(collection.responses.values_list("section", "values"))
