"""Sending class links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.collection.forms.deeds import UntilField
from portal.collection.models import Collection


class SendForm(forms.Form):
    """One address a class, each optional."""

    def __init__(self, *args: Any, classes: Sequence[Collection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = classes
        for row in classes:
            self.fields[f"email-{row.pk}"] = forms.EmailField(
                label=row.name,
                required=False,
                error_messages={"invalid": _("Adresa nu are forma nume@domeniu.ro.")},
                widget=forms.EmailInput(attrs={"autocomplete": "off"}),
            )

    def chosen(self) -> list[tuple[Collection, str]]:
        """(class, its address or '') of every class."""
        return [(row, self.cleaned_data[f"email-{row.pk}"]) for row in self.classes]


class UntilForm(forms.Form):
    until = UntilField(_("Linkul este valabil până la"))
