"""An invented network for demonstrations and tests: the same seed makes the same schools, units and classes.

Counties are real, everything in them is not: codes begin with digits that no county has, and end in a right control digit. The result goes
through the same planning and writing as an imported list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random
from typing import Any

from portal.network import codes, counties, reference
from portal.network.importing.values import listed

Values = dict[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TEACHING = "Unitate de învățământ"


@dataclass(frozen=True, slots=True)
class Size:
    """How much a county holds. ``units`` include the school's own."""

    schools: int = 12
    units: int = 30
    classes: int = 200

    @classmethod
    def of(cls, schools: int) -> Size:
        """A county with so many schools, and units and classes in the usual proportion."""
        return cls(schools, schools * 245 // 100, schools * 20)


@dataclass(slots=True)
class InventedUnit:
    """A unit while it is being made."""

    values: Values
    levels: list[str]
    weight: float
    languages: list[str]
    classes: list[Values] = field(default_factory=list)


def county(index: int, size: Size, seed: int) -> tuple[list[Values], list[Values]]:
    """The rows of one county, by field codes: of the network, of its classes. ``index``: its place among the 42."""
    # Not for secrets: the same seed has to give the same network.
    return Maker(index, Random(f"{seed} {index}")).rows(size)  # noqa: S311


class Maker:
    """Makes one county."""

    def __init__(self, index: int, random: Random) -> None:
        self.data = reference.read("synthetic")
        self.random = random
        self.county = list(counties.all_counties().values())[index]
        self.prefix = str(self.data["first_prefix"] + index)
        self.numbers = iter(range(1, 10_000))

    def rows(self, size: Size) -> tuple[list[Values], list[Values]]:
        schools = [self._school() for _number in range(size.schools)]
        readiness = [self.data["structures"][school.values["residence"]] for school in schools]
        heads = self.random.choices(schools, readiness, k=size.units - size.schools)
        units = [unit for school in schools for unit in (school, *(self._structure(school) for head in heads if head is school))]
        for unit, many in zip(units, shares([unit.weight for unit in units], size.classes), strict=True):
            unit.classes = list(self._classes(unit, many))
            unit.values |= {"levels": unit.levels, "teaching_languages": unit.languages, "classes_total": many}
            unit.values["pupils_total"] = sum(school_class["cls_pupils"] for school_class in unit.classes)
        return [unit.values for unit in units], [school_class for unit in units for school_class in unit.classes]

    # ---- units -------------------------------------------------------------------------------------------

    def _school(self) -> InventedUnit:
        residence = self._drawn(self.data["residence"])
        private = self.random.random() < self.data["private"]
        code = self._code("1", private)
        place = {"school_code": code, "code": code, "unit_status": "pj", "residence": residence, "locality": self._locality(residence)}
        place["ownership"] = "private" if private else "public"
        languages = self._weighted(self.data["languages"])["codes"]
        unit = self._unit(place, self._weighted(self.data["profiles"]["school"][residence]), languages)
        unit.values["school_name"] = unit.values["name"]
        return unit

    def _structure(self, school: InventedUnit) -> InventedUnit:
        kept = {key: school.values[key] for key in ("school_code", "school_name", "residence", "ownership", "locality")}
        place = kept | {"code": self._code("2", kept["ownership"] == "private"), "unit_status": "ar"}
        if place["residence"] == "rural":
            place["locality"] = self.random.choice(self.data["names"]["localities"])
        return self._unit(place, self._weighted(self.data["profiles"]["structure"][place["residence"]]), school.languages)

    def _unit(self, place: Values, profile: Values, languages: list[str]) -> InventedUnit:
        names = self.data["names"]
        special = place["unit_status"] == "pj" and self.random.random() < self.data["special"]
        patron = f"„{self.random.choice(names['gardens'])}”" if profile["levels"] == ["preschool"] else self.random.choice(names["patrons"])
        kind = "Centrul Școlar de Educație Incluzivă" if special else profile["name"]
        values = place | {"county": self.county.code, "kind": TEACHING, "name": f"{kind} {patron} {place['locality']}"}
        weight = profile["size"] * self.random.uniform(0.5, 1.7)
        return InventedUnit(values, list(profile["levels"]), weight, languages)

    def _locality(self, residence: str) -> str:
        name = self.random.choice(self.data["names"]["localities"])
        return name.upper() if residence == "urban" else f"{name} {self.random.choice(self.data['names']['surroundings'])}"

    def _code(self, status: str, private: bool) -> str:
        start = f"{self.prefix}6{status}{'2' if private else '1'}{next(self.numbers):04d}"
        return start + codes.control_digit(start)

    # ---- classes -----------------------------------------------------------------------------------------

    def _classes(self, unit: InventedUnit, many: int) -> Iterator[Values]:
        unit.levels = unit.levels[:many]  # a unit has at least one class a level
        grades = listed("grade").labels
        lengths = [len(GRADES[level]) for level in unit.levels]
        for level, count in zip(unit.levels, shares([float(length) for length in lengths], many), strict=True):
            for number, (group, parallel) in enumerate(_groups(GRADES[level], count)):
                name = _name(level, [grades[grade] for grade in group], parallel)
                single = group[0] if len(group) == 1 else None
                language = unit.languages[number % len(unit.languages)]
                profile = "Matematică-informatică" if level == "upper_secondary" else "Tehnic" if level == "vocational" else None
                parameters = {"cls_name": name, "cls_level": level, "cls_grade": single, "cls_language": language, "cls_form": "day"}
                size = self._size(unit.values["residence"], len(group) > 1)
                yield {"unit_code": unit.values["code"], **parameters, "cls_profile": profile, "cls_pupils": size}

    def _size(self, residence: str, simultaneous: bool) -> int:
        sizes = self.data["class_sizes"]
        mean, spread = sizes["simultaneous" if simultaneous else residence]
        return int(max(sizes["least"], min(sizes["most"], round(self.random.gauss(mean, spread)))))

    # ---- chance ------------------------------------------------------------------------------------------

    def _drawn(self, weights: dict[str, float]) -> str:
        return self.random.choices(list(weights), list(weights.values()))[0]

    def _weighted(self, entries: list[Values]) -> Values:
        return self.random.choices(entries, [entry["weight"] for entry in entries])[0]


GRADES: dict[str, list[str]] = {
    "preschool": ["gmica", "gmijl", "gmare"],
    "primary": ["prep", "1", "2", "3", "4"],
    "lower_secondary": ["5", "6", "7", "8"],
    "upper_secondary": ["9", "10", "11", "12"],
    "vocational": ["prof_1", "prof_2", "prof_3"],
}


def shares(weights: list[float], total: int) -> list[int]:
    """Whole shares of a total, at least one each, as near to the weights as that allows."""
    spare, whole = total - len(weights), sum(weights)
    exact = [spare * weight / whole for weight in weights]
    found = [int(share) for share in exact]
    largest = sorted(range(len(weights)), key=lambda index: exact[index] - found[index], reverse=True)
    for index in largest[: spare - sum(found)]:
        found[index] += 1
    return [share + 1 for share in found]


def _groups(grades: list[str], many: int) -> Iterator[tuple[list[str], int]]:
    """Which grades each of so many classes has, and its number among parallel ones: several grades in one where there are too few classes."""
    if many < len(grades):
        bounds = [round(len(grades) * number / many) for number in range(many + 1)]
        yield from ((grades[start:end], 0) for start, end in pairwise(bounds))
        return
    for grade, parallels in zip(grades, shares([1.0] * len(grades), many), strict=True):
        yield from (([grade], parallel) for parallel in range(parallels))


def _name(level: str, grades: list[str], parallel: int) -> str:
    """V A, Pregătitoare A, Grupa mare A, Prof. I A, Simultan I-IV, Grupa mixtă."""
    short = [label.removeprefix("Clasa ").removeprefix("a ").removesuffix("-a").removesuffix("-lea") for label in grades]
    if level == "vocational":
        short = [f"Prof. {label.split()[-1]}" for label in short]
    if len(short) > 1:
        return "Grupa mixtă" if level == "preschool" else f"Simultan {_initial(short[0])}-{_initial(short[-1])}"
    return f"{short[0][0].upper()}{short[0][1:]} {LETTERS[parallel % len(LETTERS)]}"


def _initial(grade: str) -> str:
    return "P" if grade.startswith("preg") else grade
