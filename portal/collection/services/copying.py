"""The classes of a unit copied from last year, as a beginning: the same names and words. Numbers are counted anew every year.

Nobody is promoted: V A of this year is the V A of last year with other pupils in it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from engine.answers import carried_over
from engine.methodology import Methodology
from portal.collection.authors import Author
from portal.collection.contexts import joined, methodology_of, stored_answers
from portal.collection.last_year import classes_before
from portal.collection.models import CLASS, Collection
from portal.collection.refusals import Refused
from portal.collection.services.acting import deed
from portal.collection.services.classes import NAME, create_class, recount
from portal.collection.standing import Decision

NUMBERS = frozenset(("integer", "decimal", "number"))


def copy_classes(unit: Collection, by: Author) -> int:
    """Make the classes of last year again, in a unit that has none yet; gives how many there are."""
    with deed("define_classes", unit, by) as acting:
        if acting.target.children.filter(level=CLASS).exists():
            raise Refused(Decision(False, "has_classes", _("Unitatea are deja clase; adăugați-le una câte una pe cele care lipsesc.")))
        before = classes_before(acting.target)
        if not before:
            raise Refused(Decision(False, "no_classes_before", _("Unitatea nu a avut clase în campania de anul trecut.")))
        methodology = methodology_of(acting.target)
        section = methodology.sections[0].code
        for row in before:
            values = {NAME: row.name} | _words(methodology, row, section)
            create_class(acting.target, str(values[NAME]), values, section, row.code)
        recount(acting.target)
        acting.detail.update(copied=[row.name for row in before], of=before[0].round.school_year)
        return len(before)


def _words(methodology: Methodology, row: Collection, section: str) -> dict[str, Any]:
    """The parameters of a class that are copied. Those that its form proposes from last year wait there to be confirmed."""
    answers = carried_over(methodology, CLASS, joined(stored_answers(row), methodology_of(row)))
    fields = methodology.fields[CLASS]
    copied = {code for code, field in fields.items() if field.section == section and field.type not in NUMBERS and field.prefill != "previous_year"}
    return {code: value for code, value in answers.items() if code in copied}
