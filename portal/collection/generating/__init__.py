"""Invented answers for the units of an open round, in bulk: for demonstrations, tests and measurements.

What is invented is what the methodology of the round asks, completed by the engine like any form: the hints here only say which answers are
likely. The same seed gives the same answers.

===============  ==================================================================
magnitudes       orders of magnitude, as data
classes          the classes of a unit: those it has, else split from its pupils
shares           how likely the pupils of a class belong to each group
likely           likely answers of units, buildings and classes
pupils           the rows of all class tables of a county, as columns
completing       defaults, hidden cells and open questions, by the methodology
planted          cases whose results are known
county           one county: its untouched units, their classes, its chance
answering        what it answers
writing          into the database, in bulk
finishing        explanations and finalising, through the services
===============  ==================================================================
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.collection.generating import writing
from portal.collection.generating.county import Order, gather
from portal.collection.models import Collection

__all__ = ["Order", "Written", "generate"]


@dataclass(slots=True)
class Written:
    """What was written in one county. ``planted``: case → code of its unit."""

    county: Collection
    units: int
    classes: int
    planted: dict[str, str] = field(default_factory=dict)


def generate(counties: Iterable[Collection], order: Order) -> list[Written]:
    """Invents answers for the untouched units of these counties (collections of a round), each in a transaction of its own."""
    found = []
    for collection in counties:
        county = gather(collection, order)
        many = writing.write(county)
        found.append(Written(collection, len(county.units), many, county.planted))
    return found
