"""A synthetic country for measuring: seeded, as decoded columns, with the sizes of the real network (145,000 classes, 2.9 M rows).

``build`` lays out counties, schools of one to four units, units of very different sizes, buildings and classes; ``bench.country_answers``
fills in what they answered. One class in fifty has not sent its table. ``one_unit`` is a unit of eight classes, all of them in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench import country_answers
from engine.dataset import Dataset, Table
from engine.methodology import Methodology

Index = NDArray[np.int32]
KINDERGARTEN, GENERAL, HIGH_SCHOOL = 0, 1, 2
UNITS_OF_A_SCHOOL = (0.45, 0.25, 0.18, 0.12)
CLASSES_PER_UNIT = 8
NOT_RECEIVED = 0.02
FIRST_YEAR = np.array([3, 6, 15])
"""Position of the first year of study of each kind of unit in the list ``grade``."""
YEARS = np.array([3, 9, 7])
LEVEL_OF_GRADE = np.array([0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 6, 6, 6], np.uint8)
USUAL_SIZE = np.array([18.5, 21.5, 25.5])


@dataclass(frozen=True, slots=True)
class Network:
    """Who lies where (an index to the place above), and what follows from it. Places are in the order of those above them."""

    county: Index
    """Of each school."""
    school: Index
    """Of each unit."""
    kind: NDArray[np.intp]
    """Of each unit: kindergarten, general or high school."""
    unit_of_building: Index
    unit: Index
    """Of each class."""
    building: Index
    grade: NDArray[np.uint8]
    simultaneous: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    received: NDArray[np.bool_]


def build(methodology: Methodology, classes: int = 145_000, counties: int = 42, seed: int = 2025) -> Dataset:
    """A whole country."""
    chance = np.random.default_rng(seed)
    schools = max(counties, round(classes / CLASSES_PER_UNIT / (np.array(UNITS_OF_A_SCHOOL) @ np.arange(1, 5))))
    county = np.sort(_shared_out(chance, schools, counties, 6.0))
    school = np.repeat(np.arange(schools), chance.choice(4, schools, p=UNITS_OF_A_SCHOOL) + 1)
    units = len(school)
    unit = np.sort(_shared_out(chance, classes, units, 0.9))
    kind = chance.choice(3, units, p=(0.22, 0.66, 0.12))
    return _dataset(methodology, _network(chance, counties, county, school, kind, unit, NOT_RECEIVED), counties, chance)


def one_unit(methodology: Methodology, seed: int = 187) -> Dataset:
    """A unit of eight classes, two in each year of study; of many seeds one where most indicators have a value and many items."""
    chance = np.random.default_rng(seed)
    nothing_above, kind = np.zeros(1, np.intp), np.array([GENERAL])
    network = _network(chance, 1, nothing_above, nothing_above, kind, np.zeros(8, np.intp), 0.0)
    years = np.repeat(np.arange(11, 15), 2).astype(np.uint8)
    network = Network(**{**_fields(network), "grade": years, "simultaneous": np.zeros(8, np.bool_)})
    return _dataset(methodology, network, 1, chance)


def _fields(network: Network) -> dict[str, np.ndarray]:
    return {name: getattr(network, name) for name in Network.__slots__}


def _shared_out(chance: np.random.Generator, many: int, places: int, evenness: float) -> NDArray[np.intp]:
    """A place for each of ``many``, at least one in every place, some places much larger than others."""
    weights = chance.gamma(evenness, size=places)
    chosen = chance.choice(places, max(many - places, 0), p=weights / weights.sum())
    return np.concatenate([np.arange(places)[:many], chosen])


def _network(chance: np.random.Generator, counties: int, county: Index, school: Index, kind: Index, unit: Index, late: float) -> Network:
    """Buildings, years of study and sizes for units and their classes."""
    units, classes = len(school), len(unit)
    many = np.bincount(unit, minlength=units)
    number = np.arange(classes) - (np.cumsum(many) - many)[unit]
    of_kind = kind[unit]
    grade = FIRST_YEAR[of_kind] + number * YEARS[of_kind] // np.maximum(many[unit], YEARS[of_kind])
    buildings = np.minimum(1 + (many > 6) + chance.integers(0, 2, units), 4)
    building = (np.cumsum(buildings) - buildings)[unit] + chance.integers(0, 1 << 20, classes) % buildings[unit]
    sizes = np.clip(chance.normal(USUAL_SIZE[of_kind], 5.5), 4, 45).astype(np.int64)
    return Network(
        county.astype(np.int32),
        school.astype(np.int32),
        kind,
        np.repeat(np.arange(units, dtype=np.int32), buildings),
        unit.astype(np.int32),
        building.astype(np.int32),
        grade.astype(np.uint8),
        (many[unit] < 4) & (of_kind == GENERAL),
        sizes,
        chance.random(classes) >= late,
    )


def _dataset(methodology: Methodology, network: Network, counties: int, chance: np.random.Generator) -> Dataset:
    rows = network.sizes * network.received
    of_class = np.repeat(np.arange(len(rows), dtype=np.int32), rows)
    tables = {
        "national": Table("national", 1, ("",)),
        "county": Table("county", counties, (), {"national": np.zeros(counties, np.int32)}),
        "school": Table("school", len(network.county), (), {"county": network.county}),
        "unit": Table("unit", len(network.school), (), {"school": network.school}),
        "building": Table("building", len(network.unit_of_building), (), {"unit": network.unit_of_building}),
        "class": Table("class", len(rows), (), {"unit": network.unit, "building": network.building}),
        "pupil": Table("pupil", len(of_class), (), {"class": of_class, "unit": network.unit[of_class]}, received=network.received),
    }
    for level in ("county", "school", "unit", "building", "class"):
        tables[level].keys = [f"{level[0]}{number}" for number in range(tables[level].count)]
    country_answers.fill(methodology, tables, network, chance)
    return Dataset(methodology.topology, tables)
