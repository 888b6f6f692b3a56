"""Forms of rounds: six moments, each a day and an hour as people write them; a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.rounds import windows
from portal.rounds.models import Round
from portal.rounds.services import RoundRefused

HINTS = {
    "opens_at": _("De atunci unitățile pot completa."),
    "class_close": _("Până atunci profesorii trimit tabelele claselor prin link."),
    "unit_close": _("Până atunci unitățile completează și finalizează."),
    "school_close": _("Până atunci directorii finalizează școlile."),
    "county_close": _("Până atunci inspectoratele finalizează și semnează."),
    "amend_until": _("Până atunci se corectează ce a fost redeschis."),
}


class Pair(NamedTuple):
    """A window as the page draws it: what it is, its day, its hour."""

    label: str
    hint: Any
    day: BoundField
    hour: BoundField


class WindowsForm(forms.Form):
    """``moments``: what stands in the fields at first; ``opened``: the round is open, so that its beginning is no longer asked."""

    def __init__(self, data: Any = None, *, moments: Mapping[str, datetime], opened: bool = False) -> None:
        super().__init__(data)
        self.names = [name for name in windows.CALENDAR if not (opened and name == "opens_at")]
        self.moments: dict[str, datetime] = {}
        for name in self.names:
            day, hour = windows.typed(moments[name], limit=name != "opens_at") if name in moments else ("", "")
            self.fields[f"{name}_day"] = _short(_("Ziua"), day, 10)
            self.fields[f"{name}_hour"] = _short(_("Ora"), hour, 5)

    def pairs(self) -> Iterator[Pair]:
        for name in self.names:
            label = capfirst(str(Round._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
            yield Pair(label, HINTS[name], self[f"{name}_day"], self[f"{name}_hour"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.names:
            day, hour = cleaned.get(f"{name}_day"), cleaned.get(f"{name}_hour")
            if day and hour:
                try:
                    self.moments[name] = windows.parse(day, hour)
                except windows.BadMoment as bad:
                    self.add_error(f"{name}_{bad.part}", bad.sentence)
        return cleaned

    def refuse(self, refused: RoundRefused) -> None:
        """What the service refused, beside the window it is about."""
        self.add_error(f"{refused.field}_day" if refused.field in self.names else None, str(refused))


def _short(label: Any, initial: str, length: int) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "in short", "inputmode": "numeric", "autocomplete": "off"})
    required = _("Scrieți ziua, ca 12.12.2025.") if length == 10 else _("Scrieți ora, ca 16:00.")
    return forms.CharField(label=label, initial=initial, max_length=20, widget=widget, error_messages={"required": required})


class LetterForm(forms.Form):
    """The text of the letter; its marks are checked by the service."""

    letter = forms.CharField(
        label=_("Textul scrisorii"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 24, "class": "in"}),
        error_messages={"required": _("Scrieți textul scrisorii.")},
    )
