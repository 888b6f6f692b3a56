"""Likely answers of units, buildings and classes, by the codes that methodologies use. What is not here is completed or drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from random import Random
from typing import Any

from portal.collection.generating import magnitudes
from portal.collection.generating.classes import PlannedClass

Answers = dict[str, Any]
TEXTS = {
    "measures": "Elevii au fost repartizați aleatoriu, iar elevii vulnerabili sunt sprijiniți prin ore de educație remedială.",
    "explain_risk": "Diferențele dintre clase vin din alegerile părinților de acum câțiva ani; ele nu se mai repetă la clasele noi.",
    "proposed_measures": "Clasele nou formate se echilibrează la începutul anului școlar; progresul se verifică la sfârșitul semestrului.",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a unit before it answers. ``roma`` and ``hungarian``: shares in its locality; ``children``: of the locality."""

    facts: Mapping[str, Any]
    classes: Sequence[PlannedClass]
    roma: float
    hungarian: float
    children: int

    @property
    def pupils(self) -> int:
        return sum(one.pupils for one in self.classes)

    @property
    def parallel(self) -> bool:
        """Whether some grade has two classes."""
        alone = [one.grades for one in self.classes if not one.simultaneous]
        return len(set(alone)) < len(alone)


def of_unit(unit: Circumstances, random: Random) -> Answers:
    return _general(unit, random) | _community(unit, random) | _practice(unit, random) | _staff(unit, random) | _outcomes(unit, random) | TEXTS


def _general(unit: Circumstances, random: Random) -> Answers:
    rural = unit.facts.get("residence") == "rural"
    return {
        "residence": unit.facts.get("residence", "urban"),
        "ownership": unit.facts.get("ownership", "public"),
        "levels": _once(one.level for one in unit.classes),
        "teaching_languages": _once(one.language for one in unit.classes),
        "special_school": bool(unit.facts.get("special_school")),
        "distance_next_unit_km": str(round(random.uniform(2, 9) if rural else random.uniform(0.3, 2), 1)),
        "access_ramp": random.random() < 0.6,
        "school_bus": rural and random.random() < 0.7,
        "pupils_total": unit.pupils,
    }


def _once(codes: Any) -> list[str]:
    return list(dict.fromkeys(codes))


def _community(unit: Circumstances, random: Random) -> Answers:
    children = max(unit.children, unit.pupils)
    undeclared = int(children * 0.06)
    known = children - undeclared
    roma, other = int(known * unit.roma), int(known * 0.01)
    hungarian = min(int(known * unit.hungarian), known - roma - other)
    return {
        "pop_total": children, "pop_roma": roma, "pop_hungarian": hungarian, "pop_other": other, "pop_undeclared": undeclared,
        "pop_romanian": known - roma - hungarian - other, "pop_disability": int(children * 0.02),
        "pop_min_income": int(children * (0.04 + 0.3 * unit.roma)), "pop_source": "census", "pop_date": "2021-12-01",
        "roma_settlement": "yes" if unit.roma > 0.15 and random.random() < 0.6 else "no",
    }  # fmt: skip


def _practice(unit: Circumstances, random: Random) -> Answers:
    criteria = random.choices(["random", "parents", "teachers"], [6, 3, 1], k=2) if unit.parallel else ["none", "none"]
    sources = ["declaration", *(["talk"] if random.random() < 0.3 else []), *(["appearance"] if random.random() < 0.03 else [])]
    return {
        "allocation_prep": criteria[0],
        "allocation_5": criteria[1],
        "random_tool": random.random() < 0.5,
        "romani_taught": unit.roma > 0.4 and random.random() < 0.3,
        "school_mediator": unit.roma > 0.2 and random.random() < 0.5,
        "ethnicity_source": sources,
        "plan_desegregation": random.random() < 0.2,
    }


def _staff(unit: Circumstances, random: Random) -> Answers:
    total = max(1, round(1.5 * len(unit.classes)))
    left = random.randint(0, ceil(total / 5))
    return {
        "teachers_total": min(500, total), "teachers_qualified": min(500, total) - random.randint(0, total // 10),
        "teachers_tenured": round(min(500, total) * random.uniform(0.5, 0.9)), "teachers_commuting": round(min(500, total) * random.uniform(0, 0.6)),
        "teachers_left": left, "teachers_start_prev": max(left, total), "support_teachers": random.choice(["0", "0.5", "1"]),
        "counsellor_posts": random.choice(["0", "0.5", "1"]),
    }  # fmt: skip


def _outcomes(unit: Circumstances, random: Random) -> Answers:
    enrolled = round(unit.pupils * random.uniform(0.97, 1.05))
    lost = round(enrolled * random.uniform(0, 0.03))
    present = sum(one.pupils for one in unit.classes if one.grades == ("8",))
    moved = round(enrolled * random.uniform(0, 0.03))
    return {
        "enrolled_start_prev": enrolled, "dropouts_prev": lost, "dropouts_prev_roma": round(lost * unit.roma),
        "promoted_prev": enrolled - lost - round(enrolled * 0.01), "en8_present": present, "en8_above5": round(present * random.uniform(0.5, 0.95)),
        "transfers_out": moved, "transfers_out_dissatisfied": moved // 4, "after_school_pupils": round(unit.pupils * random.uniform(0, 0.3)),
        "consulted_parents": random.random() < 0.8,
    }  # fmt: skip


def of_buildings(unit: Circumstances, random: Random) -> list[Answers]:
    """One building, in larger units two or three; the others are farther away and often poorer."""
    many = 1 + (len(unit.classes) > 12) + (len(unit.classes) > 3 and random.random() < 0.15)
    pupils = unit.pupils // many + 1
    return [_building("ABC"[number], number, pupils, unit.facts.get("residence") == "rural", random) for number in range(many)]


def _building(code: str, number: int, pupils: int, rural: bool, random: Random) -> Answers:
    return {
        "bld_code": code,
        "bld_name": f"Corpul {code}",
        "bld_main_distance_m": random.randrange(50, 900, 10) * number,
        "bld_condition": random.choices(["good", "fair", "poor"], [8, 4, 1 + number])[0],
        "bld_toilets": random.choices(["indoor", "outdoor"], [12, 1 + 2 * rural])[0],
        "bld_heating": random.random() < 0.95,
        "bld_area_m2": str(round(pupils * random.uniform(1.5, 2.6), 1)),
        "bld_computers": min(2000, int(pupils * random.uniform(0.02, 0.25))),
        "bld_labs": random.randint(0, 4),
        "bld_library": random.random() < 0.7,
        "bld_gym": random.random() < 0.6,
        "bld_internet": random.random() < 0.9,
    }


def of_class(one: PlannedClass, building: str, special: bool, random: Random) -> Answers:
    """Likely parameters of a class."""
    usual = magnitudes.read()
    older = one.level not in ("early", "preschool", "primary")
    answers: Answers = {
        **{code: value for code, value in one.known.items() if value is not None},
        "cls_simultaneous": one.simultaneous,
        "cls_grades_mixed": list(one.grades) if one.simultaneous else None,
        "cls_grade": None if one.simultaneous else one.grades[0],
        "cls_building": building,
        "cls_shift": random.choices(["one", "two"], [5, 1])[0],
        "cls_girls": sum(random.random() < 0.49 for _ in range(one.pupils)),
        "cls_seats_per_row": 6,
        "cls_bench_rows": max(4, ceil(one.pupils / 6)),
        "cls_teacher_qualified": "no" if random.random() < 0.03 else "yes",
        "cls_teacher_changed": random.random() < 0.12,
        "cls_support_teacher": random.random() < 0.1,
    }
    if one.level in usual["profiles"]:
        answers.setdefault("cls_profile", random.choice(usual["profiles"][one.level]))
    if random.random() < usual["no_rows_of_benches"]:
        answers["cls_has_benches"] = False
    if special or random.random() < usual["special_class"]:
        answers["cls_derogation"] = "special_class"
    elif older and random.random() < usual["second_chance"]:
        answers["cls_form"] = "second_chance"
    return answers
