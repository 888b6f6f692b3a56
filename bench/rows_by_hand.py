"""The rows of a country as somebody would count them in numpy for the methodology of 2025-2026: byte masks and ``reduceat``.

It relies on what it knows: which groups there are, that rows lie in the order of their classes and classes in that of their units, that a
class has fewer than 256 rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData, Dataset
from engine.methodology import Methodology

SEATED = ["rom", "ces", "edu", "bur", "rez", "rep", "cum", "mono", "bun", "slab", "rem", "abs"]


def missing(column: ColumnData) -> NDArray[np.bool_] | None:
    return None if column.bits is None else column.bits != 0


class Rows:
    """Counts by class of everything that is asked of the rows, and the ways up."""

    def __init__(self, methodology: Methodology, dataset: Dataset) -> None:
        self.methodology, self.tables = methodology, dataset.tables
        rows, classes, units = (dataset.tables[level] for level in ("pupil", "class", "unit"))
        self.classes, self.units, self.schools = classes.count, units.count, dataset.tables["school"].count
        self.of_class, self.building = rows.parents["class"], classes.parents["building"]
        self.unit, self.school = classes.parents["unit"], units.parents["school"]
        self.starts = np.searchsorted(self.unit, np.arange(self.units))
        self.school_starts = np.searchsorted(self.school, np.arange(self.schools))
        self.n = np.bincount(self.of_class, minlength=self.classes)
        self.filled = self.n.nonzero()[0]
        self.row_starts = (np.cumsum(self.n) - self.n)[self.filled]
        assert rows.received is not None
        self.late = ~rows.received

    def code(self, level: str, field: str, *codes: str) -> list[int]:
        index = self.methodology.choices[self.methodology.fields[level][field].choices].index
        return [index[code] for code in codes]

    def count(self, mask: NDArray[Any]) -> NDArray[np.uint8]:
        """How many rows of each class are set; a class has fewer than 256."""
        counts = np.zeros(self.classes, np.uint8)
        counts[self.filled] = np.add.reduceat(mask.view(np.uint8), self.row_starts, dtype=np.uint8)
        return counts

    def count_few(self, mask: NDArray[Any]) -> NDArray[np.intp]:
        """The same for rows that are seldom set."""
        return np.bincount(self.of_class[mask.nonzero()[0]], minlength=self.classes)

    def is_one_of(self, field: str, *codes: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """(rows whose answer is one of these, rows without an answer)."""
        column = self.tables["pupil"].columns[field]
        wanted = self.code("pupil", field, *codes)
        found = column.values == wanted[0]
        for code in wanted[1:]:
            found |= column.values == code
        unknown = missing(column)
        assert unknown is not None
        return found & ~unknown, unknown

    def count_rows(self) -> None:
        """The masks of the groups one after the other, counted by class, in all benches and in the last two."""
        back = self.last_two_benches()
        self.true, self.unknown, self.back, self.back_unknown = {}, {}, {}, {}
        kept: dict[str, tuple[Any, Any]] = {}
        for group, mask, unknown in self.groups(kept):
            self.true[group] = self.count(mask)
            self.unknown[group] = self.count_few(unknown) + self.late
            if group in SEATED:
                self.back[group] = self.count(mask & back)
                self.back_unknown[group] = self.count_few(unknown & back)
        for group, (field, code) in {"ned": ("ethnicity", "undeclared"), "nec": ("parent_education", "unknown")}.items():
            mask, unknown = self.is_one_of(field, code)
            self.true[group], self.unknown[group] = self.count(mask), self.count_few(unknown) + self.late

    def groups(self, kept: dict[str, tuple[Any, Any]]) -> Any:
        for group, field, codes in (
            ("rom", "ethnicity", ["roma"]),
            ("ces", "sen", ["sen", "disability", "both"]),
            ("edu", "parent_education", ["primary", "lower_secondary"]),
            ("bur", "social_grant", ["yes"]),
            ("rep", "repeating", ["yes"]),
            ("mono", "family", ["single_parent"]),
            ("plas", "family", ["placement"]),
            ("bun", "family", ["relatives"]),
            ("strain", "family", ["parents_abroad"]),
            ("gra", "kindergarten", ["no"]),
            ("slab", "results", ["low"]),
            ("rem", "remedial", ["yes"]),
            ("abs", "unexcused_absences", ["a20", "a40"]),
        ):
            mask, unknown = self.is_one_of(field, *codes)
            if group in ("rom", "ces", "edu", "bur"):
                kept[group] = mask, unknown
            yield group, mask, unknown
        many = sum(mask.view(np.uint8) for mask, _ in kept.values())
        unknown = np.logical_or.reduce([part for _, part in kept.values()])
        yield "cum", (many >= 2) & ~unknown, unknown
        yield "rez", *self.from_elsewhere()

    def from_elsewhere(self) -> tuple[Any, Any]:
        """Another kind of residence than the unit's, or another locality; known when either is true or both are known."""
        rows, unit = self.tables["pupil"].columns, self.tables["unit"].columns["residence"]
        here, home = rows["home_residence"], rows["home"]
        of_class = unit.values[self.unit], (unit.bits != 0)[self.unit]  # type: ignore[operator, index]
        residence, unit_unknown = (np.repeat(part, self.n) for part in of_class)
        no_residence = unit_unknown | missing(here)
        no_home = missing(home)
        far = ((here.values != residence) & ~no_residence) | ((home.values != self.code("pupil", "home", "same_locality")[0]) & ~no_home)
        return far, (no_residence | no_home) & ~far

    def last_two_benches(self) -> NDArray[np.bool_]:
        """Rows in the last bench of their class and in the one before it; only where every row has one."""
        column, has = self.tables["pupil"].columns["bench"], self.tables["class"].columns["cls_has_benches"]
        unknown = missing(column)
        assert unknown is not None and has.bits is not None
        self.no_bench = self.count_few(unknown)
        self.has_benches, self.benches_unknown = has.values.astype(np.bool_), has.bits != 0
        self.seated = self.has_benches & ~self.benches_unknown & (self.no_bench == 0) & ~self.late
        bench = column.values
        last = np.maximum.reduceat(bench, self.row_starts)
        last_of_row = np.repeat(last, self.n[self.filled])
        before = np.maximum.reduceat(bench * (bench < last_of_row), self.row_starts)
        back = np.repeat(self.seated[self.filled], self.n[self.filled])
        back &= bench >= np.repeat(np.where(before > 0, before, last), self.n[self.filled])
        self.n_back = self.count(back)
        return back
