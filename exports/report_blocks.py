"""The blocks that a methodology may ask for in a report: steps of the form, indicators, a matrix of them, the places behind them, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from engine.methodology import Indicator, Scale
from exports import charts, unit_data
from exports.report_tree import Block, Cell, Head, Paragraph, Table, absent, text
from exports.unit_subject import Subject
from exports.wording import SEVERITIES, band_of, figure_text, lined, local, marks_of, named, why_absent
from portal.collection.comparing import YearBefore
from portal.collection.models import CLASS
from portal.rounds.selectors import bands
from portal.ui.templatetags import romanian

DEROGATION = "derogation"
"""The list of choices whose values, but for the first, are derogations."""
MOST_OF_SCALE = {"percent": Fraction(100), "points": Fraction(100)}


# ---- figures -----------------------------------------------------------------------------------------------


def figure_cell(subject: Subject, indicator: Indicator, figure: Mapping[str, Any], with_band: bool = False) -> Cell:
    """A published figure, or why there is none."""
    if figure["value"] is None:
        return absent(why_absent(figure))
    shown = figure_text(subject.methodology, figure["value"], indicator.format)
    return Cell(shown, number=True, band=band_of(indicator, figure) if with_band else None, marks=marks_of(figure))


def indicators(subject: Subject, codes: list[str]) -> Iterator[Block]:
    """A table of some indicators; a drawing of those that are scores."""
    known = [subject.methodology.indicators[code] for code in codes if code in subject.published.figures]
    for indicator in known:
        figure = subject.published.figures[indicator.code]
        if indicator.scale is not None and indicator.tags.get("kind") == "score" and figure["value"] is not None:
            shown = figure_text(subject.methodology, figure["value"], indicator.format)
            yield charts.scale_chart(indicator.scale, Fraction(str(figure["value"])), shown, most_of(subject, indicator))
    yield indicator_table(subject, known, _("Indicatori"), titled=False)


def most_of(subject: Subject, indicator: Indicator) -> Fraction:
    """Where a scale ends: the highest value there can be, as far as it is known."""
    known = MOST_OF_SCALE.get(indicator.format) or Fraction(str(subject.declared.get("score", {}).get("maximum", 10)))
    limits = [band.limit for band in indicator.scale.bands if band.limit is not None] if indicator.scale is not None else []
    return max(known, *limits) if limits else known


def indicator_table(subject: Subject, listed: list[Indicator], caption: str, titled: bool = True) -> Table:
    head = (
        Head(_("Indicator"), share=42),
        Head(_("Valoarea"), number=True, share=14),
        Head(_("Intervalul"), share=16),
        Head(_("Cum se calculează"), share=34),
    )
    rows = []
    for indicator in listed:
        figure = subject.published.figures[indicator.code]
        band = band_of(indicator, figure)
        value = figure_cell(subject, indicator, figure)
        rows.append((
            text(named(indicator.code, indicator.label)), value, Cell("", band=band),
            Cell(local(indicator.in_words), muted=True),
        ))  # fmt: skip
    return Table(caption, head, tuple(rows), titled)


def against_last_year(subject: Subject, before: YearBefore) -> Iterator[Block]:
    """Every indicator that last year had as well: both figures with their difference, or why its series is not compared."""
    head = (
        Head(_("Indicator"), share=44), Head(_("Anul trecut"), number=True, share=12), Head(_("Anul acesta"), number=True, share=16),
        Head(_("Diferența"), share=28),
    )  # fmt: skip
    rows = []
    for code, compared in before.compared.items():
        indicator = subject.methodology.indicators[code]
        now = figure_text(subject.methodology, subject.published.figures[code]["value"], indicator.format)
        then = romanian.figure(compared.value, indicator.format)
        said = absent(compared.break_words) if compared.broken else text(romanian.difference(compared.difference, indicator.format))
        rows.append((text(named(code, indicator.label)), Cell(then, number=True), Cell(now, number=True), said))
    yield Table(_("Față de anul trecut"), head, tuple(rows), titled=False)


def crossed(subject: Subject, declared: Mapping[str, str]) -> dict[tuple[str, str], Indicator]:
    """The indicators of a matrix, by the two tags that cross in it."""
    found: dict[tuple[str, str], Indicator] = {}
    for code in subject.published.figures:
        indicator = subject.methodology.indicators[code]
        at = (indicator.tags.get(declared["rows"], ""), indicator.tags.get(declared["columns"], ""))
        if all(at) and indicator.section == declared.get("section", indicator.section):
            found[at] = indicator
    return found


def matrix(subject: Subject, declared: Mapping[str, str]) -> Iterator[Block]:
    """Indicators crossed by two of their tags."""
    found = crossed(subject, declared)
    lines, columns = list(dict.fromkeys(row for row, _c in found)), sorted({column for _r, column in found})
    if not found:
        return
    yield from _bands_of(subject, list(found.values()))
    heads = [Head(_common_words([found[row, column] for row in lines if (row, column) in found]) or column, number=True) for column in columns]
    rows = []
    for line in lines:
        first = next(found[line, column] for column in columns if (line, column) in found)
        cells = [_crossing(subject, found.get((line, column))) for column in columns]
        rows.append((text(_row_words(subject, line, first)), *cells))
    yield Table(_("Indicatorii de bază, pe grupuri"), (Head(_("Grupul"), share=18), *heads), tuple(rows), titled=False)


def _crossing(subject: Subject, indicator: Indicator | None) -> Cell:
    if indicator is None:
        return Cell("")
    return figure_cell(subject, indicator, subject.published.figures[indicator.code], with_band=True)


def _row_words(subject: Subject, line: str, indicator: Indicator) -> str:
    group = subject.methodology.groups.get(line)
    return local(group.label) if group is not None else f"{line} ({indicator.criterion})"


def _common_words(listed: list[Indicator]) -> str:
    """What the labels of a column have in common after their colon: „clasă față de clasele paralele”."""
    ends = {local(indicator.label).rpartition(": ")[2] for indicator in listed}
    return ends.pop() if len(ends) == 1 else ""


def _bands_of(subject: Subject, listed: list[Indicator]) -> Iterator[Block]:
    """How the scored ones of a matrix spread over the intervals of their scale."""
    scale = next((indicator.scale for indicator in listed if indicator.scale is not None), None)
    if scale is None:
        return
    scored = [subject.published.figures[indicator.code] for indicator in listed if indicator.scale is scale]
    counts = [sum(1 for figure in scored if figure["band"] == band.code) for band in scale.bands]
    yield charts.bands_chart(scale, counts, len(scored) - sum(counts))


# ---- the places behind the figures -------------------------------------------------------------------------


def top_items(subject: Subject, most: int) -> Iterator[Block]:
    """For each indicator of the first section that is measured at lower places, the places that stand out most, where there is a signal."""
    required = next(section.code for section in subject.methodology.sections if section.required)
    rows = []
    for code, figure in subject.published.figures.items():
        indicator = subject.methodology.indicators[code]
        if indicator.items is not None and indicator.section == required and indicator.scale is not None:
            rows += [_item_row(subject, indicator, item) for item in _worst(indicator, figure.get("items", ()), most)]
    head = (
        Head(_("Indicator"), share=34), Head(_("Clasa sau clădirea"), share=18), Head(_("Ponderea proprie"), number=True, share=13),
        Head(_("Comparată cu"), number=True, share=13), Head(_("Scor"), number=True, share=9), Head(_("Intervalul"), share=16),
    )  # fmt: skip
    if rows:
        yield Table(_("Cel mult %(most)s pentru fiecare indicator") % {"most": most}, head, tuple(rows), titled=False)
    else:
        yield Paragraph(_("Nicio clasă și nicio clădire nu dă vreun semnal."))


def _worst(indicator: Indicator, items: Any, most: int) -> list[Mapping[str, Any]]:
    """Places beyond the interval that means no signal, the worst first."""
    bands = [(item, _band_at(indicator.scale, item["value"])) for item in items if item["value"] is not None]
    telling = [item for item, band in bands if band is not None and band.step > 1]
    falling = indicator.scale is None or indicator.scale.direction != "lower_is_worse"
    return sorted(telling, key=lambda item: item["value"], reverse=falling)[:most]


def _item_row(subject: Subject, indicator: Indicator, item: Mapping[str, Any]) -> tuple[Cell, ...]:
    assert indicator.items is not None
    value, own, reference = (
        Cell(figure_text(subject.methodology, item[name], format_), number=True)
        for name, format_ in zip(("value", "sub", "ref"), indicator.items.formats, strict=True)
    )
    band = _band_at(indicator.scale, item["value"])
    place = text(subject.name_of(indicator.items.level, item["item"]))
    return text(named(indicator.code, indicator.label)), place, own, reference, value, Cell("", band=band)


def _band_at(scale: Scale | None, value: float) -> Any:
    """The interval of a displayed number."""
    if scale is None:
        return None
    exact = Fraction(str(value))
    for band, shown in zip(scale.bands, bands(scale), strict=True):
        if band.limit is None or exact < band.limit or (band.inclusive and exact == band.limit):
            return shown
    return None


# ---- forms, sections, lists --------------------------------------------------------------------------------


def form_steps(subject: Subject, codes: list[str]) -> Iterator[Block]:
    """The answers of some steps of the unit's form."""
    yield from unit_data.steps(subject, lambda step: step.code in codes, _required(subject))


def _required(subject: Subject) -> str:
    return next(section.code for section in subject.methodology.sections if section.required)


def whole_section(subject: Subject, code: str) -> Iterator[Block]:
    """Indicators and answers of a section of the monitoring."""
    yield indicator_table(subject, of_section(subject, code), _("Indicatori"))
    yield from unit_data.steps(subject, lambda step: True, code)


def of_section(subject: Subject, code: str) -> list[Indicator]:
    published = (subject.methodology.indicators[one] for one in subject.published.figures)
    return [indicator for indicator in published if indicator.section == code]


def listed(subject: Subject, name: str) -> Iterator[Block]:
    """A list that the product knows by name."""
    yield from LISTS[name](subject) if name in LISTS else ()


def _derogations(subject: Subject) -> Iterator[Block]:
    """Classes that have a derogation, with its kind."""
    fields = [one for one in subject.answered(CLASS) if one.field.choices == DEROGATION]
    rows = []
    for one in fields:
        none = subject.methodology.choices[one.field.choices].choices[0].code
        for place, row in subject.classes:
            if one.values[place] not in (None, none):
                rows.append((text(row.name), text(unit_data.shown(subject, one, place)), Cell(str(row.pupils), number=True)))
    if rows:
        yield Table(
            _("Clase cu derogare"), (Head(_("Clasa")), Head(_("Derogarea"), share=24), Head(_("Elevi"), number=True, share=6)), tuple(rows), False
        )
    else:
        yield Paragraph(_("Nicio clasă nu are derogare."))


def _explanations(subject: Subject) -> Iterator[Block]:
    """What the checks said, and the reasons that were written."""
    rows = []
    for fired in subject.published.checks:
        check = subject.methodology.checks[fired["code"]]
        where = subject.name_of(fired["level"], fired["where"])
        reason = lined(fired["explanation"])
        rows.append((text(named(check.code, check.message)), text(where), text(str(SEVERITIES[check.severity])), _reason(check.severity, reason)))
    head = (Head(_("Verificarea"), share=36), Head(_("Unde"), share=18), Head(_("Ce cere"), share=12), Head(_("Explicația unității"), share=34))
    if rows:
        yield Table(_("Verificări și explicații"), head, tuple(rows))
    else:
        yield Paragraph(_("Nicio verificare nu a cerut atenție."))


def _reason(severity: str, reason: str) -> Cell:
    return text(reason) if reason else absent(_("fără explicație") if severity == "explain" else _("nu se cere"))


LISTS: dict[str, Callable[[Subject], Iterator[Block]]] = {"derogations": _derogations, "explanations": _explanations}
