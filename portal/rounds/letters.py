"""The letter that opens a round: a text with marks that are filled in when it is sent to each inspectorate, so that it is never out of date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from portal.network.ordering import folded
from portal.rounds import windows
from portal.rounds.models import Round

DASHES = ("–", "-", "•")
WHITE = " \t\u00a0"
MARK = re.compile(r"\{([^{}\n]*)\}")
WINDOW_MARKS = {
    "deschidere": "opens_at",
    "clase": "class_close",
    "unități": "unit_close",
    "școli": "school_close",
    "județe": "county_close",
    "corecturi": "amend_until",
}
MARKS = ("inspectorat", "an școlar", *WINDOW_MARKS)
PROPOSAL = """Către {inspectorat}

Comisia deschide campania de monitorizare a segregării școlare pentru anul școlar {an școlar}. Completarea începe la {deschidere}.

Vă rugăm:
– să verificați rețeaua școlară a județului și să o corectați unde este cazul;
– să numiți directorul fiecărei școli în platformă; directorii numesc responsabilii unităților;
– să urmăriți completarea și să ajutați școlile care întâmpină greutăți.

Termene:
– tabelele claselor: până la {clase};
– unitățile de învățământ: până la {unități};
– școlile: până la {școli};
– inspectoratele: până la {județe};
– corecturi, după redeschidere: până la {corecturi}.

Datele despre elevi sunt anonime; vă rugăm să nu cereți și să nu trimiteți nume sau coduri numerice personale.

Vă mulțumim.
"""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a letter, or (``items``) a list of it."""

    text: str = ""
    items: tuple[str, ...] = ()


def unknown_marks(text: str) -> list[str]:
    """Marks of a text that name nothing."""
    return [found for found in MARK.findall(text) if found.strip() not in MARKS]


def filled(round_: Round, inspectorate: str) -> str:
    """The letter to one inspectorate."""
    values = _values(round_) | {"inspectorat": inspectorate}
    return MARK.sub(lambda found: values.get(found[1].strip(), found[0]), round_.letter)


def _values(round_: Round) -> dict[str, str]:
    moments = {mark: windows.words(getattr(round_, name), limit=name != "opens_at") for mark, name in WINDOW_MARKS.items()}
    return {"an școlar": round_.school_year, **moments}


def sample(round_: Round) -> str:
    """The letter as an inspectorate will read it."""
    return filled(round_, _("Inspectoratul Școlar Județean …"))


def inspectorate(name: str) -> str:
    """The inspectorate of a county, whose places official lists call by the county alone."""
    if folded(name).startswith("inspectorat"):
        return name
    if folded(name) == "bucuresti":
        return _("Inspectoratul Școlar al Municipiului București")
    return _("Inspectoratul Școlar Județean %(name)s") % {"name": name}


def blocks(text: str) -> list[Block]:
    """A letter as paragraphs and lists: lines that begin with a dash are the items of one list, the lines before them stand above it."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        for dashed, lines in groupby(part.split("\n"), key=lambda line: line.lstrip().startswith(DASHES)):
            said = tuple(line.strip(WHITE + "".join(DASHES) if dashed else WHITE) for line in lines)
            found.append(Block(items=tuple(filter(None, said))) if dashed else Block("\n".join(said).strip()))
    return [block for block in found if block.text or block.items]
