"""Reasons for checks that ask for one; kept, printed in reports, written by the unit's manager."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from portal.collection.authors import Author
from portal.collection.computing import compute
from portal.collection.models import Collection, Explanation
from portal.collection.services.acting import deed
from portal.ui.privacy import personal_data_in

LONGEST = 2000
FIELD = "reason-"


def field_name(collection: Collection, check_code: str) -> str:
    """How the field of one reason is called on the page."""
    return f"{FIELD}{collection.pk}-{check_code}"


def faults(texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the reasons written, by field name."""
    said = {name: personal_data_in(text) for name, text in texts.items() if name.startswith(FIELD)}
    return {name: words for name, words in said.items() if words}


def explain_all(unit: Collection, texts: Mapping[str, str], by: Author) -> int:
    """Keep the reasons written for checks that fire now; gives how many changed. Texts for anything else are ignored."""
    fired = [one for one in compute(unit).fired(unit) if one.check.severity == "explain"]
    changed = 0
    with deed("explain", unit, by) as acting:
        for one in fired:
            text = texts.get(field_name(one.collection, one.check.code), "").strip()[:LONGEST]
            if text and _keep(one.collection, one.check.code, text, by):
                changed += 1
        acting.detail.update(written=changed)
    return changed


def _keep(collection: Collection, code: str, text: str, by: Author) -> bool:
    kept, made = Explanation.objects.get_or_create(collection=collection, check_code=code, defaults={"text": text, "author": by.key})
    if made or kept.text == text:
        return made
    Explanation.objects.filter(pk=kept.pk).update(text=text, author=by.key, given_at=timezone.now())
    return True
