"""The report of a unit as a tree: the sections that its methodology declares, then its figures beside last year's, then all its data.
Rows of class tables are never in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from engine.forms import like
from exports import report_blocks, unit_data
from exports.report_tree import Block, Note, Paragraph, Report, Section, section
from exports.unit_subject import Subject
from exports.wording import local, long_moment, short_digest
from portal.collection import completeness
from portal.collection.boards import state_of
from portal.collection.completeness import Tally
from portal.collection.models import CLASS, Collection
from portal.ui.templatetags import romanian
from portal.ui.templatetags.components import word

Blocks = Callable[[Subject, Any], Iterator[Block]]
BLOCKS: dict[str, Blocks] = {
    "form_steps": report_blocks.form_steps,
    "indicators": report_blocks.indicators,
    "matrix": report_blocks.matrix,
    "top_items": report_blocks.top_items,
    "section": report_blocks.whole_section,
    "list": report_blocks.listed,
}
"""Keys of a declared section, in the order in which they are printed."""


def unit_report(subject: Subject) -> Report:
    """Everything that is printed of a unit."""
    declared = subject.methodology.declared["reports"]["reports"]["unit"]
    printed = {code for one in declared if not _not_shown(subject, one) for code in _printed(subject, one)}
    return Report(
        kicker=_("Raportul unității"),
        title=subject.unit.name,
        commission=local(subject.declared.get("commission", {}).get("name", {})),
        facts=tuple(_facts(subject)),
        provenance=tuple(_provenance(subject)),
        running=_running(subject),
        sections=(
            *(_declared(subject, one) for one in declared),
            *_against_last_year(subject),
            section("all", _("Toate datele"), unit_data.everything(subject, printed)),
        ),
        notice=Note(_("Un risc nu este un verdict. Scorurile arată unde trebuie privit mai atent; explicațiile se cer înainte de orice concluzie.")),
        warning=_warning(subject),
    )


def _facts(subject: Subject) -> Iterator[tuple[str, str]]:
    unit = subject.unit
    above = {row.level: row for row in subject.chain[1:]}
    yield _("Cod SIIIR"), unit.code
    if "school" in above:
        yield _("Școala PJ"), f"{above['school'].name} ({above['school'].code})"
    if "county" in above:
        yield _("Județul"), above["county"].name
    yield _("Anul școlar"), unit.round.school_year
    yield _("Raportul numărul"), str(subject.published.number) if subject.frozen else _("previzualizare")
    yield _("Starea unității"), str(word(state_of(unit, unit.classes_submitted)))
    if unit.finalised_at is not None:
        yield _("Finalizat la"), long_moment(unit.finalised_at)
    yield _("Tabele de clasă"), _tables(completeness.of(unit)[CLASS])
    yield _("Clase și elevi"), f"{romanian.counted(unit.classes, _('clasă,clase'))}, {romanian.counted(unit.pupils, _('elev,elevi'))}"


def _tables(tally: Tally) -> str:
    """How many tables came, and how many of them on time: the numbers of the boards."""
    words = {"received": tally.received, "expected": tally.expected, "rate": romanian.figure(tally.rate, "percent"), "on_time": tally.on_time}
    return _("%(received)s din %(expected)s primite (%(rate)s), la timp %(on_time)s") % words


def _provenance(subject: Subject) -> Iterator[tuple[str, str]]:
    methodology, published = subject.methodology, subject.published
    title = local(methodology.title)
    yield _("Metodologia"), like(_("%(title)s, versiunea %(version)s") % {"title": title, "version": methodology.version}, title)
    yield _("Amprenta metodologiei"), published.methodology_digest
    yield _("Amprenta datelor"), published.data_digest
    yield _("Calculat la"), long_moment(published.computed_at)


def _running(subject: Subject) -> str:
    """What every page says at its foot."""
    number = _("nr. %(number)s") % {"number": subject.published.number} if subject.frozen else _("previzualizare")
    digest = short_digest(subject.published.data_digest)
    return f"{subject.unit.code} · {subject.unit.round.school_year} · {number} · {_('amprenta datelor')} {digest}"


def _warning(subject: Subject) -> str:
    if not subject.frozen:
        return _("Previzualizare: unitatea nu este finalizată, deci cifrele se pot schimba.")
    if any(figure["provisional"] for figure in subject.published.figures.values()):
        return _("Cifrele însoțite de „provizoriu” depind de alte unități ale școlii; ele se îngheață când școala este finală.")
    return ""


def _declared(subject: Subject, declared: Mapping[str, Any]) -> Section:
    """A section of the methodology's list."""
    title = local(declared["title"])
    hidden = _not_shown(subject, declared)
    if hidden:
        return section(declared["code"], title, [Paragraph(hidden)])
    blocks = [block for key, make in BLOCKS.items() if key in declared for block in make(subject, declared[key])]
    return section(declared["code"], title, blocks or [Paragraph(_("Nu este nimic de arătat."))])


def _against_last_year(subject: Subject) -> Iterator[Section]:
    before = subject.before
    if before is not None:
        title = _("Față de anul școlar %(year)s") % {"year": before.year}
        yield section("last_year", title, report_blocks.against_last_year(subject, before))


def _printed(subject: Subject, declared: Mapping[str, Any]) -> Iterator[str]:
    """Codes of the indicators that a section prints one by one."""
    yield from declared.get("indicators", ())
    if "matrix" in declared:
        yield from (indicator.code for indicator in report_blocks.crossed(subject, declared["matrix"]).values())
    if "section" in declared:
        yield from (indicator.code for indicator in report_blocks.of_section(subject, declared["section"]))


def _not_shown(subject: Subject, declared: Mapping[str, Any]) -> str:
    """Why a conditional section has nothing to show; '' where it has."""
    if declared.get("only_if") != "extended_finalised" or subject.unit.extended == Collection.Extended.FINALISED:
        return ""
    if subject.unit.extended == Collection.Extended.REQUESTED:
        return _("Cerut, neprimit.")
    return _("Nu a fost cerută. Ce s-a completat totuși se află la „Toate datele”.")
