"""What is asked before an export."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from exports.models import Document


class ExportForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Formatul"),
        choices=[(Document.Kind.WORKBOOK, _("Registru Excel, pentru citit și analizat")), (Document.Kind.CSV, _("Arhivă CSV, pentru alte programe"))],
        initial=Document.Kind.WORKBOOK,
        widget=forms.RadioSelect,
        error_messages={"required": _("Alegeți formatul."), "invalid_choice": _("Alegeți unul dintre formate.")},
    )
    units = forms.ChoiceField(
        label=_("Unitățile"),
        choices=[("all", _("Toate unitățile așteptate")), ("final", _("Numai unitățile finalizate"))],
        initial="all",
        widget=forms.RadioSelect,
        error_messages={"required": _("Alegeți unitățile."), "invalid_choice": _("Alegeți una dintre variante.")},
    )
