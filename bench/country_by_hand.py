"""The 85 indicators of 2025-2026 over a whole country as somebody would write them in numpy for this one methodology.

Rows are counted by class (``bench.rows_by_hand``); from there on NaN is what has no value. The bench checks that it gives the figures of
the engine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.rows_by_hand import SEATED, Rows
from engine.dataset import ColumnData, Dataset
from engine.methodology import Methodology

Floats = NDArray[np.float64]
CRITERIA = {
    "rom": "A", "ces": "B", "edu": "C", "bur": "C", "rez": "D", "rep": "E", "cum": "F", "mono": "C",
    "plas": "C", "bun": "C", "gra": "E", "slab": "E", "rem": "E", "abs": "E", "strain": "C",
}  # fmt: skip
GROUPS = list(CRITERIA)
IN_SCHOOL = ["rom", "ces", "edu", "bur", "rez", "rep"]
IN_BUILDING = [*IN_SCHOOL, "cum"]
MIN_GROUP = {"A": 5, "B": 3, "C": 5, "D": 5, "E": 5, "F": 5}
EXCUSED = {
    "A": ["mother_tongue"], "B": ["special_class"], "C": ["second_chance", "young_parents"], "E": ["second_chance", "young_parents"],
    "D": [], "F": [],
}  # fmt: skip
GRADES, LEVELS = 26, 7
CLASS_SIZE_MAX = np.array([12, 22, 22, 26, 26, 26, np.nan])
NOTHING = -np.inf
"""Where a value does not apply: it never wins a maximum, and NaN (missing) always does."""


def indicators(methodology: Methodology, dataset: Dataset) -> dict[str, Floats]:
    """The value of each indicator at each unit, NaN where there is none."""
    with np.errstate(all="ignore"):
        return Country(methodology, dataset).indicators()


def score(a: Any, b: Any) -> Any:
    return np.minimum(10, np.abs(a - b) * 10)


def floats(column: ColumnData) -> Floats:
    values = column.values.astype(np.float64)
    if column.bits is not None:
        values[column.bits != 0] = np.nan
    return values


class Country(Rows):
    """From counts by class to the indicators of the units."""

    def by_unit(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.add.reduceat(values, self.starts, dtype=np.float64 if values.dtype.kind == "f" else np.int64)

    def by_school(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.add.reduceat(values, self.school_starts)

    def cohorts(self, criterion: str, by: str, many: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(the cohort of each class, -1 for none; how many classes each has): classes of one unit that share a field."""
        classes = self.tables["class"].columns
        shared, derogation, mixed = classes[by], classes["cls_derogation"], classes["cls_simultaneous"]
        inside = (shared.bits == 0) & (mixed.values == 0) & (mixed.bits == 0) if by == "cls_grade" else shared.bits == 0
        excused = self.code("class", "cls_derogation", *EXCUSED[criterion])
        if excused:
            inside &= (derogation.bits == 0) & ~np.isin(derogation.values, excused)
        if by == "cls_grade":
            inside &= ~(mixed.values.astype(np.bool_))
        key = self.unit.astype(np.intp) * many + shared.values
        used = np.zeros(self.units * many, np.bool_)
        used[key[inside]] = True
        cohort = np.where(inside, (np.cumsum(used) - 1)[key], -1)
        return cohort, np.bincount(cohort[inside])

    def gap(self, group: str, cohort: NDArray[np.intp], sizes: NDArray[np.intp]) -> Floats:
        """The largest score of a class against its cohort in each unit."""
        members = cohort >= 0
        inside = cohort[members]
        true, unknown, n = (np.bincount(inside, part[members], len(sizes)) for part in (self.true[group], self.unknown[group], self.n))
        share = np.where(unknown > 0, np.nan, true / n)
        applies = (sizes >= 2) & (true >= MIN_GROUP[CRITERIA[group]])
        unsure = (sizes >= 2) & (true == 0) & (unknown > 0)
        share[~applies] = NOTHING
        share[unsure] = np.nan
        theirs = np.where(members, share[cohort], NOTHING)
        own = self.true[group] / self.n
        return self.largest(np.where(theirs == NOTHING, NOTHING, score(own, theirs)))

    def largest(self, values: Floats, starts: NDArray[np.intp] | None = None) -> Floats:
        found = np.maximum.reduceat(values, self.starts if starts is None else starts)
        return np.where(found == NOTHING, np.nan, found)

    # ---- indicators --------------------------------------------------------------------------------------

    def indicators(self) -> dict[str, Floats]:
        self.count_rows()
        self.late_units = self.by_unit(self.late)
        self.n_unit = self.by_unit(self.n)
        self.true_unit = {group: self.by_unit(self.true[group]) for group in self.true}
        self.unknown_unit = {group: self.by_unit(self.unknown[group]) for group in self.true}
        self.share = {g: np.where(self.unknown_unit[g] > 0, np.nan, self.true_unit[g] / self.n_unit) for g in self.true}
        found = {f"{CRITERIA[group]}.{group.upper()}.1": self.share[group] for group in GROUPS}
        found |= self.in_school() | self.in_buildings() | self.in_classes() | self.in_benches() | self.of_roma()
        found |= self.summary(found) | self.quality() | self.resources() | self.exposure() | self.distribution()
        return found

    def in_school(self) -> dict[str, Floats]:
        found = {}
        n, several = self.by_school(self.n_unit), np.bincount(self.school) >= 2
        for group in IN_SCHOOL:
            true, unknown = self.by_school(self.true_unit[group]), self.by_school(self.unknown_unit[group])
            applies = several & (true >= MIN_GROUP[CRITERIA[group]])
            share = np.where(applies & (unknown == 0), true / n, np.nan)
            found[f"{CRITERIA[group]}.{group.upper()}.2"] = score(self.share[group], share[self.school])
        return found

    def in_buildings(self) -> dict[str, Floats]:
        found = {}
        buildings = self.tables["building"]
        self.unit_of_building = buildings.parents["unit"]
        self.building_starts = np.searchsorted(self.unit_of_building, np.arange(self.units))
        self.n_building = np.bincount(self.building, self.n, buildings.count)
        self.used = self.n_building > 0
        self.several = np.add.reduceat(self.used, self.building_starts, dtype=np.int64) >= 2
        for group in IN_BUILDING:
            true = np.bincount(self.building, self.true[group], buildings.count)
            apart = score(true / self.n_building, self.share[group][self.unit_of_building])
            worst = self.largest(np.where(self.used, apart, NOTHING), self.building_starts)
            applies = self.several & (self.true_unit[group] >= MIN_GROUP[CRITERIA[group]])
            found[f"{CRITERIA[group]}.{group.upper()}.3"] = np.where(applies, worst, np.nan)
        return found

    def in_classes(self) -> dict[str, Floats]:
        found = {}
        self.peers = {criterion: self.cohorts(criterion, "cls_grade", GRADES) for criterion in "ABCD"}
        self.peers |= {"E": self.peers["C"], "F": self.peers["D"]}
        for group, criterion in CRITERIA.items():
            found[f"{criterion}.{group.upper()}.4"] = self.gap(group, *self.peers[criterion])
        for group in ("rom", "edu"):
            cycle = self.cohorts(CRITERIA[group], "cls_level", LEVELS)
            found[f"{CRITERIA[group]}.{group.upper()}.7"] = self.gap(group, *cycle)
        return found

    def in_benches(self) -> dict[str, Floats]:
        found = {}
        expected = np.where(self.seated, self.n_back / self.n, 0.0)
        for group in SEATED:
            seated = self.by_unit(self.true[group] * self.seated)
            back = self.by_unit(self.back[group])
            chance = self.by_unit(self.true[group] * expected)
            known = self.by_unit(self.seated & ((self.back[group] > 0) | (self.back_unknown[group] == 0)))
            value = np.minimum(10, np.maximum(0, back / seated - chance / seated) * 10)
            applies = (seated >= MIN_GROUP[CRITERIA[group]]) & (known > 0)
            found[f"{CRITERIA[group]}.{group.upper()}.5"] = np.where(applies, value, np.nan)
        return found

    def of_roma(self) -> dict[str, Floats]:
        units = self.tables["unit"].columns
        everybody, roma = floats(units["pop_total"]), floats(units["pop_roma"])
        cohort, sizes = self.peers["A"]
        inside = cohort[cohort >= 0]
        true, unknown, n = (np.bincount(inside, part[cohort >= 0], len(sizes)) for part in (self.true["rom"], self.unknown["rom"], self.n))
        share = np.where(unknown > 0, np.nan, true / n)
        moved = np.where((cohort >= 0) & (sizes[cohort] >= 2), np.abs(self.true["rom"] - share[cohort] * self.n), 0.0)
        return {
            "A.ROM.6": np.where(everybody > 0, score(self.share["rom"], roma / everybody), np.nan),
            "A.ROM.8": self.by_unit(moved) / 2,
        }

    def summary(self, found: dict[str, Floats]) -> dict[str, Floats]:
        basic = [code for code in found if code[-1] in "234567" and (code[-1] in "267" or code.split(".")[1].lower() in IN_BUILDING)]
        scores = np.stack([found[code] for code in basic])
        at_risk = scores >= 2.995 - 1e-9
        criteria = [np.logical_or.reduce(at_risk[[code[0] == criterion for code in basic]]) for criterion in "ABCDEF"]
        return {"R.MAX": np.fmax.reduce(scores), "R.NR": np.sum(at_risk, 0).astype(float), "R.CRI": np.sum(criteria, 0).astype(float)}

    def quality(self) -> dict[str, Floats]:
        inside = np.where(self.has_benches, self.n, 0)
        unsure = self.by_unit(self.late | self.benches_unknown) > 0
        return {
            "Q.NED": self.share["ned"],
            "Q.NEC": self.share["nec"],
            "Q.BAN": np.where(unsure, np.nan, self.by_unit(np.where(self.has_benches, self.no_bench, 0)) / self.by_unit(inside)),
            "Q.SUM": np.where(self.late_units > 0, np.nan, self.n_unit - floats(self.tables["unit"].columns["pupils_total"])),
        }

    def resources(self) -> dict[str, Floats]:
        units, buildings = self.tables["unit"].columns, self.tables["building"].columns
        teachers, enrolled = floats(units["teachers_total"]), floats(units["enrolled_start_prev"])
        n = np.where(self.late_units > 0, np.nan, self.n_unit)
        level = self.tables["class"].columns["cls_level"]
        limit = CLASS_SIZE_MAX[level.values]
        crowding = np.where(np.isnan(limit), NOTHING, self.n / limit)
        crowding[self.late | (level.bits != 0)] = np.nan  # type: ignore[operator]
        area, computers = floats(buildings["bld_area_m2"]), floats(buildings["bld_computers"])
        used_area = np.add.reduceat(np.where(self.used, area, 0), self.building_starts)
        space = (area / self.n_building) / (used_area / n)[self.unit_of_building]
        least = -self.largest(np.where(self.used, -space, NOTHING), self.building_starts)
        equipped = -self.largest(np.where(self.used, -100 * computers / self.n_building, NOTHING), self.building_starts)
        lower_secondary = self.code("unit", "levels", "lower_secondary")[0]
        eighth = np.where(units["levels"].values >> np.uint64(lower_secondary) & np.uint64(1), floats(units["en8_present"]), np.nan)
        dropouts = floats(units["dropouts_prev"])
        return {
            "X.CAL": floats(units["teachers_qualified"]) / teachers,
            "X.TIT": floats(units["teachers_tenured"]) / teachers,
            "X.FLU": floats(units["teachers_left"]) / floats(units["teachers_start_prev"]),
            "X.ELP": n / teachers,
            "X.MAR": self.largest(crowding),
            "X.SPA": np.where(self.several, least, np.nan),
            "X.DOT": np.where(self.late_units > 0, np.nan, equipped),
            "X.ABA": dropouts / enrolled,
            "X.ABR": np.where(dropouts > 0, floats(units["dropouts_prev_roma"]) / dropouts - self.share["rom"], np.nan),
            "X.PRO": floats(units["promoted_prev"]) / enrolled,
            "X.EN8": np.where(eighth > 0, floats(units["en8_above5"]) / eighth, np.nan),
            "X.TRN": floats(units["transfers_out_dissatisfied"]) / n,
        }

    def exposure(self) -> dict[str, Floats]:
        buildings, classes = self.tables["building"].columns, self.tables["class"].columns
        enough = (self.true_unit["rom"] >= MIN_GROUP["A"]) & (self.unknown_unit["rom"] == 0)
        found = {}
        for code, column, at, wanted in (
            ("PRE", buildings["bld_condition"], self.building, lambda c: c == self.code("building", "bld_condition", "poor")[0]),
            ("WC", buildings["bld_toilets"], self.building, lambda c: c != self.code("building", "bld_toilets", "indoor")[0]),
            ("NCL", classes["cls_teacher_qualified"], None, lambda c: c == self.code("class", "cls_teacher_qualified", "no")[0]),
        ):
            values, unknown = (column.values, column.bits != 0) if at is None else (column.values[at], (column.bits != 0)[at])
            touched = wanted(values)
            sure = enough & (self.by_unit(unknown) == 0)
            value = self.by_unit(self.true["rom"] * touched) / self.true_unit["rom"] - self.by_unit(self.n * touched) / self.n_unit
            found[f"X.{code}"] = np.where(sure, value, np.nan)
        return found

    def distribution(self) -> dict[str, Floats]:
        found = {}
        for group in ("rom", "edu"):
            true, others = self.true_unit[group], self.n_unit - self.true_unit[group]
            own = self.true[group].astype(np.int64)
            apart = self.by_unit(np.abs(own / true[self.unit] - (self.n - own) / others[self.unit]))
            applies = (true >= MIN_GROUP[CRITERIA[group]]) & (others > 0) & (self.unknown_unit[group] == 0)
            found[f"X.DIS.{group.upper()}"] = np.where(applies, apart / 2, np.nan)
        true, share = self.true_unit["rom"], self.share["rom"]
        own = self.true["rom"].astype(np.float64)
        isolated = self.by_unit(own * own / np.maximum(self.n, 1)) / true
        isolated[(true < MIN_GROUP["A"]) | (self.unknown_unit["rom"] > 0)] = np.nan
        standard = (isolated - share) / (1 - share)
        return found | {"X.IZO.ROM": isolated, "X.ETA.ROM": np.where(self.n_unit > true, standard, np.nan)}
