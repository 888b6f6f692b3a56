"""The classes of a unit: added, renamed, taken away while nothing is in them, and taken over from the imported list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from engine.methodology import table_of
from portal.collection import completeness
from portal.collection.authors import Author
from portal.collection.contexts import joined, stored_answers
from portal.collection.models import CLASS, ClassTable, Collection, Response
from portal.collection.refusals import Refused
from portal.collection.services.acting import deed
from portal.collection.standing import Decision
from portal.network.ordering import sort_key
from portal.rounds import methodologies

NAME = "cls_name"
"""The parameter that names a class."""


def add_class(unit: Collection, by: Author, name: str) -> Collection:
    """A new class of a unit; its parameters are asked on its own form."""
    with deed("define_classes", unit, by) as acting:
        section = methodologies.of(unit.round.methodology).sections[0].code
        made = create_class(acting.target, name, {NAME: name}, section)
        acting.detail.update(added=made.code, name=name)
        recount(acting.target)
        return made


def create_class(unit: Collection, name: str, values: Mapping[str, Any], section: str, code: str = "") -> Collection:
    """The rows of a new class; no decision, no event: for bulk work under a decision of its own."""
    code = code or free_code(unit)
    made = Collection.objects.create(
        round=unit.round, level=CLASS, parent=unit, code=code, name=name, sort_key=sort_key(name), attributes=unit.attributes
    )
    made.path = f"{unit.path}{made.pk}/"
    made.save(update_fields=["path"])
    Response.objects.create(collection=made, section=section, values=dict(values), revision=1)
    return made


def free_code(unit: Collection) -> str:
    """The next code of a class within its unit: c1, c2 … never one that was used."""
    used = Collection.objects.filter(parent=unit, level=CLASS).values_list("code", flat=True)
    numbers = [int(code[1:]) for code in used if code.startswith("c") and code[1:].isdecimal()]
    return f"c{max(numbers, default=0) + 1}"


def remove_class(school_class: Collection, by: Author) -> None:
    """Take away a class that nobody has begun. One with a table or a sent link stays."""
    unit = school_class.parent
    assert unit is not None
    with deed("define_classes", unit, by) as acting:
        if ClassTable.objects.filter(collection=school_class).exists() or school_class.events.exists():
            raise Refused(Decision(False, "class_begun", _("Clasa are deja date sau un istoric; ea nu se mai poate șterge.")))
        acting.detail.update(removed=school_class.code, name=school_class.name)
        school_class.responses.all().delete()
        school_class.delete()
        recount(acting.target)


def recount(unit: Collection) -> None:
    """Set the counters of a unit from its classes (the caller saves it)."""
    rows = Collection.objects.filter(parent=unit, level=CLASS)
    unit.classes = rows.count()
    sent = rows.filter(progress=Collection.Progress.SUBMITTED)
    unit.classes_submitted = sent.count()
    unit.classes_on_time = sent.filter(received_at__lt=unit.round.class_close).count()
    unit.pupils = rows.aggregate(total=Sum("pupils"))["total"] or 0


def count(unit_id: int, sent: Collection | None = None, unsent: Collection | None = None, pupils: int = 0) -> None:
    """Raise or lower the counters of a unit by differences, without reading it: two classes at once never count what the other has not written.

    ``sent``, ``unsent``: the class whose table has just been sent, or is not sent any more.
    """
    changes = {"classes_submitted": 0, "classes_on_time": 0, "pupils": pupils}
    for school_class, step in ((sent, 1), (unsent, -1)):
        if school_class is not None:
            changes["classes_submitted"] += step
            changes["classes_on_time"] += step * completeness.in_time(school_class, school_class.round)
    Collection.objects.filter(pk=unit_id).update(**{name: F(name) + change for name, change in changes.items()})


def take_parameters(school_class: Collection) -> None:
    """What the list of classes shows of a class, from its saved parameters: its name and its number of pupils. In the transaction of the save."""
    methodology = methodologies.of(school_class.round.methodology)
    values = joined(stored_answers(school_class), methodology)
    declared = values.get(table_of(methodology, CLASS).rows)
    held = Collection.objects.select_for_update().get(pk=school_class.pk)
    name = str(values.get(NAME) or school_class.name)
    pupils = declared if isinstance(declared, int) else 0
    Collection.objects.filter(pk=held.pk).update(name=name, sort_key=sort_key(name), pupils=pupils)
    assert held.parent_id is not None
    count(held.parent_id, pupils=pupils - held.pupils)
