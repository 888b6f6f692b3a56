"""What lies around the answers of a unit or a class, as the engine's forms want it: stored answers, places above, network, last year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.answers import Context, around
from engine.methodology import Methodology
from engine.responses import Places
from portal.collection.computing import facts_of
from portal.collection.models import CLASS, Collection, Response
from portal.network.models import Level
from portal.rounds import methodologies

UNIT, SCHOOL = Level.UNIT.value, Level.SCHOOL.value


def methodology_of(collection: Collection) -> Methodology:
    return methodologies.of(collection.round.methodology)


def stored_answers(collection: Collection) -> dict[str, dict[str, Any]]:
    """The documents of a collection by section."""
    return dict(Response.objects.filter(collection=collection).values_list("section", "values"))


def joined(documents: Mapping[str, Mapping[str, Any]], methodology: Methodology) -> dict[str, Any]:
    """All sections of a place as one document; items of repeating steps are joined by their key."""
    found: dict[str, Any] = {}
    keys = {step.code: step.key for form in methodology.forms for step in form.steps if step.repeat}
    for document in documents.values():
        for code, value in document.items():
            if code in keys and isinstance(value, list) and code in found:
                found[code] = _joined_items(found[code], value, keys[code])
            else:
                found[code] = value
    return found


def _joined_items(first: list[dict[str, Any]], second: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    more = {item.get(key): item for item in second}
    return [{**item, **more.get(item.get(key), {})} for item in first]


def network_of(collection: Collection) -> dict[str, Any]:
    """The facts of the register that a form may be prefilled with."""
    return {"siiir_code": collection.code, "unit_name": collection.name, **collection.attributes}


def unit_context(unit: Collection) -> Context:
    """Around the form of a unit: its school, its stored answers, the register."""
    methodology = methodology_of(unit)
    assert unit.parent is not None
    stored = facts_of(methodology, unit) | joined(stored_answers(unit), methodology)
    return Context(places=around(methodology, {SCHOOL: facts_of(methodology, unit.parent)}), stored=stored, network=network_of(unit))


def class_context(school_class: Collection, answers: Mapping[str, Any] | None = None) -> Context:
    """Around the parameters and the table of a class: its unit with the buildings, its school, its own stored answers (or ``answers``)."""
    methodology = methodology_of(school_class)
    unit = school_class.parent
    assert unit is not None and unit.parent is not None
    documents: dict[int, dict[str, dict[str, Any]]] = {school_class.pk: {}, unit.pk: {}}
    for pk, section, values in Response.objects.filter(collection__in=documents).values_list("collection", "section", "values"):
        documents[pk][section] = values
    own = dict(answers) if answers is not None else joined(documents[school_class.pk], methodology)
    above = facts_of(methodology, unit) | joined(documents[unit.pk], methodology)
    places: dict[str, Places] = around(methodology, {SCHOOL: facts_of(methodology, unit.parent), UNIT: above, CLASS: own})
    return Context(places=places, stored=own, network=network_of(school_class) | {"cls_name": school_class.name})
