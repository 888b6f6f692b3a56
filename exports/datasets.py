"""The tables to export as pandas frames: one frame a table and part, with the columns of its layout. One source, many formats.

Values stay typed and coded (numbers, booleans, dates, codes of lists, tuples of codes); formats choose how they are written. Rows of class
tables are in none of them: of classes only parameters and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from engine.methodology import Methodology
from exports import counts
from exports.answers import Answered, answers_of
from exports.columns import Layout
from exports.layouts import ANSWERS, CLASSES, INDICATORS, ITEMS, UNIT, UNITS, repeating_steps
from exports.scope import Part, classes_of
from exports.wording import MEASURES, answer_text
from portal.collection.models import CLASS, Collection

PLACE = ("county.code", "school.code", "school.name", "unit.code", "unit.name")
Columns = dict[str, list[Any]]


def frames_of(part: Part, layouts: Mapping[str, Layout]) -> Iterator[tuple[Layout, pd.DataFrame]]:
    """Every table of a part, in the order of the layouts."""
    makers = {UNITS: _units, CLASSES: _classes, INDICATORS: _indicators, ITEMS: _items, ANSWERS: _answers}
    for code, layout in layouts.items():
        columns = makers[code](part) if code in makers else _repeated(part, code)
        yield layout, framed(layout, columns)


def framed(layout: Layout, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The columns of a layout as a frame; what is not given is blank. Objects, so that a missing value is None and nothing is rounded."""
    count = max((len(values) for values in columns.values()), default=0)
    blank = [None] * count
    data = {column.code: pd.Series(columns.get(column.code, blank), dtype=object) for column in layout.columns}
    unknown = columns.keys() - data.keys()
    if unknown:
        raise KeyError(f"{layout.code}: {sorted(unknown)}")
    return pd.DataFrame(data, columns=[column.code for column in layout.columns])


# ---- units -------------------------------------------------------------------------------------------------


def _units(part: Part) -> Columns:
    rows = [*part.units, *part.exempt]
    absent = len(part.exempt)
    columns = _identity(part, rows) | _attributes(part, rows) | _facts(part, rows)
    columns |= {one.field.code: [one.values[place] for place in part.places] for one in answers_of(part.methodology, part.dataset, UNIT)}
    columns |= _wide(part)
    columns |= _counts(part, part.places, upward=True)
    return {code: values if len(values) == len(rows) else [*values, *[None] * absent] for code, values in columns.items()}


def _identity(part: Part, rows: Iterable[Collection]) -> Columns:
    named = [part.identity[row.pk] for row in rows]
    return dict(zip(PLACE, (list(column) for column in zip(*named, strict=True)) if named else ([] for _ in PLACE), strict=True))


def _attributes(part: Part, rows: list[Collection]) -> Columns:
    """What the network says beyond the questions of the form."""
    asked = part.methodology.fields.get(UNIT, {})
    codes = {code for row in rows for code in row.attributes if code not in asked}
    return {f"network.{code}": [_plain(row.attributes.get(code)) for row in rows] for code in codes}


def _plain(value: object) -> str | None:
    """What the network knows, as text: its lists and numbers are not typed by the methodology."""
    if value is None or value == "" or value == []:
        return None
    return "; ".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _facts(part: Part, rows: list[Collection]) -> Columns:
    exemptions = [part.exemption(row) for row in rows]
    return {
        "unit.state": [part.state(row) for row in rows],
        "unit.extended": [row.extended for row in rows],
        "unit.finalised_at": [row.finalised_at for row in rows],
        "unit.result": [part.published[row.pk].number if row.pk in part.published else None for row in rows],
        "unit.exemption": [one.reason if one else None for one in exemptions],
        "unit.exemption_text": [one.text if one else None for one in exemptions],
        "unit.classes": [row.classes for row in rows],
        "unit.classes_submitted": [row.classes_submitted for row in rows],
        "unit.pupils": [row.pupils for row in rows],
    }


def _wide(part: Part) -> Columns:
    """Value, status and interval of every indicator of units."""
    published = [part.published[unit.pk].figures for unit in part.units]
    columns: Columns = {}
    for code, indicator in part.methodology.indicators.items():
        if indicator.level == UNIT:
            figures = [one.get(code) or {} for one in published]
            columns[code] = [figure.get("value") for figure in figures]
            columns[f"{code}.status"] = [figure.get("status") for figure in figures]
            if indicator.scale is not None:
                columns[f"{code}.band"] = [figure.get("band") for figure in figures]
    return columns


# ---- classes, buildings ------------------------------------------------------------------------------------


def _classes(part: Part) -> Columns:
    rows = classes_of(part)
    kept, of_unit = part.inside(CLASS)
    columns = _of_units(part, of_unit)
    columns |= {
        "class.code": [row.code for row in rows],
        "class.name": [row.name for row in rows],
        "class.state": [row.progress for row in rows],
        "class.submitted_at": [row.submitted_at for row in rows],
    }
    columns |= _questions(part, CLASS, kept)
    return columns | _sizes(part, kept) | _counts(part, kept)


def _of_units(part: Part, of_unit: np.ndarray) -> Columns:
    """The columns that name the unit of each row."""
    units = part.units
    return _identity(part, [units[position] for position in of_unit])


def _questions(part: Part, level: str, kept: np.ndarray) -> Columns:
    return {one.field.code: [one.values[place] for place in kept] for one in answers_of(part.methodology, part.dataset, level)}


def _sizes(part: Part, kept: np.ndarray) -> Columns:
    """Rows of each table that has come."""
    for table in counts.tables_of(part.methodology):
        rows = part.dataset.tables[table.level]
        many = np.bincount(rows.parents[table.owner], minlength=part.dataset.count(table.owner))
        received = np.ones(len(many), np.bool_) if rows.received is None else rows.received
        return {"class.rows": _where(many[kept], received[kept])}
    return {}


def _counts(part: Part, kept: np.ndarray, upward: bool = False) -> Columns:
    """Counts of every value of every column, at classes or (``upward``) at units."""
    columns: Columns = {}
    for table in counts.tables_of(part.methodology):
        link = part.dataset.link(table.owner, UNIT)
        for one in counts.counts_of(part.methodology, part.dataset, table):
            counted = one.upward(link, part.dataset.count(UNIT)) if upward and link is not None else one
            received = counted.received[kept]
            for position, value in enumerate(counted.values):
                columns[f"n.{counted.field.code}.{value}"] = _where(counted.many[kept, position], received)
            columns[f"blank.{counted.field.code}"] = _where(counted.blank[kept], received)
    return columns


def _where(numbers: np.ndarray, there: np.ndarray) -> list[int | None]:
    """The numbers of places that have any."""
    return [number if present else None for number, present in zip(numbers.tolist(), there.tolist(), strict=True)]


def _repeated(part: Part, level: str) -> Columns:
    """What a unit lists in a repeating step: one row a thing."""
    kept, of_unit = part.inside(level)
    return _of_units(part, of_unit) | _questions(part, level, kept)


# ---- long tables -------------------------------------------------------------------------------------------


def _indicators(part: Part) -> Columns:
    """One row an indicator and unit, as published."""
    rows: list[tuple[Any, ...]] = []
    methodology = part.methodology
    declared = [
        (i.level, code, i.criterion, i.section, str(MEASURES.get(i.format, "")) or None)
        for code, i in methodology.indicators.items()
        if i.level == UNIT
    ]
    for unit in part.units:
        published = part.published[unit.pk]
        name = part.identity[unit.pk]
        for level, code, criterion, section, measure in declared:
            figure = published.figures.get(code)
            if figure is not None:
                rows.append((
                    *name, level, code, criterion, section, figure["value"], measure, figure["status"], figure["reason"] or None,
                    figure["band"], figure["provisional"], published.number, methodology.code,
                ))  # fmt: skip
    return _transposed(rows, (
        *PLACE, "level", "indicator", "criterion", "section", "value", "measure",
        "status", "reason", "band", "provisional", "unit.result", "methodology",
    ))  # fmt: skip


def _items(part: Part) -> Columns:
    """The classes and buildings that gave an indicator, with their own share and what it was compared with."""
    rows: list[tuple[Any, ...]] = []
    levels = {code: i.items.level for code, i in part.methodology.indicators.items() if i.items is not None and i.level == UNIT}
    for unit in part.units:
        figures = part.published[unit.pk].figures
        for code, level in levels.items():
            for item in figures.get(code, {}).get("items", ()):
                rows.append((unit.code, code, level, item["item"], item["value"], item["sub"], item["ref"], item["status"]))
    return _transposed(rows, ("unit.code", "indicator", "level", "item", "value", "own", "reference", "status"))


def _answers(part: Part) -> Columns:
    """One row a question and unit (or thing that a unit lists), with its status."""
    rows: list[tuple[Any, ...]] = []
    for level in (UNIT, *(step.repeat for step in repeating_steps(part.methodology))):
        kept, of_unit = part.inside(level)
        keys = [None] * part.dataset.count(level) if level == UNIT else part.dataset.tables[level].keys
        names = [part.identity[part.units[position].pk] for position in of_unit]
        for one in answers_of(part.methodology, part.dataset, level):
            rows += _question_rows(part.methodology, one, level, kept, names, keys)
    rows.sort(key=lambda row: (row[3], row[5] != UNIT, row[6] or ""))
    return _transposed(rows, (*PLACE, "level", "item", "section", "question", "label", "answer", "code", "number", "status"))


def _question_rows(
    methodology: Methodology, one: Answered, level: str, kept: np.ndarray, names: Sequence[tuple[str, ...]], keys: Any
) -> Iterator[tuple[Any, ...]]:
    field = one.field
    label = field.label.get(methodology.primary_language, field.code)
    for place, name in zip(kept.tolist(), names, strict=True):
        value = one.values[place]
        number = value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        code = "|".join(value) if isinstance(value, tuple) else value if field.choices else None
        text = answer_text(methodology, field, value) if value is not None else None
        yield (*name, level, keys[place], field.section, field.code, label, text, code, number, one.reason(place) or "ok")


def _transposed(rows: list[tuple[Any, ...]], codes: tuple[str, ...]) -> Columns:
    if not rows:
        return {code: [] for code in codes}
    return dict(zip(codes, (list(column) for column in zip(*rows, strict=True)), strict=True))
