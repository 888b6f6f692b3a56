"""Which tables are exported under a methodology, and the columns of each: the same for every place and every format.

Codes of columns never collide: in wide tables facts of the product hold a dot after a word of its own (``unit.code``), questions have their
plain code, indicators theirs in capitals (``A.ROM.4``, ``A.ROM.4.status``), counts begin with ``n.`` (``n.ethnicity.roma``) or ``blank.``.
Long tables (one row a figure or an answer) hold no questions as columns, and have plain words.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from engine.methodology import Field, Indicator, Methodology, Step
from exports import counts
from exports.columns import Column, Layout
from exports.wording import BLANKS, MEASURES, choices_of, counted_text, local
from portal.collection.models import CLASS, Exemption
from portal.network.models import Level
from portal.rounds.selectors import REASON_WORDS, STATUS_WORDS
from portal.ui.status import WORDS

UNIT = Level.UNIT.value
UNITS, CLASSES, INDICATORS, ITEMS, ANSWERS = "unitati", "clase", "indicatori", "elemente", "raspunsuri"
CELL_TYPES = {"decimal": "number", "multichoice": "choices", "textarea": "text", "place": "text", "number": "integer"}
"""Types of questions that are written as another type of cell."""
PLACE_STATES = ("not_started", "in_progress", "complete", "finalised", "reopened", "blocked", "exempt")
CLASS_STATES = ("not_started", "in_progress", "submitted", "returned")
EXTENDED_STATES = ("optional", "requested", "finalised")


def layouts_of(methodology: Methodology, attributes: Sequence[str]) -> dict[str, Layout]:
    """Every table by code. ``attributes``: what the network says of units beyond the questions of the form."""
    tables = [
        Layout(UNITS, _("Unități"), _("o unitate"), (*place_columns(), *_network(attributes), *_unit_facts(), *_unit_content(methodology))),
        Layout(CLASSES, _("Clase"), _("o clasă"), (*place_columns(), *_class_content(methodology))),
        *(_items_of_step(methodology, step) for step in repeating_steps(methodology)),
        Layout(INDICATORS, _("Indicatori"), _("un indicator la un loc"), (*place_columns(), *_indicator_columns(methodology))),
        Layout(ITEMS, _("Din ce vin indicatorii"), _("o clasă sau o clădire care a dat un indicator"), _item_columns(methodology)),
        Layout(ANSWERS, _("Răspunsuri"), _("un răspuns"), (*place_columns(), *_answer_columns(methodology))),
    ]
    return {table.code: table for table in tables}


def repeating_steps(methodology: Methodology) -> list[Step]:
    """One step for each level of things that a unit lists (buildings)."""
    found: dict[str, Step] = {}
    for form in methodology.forms:
        for step in form.steps:
            if step.repeat and form.level == UNIT:
                found.setdefault(step.repeat, step)
    return list(found.values())


def local_level(methodology: Methodology, level: str) -> str:
    return local(methodology.levels[level].label) if level in methodology.levels else level


def _states(codes: Sequence[str]) -> dict[str, str]:
    return {code: str(WORDS[code][1]) for code in codes}


# ---- facts of the product ----------------------------------------------------------------------------------


def place_columns() -> tuple[Column, ...]:
    about = _("Unitate")
    return (
        Column("county.code", _("Județ"), about=about),
        Column("school.code", _("Cod școală PJ"), about=about),
        Column("school.name", _("Școala PJ"), about=about),
        Column("unit.code", _("Cod unitate"), about=about),
        Column("unit.name", _("Unitatea"), about=about),
    )


def _network(attributes: Sequence[str]) -> list[Column]:
    return [Column(f"network.{code}", _("Rețea: %(name)s") % {"name": code}, "text", _("Unitate")) for code in attributes]


def _unit_facts() -> tuple[Column, ...]:
    about = _("Unitate")
    return (
        Column("unit.state", _("Starea"), "choice", about, choices=_states(PLACE_STATES)),
        Column("unit.extended", _("Monitorizarea extinsă"), "choice", about, choices=_states(EXTENDED_STATES)),
        Column("unit.finalised_at", _("Finalizat la"), "moment", about),
        Column("unit.result", _("Numărul înghețării"), "integer", about, meaning=_("Gol: cifrele nu sunt înghețate și se pot schimba.")),
        Column("unit.exemption", _("Motivul exceptării"), "choice", about, choices={code: str(word) for code, word in Exemption.Reason.choices}),
        Column("unit.exemption_text", _("Explicația exceptării"), "text", about),
        Column("unit.classes", _("Clase"), "integer", about, _("clase")),
        Column("unit.classes_submitted", _("Tabele trimise"), "integer", about, _("tabele")),
        Column("unit.pupils", _("Elevi (din tabelele trimise, altfel declarați)"), "integer", about, _("elevi")),
    )


def _class_content(methodology: Methodology) -> list[Column]:
    about = local_level(methodology, CLASS)
    own = [
        Column("class.code", _("Cod clasă"), about=about, meaning=_("Unic în unitate.")),
        Column("class.name", _("Clasa"), about=about),
        Column("class.state", _("Starea tabelului"), "choice", about, choices=_states(CLASS_STATES)),
        Column("class.submitted_at", _("Trimis la"), "moment", about),
        Column("class.rows", _("Rânduri în tabel"), "integer", about, _("elevi"), meaning=_("Gol: tabelul nu a fost trimis.")),
    ]
    return own + _questions(methodology, CLASS) + _counts(methodology, about)


# ---- forms -------------------------------------------------------------------------------------------------


def _unit_content(methodology: Methodology) -> list[Column]:
    about = local_level(methodology, UNIT)
    indicators = [i for i in methodology.indicators.values() if i.level == UNIT]
    shown = [column for indicator in indicators for column in _wide(methodology, indicator, about)]
    return [*_questions(methodology, UNIT), *shown, *_counts(methodology, about)]


def _questions(methodology: Methodology, level: str) -> list[Column]:
    about = local_level(methodology, level)
    return [_question(methodology, field, about) for field in methodology.fields.get(level, {}).values()]


def _question(methodology: Methodology, field: Field, about: str) -> Column:
    choices = choices_of(methodology, field) if field.choices else None
    section = next((local(section.label) for section in methodology.sections if section.code == field.section), "")
    return Column(field.code, local(field.label), CELL_TYPES.get(field.type, field.type), about, choices=choices, meaning=section)


def _items_of_step(methodology: Methodology, step: Step) -> Layout:
    columns = (*place_columns(), *_questions(methodology, step.repeat))
    return Layout(step.repeat, local(step.title), local_level(methodology, step.repeat), columns)


def _counts(methodology: Methodology, about: str) -> list[Column]:
    found = []
    for table in counts.tables_of(methodology):
        for field in counts.counted_fields(methodology, table):
            for value in counts.values_of(methodology, field) or []:
                label = f"{local(field.label)}: {counted_text(methodology, field, value)}"
                found.append(Column(f"n.{field.code}.{value}", label, "integer", about, _("elevi")))
            label = _("%(column)s: fără răspuns") % {"column": local(field.label)}
            found.append(Column(f"blank.{field.code}", label, "integer", about, _("elevi")))
    return found


# ---- indicators --------------------------------------------------------------------------------------------


def _wide(methodology: Methodology, indicator: Indicator, about: str) -> tuple[Column, ...]:
    name = f"{indicator.code} {local(indicator.label)}"
    value = _figure(methodology, indicator.code, name, about, indicator.format, local(indicator.in_words))
    status = Column(f"{indicator.code}.status", _("%(code)s: starea") % {"code": indicator.code}, "choice", about, choices=_words(STATUS_WORDS))
    if indicator.scale is None:
        return value, status
    choices = {band.code: local(band.label) for band in indicator.scale.bands}
    return value, status, Column(f"{indicator.code}.band", _("%(code)s: intervalul") % {"code": indicator.code}, "choice", about, choices=choices)


def _figure(methodology: Methodology, code: str, label: str, about: str, format_: str, meaning: str) -> Column:
    places = methodology.rounding.places.get(format_, 2)
    return Column(code, label, "integer" if format_ == "whole" else "number", about, str(MEASURES.get(format_, "")), None, meaning, places)


def _indicator_columns(methodology: Methodology) -> tuple[Column, ...]:
    about = _("Indicator")
    levels = {code: local(level.label) for code, level in methodology.levels.items()}
    return (
        Column("level", _("Nivelul"), "choice", about, choices=levels),
        Column("indicator", _("Indicator"), about=about),
        Column("criterion", _("Criteriul"), "choice", about, choices={code: local(label) for code, label in methodology.criteria.items()}),
        Column("section", _("Monitorizarea"), "choice", about, choices=_sections(methodology)),
        Column("value", _("Valoarea"), "number", about, meaning=_shares()),
        Column("measure", _("Unitatea de măsură"), about=about),
        Column("status", _("Starea"), "choice", about, choices=_words(STATUS_WORDS)),
        Column("reason", _("Motivul"), "choice", about, choices=_words(REASON_WORDS)),
        Column("band", _("Intervalul"), "choice", about, choices=band_labels(methodology)),
        Column("provisional", _("Provizoriu"), "boolean", about, meaning=_("Depinde de locuri care nu sunt încă finale.")),
        Column("unit.result", _("Numărul înghețării"), "integer", about, meaning=_("Gol: cifrele nu sunt înghețate și se pot schimba.")),
        Column("methodology", _("Metodologia"), about=about),
    )


def band_labels(methodology: Methodology) -> dict[str, str]:
    """The intervals of all scales."""
    return {band.code: local(band.label) for scale in methodology.scales.values() for band in scale.bands}


def _shares() -> str:
    return _("Ponderile sunt în procente: 25,74 înseamnă 25,74 %.")


def _item_columns(methodology: Methodology) -> tuple[Column, ...]:
    about, shares = _("Element"), _shares()
    levels = {code: local(level.label) for code, level in methodology.levels.items()}
    return (
        Column("unit.code", _("Cod unitate"), about=about),
        Column("indicator", _("Indicator"), about=about),
        Column("level", _("Ce este"), "choice", about, choices=levels),
        Column("item", _("Cod clasă sau clădire"), about=about),
        Column("value", _("Valoarea"), "number", about, meaning=shares),
        Column("own", _("Ponderea proprie"), "number", about, meaning=shares),
        Column("reference", _("Termenul de comparație"), "number", about, meaning=shares),
        Column("status", _("Starea"), "choice", about, choices=_words(STATUS_WORDS)),
    )


def _answer_columns(methodology: Methodology) -> tuple[Column, ...]:
    about = _("Răspuns")
    levels = {code: local(level.label) for code, level in methodology.levels.items()}
    statuses = {"ok": _("răspuns"), **_words(BLANKS)}
    return (
        Column("level", _("Nivelul"), "choice", about, choices=levels),
        Column("item", _("Clădirea"), about=about, meaning=_("Gol: întrebarea este despre unitate.")),
        Column("section", _("Monitorizarea"), "choice", about, choices=_sections(methodology)),
        Column("question", _("Cod întrebare"), about=about),
        Column("label", _("Întrebarea"), about=about),
        Column("answer", _("Răspunsul"), about=about, meaning=_("Valorile listelor sunt scrise cu etichetele lor.")),
        Column("code", _("Codul răspunsului"), about=about, meaning=_("Numai la întrebările cu listă.")),
        Column("number", _("Răspunsul ca număr"), "number", about),
        Column("status", _("Starea"), "choice", about, choices=statuses),
    )


def _sections(methodology: Methodology) -> dict[str, str]:
    return {section.code: local(section.label) for section in methodology.sections}


def _words(words: object) -> dict[str, str]:
    return {code: str(word) for code, word in words.items()}  # type: ignore[attr-defined]
