"""The words of deeds and states, as people read them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.collection.models import Exemption
from portal.network.models import Level
from portal.ui.status import WORDS
from portal.ui.templatetags.romanian import counted

LISTS: dict[str, str | Promise] = {
    Level.COUNTY.value: _("Inspectorate"),
    Level.SCHOOL.value: _("Școli"),
    Level.UNIT.value: _("Unități"),
    "class": _("Clase"),
}
EVENTS: dict[str, str | Promise] = {
    "save": _("Răspunsuri salvate"),
    "submit_class": _("Tabel trimis"),
    "return_class": _("Tabel returnat"),
    "recall_class": _("Tabel redeschis de unitate"),
    "define_classes": _("Lista claselor schimbată"),
    "manage_links": _("Link de clasă"),
    "explain": _("Explicație scrisă"),
    "finalise": _("Finalizat"),
    "finalise_extended": _("Monitorizarea extinsă finalizată"),
    "reopen": _("Redeschis"),
    "block": _("Blocat"),
    "unblock": _("Deblocat"),
    "exempt": _("Exceptat"),
    "withdraw_exemption": _("Exceptare retrasă"),
    "extend": _("Prelungire dată"),
    "request_extended": _("Monitorizare extinsă cerută"),
    "return_section": _("Secțiune returnată"),
    "return_extended": _("Monitorizarea extinsă returnată"),
    "explain_extended": _("Explicație scrisă pentru monitorizarea extinsă"),
    "remind": _("Termen amintit"),
    "open_round": _("Campanie deschisă"),
}


EXEMPTION_REASONS: dict[str, str | Promise] = dict(Exemption.Reason.choices)


def fields_counted(many: int) -> str:
    """1 câmp, 5 câmpuri, 20 de câmpuri."""
    return counted(many, str(_("câmp,câmpuri")))


def state_in_words(code: str) -> str:
    """``open+blocked`` → În lucru, Blocat."""
    return ", ".join(str(WORDS["in_progress" if part == "open" else part][1]) for part in code.split("+")) if code else "–"
