"""Everything that a unit declared, as blocks: its answers step by step, its buildings, its classes, how many rows have each value."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from django.utils.translation import gettext as _

from engine.forms import like
from engine.methodology import Field, Step
from exports.answers import Answered
from exports.counts import Counted
from exports.report_tree import Block, Cell, Facts, Head, Table, absent, text
from exports.unit_subject import UNIT, Subject
from exports.wording import BLANKS, answer_text, counted_text, figure_text, local, marks_of, named, why_absent
from portal.collection.models import CLASS
from portal.ui.templatetags import romanian

ACROSS, COUNTED_ACROSS = 7, 5
"""Columns of one table beside the first, of answers and of counts; more go on in a further table."""
T = TypeVar("T")


def everything(subject: Subject, printed: Container[str]) -> Iterator[Block]:
    """``printed``: codes of the indicators that the sections before have shown."""
    for section in subject.methodology.sections:
        yield from steps(subject, lambda step: True, section.code, suffix=local(section.label))
    yield from parameters(subject)
    yield from counts(subject)
    yield from other_indicators(subject, printed)


# ---- answers -----------------------------------------------------------------------------------------------


def steps(subject: Subject, wanted: Callable[[Step], bool], section: str, suffix: str = "") -> Iterator[Block]:
    """The answers of steps, as far as their questions belong to a section; things that a unit lists as a table."""
    form = next(form for form in subject.methodology.forms if form.level == UNIT)
    for step in form.steps:
        fields = [field for field in step.fields if field.section == section]
        if fields and wanted(step):
            title = like(f"{local(step.title)} – {suffix}", suffix) if suffix else local(step.title)
            yield from _repeated(subject, step, fields, title) if step.repeat else _facts(subject, fields, title)


def _facts(subject: Subject, fields: list[Field], title: str) -> Iterator[Block]:
    codes = {field.code for field in fields}
    listed = [one for one in subject.answered(UNIT) if one.field.code in codes]
    if all(one.reason(subject.place) == "not_collected" for one in listed):
        yield Facts((), title, _("Nu s-a completat."))
    else:
        yield Facts(tuple((local(one.field.label), answer_cell(subject, one, subject.place)) for one in listed), title)


def answer_cell(subject: Subject, one: Answered, place: int) -> Cell:
    """An answer, or why there is none."""
    value = one.values[place]
    if value is None or value == () or value == "":
        return absent(str(BLANKS.get(one.reason(place), BLANKS["not_answered"])))
    return Cell(answer_text(subject.methodology, one.field, value), number=isinstance(value, (int, float)) and not isinstance(value, bool))


def shown(subject: Subject, one: Answered, place: int) -> str:
    return answer_cell(subject, one, place).text


def _repeated(subject: Subject, step: Step, fields: list[Field], title: str) -> Iterator[Block]:
    """What a unit lists (buildings): one row a thing, its key first."""
    listed = {one.field.code: one for one in subject.answered(step.repeat)}
    key = listed[step.key]
    columns = [listed[field.code] for field in fields if field.code != step.key]
    places = subject.inside(step.repeat)
    if not places:
        yield Facts((), title, _("Nu s-a completat."))
        return
    names = [text(shown(subject, key, place)) for place in places]
    yield from _tables(subject, title, local(key.field.label), names, columns, places)


def parameters(subject: Subject) -> Iterator[Block]:
    """The parameters of every class; its name, which is one of them, begins the rows."""
    places = [place for place, _row in subject.classes]
    names = [row.name for _place, row in subject.classes]
    columns = [one for one in subject.answered(CLASS) if [one.values[place] for place in places] != names]
    yield from _tables(subject, _("Clasele"), _("Clasa"), [text(name) for name in names], columns, places)


def _tables(subject: Subject, title: str, first: str, names: list[Cell], columns: Sequence[Answered], places: list[int]) -> Iterator[Block]:
    for number, part in enumerate(chunks(columns, ACROSS)):
        head = (Head(first, share=14), *(Head(local(one.field.label), share=12) for one in part))
        rows = tuple((name, *(answer_cell(subject, one, place) for one in part)) for name, place in zip(names, places, strict=True))
        yield Table(title if number == 0 else _("%(title)s, continuare") % {"title": title}, head, rows)


def chunks(listed: Sequence[T], size: int) -> list[Sequence[T]]:
    """Parts of at most ``size``, as even as they can be."""
    parts = -(-len(listed) // size) or 1
    edges = [round(len(listed) * number / parts) for number in range(parts + 1)]
    return [listed[start:end] for start, end in pairwise(edges)]


# ---- counts ------------------------------------------------------------------------------------------------


def counts(subject: Subject) -> Iterator[Block]:
    """How many pupils have each value that occurs in each column of the class table, by class and in all."""
    if not subject.classes:
        return
    for number, part in enumerate(chunks(subject.counted, COUNTED_ACROSS)):
        places = [place for place, _row in subject.classes]
        whole = [_spread(subject, one, places, strong=True) for one in part]
        rows = [(text(row.name), *(_spread(subject, one, [place]) for one in part)) for place, row in subject.classes]
        rows.append((text(_("Unitatea"), strong=True), *whole))
        # What needs more words gets more of the width.
        shares = [12 + min(len(cell.text), 160) // 5 for cell in whole]
        head = (Head(_("Clasa"), share=20), *(Head(local(one.field.label), share=share) for one, share in zip(part, shares, strict=True)))
        title = _("Câți elevi au fiecare valoare")
        yield Table(title if number == 0 else _("%(title)s, continuare") % {"title": title}, head, tuple(rows))


def _spread(subject: Subject, one: Counted, places: list[int], strong: bool = False) -> Cell:
    """„română: 13; romă: 4”, over some classes; values that nobody has are left out."""
    there = [place for place in places if one.received[place]]
    if not there:
        return absent(_("tabel netrimis"))
    totals, blank = one.many[there].sum(axis=0).tolist(), int(one.blank[there].sum())
    values = [(counted_text(subject.methodology, one.field, value), many) for value, many in zip(one.values, totals, strict=True) if many]
    parts = [f"{said}:{romanian.NO_BREAK_SPACE}{romanian.number(many, 0)}" for said, many in values]
    parts += [f"{_('fără răspuns')}:{romanian.NO_BREAK_SPACE}{romanian.number(blank, 0)}"] if blank else []
    return Cell(like("; ".join(parts) or "0", *(said for said, _many in values)), strong=strong)


# ---- indicators --------------------------------------------------------------------------------------------


def other_indicators(subject: Subject, printed: Container[str]) -> Iterator[Block]:
    """The published figures that no section has printed, with the reason of every blank."""
    rows = []
    for code, figure in subject.published.figures.items():
        indicator = subject.methodology.indicators[code]
        value = figure_text(subject.methodology, figure["value"], indicator.format)
        cell = absent(why_absent(figure)) if figure["value"] is None else Cell(value, marks=marks_of(figure))
        if code not in printed:
            rows.append((text(named(code, indicator.label)), cell))
    head = (Head(_("Indicator"), share=58), Head(_("Valoarea sau de ce lipsește"), share=42))
    if rows:
        yield Table(_("Ceilalți indicatori"), head, tuple(rows))
