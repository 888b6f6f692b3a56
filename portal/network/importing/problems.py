"""What is wrong or worth knowing in a list, named by sheet, row and column, with its sentence.

An *error* keeps the list from being applied; a *warning* asks to be looked at; a *note* informs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

ERROR, WARNING, NOTE = "error", "warning", "note"
LEVELS = {ERROR: _("De corectat"), WARNING: _("De verificat"), NOTE: _("De știut")}
KEPT = 200
"""Occurrences of one problem that are kept with their places; all are counted."""
QUOTED_CHARACTERS = 80

CATALOGUE: dict[str, tuple[str, Any, Any]] = {
    # cells
    "missing": (ERROR, _("Celule obligatorii goale"), _("Lipsește „{field}”.")),
    "formula": (ERROR, _("Formule în loc de valori"), _("Celula conține o formulă. Copiați și lipiți numai valoarea.")),
    "cell_error": (ERROR, _("Erori de calcul în celule"), _("Celula conține eroarea {value}.")),
    "wrong_type": (ERROR, _("Celule de alt tip"), _("„{field}” nu poate fi {value}.")),
    "too_long": (ERROR, _("Texte prea lungi"), _("Textul are peste {most} de caractere: „{value}”.")),
    "code_shape": (ERROR, _("Coduri care nu sunt numere de 10 cifre"), _("„{value}” nu este un cod de 10 cifre.")),
    "zeros_restored": (WARNING, _("Coduri cu zerouri pierdute"), _("Codul {value} a pierdut zeroul de la început și a fost citit {read}.")),
    "control_digit": (WARNING, _("Cifre de control greșite"), _("Codul {value} se încheie cu {found}, dar cifra de control ar fi {wanted}.")),
    "no_number": (ERROR, _("Celule care nu sunt numere"), _("„{value}” nu este un număr întreg, pozitiv sau zero.")),
    "half": (ERROR, _("Jumătăți unde se cer numere întregi"), _("„{field}” este {value}, dar trebuie să fie un număr întreg.")),
    "half_class": (NOTE, _("Jumătăți de clasă"), _("„{field}” este {value}; lista oficială numără clasele simultane cu jumătăți.")),
    "county_unknown": (ERROR, _("Județe necunoscute"), _("Nu există județul „{value}”.")),
    "value_unknown": (ERROR, _("Valori care nu sunt în listă"), _("„{value}” nu este în lista de valori pentru „{field}”.")),
    "value_left_out": (WARNING, _("Valori necunoscute"), _("„{value}” nu este în lista de valori pentru „{field}” și nu se importă.")),
    "no_date": (ERROR, _("Celule care nu sunt date calendaristice"), _("„{value}” nu este o dată calendaristică (zz.ll.aaaa).")),
    "cedilla": (NOTE, _("Litere cu sedilă"), _("Literele ş și ţ au fost scrise ș și ț.")),
    # rows
    "merged": (WARNING, _("Celule unite"), _("Celulele {value} sunt unite: numai prima își păstrează conținutul.")),
    "lone_text": (NOTE, _("Rânduri cu un singur text"), _("Rândul are un singur text („{value}”) și nu a fost citit.")),
    "not_filled": (NOTE, _("Rânduri necompletate"), _("Rândul conține numai unitatea, fără clasă.")),
    "total_row": (NOTE, _("Rânduri de total"), _("Rând de total; nu se adună cu celelalte.")),
    "duplicate_row": (WARNING, _("Rânduri identice"), _("Rândul repetă întocmai rândul {first}; a fost luat o singură dată.")),
    "duplicate_row_added": (WARNING, _("Rânduri identice"), _("Rândul repetă întocmai rândul {first}; elevii au fost adunați de două ori.")),
    "duplicate_code": (ERROR, _("Coduri care se repetă"), _("Codul {value} apare și în rândul {first}, cu alt conținut.")),
    "closed": (NOTE, _("Unități închise"), _("Unitatea „{value}” are data închiderii {date} și nu se importă.")),
    # the tree
    "school_unknown": (ERROR, _("Structuri fără școală"), _("Școala cu codul {value} nu este în fișier și nici în rețea.")),
    "status_contradicts": (WARNING, _("Statut care nu se potrivește cu codurile"), _("Statutul este {value}, dar după coduri unitatea este {read}.")),
    "county_of_school": (ERROR, _("Unitate și școală din județe diferite"), _("Unitatea este în județul {value}, iar școala ei în județul {read}.")),
    "county_of_code": (WARNING, _("Coduri date de alt județ"), _("Codul {value} este al județului {read}, iar rândul este din județul {county}.")),
    "other_county": (ERROR, _("Rânduri din alt județ"), _("„{value}” este din județul {county}. Puteți importa numai: {scope}.")),
    "unit_unknown": (ERROR, _("Unități care nu sunt în rețea"), _("Nicio unitate din rețea nu are codul {value}.")),
    "unit_closed": (ERROR, _("Unități închise în rețea"), _("Unitatea {value} este închisă în rețea.")),
    "other_year": (ERROR, _("Alt an școlar"), _("Rândul este din anul școlar {value}, iar importul este pentru {year}.")),
    "many_pupils": (WARNING, _("Clase neobișnuit de mari"), _("Clasa „{value}” are {pupils} elevi.")),
    "no_grade": (NOTE, _("Clase fără an de studiu"), _("Clasa „{value}” nu are an de studiu: fie este simultană, fie trebuie completat.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One occurrence. ``row`` and ``column`` as the spreadsheet shows them; a column is empty where the whole row is meant."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """``Export!B12``, ``B12`` or the row alone."""
        cell = f"{self.column}{self.row}" if self.column else str(self.row)
        return f"{self.sheet}!{cell}" if self.sheet and self.column else cell

    @property
    def sentence(self) -> Any:
        named = {"field": _(self.params["field"])} if "field" in self.params else {}
        return format_lazy(CATALOGUE[self.code][2], **self.params | named)


def level_of(code: str) -> str:
    return CATALOGUE[code][0]


@dataclass(slots=True)
class Problems:
    """Collects problems: counts all, keeps the first of each kind."""

    sheet: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Problem] = field(default_factory=list)

    def add(self, code: str, row: int = 0, column: str = "", **params: object) -> None:
        self.counts[code] += 1
        if self.counts[code] <= KEPT:
            shown = {key: quoted(value) for key, value in params.items()}
            self.kept.append(Problem(code, self.sheet, row, column, shown))

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.kept)

    def many(self, level: str) -> int:
        """How many problems of a level there are."""
        return sum(many for code, many in self.counts.items() if level_of(code) == level)

    def as_data(self) -> list[dict[str, Any]]:
        """For storage: one entry a kind, errors first."""
        order = list(LEVELS)
        codes = sorted(self.counts, key=lambda code: (order.index(level_of(code)), list(CATALOGUE).index(code)))
        return [{"code": code, "many": self.counts[code], "found": [_stored(found) for found in self.kept if found.code == code]} for code in codes]


def _stored(problem: Problem) -> dict[str, Any]:
    return {"sheet": problem.sheet, "row": problem.row, "column": problem.column, "params": problem.params}


def quoted(value: object) -> str:
    """A value as a sentence shows it: shortened, translated words as they are."""
    text = str(value)
    return text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
