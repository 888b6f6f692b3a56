"""What is asked before a deed: a reason, a date."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.ui.privacy import FreeText

EXEMPTION_REASONS = [
    ("special", _("Unitate de învățământ special")),
    ("no_pupils", _("Fără elevi în acest an școlar")),
    ("closed", _("Desființată sau comasată")),
    ("too_small", _("Prea puțini elevi pentru indicatori")),
    ("other", _("Alt motiv")),
]
MOMENTS = ["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y, %H:%M", "%d.%m.%Y"]


class SimpleForm(forms.Form):
    """Nothing is asked."""


class ReasonForm(forms.Form):
    reason = FreeText(label=_("Motivul"), help_text=_("Rămâne în istoric și se vede în rapoarte."), required_words=_("Scrieți motivul."))


class UntilField(forms.DateTimeField):
    """A moment still to come, as Romanians write it."""

    def __init__(self, label: object) -> None:
        super().__init__(
            label=label,  # type: ignore[arg-type]
            input_formats=MOMENTS,
            help_text=_("De exemplu 15.12.2025 23:59."),
            error_messages={"required": _("Scrieți data."), "invalid": _("Scrieți data așa: 15.12.2025 23:59.")},
        )

    def clean(self, value: object) -> datetime:
        moment: datetime = super().clean(value)
        if moment <= timezone.now():
            raise ValidationError(_("Alegeți un moment din viitor."))
        return moment


class ExtendForm(ReasonForm):
    until = UntilField(_("Până când"))


class RequestForm(ReasonForm):
    until = UntilField(_("Termenul de răspuns"))


class ExemptForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Motivul"), choices=EXEMPTION_REASONS, widget=forms.RadioSelect, error_messages={"required": _("Alegeți motivul.")}
    )
    text = FreeText(label=_("Explicația"), help_text=_("Apare în raportul județean."), required_words=_("Scrieți explicația."))
