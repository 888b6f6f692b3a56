"""Sending class links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.collection.forms.deeds import UntilField
from portal.collection.models import Collection
from portal.rounds import windows

BAD_ADDRESS = gettext_lazy("Adresa nu are forma nume@domeniu.ro.")


class SendForm(forms.Form):
    """One address a class, each optional."""

    def __init__(self, *args: Any, classes: Sequence[Collection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = classes
        for row in classes:
            self.fields[f"email-{row.pk}"] = forms.EmailField(
                label=row.name,
                required=False,
                error_messages={"invalid": BAD_ADDRESS},
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )

    def chosen(self) -> list[tuple[Collection, str]]:
        """(class, its address or '') of every class."""
        return [(row, self.cleaned_data[f"email-{row.pk}"]) for row in self.classes]


class AgainForm(forms.Form):
    """The address to which a link is sent once more, or for the first time."""

    email = forms.EmailField(
        label=gettext_lazy("Adresa de e-mail a dirigintelui"),
        help_text=gettext_lazy("Fără adresă, linkul se copiază sau se tipărește. Adresa se păstrează numai până când linkul se încheie."),
        required=False,
        max_length=254,
        error_messages={"invalid": BAD_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class UntilForm(forms.Form):
    """A later end. ``limit``: that of the classes, which no link outlives."""

    until = UntilField(gettext_lazy("Linkul este valabil până la"))

    def __init__(self, *args: Any, limit: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limit = limit
        self.fields["until"].help_text = _("De exemplu 15.12.2025 16:00. Cel mai târziu: termenul claselor, {when}.").format(
            when=self._limit_in_words
        )

    @property
    def _limit_in_words(self) -> str:
        return windows.words(self.limit, limit=True)

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until > self.limit:
            raise ValidationError(_("Linkul nu poate trece de termenul claselor: {when}.").format(when=self._limit_in_words))
        return until
