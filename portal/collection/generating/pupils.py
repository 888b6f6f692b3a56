"""The rows of all class tables of a county as columns: mostly what the methodology proposes, with the exceptions a teacher would enter.

Two hidden numbers make the answers of a pupil hang together: how well off the family is, and how the pupil does at school.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.encoding import ABSENT
from engine.methodology import Methodology, table_of
from portal.collection.generating.shares import Shares
from portal.collection.models import CLASS

Mask = NDArray[np.bool_]
SMALL = {"early", "preschool"}
MINORITIES = ("german", "ukrainian", "turkish", "other")


@dataclass(slots=True)
class Rows:
    """The rows of a county under each other while they are drawn. ``of``: the class of each row; ``cells``: what differs from the default."""

    methodology: Methodology
    chance: np.random.Generator
    sizes: Sequence[int]
    of: NDArray[np.intp] = field(init=False)
    cells: dict[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of = np.repeat(np.arange(len(self.sizes)), self.sizes)

    def put(self, column: str, where: Mask, code: str) -> None:
        """A code in some cells of a column; nothing where the methodology has no such column or code."""
        asked = self.methodology.fields[table_of(self.methodology, CLASS).level].get(column)
        if asked is not None and asked.choices and code in self.methodology.choices[asked.choices].index:
            self._column(column)[where] = code

    def put_values(self, column: str, where: Mask, values: NDArray[Any] | None) -> None:
        """Numbers (None: a blank) in some cells of a column that the methodology has."""
        if column in self.methodology.fields[table_of(self.methodology, CLASS).level]:
            self._column(column)[where] = values

    def _column(self, column: str) -> NDArray[Any]:
        return self.cells.setdefault(column, np.full(len(self.of), ABSENT, object))

    def happens(self, share: Any) -> Mask:
        """Yes with this share, for each row."""
        return np.asarray(self.chance.random(len(self.of)) < share)

    def noise(self, spread: float = 1.0) -> NDArray[np.float64]:
        return self.chance.normal(0, spread, len(self.of))


def draw(rows: Rows, shares: Shares, classes: Mapping[str, Sequence[Any]], blank_benches: Sequence[int]) -> dict[str, list[Any]]:
    """Cells of the columns, ABSENT where the methodology's default stands. ``classes``: parameters by code; ``blank_benches``: classes
    in which two pupils have no bench."""
    roma = _ethnicity(rows, shares, np.array(classes["cls_language"], object))
    weak = rows.happens(shares.sen[rows.of])
    wealth = shares.wealth[rows.of] + rows.noise() - 1.5 * roma
    ability = 0.5 * wealth + rows.noise(0.85) - 0.6 * weak
    _needs(rows, weak)
    _family(rows, wealth)
    _home(rows, classes)
    _school(rows, wealth, ability, classes)
    _benches(rows, shares.back[rows.of] * (roma | (wealth < -1.2)), classes, blank_benches)
    return {code: cells.tolist() for code, cells in rows.cells.items()}


def _ethnicity(rows: Rows, shares: Shares, language: NDArray[Any]) -> Mask:
    of_hungarian = (language == "hu")[rows.of]
    usual = (language == "ro")[rows.of]
    rows.put("ethnicity", of_hungarian & rows.happens(0.04), "romanian")
    rows.put("ethnicity", usual & rows.happens(0.25 * shares.hungarian[rows.of]), "hungarian")
    for code in MINORITIES:
        rows.put("ethnicity", usual & rows.happens(0.003), code)
    rows.put("ethnicity", rows.happens(0.012), "undeclared")
    roma = rows.happens(shares.roma[rows.of])
    rows.put("ethnicity", roma, "roma")
    rows.put("mother_tongue", roma & rows.happens(0.3), "rom")
    return roma


def _needs(rows: Rows, sen: Mask) -> None:
    kind, level = rows.chance.random(len(rows.of)), rows.chance.random(len(rows.of))
    for code, least, most in (("sen", 0, 0.65), ("disability", 0.65, 0.9), ("both", 0.9, 1)):
        rows.put("sen", sen & (kind >= least) & (kind < most), code)
    for code, least, most in (("basal", 0, 0.4), ("supplementary", 0.4, 0.75), ("intensive", 0.75, 0.95), ("special", 0.95, 1)):
        rows.put("support_level", sen & (level >= least) & (level < most), code)


def _family(rows: Rows, wealth: NDArray[np.float64]) -> None:
    learnt = wealth + rows.noise(0.4)
    for code, least, most in (("primary", -np.inf, -2), ("lower_secondary", -2, -1.1), ("tertiary", 0.9, np.inf)):
        rows.put("parent_education", (learnt >= least) & (learnt < most), code)
    rows.put("parent_education", rows.happens(0.015), "unknown")
    rows.put("social_grant", wealth + rows.noise(0.6) < -1.5, "yes")
    living = rows.chance.random(len(rows.of))
    for code, least, most in (("single_parent", 0, 0.09), ("relatives", 0.09, 0.12), ("parents_abroad", 0.12, 0.16), ("placement", 0.16, 0.168)):
        rows.put("family", (living >= least) & (living < most), code)


def _home(rows: Rows, classes: Mapping[str, Sequence[Any]]) -> None:
    urban = np.array(classes["residence"], object)[rows.of] == "urban"
    later = np.array([level not in SMALL | {"primary", "lower_secondary"} for level in classes["cls_level"]])[rows.of]
    near, far = rows.happens(np.where(urban, 0.02, 0.1)), rows.happens(np.where(later, 0.3, 0.03))
    rows.put("home", near, "other_locality")
    rows.put("home", far, "other_uat")
    rows.put("home", later & rows.happens(0.05), "boarding")
    rows.put("home_residence", far & urban & rows.happens(0.8), "rural")
    rows.put("home_residence", far & ~urban & rows.happens(0.1), "urban")


def _school(rows: Rows, wealth: NDArray[np.float64], ability: NDArray[np.float64], classes: Mapping[str, Sequence[Any]]) -> None:
    small = np.array([level in SMALL for level in classes["cls_level"]])[rows.of]
    first = small | np.array([grade == "prep" for grade in classes["cls_grade"]])[rows.of]
    for code, least, most in (("low", -np.inf, -1.7), ("mid", -1.7, -0.6), ("high", 0.6, np.inf)):
        rows.put("results", ~first & (ability >= least) & (ability < most), code)
    rows.put("repeating", ~first & (ability + rows.noise(0.3) < -2.3), "yes")
    rows.put("remedial", ~small & (ability < -1.4), "yes")
    rows.put("kindergarten", ~small & (wealth + rows.noise(0.5) < -2.1), "no")
    rows.put("kindergarten", ~small & rows.happens(0.01), "unknown")
    missed = -ability + rows.noise(0.7)
    for column in ("absences", "unexcused_absences"):
        for code, least, most in (("a5", 1, 1.5), ("a10", 1.5, 2.1), ("a20", 2.1, 2.7), ("a40", 2.7, np.inf)):
            rows.put(column, ~small & (missed >= least) & (missed < most), code)


def _benches(rows: Rows, behind: NDArray[np.float64], classes: Mapping[str, Sequence[Any]], blank: Sequence[int]) -> None:
    """Benches are filled from the front; the order of the pupils is by chance, but where the weak are sent to the back."""
    order = np.lexsort((behind + rows.noise(0.5), rows.of))
    sizes = np.array(rows.sizes, np.int64)
    seat = np.empty(len(rows.of), np.int64)
    seat[order] = np.arange(len(rows.of)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    across = np.array([value or 1 for value in classes["cls_seats_per_row"]])[rows.of]
    deep = np.array([value or 1 for value in classes["cls_bench_rows"]])[rows.of]
    seated = np.array([value is True for value in classes["cls_has_benches"]])[rows.of]
    rows.put_values("bench", seated, np.minimum(seat // across + 1, deep)[seated].astype(object))
    rows.put_values("bench", np.isin(rows.of, blank) & seated & (seat < 2), None)
