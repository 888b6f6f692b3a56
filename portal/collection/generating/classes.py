"""The classes of a unit: those it has in the round, else its pupils split over levels, grades and parallel classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from random import Random
from typing import Any

from portal.collection.generating import magnitudes
from portal.collection.models import Collection

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """A class before anything is answered of it. More than one grade: they are taught together. ``known``: what the network says of it;
    ``row``: its collection, when it has one."""

    code: str
    name: str
    level: str
    grades: tuple[str, ...]
    language: str
    pupils: int
    known: Mapping[str, Any]
    row: Collection | None = None

    @property
    def simultaneous(self) -> bool:
        return len(self.grades) > 1


# ---- classes that are there ------------------------------------------------------------------------------


def taken_over(rows: Iterable[tuple[Collection, Mapping[str, Any]]]) -> list[PlannedClass]:
    """The classes of a unit with their parameters. Which grades are taught together is not known: they divide those of their level.

    None at all where the level of one is not known.
    """
    listed = list(rows)
    if not all(known.get("cls_level") in magnitudes.read()["levels"] for _, known in listed):
        return []
    mixed = Counter(known["cls_level"] for _, known in listed if not known.get("cls_grade"))
    grades = {level: iter(slices(_grades(level), many)) for level, many in mixed.items()}
    return [_taken_over(row, known, grades) for row, known in listed]


def _taken_over(row: Collection, known: Mapping[str, Any], mixed: Mapping[str, Iterator[tuple[str, ...]]]) -> PlannedClass:
    level, grade = known["cls_level"], known.get("cls_grade")
    grades = (grade,) if grade else next(mixed[level])
    return PlannedClass(row.code, row.name, level, grades, known.get("cls_language") or "ro", row.pupils, known, row)


# ---- classes split from the pupils of a unit -------------------------------------------------------------


def split(facts: Mapping[str, Any], random: Random) -> list[PlannedClass]:
    """As many classes as the pupils of a unit need; none where nothing is known of them."""
    levels = [level for level in facts.get("levels") or () if level in magnitudes.read()["levels"]]
    pupils = facts.get("pupils_total") or 0
    if not levels or pupils < len(levels):
        return []
    languages = facts.get("teaching_languages") or ["ro"]
    weights = [magnitudes.read()["levels"][level]["weight"] for level in levels]
    return [one for level, many in zip(levels, parts(pupils, weights), strict=True) for one in _of_level(level, many, languages, random)]


def _of_level(level: str, pupils: int, languages: Sequence[str], random: Random) -> Iterator[PlannedClass]:
    for number, (grades, parallel, size) in enumerate(_cut(level, pupils, random)):
        name, language = _name(level, grades, parallel), languages[number % len(languages)]
        known = {"cls_name": name, "cls_level": level, "cls_grade": grades[0] if len(grades) == 1 else None, "cls_language": language}
        yield PlannedClass(name.replace(" ", "-").upper(), name, level, grades, language, size, {**known, "cls_form": "day", "cls_pupils": size})


def _cut(level: str, pupils: int, random: Random) -> list[tuple[tuple[str, ...], int, int]]:
    """(grades, number among the parallel classes, pupils) of each class of a level."""
    usual, grades = magnitudes.read()["levels"][level], _grades(level)
    if pupils < usual["apart"] * len(grades):
        many = ceil(pupils / usual["together"])
        groups = [(group, number) for number, group in enumerate(slices(grades, many))]
    else:
        ages = parts(pupils, [random.gauss(1, 0.1) for _ in grades])
        groups = [((grade,), parallel) for grade, own in zip(grades, ages, strict=True) for parallel in range(ceil(own / usual["most"]))]
    sizes = _sizes(pupils, len(groups), random)
    return [(*group, size) for group, size in zip(groups, sizes, strict=True)]


def _sizes(pupils: int, many: int, random: Random) -> list[int]:
    """Sizes of classes that add up; now and then one of them is tiny."""
    usual = magnitudes.read()["sizes"]
    weights = [min(1.5, max(0.5, random.gauss(1, usual["spread"]))) for _ in range(many)]
    if many > 1 and random.random() < usual["tiny"] * many:
        weights[random.randrange(many)] = random.randint(*usual["tiniest"]) / pupils * many
    return levelled(parts(pupils, weights), usual["most"])


def levelled(sizes: list[int], most: int) -> list[int]:
    """The same sum with no size above the most there may be, as far as that is possible."""
    spare = sum(max(0, size - most) for size in sizes)
    cut = [min(size, most) for size in sizes]
    for place, size in enumerate(cut):
        taken = min(spare, most - size)
        cut[place] += taken
        spare -= taken
    return cut


def parts(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts of a total, at least one each, as near to the weights as that allows."""
    positive = [max(weight, 1e-9) for weight in weights]
    spare, whole = total - len(positive), sum(positive)
    exact = [spare * weight / whole for weight in positive]
    found = [int(part) for part in exact]
    for place in sorted(range(len(exact)), key=lambda place: found[place] - exact[place])[: spare - sum(found)]:
        found[place] += 1
    return [part + 1 for part in found]


def slices(grades: Sequence[str], many: int) -> list[tuple[str, ...]]:
    """The grades that each of so many classes teaches together: at least two, where there are two."""
    bounds = [round(len(grades) * number / many) for number in range(many + 1)]
    found = [tuple(grades[start:end]) for start, end in pairwise(bounds)]
    return [
        group if len(group) > 1 else tuple(grades[max(0, start - 1) : max(0, start - 1) + 2]) for group, start in zip(found, bounds, strict=False)
    ]


def _grades(level: str) -> list[str]:
    return list(magnitudes.read()["levels"][level]["grades"])


def _name(level: str, grades: Sequence[str], parallel: int) -> str:
    """V A, Grupa mare B, Simultan Preg-II A; two letters beyond the alphabet."""
    usual = magnitudes.read()["levels"][level]
    letter = LETTERS[parallel % 26] * (parallel // 26 + 1)
    first, last = (usual["grades"][grade] for grade in (grades[0], grades[-1]))
    if len(grades) == 1:
        return f"{first} {letter}"
    return f"{usual['mixed'].format(first=_short(first), last=_short(last))} {letter}"


def _short(grade: str) -> str:
    return grade.split()[-1].rstrip(".")
