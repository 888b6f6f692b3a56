"""Forms of single places: the facts of a school or unit, a new place, the school that a unit moves to, the day of closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.network import codes
from portal.network.importing.cells import clean
from portal.network.importing.columns import Columns, Field
from portal.network.models import Level, Place

DERIVED = ("unit_status",)
"""Attributes that follow from the place itself."""
NUMERIC = {"inputmode": "numeric"}
REQUIRED = {"required": _("Completați acest câmp.")}


class FactsForm(forms.Form):
    """The name of a place and, for a unit, its facts; the fields are those of the network's lists."""

    name = forms.CharField(label=_("Denumirea"), max_length=300, error_messages=REQUIRED)

    def __init__(self, level: str, columns: Columns, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = [field for field in columns.fields if field.attribute and field.code not in DERIVED] if level == Level.UNIT else []
        for field in self.facts:
            self.fields[field.code] = MADE[field.type](field)

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def attributes(self) -> dict[str, Any]:
        """The facts as they are kept; None for what is empty."""
        return {field.code: _kept(field, self.cleaned_data[field.code]) for field in self.facts}


class NewPlaceForm(FactsForm):
    """A new school or unit: its code besides."""

    code = forms.CharField(label=_("Codul SIIIR"), max_length=10, widget=forms.TextInput(attrs=NUMERIC), error_messages=REQUIRED)
    field_order = ("code", "name")

    def clean_code(self) -> str:
        code = clean(self.cleaned_data["code"]).replace(" ", "")
        if not codes.well_formed(code):
            raise forms.ValidationError(_("Codul SIIIR are exact 10 cifre."))
        return code


class MoveForm(forms.Form):
    """The school of the same county that a unit goes to, by its code."""

    code = forms.CharField(
        label=_("Codul SIIIR al școlii"),
        help_text=_("Școala trebuie să fie din același județ."),
        max_length=10,
        widget=forms.TextInput(attrs=NUMERIC),
        error_messages=REQUIRED,
    )

    def __init__(self, unit: Place, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.school_found = unit

    def clean_code(self) -> str:
        code = clean(self.cleaned_data["code"])
        county = self.unit.parent.parent_id if self.unit.parent else None
        found = Place.objects.filter(level=Level.SCHOOL, parent=county, closed_on=None, code=code).exclude(pk=self.unit.parent_id or 0).first()
        if found is None:
            raise forms.ValidationError(_("În acest județ nu există altă școală deschisă cu acest cod."))
        self.school_found = found
        return code


class CloseForm(forms.Form):
    """From which day on a place is closed."""

    day = forms.DateField(
        label=_("Închis din data"),
        input_formats=["%d.%m.%Y", "%Y-%m-%d"],
        help_text=_("zz.ll.aaaa"),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"size": 12}),
        error_messages={"required": _("Scrieți data închiderii."), "invalid": _("Scrieți data sub forma zz.ll.aaaa.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"day": timezone.localdate()})


def _text(field: Field) -> forms.Field:
    return forms.CharField(label=field.label, required=False, max_length=field.max_length)


def _integer(field: Field) -> forms.Field:
    errors = {"invalid": _("Scrieți un număr întreg."), "min_value": _("Scrieți un număr pozitiv sau zero.")}
    return forms.IntegerField(label=field.label, required=False, min_value=0, widget=forms.TextInput(attrs=NUMERIC), error_messages=errors)


def _decimal(field: Field) -> forms.Field:
    errors = {"invalid": _("Scrieți un număr."), "min_value": _("Scrieți un număr pozitiv sau zero.")}
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(label=field.label, required=False, min_value=0, localize=True, widget=widget, error_messages=errors)


def _choice(field: Field) -> forms.Field:
    listed = [(code, str(label)) for code, label in field.listed.labels.items()]
    return forms.ChoiceField(label=field.label, required=False, choices=[("", _("Nu se știe")), *listed])


def _choices(field: Field) -> forms.Field:
    return forms.MultipleChoiceField(
        label=field.label, required=False, choices=list(field.listed.labels.items()), widget=forms.CheckboxSelectMultiple
    )


def _boolean(field: Field) -> forms.Field:
    return forms.BooleanField(label=field.label, required=False)


MADE = {"text": _text, "integer": _integer, "decimal": _decimal, "choice": _choice, "choices": _choices, "boolean": _boolean}


def _kept(field: Field, value: Any) -> Any:
    if field.type == "text":
        return clean(value) or None
    if field.type == "decimal" and value is not None:
        return int(value) if float(value).is_integer() else value
    return None if value is False or value in ("", []) else value
