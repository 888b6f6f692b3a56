"""Differences of worked examples as lines of text; differences of versions in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WHAT_WORDS: dict[str, str | Promise] = {"added": _("adăugat"), "removed": _("scos"), "renamed": _("redenumit"), "changed": _("schimbat")}
LEVEL_WORDS: dict[str, str | Promise] = {"free": _("liber"), "allowed": _("permis"), "needs_trend": _("cere „trend”"), "refused": _("refuzat")}
KIND_WORDS: dict[str, str | Promise] = {
    "settings": _("setarea"),
    "step": _("pasul"),
    "field": _("câmpul"),
    "choice_list": _("lista"),
    "choice": _("varianta"),
    "criterion": _("criteriul"),
    "constant": _("constanta"),
    "scale": _("scala"),
    "definition": _("definiția"),
    "group": _("grupul"),
    "cohort": _("cohorta"),
    "calculation": _("calculul"),
    "indicator": _("indicatorul"),
    "check": _("verificarea"),
    "report": _("raportul"),
}


def difference_lines(outcome: dict[str, Any]) -> Iterator[str]:
    """A line for each difference of ``engine.run``: a figure, or a problem of an example that cannot be read."""
    for difference in outcome["differences"]:
        got = difference["got"]
        if isinstance(got, dict) and {"file", "code", "message"} <= set(got):
            suggestion = gettext(" Ați vrut „{meant}”?").format(meant=got["suggestion"]) if got["suggestion"] else ""
            yield "{file}:{line}:{column}: {code}: {message}".format(**got) + suggestion
        else:
            expected, got = (gettext("nimic") if value is None else value for value in (difference["expected"], got))
            compared = gettext("așteptat {expected}, calculat {got}").format(expected=expected, got=got)
            yield f"{difference['example']}: {difference['path']}: {compared}"
