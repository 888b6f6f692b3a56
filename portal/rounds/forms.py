"""Forms of rounds: six moments, each a day and an hour as people write them; a letter. Forms of drafts of methodologies."""

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
from portal.rounds.services import RoundRefused, drafting, publishing

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


class ArchiveForm(forms.Form):
    """A methodology brought as a ZIP archive of its folder."""

    archive = forms.FileField(
        label=_("Arhiva folderului"),
        help_text=_("Un fișier .zip de cel mult 5 MB, cu fișierele metodologiei și exemplele ei."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip"}),
        error_messages={
            "required": _("Alegeți arhiva."),
            "empty": _("Arhiva este goală."),
            "invalid": _("Fișierul nu a ajuns. Alegeți-l din nou."),
        },
    )

    def clean_archive(self) -> Any:
        archive = self.cleaned_data["archive"]
        if archive.size > publishing.MAX_BYTES:
            raise forms.ValidationError(_("Arhiva este prea mare. Se primesc cel mult 5 MB."))
        return archive


class FileForm(forms.Form):
    """A file of a draft. ``mark``: of the text that is being changed, so that nobody writes over another."""

    path = forms.CharField(
        label=_("Calea fișierului"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("De exemplu indicators.yaml sau examples/un-caz/classes.csv."),
        error_messages={"required": _("Scrieți calea fișierului.")},
    )
    text = forms.CharField(
        label=_("Textul"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "class": "in mono", "spellcheck": "false", "wrap": "off"}),
        error_messages={"required": _("Fișierul nu poate fi gol. Dacă nu mai este nevoie de el, ștergeți-l.")},
    )
    mark = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Browsers send the ends of lines as two characters."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_path(self) -> str:
        path = str(self.cleaned_data["path"])
        try:
            drafting.check_path(path)
        except drafting.DraftRefused as refused:
            raise forms.ValidationError(str(refused)) from refused
        return path


class PublishForm(forms.Form):
    """Publishing is confirmed by typing the code: it cannot be taken back."""

    note = forms.CharField(
        label=_("Ce este nou în această versiune"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "in"}),
        error_messages={"required": _("Scrieți pe scurt ce este nou.")},
    )
    confirmation = forms.CharField(
        label=_("Confirmare"),
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Scrieți confirmarea.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, wanted: str, revision: int) -> None:
        super().__init__(data, initial={"revision": revision})
        self.wanted = wanted
        self.fields["confirmation"].help_text = _("Scrieți exact: %(wanted)s") % {"wanted": wanted}

    def clean_confirmation(self) -> str:
        if self.cleaned_data["confirmation"].strip() != self.wanted:
            raise forms.ValidationError(_("Nu este textul cerut. Scrieți exact: %(wanted)s") % {"wanted": self.wanted})
        return self.wanted
