"""Reading a file through the limited child process, and the sentences with which one is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.network.importing import limits
from portal.network.importing.workbook import Cell, Odd, Sheet, Workbook
from portal.ui.templatetags.romanian import number

ROOT = Path(__file__).resolve().parents[3]
CHILD = [sys.executable, "-m", "portal.network.importing.reader"]

SAVE_AS = _("Deschideți fișierul în programul de calcul tabelar și salvați-l ca registru Excel (.xlsx) sau ca text CSV.")
REFUSALS: dict[str, Any] = {
    "empty": _("Fișierul este gol."),
    "too_large": _("Fișierul este prea mare. Se primesc cel mult 20 MB; împărțiți-l pe județe."),
    "pdf": format_lazy("{} {}", _("Acesta este un document PDF, din care nu se pot citi tabele."), SAVE_AS),
    "image": _("Aceasta este o imagine, nu un tabel. Trimiteți fișierul din care a fost făcută."),
    "document": _("Acesta este un document de text, nu un tabel. Trimiteți un registru Excel (.xlsx) sau un text CSV."),
    "web_page": _("Aceasta este o pagină web sau un fișier XML, nu un tabel. Trimiteți un registru Excel (.xlsx) sau un text CSV."),
    "archive": _("Aceasta este o arhivă. Despachetați-o și trimiteți fișierul dinăuntru."),
    "old_workbook": format_lazy("{} {}", _("Acesta este un registru Excel în formatul vechi (.xls)."), SAVE_AS),
    "other_workbook": format_lazy("{} {}", _("Acesta este un registru în alt format (OpenDocument sau Excel binar)."), SAVE_AS),
    "password": _("Fișierul este protejat cu parolă. Salvați-l fără parolă și trimiteți-l din nou."),
    "damaged": _("Fișierul este deteriorat și nu se poate citi. Deschideți-l, salvați-l din nou și trimiteți copia."),
    "bomb": _("Conținutul fișierului este neobișnuit de mare după despachetare, așa că nu a fost deschis. Salvați doar foaia cu lista."),
    "exhausted": _("Fișierul cere prea multă memorie sau prea mult timp ca să fie citit. Salvați doar foaia cu lista, fără formatări."),
    "no_text": _("Fișierul nu este un text CSV lizibil. Salvați-l cu codarea UTF-8."),
    "quotes": _("Ghilimelele de la rândul {row} nu se închid, așa că rândurile nu se pot despărți. Corectați-le și trimiteți din nou."),
    "too_many_rows": _("Fișierul are prea multe rânduri ({rows}). Se primesc cel mult {most}; împărțiți-l, de exemplu pe județe."),
    "too_many_columns": _("Fișierul are mai mult de {most} coloane. Păstrați numai coloanele listei."),
}


class Refused(Exception):
    """A file that was not read; ``sentence`` says why and what to do."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        shown = {name: number(value, 0) if isinstance(value, int) else value for name, value in params.items()}
        self.sentence = format_lazy(REFUSALS[code], **shown) if shown else REFUSALS[code]


def read(content: bytes) -> Workbook:
    """The cells of a file. Raises ``Refused``."""
    if len(content) > limits.FILE_BYTES:
        raise Refused("too_large")
    try:
        child = subprocess.run(CHILD, input=content, capture_output=True, timeout=limits.WALL_SECONDS, cwd=ROOT, env={}, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Refused("exhausted") from error
    if child.returncode != 0:
        raise Refused("exhausted")
    answer = json.loads(child.stdout)
    if "refused" in answer:
        raise Refused(answer["refused"], **answer["params"])
    return Workbook([_sheet(sheet) for sheet in answer["sheets"]])


def _sheet(data: dict[str, Any]) -> Sheet:
    rows = [[_cell(cell) for cell in row] for row in data["rows"]]
    return Sheet(data["name"], rows, [tuple(area) for area in data["merged"]], frozenset((row, column) for row, column in data["formulas"]))  # type: ignore[misc]


def _cell(value: Any) -> Cell:
    return Odd(value["odd"], value["text"]) if isinstance(value, dict) else value
