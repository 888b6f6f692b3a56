"""The letter that opens a round, on paper: to whom, of when, its text as the commission wrote it, from whom."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from exports.pdf import STATIC, style
from exports.wording import local, long_date
from portal.collection.models import Collection
from portal.network.ordering import folded
from portal.rounds import letters, methodologies
from portal.rounds.letters import Block


@dataclass(frozen=True, slots=True)
class Letter:
    """``facts``: its title block; ``running``: the line at the foot of every page; ``digest``: of the text."""

    title: str
    commission: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    running: str
    digest: str


def text_to(county: Collection) -> str:
    """The text to the inspectorate of a county, with the windows as they are now."""
    return letters.filled(county.round, letters.inspectorate(county.name))


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def letter_to(county: Collection, at: datetime) -> Letter:
    round_, text, receiver = county.round, text_to(county), letters.inspectorate(county.name)
    head = methodologies.of(round_.methodology).declared["methodology"]
    blocks = letters.blocks(text)
    if blocks and folded(blocks[0].text) == folded(_("Către %(name)s") % {"name": receiver}):
        del blocks[0]  # the title block says it
    return Letter(
        title=_("Deschiderea campaniei %(year)s") % {"year": round_.school_year},
        commission=local(head.get("commission", {}).get("name", {})),
        facts=((_("Către"), receiver), (_("Data"), long_date(at)), (_("Anul școlar"), round_.school_year)),
        blocks=tuple(blocks),
        running=f"{county.code} · {round_.school_year} · {_('scrisoarea de deschidere')}",
        digest=digest_of(text),
    )


def page_of(letter: Letter) -> tuple[str, str]:
    """HTML and CSS, for paper."""
    html = render_to_string("exports/letter.html", {"letter": letter, "language": get_language() or "ro"})
    return html, style(letter.running) + (STATIC / "letter.css").read_text("utf-8")
