"""Random example folders of both years: small schools with everything that makes figures go missing. Nothing of the engine is imported."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

GRADES = {
    "early": ["ante_mica"], "preschool": ["gmica", "gmare"], "primary": ["prep", "1", "2"], "lower_secondary": ["5", "6", "8"],
    "upper_secondary": ["9"], "vocational": ["prof_1"], "post_secondary": ["post_1"],
}  # fmt: skip
ROW = {
    "gender": ["f", "m"], "ethnicity": ["romanian", "roma", "hungarian", "undeclared"], "mother_tongue": ["ro", "hu", "rom"],
    "sen": ["none", "none", "none", "sen", "disability", "both"], "parent_education": ["primary", "lower_secondary", "upper_secondary", "tertiary", "unknown"],
    "social_grant": ["yes", "no", "no"], "family": ["both_parents", "both_parents", "single_parent", "relatives", "placement"],
    "home_residence": ["urban", "rural"], "home": ["same_locality", "same_locality", "other_locality", "other_uat", "boarding"],
    "kindergarten": ["yes", "no", "unknown"], "repeating": ["yes", "no", "no"], "results": ["na", "low", "mid", "good", "high"],
    "absences": ["a0", "a10", "a20", "a40"], "remedial": ["yes", "no"],
}  # fmt: skip
SUPPORT = ["basal", "supplementary", "intensive", "special"]
EXTENDED = (
    "teachers_total", "teachers_qualified", "teachers_tenured", "teachers_commuting", "teachers_left", "teachers_start_prev", "enrolled_start_prev",
    "dropouts_prev", "dropouts_prev_roma", "promoted_prev", "en8_present", "en8_above5", "transfers_out", "transfers_out_dissatisfied",
)  # fmt: skip
POPULATION = ("pop_total", "pop_romanian", "pop_hungarian", "pop_roma", "pop_other", "pop_undeclared")


class Writer:
    """One folder. ``holes``: how often a cell that may be empty is; ``strict``: only cells that a finished collection may leave empty."""

    def __init__(self, year: str, seed: int) -> None:
        self.random = Random(f"{year} {seed}")
        self.year = year
        self.holes = self.random.choice([0, 0, 0.03, 0.2])
        self.strict = self.random.random() < 0.6
        self.leaning = self.random.choice([0.05, 0.3, 0.8])
        self.files: dict[str, list[dict[str, str]]] = {"buildings.csv": [], "classes.csv": [], "pupils.csv": []}

    def some(self, choices: list[str]) -> str:
        return self.random.choice(choices)

    def maybe(self, value: Any, soft: bool = False) -> Any:
        """The value, or an empty cell; ``soft``: a cell that a finished collection may leave empty."""
        empty = self.random.random() < self.holes and (soft or not self.strict)
        return "" if empty else value

    def flag(self, chance: float = 0.5) -> str:
        return "yes" if self.random.random() < chance else "no"

    def write(self, folder: Path) -> None:
        units = [self.unit(f"U{number}") for number in range(1, self.random.randint(1, 3) + 1)]
        content = {"school": {"pj_code": "S1", "name": "Școala", "county": "XX", "uat": "Orașul"}, "units": units}
        if self.random.random() < 0.7:
            content["previous"] = {unit["unit"]: self.previous() for unit in units if self.random.random() < 0.7}
        (folder / "answers.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        for name, rows in self.files.items():
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, COLUMNS[name, self.year], restval="")
                table.writeheader()
                table.writerows(rows)

    def previous(self) -> dict[str, int]:
        found = {"pupils": self.random.randint(0, 60), "roma": self.random.randint(0, 20)}
        return {name: value for name, value in found.items() if self.random.random() < 0.8}

    # ---- the unit ------------------------------------------------------------------------------------------

    def unit(self, key: str) -> dict[str, Any]:
        codes = ["A", "B", "C", "D"][: self.random.randint(0 if self.random.random() < 0.1 else 1, 4)]
        extended = self.random.random() < 0.7
        self.files["buildings.csv"] += [self.building(key, code, extended) for code in codes]
        levels = self.random.sample(sorted(GRADES), self.random.randint(1, 3))
        many = self.random.randint(0 if self.random.random() < 0.05 else 1, 7)
        sizes = [self.school_class(key, f"K{number}", codes, levels, extended) for number in range(many)]
        answers: dict[str, Any] = {
            "unit": key, "residence": self.some(["urban", "rural"]), "levels": levels, "pupils_total": max(1, sum(sizes) + self.random.choice([0, 0, 0, 1, -2])),
            "roma_settlement": self.some(["yes", "no", "unknown"]), "romani_taught": self.random.random() < 0.5, "school_mediator": self.random.random() < 0.5,
            "ethnicity_source": self.random.sample(["declaration", "talk", "appearance", "not_collected"], self.random.randint(1, 2)),
        }  # fmt: skip
        answers |= {name: self.random.randint(0, 40) for name in POPULATION[1:]}
        answers["pop_total"] = self.random.choice([0, 50, 100, 200])
        if extended:
            answers |= {name: self.random.randint(0, 30) for name in EXTENDED}
        if self.random.random() < 0.3:
            answers = {name: value for name, value in answers.items() if name in ("unit", "residence", "levels") or self.maybe(1, name in EXTENDED)}
        return answers

    def building(self, unit: str, code: str, extended: bool) -> dict[str, str]:
        row = {"unit": unit, "bld_code": code, "bld_name": code, "bld_condition": self.maybe(self.some(["good", "fair", "poor"]))}
        row["bld_toilets"] = self.maybe(self.some(["indoor", "outdoor", "none"]))
        if extended:
            row["bld_area_m2"] = self.maybe(f"{self.random.randint(20, 900) / 2:g}", True)
            row["bld_computers"] = self.maybe(str(self.random.randint(0, 30)), True)
        return row

    # ---- classes and rows ----------------------------------------------------------------------------------

    def school_class(self, unit: str, key: str, codes: list[str], levels: list[str], extended: bool) -> int:
        level, mixed, benches = self.some(levels), self.flag(0.15), self.flag(0.75)
        size = 0 if self.random.random() < 0.03 else self.random.randint(1, 14)
        derogation = self.some(["none"] * 6 + ["mother_tongue", "special_class", "second_chance", "young_parents"])
        row = {
            "unit": unit, "cls": key, "cls_name": self.some([key] * 9 + ["K0"]), "cls_level": self.maybe(level), "cls_simultaneous": self.maybe(mixed),
            "cls_grade": self.maybe(self.some(GRADES[level])) if mixed == "no" or self.random.random() < 0.3 else "",
            "cls_grades_mixed": self.some(["1", "1|2", "2|3|4"]) if mixed == "yes" else "", "cls_language": self.some(["ro", "ro", "hu"]),
            "cls_building": self.some(codes) if codes and self.random.random() > 0.03 else "Z", "cls_pupils": self.maybe(str(size + self.random.choice([0, 0, 0, 0, 1]))),
            "cls_girls": str(self.random.randint(0, size)), "cls_has_benches": self.maybe(benches), "cls_derogation": self.maybe(derogation),
            "cls_teacher_qualified": self.maybe(self.flag(0.8), True) if extended else "",
        }  # fmt: skip
        if benches == "yes":
            row |= {"cls_bench_rows": str(self.random.randint(2, 6)), "cls_seats_per_row": self.maybe(str(self.random.randint(1, 6)))}
        self.files["classes.csv"].append(row)
        rows = [self.pupil(number, benches == "yes") for number in range(1, size + 1)]
        if any(rows):
            row["cls_girls"] = str(sum(one["gender"] == "f" for one in rows) + self.random.choice([0, 0, 0, 1]))
        self.files["pupils.csv"] += [{"unit": unit, "cls": key} | one for one in rows]
        return size

    def pupil(self, number: int, benches: bool) -> dict[str, str]:
        row = {name: self.maybe(self.some(codes)) for name, codes in ROW.items()}
        if self.random.random() < self.leaning / 3:
            row["ethnicity"] = "roma"
        if self.year == "2025-2026":
            row["unexcused_absences"] = row.pop("absences")
            row["support_level"] = self.maybe(self.some(SUPPORT), True) if row["sen"] not in ("", "none") else ""
            row["family"] = self.some(["parents_abroad", row["family"], row["family"]])
        row["bench"] = self.maybe(str(self.random.randint(1, 5)), True) if benches or self.random.random() < 0.1 else ""
        return {"row_no": str(number)} | row


CLASS = (
    "unit", "cls", "cls_name", "cls_level", "cls_simultaneous", "cls_grade", "cls_grades_mixed", "cls_language", "cls_building", "cls_pupils",
    "cls_girls", "cls_has_benches", "cls_bench_rows", "cls_seats_per_row", "cls_derogation", "cls_teacher_qualified",
)  # fmt: skip
BUILDING = ("unit", "bld_code", "bld_name", "bld_condition", "bld_toilets", "bld_area_m2", "bld_computers")
NOW = [("unexcused_absences" if name == "absences" else name) for name in ROW]
COLUMNS = {
    ("buildings.csv", "2024-2025"): BUILDING, ("buildings.csv", "2025-2026"): BUILDING,
    ("classes.csv", "2024-2025"): CLASS, ("classes.csv", "2025-2026"): CLASS,
    ("pupils.csv", "2024-2025"): ("unit", "cls", "row_no", *ROW, "bench"),
    ("pupils.csv", "2025-2026"): ("unit", "cls", "row_no", *NOW, "support_level", "bench"),
}  # fmt: skip
