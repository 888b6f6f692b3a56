"""What an import would change: places or classes to be made, changed and taken out, and what of the network the list does not mention."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.network.codes import STATUS_AT
from portal.network.models import ClassRecord, Place

Subject = Place | ClassRecord
PLACE_FIELDS = ("code", "name", "parent_id", "attributes", "collects", "closed_on")
CLASS_FIELDS = ("name", "pupils", "attributes")
KINDS: dict[str, Promise] = {
    "became_structure": _("Devin structuri ale altei școli"),
    "became_school": _("Devin școli cu personalitate juridică"),
    "recoded": _("Primesc alt cod"),
    "moved": _("Trec la altă școală"),
    "renamed": _("Își schimbă denumirea"),
    "corrected": _("Au alte date"),
    "reopened": _("Se redeschid"),
    "closed": _("Se închid"),
    "expected": _("Intră în monitorizare"),
    "not_expected": _("Ies din monitorizare"),
}
"""What a change means, in the words of the pages, the weightiest first."""


@dataclass(slots=True)
class Update:
    """One change of something that exists: field → [from, to]. ``kinds``: what it means; ``told``: from what to what, for people."""

    subject: Any
    changes: dict[str, list[Any]]
    kinds: tuple[str, ...] = ()
    told: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """``created`` refer to parents that may be created by the same plan. ``missing``: in the network, not in the list; kept unless asked otherwise.

    ``merged``: a missing school → the school that its units went to; ``split``: a school that stays → a new one that took units of it.
    """

    created: list[Any] = field(default_factory=list)
    updated: list[Update] = field(default_factory=list)
    removed: list[ClassRecord] = field(default_factory=list)
    missing: list[Any] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    split: list[tuple[Place, Place]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def changes_nothing(self) -> bool:
        return not (self.created or self.updated or self.removed)

    def digest(self) -> str:
        """Two plans with the same digest would change the same things in the same way."""
        content = {
            "created": sorted(_identity(subject) for subject in self.created),
            "updated": sorted((_identity(update.subject), json.dumps(update.changes, sort_keys=True)) for update in self.updated),
            "missing": sorted(_identity(subject) for subject in self.missing),
        }
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _identity(subject: Subject) -> str:
    if isinstance(subject, Place):
        return f"{subject.level} {subject.code}"
    return f"{subject.unit_id} {subject.school_year} {subject.code}"


def state_of(subject: Subject) -> dict[str, Any]:
    """The fields that imports change, as they can be stored and compared."""
    values = {name: getattr(subject, name) for name in (PLACE_FIELDS if isinstance(subject, Place) else CLASS_FIELDS)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def kinds_of(changes: Mapping[str, list[Any]]) -> tuple[str, ...]:
    """What a set of changes means."""
    found = []
    if "code" in changes:
        before, after = (code[STATUS_AT] for code in changes["code"])
        found.append({("1", "2"): "became_structure", ("2", "1"): "became_school"}.get((before, after), "recoded"))
    found += [kind for name, kind in (("parent_id", "moved"), ("name", "renamed"), ("attributes", "corrected")) if name in changes]
    if "pupils" in changes and "corrected" not in found:
        found.append("corrected")
    if "closed_on" in changes:
        found.append("closed" if changes["closed_on"][1] else "reopened")
    if "collects" in changes:
        found.append("expected" if changes["collects"][1] else "not_expected")
    return tuple(found)


def told_of(changes: Mapping[str, list[Any]]) -> dict[str, tuple[str, str]]:
    """From what to what, by kind of change, where one line can say it. Attributes are told by the report, which knows their labels."""
    found: dict[str, tuple[str, str]] = {}
    if "code" in changes:
        found |= dict.fromkeys(("became_structure", "became_school", "recoded"), _pair(changes["code"]))
    if "name" in changes:
        found["renamed"] = _pair(changes["name"])
    if "pupils" in changes:
        found["corrected"] = _pair(changes["pupils"])
    return found


def _pair(change: list[Any]) -> tuple[str, str]:
    return str(change[0]), str(change[1])
