"""Lists of people to invite, as they are pasted from a spreadsheet: code of the place, address, name; one person a row."""

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
from portal.network.models import Place

LIMIT = 500


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
