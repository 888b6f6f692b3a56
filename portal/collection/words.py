"""The words of deeds and states, as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
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
    "follow_network": _("Schimbări preluate din rețea"),
}


WAITED_FOR: dict[str, str | Promise] = {
    "class": _("Tabele de clasă"),
    Level.UNIT.value: _("Unități"),
    Level.SCHOOL.value: _("Școli"),
    Level.COUNTY.value: _("Inspectorate"),
}
"""What completeness counts, by its kind."""
COUNTED: dict[str, str | Promise] = {
    Level.COUNTY.value: _("județ,județe"),
    Level.SCHOOL.value: _("școală,școli"),
    Level.UNIT.value: _("unitate,unități"),
    "class": _("clasă,clase"),
}
TAKEN_OVER: dict[str, str | Promise] = {
    "made": _("noi: {what}"),
    "changed": _("cu alte date: {what}"),
    "dropped": _("scoase, fiindcă nu mai sunt așteptate: {what}"),
}


def taken_over(data: Mapping[str, Any]) -> Iterator[str]:
    """What a round took over from the network (``following.Followed`` as data), or one place of it (``moved``: from where, to where)."""
    for what, words in TAKEN_OVER.items():
        found = data.get(what, {})
        counts = [counted(found[level], str(word)) for level, word in COUNTED.items() if level in found]
        if counts:
            yield str(words).format(what=", ".join(counts))
    moved = data.get("moved")
    if isinstance(moved, list):
        yield gettext("mutată: {old} → {new}").format(old=moved[0], new=moved[1])
    elif moved:
        yield gettext("mutate la altă școală: {many}").format(many=moved)


EXEMPTION_REASONS: dict[str, str | Promise] = dict(Exemption.Reason.choices)


def fields_counted(many: int) -> str:
    """1 câmp, 5 câmpuri, 20 de câmpuri."""
    return counted(many, str(_("câmp,câmpuri")))


def state_in_words(code: str) -> str:
    """``open+blocked`` → În lucru, Blocat."""
    return ", ".join(str(WORDS["in_progress" if part == "open" else part][1]) for part in code.split("+")) if code else "–"


def said_when(moment: datetime) -> str:
    """A moment as the save state says it: the hour, and the day unless it is today."""
    when = timezone.localtime(moment)
    return date_format(when, "TIME_FORMAT" if when.date() == timezone.localdate() else "TIME_MONTH_DAY_FORMAT")
