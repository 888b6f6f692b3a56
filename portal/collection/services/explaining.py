"""Reasons for checks that ask for one; kept, printed in reports, written by the unit's manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from portal.collection.authors import Author
from portal.collection.computing import Fired, compute
from portal.collection.models import Collection, Explanation
from portal.collection.sections import required_sections
from portal.collection.services.acting import deed
from portal.rounds import methodologies
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


@transaction.atomic
def explain_all(unit: Collection, texts: Mapping[str, str], by: Author) -> int:
    """Keep the reasons written for checks that fire now; gives how many changed. Texts for anything else are ignored.

    Checks of the extended part follow its own rules: their reasons are written as long as its answers are.
    """
    required = required_sections(methodologies.of(unit.round.methodology))
    written = [(one, texts.get(field_name(one.collection, one.check.code), "").strip()[:LONGEST]) for one in _asked(unit)]
    own = [(one, text) for one, text in written if text and one.check.section in required]
    extended = [(one, text) for one, text in written if text and one.check.section not in required]
    changed = _explain("explain", unit, own, by) if own or not extended else 0
    return changed + (_explain("explain_extended", unit, extended, by) if extended else 0)


def _asked(unit: Collection) -> list[Fired]:
    return [one for one in compute(unit, pending=True).fired(unit) if one.check.severity == "explain"]


def _explain(act: str, unit: Collection, reasons: Sequence[tuple[Fired, str]], by: Author) -> int:
    with deed(act, unit, by) as acting:
        changed = sum(_keep(one.collection, one.check.code, text, by) for one, text in reasons)
        acting.detail.update(written=changed)
    return changed


def _keep(collection: Collection, code: str, text: str, by: Author) -> bool:
    kept, made = Explanation.objects.get_or_create(collection=collection, check_code=code, defaults={"text": text, "author": by.key})
    if made or kept.text == text:
        return made
    Explanation.objects.filter(pk=kept.pk).update(text=text, author=by.key, given_at=timezone.now())
    return True
