"""Lists of people to invite: code of the place, address, name; one person a row. Pasted from a spreadsheet, or read from a file by its headings."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from io import StringIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import selectors
from portal.accounts.contacts import normal_name
from portal.accounts.models import Invitation, Membership, normal_email
from portal.network.exporting import delimited
from portal.network.importing import headers, reading
from portal.network.importing.columns import columns_of
from portal.network.importing.workbook import Cell, Odd
from portal.network.models import Place

LIMIT = 500
CODE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``problem`` must be mended before anything is sent; ``note`` says why nothing needs to be sent for it."""

    number: int
    code: str
    email: str
    full_name: str
    place: Place | None = None
    problem: str | Promise = ""
    note: str | Promise = ""


class NoColumns(Exception):
    """A file without the columns that are needed; ``sentences`` say which."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def of_file(content: bytes) -> str:
    """The list in a workbook or delimited text, as it would be pasted. Raises ``reading.Refused`` and ``NoColumns``."""
    workbook, columns = reading.read(content), columns_of("people")
    mapping = headers.proposed(workbook, columns)
    missing = headers.problems_of(mapping, columns)
    sheet = workbook.sheet(mapping.sheet)
    if missing or sheet is None:
        raise NoColumns([str(sentence) for sentence in missing])
    place = {code: index for index, code in mapping.fields.items()}
    rows = [[_text(row[place[code]]) if code in place and place[code] < len(row) else "" for code in ("code", "email", "full_name")]
            for row in sheet.rows[mapping.header :]]  # fmt: skip
    return "\n".join("\t".join(row) for row in rows if any(row))


def _text(cell: Cell) -> str:
    """A cell as it would be pasted; a code that a spreadsheet took for a number has its zero again."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell):
        digits = str(int(cell))
        return digits.zfill(CODE_DIGITS) if len(digits) == CODE_DIGITS - 1 else digits
    return " ".join(str(cell.text if isinstance(cell, Odd) else "" if cell is None else cell).split())


def missing(place: Place) -> str:
    """The places directly below that have neither an account nor an invitation, as a list to be filled in."""
    rows = [[line.place.code, "", "", line.place.name] for line in selectors.lines_below(place) if line.situation == "missing"]
    return "".join(delimited.lines(columns_of("people"), rows))


def read(text: str, place: Place) -> list[Row]:
    """The rows of a pasted list, for the places directly below one. A first row without any address is its head."""
    cells = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text), delimiter=_delimiter(text))]
    numbered = [(number, (*row, "", "", "")[:3]) for number, row in enumerate(cells, 1) if any(row)]
    if numbered and "@" not in "".join(numbered[0][1]):
        numbered = numbered[1:]
    return _looked_up([Row(number, code, normal_email(email), name) for number, (code, email, name) in numbered], place)


def _delimiter(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return next((sign for sign in "\t;," if sign in first), ";")


def _looked_up(rows: list[Row], place: Place) -> list[Row]:
    lines = {line.place.code: line for line in selectors.lines_below(place)}
    seen: set[tuple[str, str]] = set()
    looked = []
    for row in rows:
        line = lines.get(re.sub(r"\s", "", row.code))
        problem = _problem(row, line is not None, (row.code, row.email) in seen)
        note = _note(row.email, line.leaders, line.invitations) if line is not None and not problem else ""
        found = line.place if line is not None else None
        looked.append(Row(row.number, row.code, row.email, normal_name(row.full_name) or "", found, problem, note))
        seen.add((row.code, row.email))
    return looked


def _problem(row: Row, known: bool, repeated: bool) -> str | Promise:
    if not known:
        return _("Codul nu este al unui loc aflat direct dedesubt și deschis.")
    try:
        validate_email(row.email)
    except ValidationError:
        return _("Adresa de e-mail lipsește sau nu este completă.")
    if row.full_name and normal_name(row.full_name) is None:
        return _("Numele poate avea numai litere, spații, cratimă, punct sau apostrof.")
    return _("Rândul se repetă.") if repeated else ""


def _note(email: str, leaders: list[Membership], invitations: list[Invitation]) -> str | Promise:
    if any(leader.user.email == email for leader in leaders):
        return _("Are deja rolul; nu se trimite nimic.")
    if any(invitation.email == email for invitation in invitations):
        return _("Are deja o invitație; nu se trimite încă una.")
    return ""
