"""What goes on being published of an extended part while it is written under a final unit: the answers that its frozen figures came from.

Without it, figures computed again (with the school, in an export) and the digest of the data would follow answers that nobody has finalised.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from portal.collection.models import Collection, Response
from portal.collection.sections import extended_sections
from portal.rounds import methodologies

NOTHING = False
"""Kept of a document that was not there."""


def hold(unit: Collection) -> None:
    """From now on the extended answers of a unit and its classes change without being published."""
    _extended(unit).filter(published__isnull=True).update(published=F("values"))


def release(unit: Collection) -> None:
    """The answers as they are now are what is published."""
    _extended(unit).filter(published__isnull=False).update(published=None)


def published(values: dict[str, Any], kept: Any) -> dict[str, Any] | None:
    """What is published of a document; None where there was nothing."""
    if kept is None:
        return values
    return None if kept is NOTHING else dict(kept)


def _extended(unit: Collection) -> QuerySet[Response]:
    sections = extended_sections(methodologies.of(unit.round.methodology))
    return Response.objects.filter(Q(collection=unit) | Q(collection__parent=unit), section__in=sections)
