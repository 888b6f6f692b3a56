"""Figures as pages show them: frozen where a unit is final, computed now where it is not; the same words and digits in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import engine
from engine.methodology import Indicator, Methodology
from portal.accounts.models import User
from portal.collection import freezing
from portal.collection.comparing import Compared, compare
from portal.collection.computing import Computed, compute
from portal.collection.contexts import methodology_of
from portal.collection.models import CLASS, Collection, Result
from portal.collection.permissions import allowed
from portal.network.models import Level
from portal.rounds import selectors as rounds

STATUS_TINTS = {"ok": "ok", "partial": "i", "missing": "w", "not_applicable": ""}


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A class or building that gave a figure."""

    key: str
    value: Fraction | None
    own: Fraction | None
    reference: Fraction | None
    status: str


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """An indicator at a unit, as published. ``band``: as ``ui/band.html`` takes it, None without one; ``before``: beside last year's."""

    indicator: Indicator
    value: Fraction | None
    status: str
    reason: str
    band: Any
    provisional: bool
    items: tuple[ShownItem, ...]
    before: Compared | None = None

    @property
    def status_word(self) -> str:
        return str(rounds.STATUS_WORDS[self.status])

    @property
    def reason_word(self) -> str:
        return str(rounds.REASON_WORDS.get(self.reason, ""))

    @property
    def tint(self) -> str:
        return STATUS_TINTS[self.status]


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """All figures of a unit. ``frozen``: the stored result they come from, None while they are provisional; ``year_before``: the school
    year that they stand beside, '' where there is none."""

    methodology: Methodology
    figures: Mapping[str, ShownFigure]
    frozen: Result | None
    year_before: str = ""

    def by_criterion(self) -> list[tuple[str, Any, list[ShownFigure]]]:
        return [
            (code, label, [self.figures[one.code] for one in listed if one.code in self.figures])
            for code, label, listed in rounds.indicators_by_criterion(self.methodology)
        ]


def figures_of(unit: Collection) -> UnitFigures:
    """The figures a page shows of a unit now."""
    methodology = methodology_of(unit)
    frozen = unit.results.filter(superseded_at=None).order_by("-number").first() if unit.state == Collection.State.FINALISED else None
    plain = frozen.figures if frozen is not None else {} if unit.exempt else freezing.figures_of(compute(unit), unit)
    known = {code: figure for code, figure in plain.items() if code in methodology.indicators}
    before = compare(unit, methodology, known)
    compared = before.compared if before is not None else {}
    shown = {code: _shown(methodology.indicators[code], figure, compared.get(code)) for code, figure in known.items()}
    return UnitFigures(methodology, shown, frozen, before.year if before is not None else "")


def _shown(indicator: Indicator, figure: Mapping[str, Any], before: Compared | None) -> ShownFigure:
    bands = {band.code: band for band in rounds.bands(indicator.scale)}
    items = tuple(
        ShownItem(item["item"], _exact(item["value"]), _exact(item["sub"]), _exact(item["ref"]), item["status"]) for item in figure.get("items", ())
    )
    return ShownFigure(
        indicator, _exact(figure["value"]), figure["status"], figure["reason"], bands.get(figure["band"] or ""), figure["provisional"], items,
        before,
    )  # fmt: skip


def _exact(value: float | int | None) -> Fraction | None:
    """A displayed number back as the fraction it shows."""
    return None if value is None else Fraction(str(value))


def explanation(unit: Collection, code: str, user: User) -> engine.Trace:
    """Why an indicator has its value. Who may not see rows sees the aggregates over them, not the rows."""
    computed = compute(unit)
    trace = engine.explain(computed.methodology, computed.dataset, code, computed.place_of(unit))
    some_class = next((row for row in computed.rows[CLASS] if row.parent_id == unit.pk), None)
    if some_class is None or not allowed(user, "view_rows", some_class):
        hide_rows(trace, row_levels(computed))
    return trace


def row_levels(computed: Computed) -> frozenset[str]:
    """The levels whose places are rows of a table."""
    return frozenset(level.code for level in computed.methodology.levels.values() if level.owner)


def hide_rows(trace: engine.Trace, levels: frozenset[str]) -> None:
    """Take the steps at these levels out of a trace."""
    trace.steps = [step for step in trace.steps if step.level not in levels]
    for step in trace.steps:
        hide_rows(step, levels)


def siblings_open(unit: Collection) -> Sequence[Collection]:
    """The sibling units whose figures a provisional figure waits for."""
    assert unit.parent is not None
    return list(unit.parent.children.filter(level=Level.UNIT, exempt=False).exclude(state=Collection.State.FINALISED).order_by("sort_key"))
