"""What a set of exported tables says of itself: where, when and from what it was made, what was received, what blanks mean, every column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import pandas as pd
from django.utils.translation import gettext as _

from exports import coverage
from exports.columns import TYPES, Column, Layout
from exports.datasets import framed
from exports.layouts import INDICATORS, ITEMS
from exports.scope import Scope
from exports.wording import local, long_moment
from portal.ui.templatetags import romanian

ABOUT, DICTIONARY = "despre", "dictionar"


def about_layout() -> Layout:
    return Layout(ABOUT, _("Despre"), _("o informație"), (Column("name", _("Ce")), Column("value", _("Valoare"))))


def dictionary_layout() -> Layout:
    columns = (
        Column("table", _("Tabelul"), width=18),
        Column("code", _("Codul coloanei")),
        Column("label", _("Eticheta"), width=48),
        Column("type", _("Tipul")),
        Column("about", _("Despre ce este")),
        Column("measure", _("Unitatea de măsură")),
        Column("choices", _("Valorile listei: cod = etichetă"), width=60),
        Column("meaning", _("Înțelesul"), width=48),
        Column("missing", _("Ce înseamnă o celulă goală"), width=48),
    )
    return Layout(DICTIONARY, _("Dicționar"), _("o coloană"), columns)


def dictionary(layouts: Mapping[str, Layout]) -> tuple[Layout, pd.DataFrame]:
    """Every column of every table."""
    layout = dictionary_layout()
    rows = [_described(table, column) for table in layouts.values() for column in table.columns]
    return layout, framed(layout, {column.code: [row[place] for row in rows] for place, column in enumerate(layout.columns)})


def _described(table: Layout, column: Column) -> tuple[str | None, ...]:
    choices = "; ".join(f"{code} = {label}" for code, label in (column.choices or {}).items())
    words = (table.title, column.code, column.label, str(TYPES[column.type]), column.about, column.measure, choices, column.meaning)
    return (*(word or None for word in words), missing(table, column))


def missing(table: Layout, column: Column) -> str:
    """What a blank means in a column."""
    if column.code.startswith(("n.", "blank.")) or column.code == "class.rows":
        return _("Tabelul clasei nu a fost trimis. Zero se scrie 0.")
    if column.code[0].isupper() or (table.code in (INDICATORS, ITEMS) and column.type == "number"):
        return _("Nu există valoare; coloanele „starea” și „motivul” spun de ce.")
    if "." in column.code or table.code in (INDICATORS, ITEMS):
        return _("Nu este cazul.")
    return _("Nu există răspuns; tabelul „Răspunsuri” spune dacă întrebarea a fost pusă.")


def about(scope: Scope, layouts: Mapping[str, Layout], made_at: datetime, written: str) -> tuple[Layout, pd.DataFrame]:
    """The first sheet. ``written``: how this format writes values, in a sentence."""
    rows = list(_about(scope, layouts, made_at, written))
    layout = about_layout()
    return layout, framed(layout, {"name": [name for name, _value in rows], "value": [value for _name, value in rows]})


def _about(scope: Scope, layouts: Mapping[str, Layout], made_at: datetime, written: str) -> Iterator[tuple[str, str | int | None]]:
    collection, methodology = scope.collection, scope.methodology
    header = methodology.declared["methodology"]
    yield _("Ce este"), _("Datele monitorizării segregării școlare, pentru analiză")
    yield _("Locul"), f"{collection.name} ({collection.code})"
    yield _("Anul școlar"), collection.round.school_year
    yield _("Campania"), str(collection.round.get_state_display())
    yield _("Făcut la"), long_moment(made_at)
    yield _("Filtre"), _("numai unitățile finalizate") if scope.final_only else _("toate unitățile așteptate în campanie")
    yield _("Comisia"), local(header.get("commission", {}).get("name", {}))
    yield _("Metodologia"), local(methodology.title)
    yield _("Codul și versiunea metodologiei"), f"{methodology.code}, {methodology.version}"
    yield _("Amprenta metodologiei"), methodology.digest
    yield from coverage.sentences(collection)
    yield from _definitions(header.get("publication") or {}, written)
    if INDICATORS not in layouts:
        yield _("Tabele lungi"), _("Pentru toată țara, indicatorii pe rânduri, elementele lor și răspunsurile sunt numai în arhiva CSV.")
    for layout in [*layouts.values(), dictionary_layout()]:
        yield _("Foaia „%(title)s”") % {"title": layout.title}, _("un rând este %(row)s") % {"row": layout.row}


def _definitions(publication: Mapping[str, object], written: str) -> Iterator[tuple[str, str]]:
    yield _("Cum sunt scrise valorile"), written
    yield _("Ponderi"), _("În procente, cu două zecimale: 25,74 înseamnă 25,74 %. Rotunjite o singură dată, la sfârșit, cu jumătatea în sus.")
    yield _("Celule goale"), _("O valoare care lipsește rămâne goală; nu este niciodată zero. Motivele stau în coloanele „starea” și „motivul”.")
    yield _("Lipsesc date"), _("not_answered: o întrebare pusă nu are răspuns. not_collected: nu s-a cerut sau documentul nu a sosit.")
    yield _("Nu se aplică"), _("not_applicable: condiția indicatorului nu este îndeplinită. zero_denominator: împărțire la zero.")
    yield _("Parțial"), _("partial: valoarea există, dar o parte din clase sau clădiri nu a putut intra în ea.")
    yield _("Provizoriu"), _("Cifra depinde de alte unități ale școlii care nu sunt încă finale.")
    yield _("Elevi"), _("Nu conține rânduri de elevi: despre clase sunt numai parametri și numere pe valori.")
    cell = publication.get("min_cell")
    if cell:
        sentence = _("Cifrele mici nu sunt ascunse: este un document de lucru. La publicare se ascund numerele sub %(cell)s.")
        yield _("Numere mici"), sentence % {"cell": romanian.number(int(str(cell)), 0)}
    yield _("Cum se citește"), _("Un risc nu este un verdict.")
