"""What the places of the synthetic country answered: plausible and seeded, with cells missing here and there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.dataset import ColumnData, Table
from engine.methodology import Field, Methodology
from engine.values import NOT_ANSWERED, NOT_COLLECTED

if TYPE_CHECKING:
    from bench.country import Network

Chance = np.random.Generator
Floats = NDArray[np.float32]
SEATS, BENCHES = 4, 12
ASKED_FOR_MORE = 0.6
"""Share of the units that fill in what is not required of everybody."""

# The choice that makes a group, how much of everybody chooses it, and how often the answer is missing.
GROUPS: dict[str, tuple[tuple[str, ...], float, float]] = {
    "ethnicity": (("roma",), 0.09, 0.0004),
    "sen": (("sen", "disability", "both"), 0.04, 0.0002),
    "parent_education": (("primary", "lower_secondary"), 0.18, 0.0006),
    "social_grant": (("yes",), 0.1, 0.0002),
    "family": (("single_parent", "relatives", "placement", "parents_abroad"), 0.2, 0.0004),
    "home_residence": (("urban",), 0.5, 0.0001),
    "home": (("other_locality", "other_uat"), 0.12, 0.0002),
    "kindergarten": (("no",), 0.06, 0.0004),
    "repeating": (("yes",), 0.03, 0.0001),
    "results": (("low",), 0.08, 0.0003),
    "unexcused_absences": (("a20", "a40"), 0.1, 0.0003),
    "remedial": (("yes",), 0.08, 0.0003),
    "gender": (("f",), 0.49, 0),
    "mother_tongue": (("rom", "hu"), 0.12, 0.0003),
    "support_level": (("intensive", "special"), 0.3, 0.0003),
}


def fill(methodology: Methodology, tables: dict[str, Table], network: Network, chance: Chance) -> None:
    """All columns of all levels."""
    asked = chance.random(len(network.school)) < ASKED_FOR_MORE
    above = {"unit": np.arange(len(network.school)), "building": network.unit_of_building, "class": network.unit}
    for level in ("unit", "building", "class"):
        columns = tables[level].columns
        for code, field in methodology.fields[level].items():
            columns[code] = _answered(methodology, field, tables[level].count, chance)
            if field.section == "extended":
                _not_collected(columns[code], asked[above[level]])
    _units(methodology, tables["unit"], network, chance)
    _classes(methodology, tables["class"], network, chance)
    _rows(methodology, tables["pupil"], network, chance)


def _answered(methodology: Methodology, field: Field, count: int, chance: Chance) -> ColumnData:
    """Answers of a field's kind; the first choice is three times in four the answer, one cell in a thousand is missing."""
    match field.type:
        case "choice":
            many = len(methodology.choices[field.choices].choices)
            values = np.where(chance.random(count) < 0.75, 0, chance.integers(0, many, count)).astype(np.uint8)
        case "multichoice":
            values = chance.integers(1, 4, count).astype(np.uint64)
        case "boolean":
            values = (chance.random(count) < 0.3).astype(np.uint8)
        case "text" | "textarea" | "place":
            return ColumnData(np.arange(count, dtype=np.int32) % 97, None, vocabulary=[f"t{number}" for number in range(97)])
        case _:
            values = chance.integers(0, 200, count).astype(np.int64)
    return _sprinkled(values, 0.001 if count > 100 else 0.0, chance)


def _sprinkled(values: np.ndarray, share: float, chance: Chance) -> ColumnData:
    """Some cells not answered."""
    bits = np.zeros(len(values), np.uint8)
    bits[chance.integers(0, max(len(values), 1), round(share * len(values)))] = NOT_ANSWERED
    values[bits != 0] = 0
    return ColumnData(values, bits if share else None)


def _not_collected(column: ColumnData, asked: NDArray[np.bool_]) -> None:
    bits = np.zeros(len(asked), np.uint8) if column.bits is None else column.bits
    bits[~asked] = NOT_COLLECTED
    column.values[~asked] = 0
    column.bits = bits


def _units(methodology: Methodology, table: Table, network: Network, chance: Chance) -> None:
    """Numbers that belong together: parts are no larger than their whole."""
    columns, count = table.columns, table.count
    totals = np.bincount(network.unit, network.sizes, count).astype(np.int64)
    columns["pupils_total"] = ColumnData(totals + (chance.random(count) < 0.03))
    columns["previous.pupils"] = ColumnData((totals * chance.normal(1, 0.08, count)).astype(np.int64))
    columns["previous.roma"] = ColumnData(totals // 10)
    for whole, size, parts in (
        ("pop_total", totals * 2, {"pop_romanian": 0.6, "pop_roma": 0.1, "pop_hungarian": 0.05, "pop_other": 0.02, "pop_undeclared": 0.05}),
        ("teachers_total", totals // 14 + 1, {"teachers_qualified": 0.93, "teachers_tenured": 0.7, "teachers_commuting": 0.4}),
        ("teachers_start_prev", totals // 14 + 1, {"teachers_left": 0.12}),
        ("enrolled_start_prev", totals, {"dropouts_prev": 0.02, "promoted_prev": 0.9}),
        ("en8_present", totals // 9, {"en8_above5": 0.75}),
        ("dropouts_prev", totals // 50, {"dropouts_prev_roma": 0.3}),
    ):
        _number(columns[whole], size)
        for part, share in parts.items():
            _number(columns[part], chance.binomial(size, share))
    _number(columns["transfers_out_dissatisfied"], totals // 90)
    lowest, highest = np.array([1, 2, 4])[network.kind], np.array([1, 3, 5])[network.kind]
    columns["levels"] = ColumnData((np.left_shift(1, lowest) | np.left_shift(1, highest)).astype(np.uint64))


def _number(column: ColumnData, values: np.ndarray) -> None:
    """Other numbers, missing where they were."""
    column.values = values.astype(np.int64) if column.bits is None else values.astype(np.int64) * (column.bits == 0)


def _classes(methodology: Methodology, table: Table, network: Network, chance: Chance) -> None:
    from bench.country import LEVEL_OF_GRADE

    columns, count = table.columns, table.count
    level = LEVEL_OF_GRADE[network.grade]
    benches = (level >= 2) & (chance.random(count) < 0.97)
    derogation = np.where(chance.random(count) < 0.05, chance.integers(1, 5, count), 0)
    for name, values, share in (
        ("cls_grade", network.grade, 0.002),
        ("cls_level", level, 0.001),
        ("cls_simultaneous", network.simultaneous, 0.001),
        ("cls_has_benches", benches, 0.002),
        ("cls_derogation", derogation.astype(np.uint8), 0.003),
        ("cls_pupils", network.sizes, 0.001),
        ("cls_girls", network.sizes // 2, 0.001),
        ("cls_bench_rows", np.full(count, BENCHES), 0.0),
        ("cls_seats_per_row", np.full(count, SEATS), 0.0),
    ):
        columns[name] = _sprinkled(values.astype(np.uint8 if values.dtype != np.int64 else np.int64), share if count > 100 else 0.0, chance)


def _rows(methodology: Methodology, table: Table, network: Network, chance: Chance) -> None:
    """Groups are spread unevenly: by unit, and within it by class."""
    rows, columns = network.sizes * network.received, table.columns
    number = np.arange(table.count) - np.repeat(np.cumsum(rows) - rows, rows)
    columns["row_no"] = ColumnData((number + 1).astype(np.uint8))
    columns["bench"] = _sprinkled((number // SEATS + 1).astype(np.uint8), 0.0005, chance)
    columns["changed"] = ColumnData((chance.random(table.count, np.float32) < 0.3).view(np.uint8))
    for name, (codes, share, gaps) in GROUPS.items():
        index = methodology.choices[methodology.fields["pupil"][name].choices].index
        wanted = np.array([index[code] for code in codes], np.uint8)
        others = np.array([position for position in index.values() if position not in wanted], np.uint8)
        chosen = chance.random(table.count, np.float32) < np.repeat(_propensity(network, share, chance), rows)
        dice = chance.integers(0, 256, table.count, np.uint8)
        usual = np.where(np.arange(256) < 150, others[0], others[np.arange(256) % len(others)])
        values = np.where(chosen, wanted[np.arange(256) % len(wanted)][dice], usual[dice])
        columns[name] = _sprinkled(values, gaps, chance)


def _propensity(network: Network, share: float, chance: Chance) -> Floats:
    """How likely a row of each class is in a group."""
    of_unit = chance.beta(0.8, 0.8 * (1 - share) / share, len(network.school))
    in_class = of_unit[network.unit] * chance.gamma(2.5, 1 / 2.5, len(network.unit))
    return np.minimum(in_class, 0.98).astype(np.float32)
