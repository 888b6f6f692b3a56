"""Reading methodologies and their worked examples for pages and commands. Loaded once, kept while the files stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Case, When
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import engine
from engine.methodology import Indicator, Methodology, Scale
from portal.rounds import methodologies
from portal.rounds.models import MethodologyVersion, Round
from portal.ui.templatetags.romanian import label as local
from portal.ui.templatetags.romanian import plainly

STEPS = {"none": 1, "attention": 2, "risk": 3, "high": 4}
STATUS_WORDS: dict[str, str | Promise] = {
    "ok": _("Calculat"),
    "partial": _("Calculat în parte"),
    "missing": _("Lipsesc date"),
    "not_applicable": _("Nu se aplică"),
}
REASON_WORDS: dict[str, str | Promise] = {
    "not_answered": _("o întrebare nu are răspuns"),
    "not_collected": _("datele nu au fost cerute sau nu au sosit"),
    "not_applicable": _("nu este cazul aici"),
    "zero_denominator": _("împărțire la zero"),
}


@dataclass(frozen=True, slots=True)
class Summary:
    """A methodology in the list; ``problems`` when it cannot be used."""

    code: str
    methodology: Methodology | None
    problems: tuple[str, ...]
    published_on: datetime | None


@dataclass(frozen=True, slots=True)
class ShownBand:
    """A band as pages draw it: a word and one to four filled steps."""

    code: str
    label: str
    step: int
    limit: str


@dataclass(frozen=True, slots=True)
class ShownResult:
    """The result of an indicator at one place of a worked example."""

    example: str
    place: str
    result: engine.Result
    band: ShownBand | None
    status: str | Promise
    reason: str | Promise
    trace: engine.Trace


def current_round() -> Round | None:
    """The open round of the newest school year; without one, the newest that was closed; None before the first."""
    held = Round.objects.filter(state__in=(Round.State.OPEN, Round.State.CLOSED)).select_related("methodology")
    return held.order_by(Case(When(state=Round.State.OPEN, then=0), default=1), "-school_year").first()


def folders() -> list[Path]:
    """Folders of methodologies that the product brings, newest first."""
    root = Path(settings.METHODOLOGIES_DIR)
    return sorted((path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")), reverse=True)


def published() -> dict[str, MethodologyVersion]:
    """The version last published of each code, newest code first."""
    rows = MethodologyVersion.objects.filter(published_at__isnull=False).order_by("-code", "published_at")
    return {row.code: row for row in rows}


def _stamp(folder: Path) -> tuple[tuple[str, int], ...]:
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.y*ml")))


@lru_cache(maxsize=16)
def _read_stamped(folder: Path, stamp: tuple[tuple[str, int], ...]) -> tuple[Methodology | None, tuple[engine.Problem, ...]]:
    return engine.read_methodology(folder)


def _read(folder: Path) -> tuple[Methodology | None, tuple[engine.Problem, ...]]:
    return _read_stamped(folder, _stamp(folder))


def summaries() -> list[Summary]:
    """What is published, and what the product brings under a code that is not; newest code first."""
    found = {code: Summary(code, methodologies.of(row), (), row.published_at) for code, row in published().items()}
    for folder in folders():
        if folder.name not in found:
            methodology, problems = _read(folder)
            said = tuple(engine.render(problem) for problem in problems if problem.level == "error")
            found[folder.name] = Summary(folder.name, methodology, said, None)
    return [found[code] for code in sorted(found, reverse=True)]


def source_or_404(code: str) -> Path:
    """The folder that the pages of a code show: that of the version last published, else the one the product brings."""
    version = published().get(code)
    folder = methodologies.folder_of(version) if version else next((path for path in folders() if path.name == code), None)
    if folder is None:
        raise Http404(code)
    return folder


def methodology_or_404(code: str) -> Methodology:
    found = _read(source_or_404(code))[0]
    if found is None:
        raise Http404(code)
    return found


def indicator_or_404(methodology: Methodology, code: str) -> Indicator:
    if code not in methodology.indicators:
        raise Http404(code)
    return methodology.indicators[code]


def header(methodology: Methodology) -> dict[str, Any]:
    """The declared head of a methodology, for its texts."""
    return dict(methodology.declared["methodology"])


def indicators_by_criterion(methodology: Methodology) -> list[tuple[str, Any, list[Indicator]]]:
    """(code, label, indicators) of each criterion that has indicators, in order of declaration."""
    grouped = []
    for code, label in methodology.criteria.items():
        listed = [indicator for indicator in methodology.indicators.values() if indicator.criterion == code]
        grouped += [(code, label, listed)] if listed else []
    return grouped


def bands(scale: Scale | None) -> list[ShownBand]:
    """The bands of a scale, each with its step and its limit in words."""
    return [_shown(scale, index) for index in range(len(scale.bands))] if scale is not None else []


def _shown(scale: Scale, index: int) -> ShownBand:
    band = scale.bands[index]
    if band.limit is None:
        limit = gettext("de aici înainte")
    else:
        most = gettext("cel mult {limit}") if band.inclusive else gettext("sub {limit}")
        limit = most.format(limit=plainly(band.limit))
    return ShownBand(band.code, str(local(band.label)) or band.code, STEPS.get(band.code, min(index + 1, 4)), limit)


def example_results(methodology: Methodology, indicator: Indicator) -> list[ShownResult]:
    """The indicator at every place of every worked example of the methodology, with its trace."""
    folders = engine.example_folders(source_or_404(methodology.code) / "examples")
    return [shown for folder in folders for shown in _results(methodology, indicator, folder)]


def _results(methodology: Methodology, indicator: Indicator, folder: Path) -> Iterator[ShownResult]:
    dataset = engine.read_example(methodology, folder)
    results = engine.compute(methodology, dataset)
    by_code = {band.code: band for band in bands(indicator.scale)}
    for place, key in enumerate(dataset.tables[indicator.level].keys):
        result = results.result(indicator.code, place, coverage=True)
        trace = engine.explain(methodology, dataset, indicator.code, place)
        band = by_code.get(result.band or "")
        yield ShownResult(folder.name, key, result, band, STATUS_WORDS[result.status], REASON_WORDS.get(result.reason, ""), trace)
