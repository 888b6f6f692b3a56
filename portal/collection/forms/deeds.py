"""What is asked before a deed: a reason, a date, a section."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engine.forms import text_in
from portal.collection.models import Collection, Exemption
from portal.collection.sections import required_sections
from portal.network.models import Level
from portal.rounds import methodologies, windows
from portal.ui.privacy import FreeText


class SimpleForm(forms.Form):
    """Nothing is asked. ``collection``: the place the deed is about (one of them, where they are many)."""

    def __init__(self, *args: Any, collection: Collection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.collection = collection

    def sections(self) -> list[tuple[str, str]]:
        """The sections of the methodology with their labels."""
        methodology = methodologies.of(self.collection.round.methodology)
        return [(section.code, text_in(section.label, get_language() or "ro")) for section in methodology.sections]


class ReasonForm(SimpleForm):
    reason = FreeText(label=_("Motivul"), help_text=_("Rămâne în istoric și se vede în rapoarte."), required_words=_("Scrieți motivul."))


class MessageForm(SimpleForm):
    """The reason is a message to the people of the place."""

    reason = FreeText(
        label=_("Mesajul dumneavoastră"),
        help_text=_("Spuneți ce este de corectat. Mesajul rămâne în istoric."),
        required_words=_("Scrieți ce este de corectat."),
    )


class UntilField(forms.CharField):
    """A moment still to come, as Romanians write it: ``15.12.2025 16:00``; a day alone is meant to its end."""

    def __init__(self, label: object) -> None:
        super().__init__(
            label=label,  # type: ignore[arg-type]
            max_length=40,
            help_text=_("De exemplu 15.12.2025 16:00. O zi fără oră este valabilă până la sfârșitul ei."),
            error_messages={"required": _("Scrieți data.")},
        )

    def clean(self, value: object) -> datetime:
        day, _blank, hour = super().clean(value).replace(",", " ").strip().partition(" ")
        try:
            moment = windows.parse(day, hour or "24:00")
        except windows.BadMoment as bad:
            raise ValidationError(bad.sentence) from None
        if moment <= timezone.now():
            raise ValidationError(_("Alegeți un moment din viitor."))
        return moment


class ExtendForm(ReasonForm):
    until = UntilField(_("Până când"))
    section = forms.ChoiceField(
        label=_("Pentru ce"),
        help_text=_("Tabelele claselor țin de unitatea întreagă."),
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Alegeți una dintre variante.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.collection.level == Level.UNIT:
            asked = self.fields["section"]
            asked.choices = [("", _("Unitatea întreagă")), *self.sections()]  # type: ignore[attr-defined]
            asked.initial = ""
        else:
            del self.fields["section"]


class RequestForm(ReasonForm):
    until = UntilField(_("Termenul de răspuns"))


class ReturnForm(MessageForm):
    section = forms.ChoiceField(
        label=_("Secțiunea"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Alegeți secțiunea."), "invalid_choice": _("Alegeți secțiunea.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        required = required_sections(methodologies.of(self.collection.round.methodology))
        choices = [(code, label) for code, label in self.sections() if code in required]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        self.fields["section"].initial = choices[0][0] if len(choices) == 1 else None


class ExemptForm(SimpleForm):
    reason = forms.ChoiceField(
        label=_("Motivul"),
        choices=Exemption.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Alegeți motivul."), "invalid_choice": _("Alegeți unul dintre motive.")},
    )
    text = FreeText(label=_("Explicația"), help_text=_("Apare în raportul județean."), required_words=_("Scrieți explicația."))
