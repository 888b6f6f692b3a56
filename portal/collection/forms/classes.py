"""Adding a class."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.collection.models import CLASS, Collection
from portal.network.ordering import folded
from portal.ui.privacy import no_personal_data


class NewClassForm(forms.Form):
    name = forms.CharField(
        label=_("Denumirea clasei sau a grupei"),
        help_text=_("De exemplu V A. Celelalte date ale clasei se completează la pasul următor."),
        max_length=20,
        validators=[no_personal_data],
        error_messages={"required": _("Scrieți denumirea clasei."), "max_length": _("Denumirea are cel mult 20 de caractere.")},
    )

    def __init__(self, *args: Any, unit: Collection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        taken = {folded(other) for other in self.unit.children.filter(level=CLASS).values_list("name", flat=True)}
        if folded(name) in taken:
            raise ValidationError(_("Unitatea are deja o clasă cu această denumire."))
        return name
