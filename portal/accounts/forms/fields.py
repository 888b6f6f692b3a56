"""Fields shared by the forms of people: names, telephones, new passwords, with errors that say what to write."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.contacts import normal_name, normal_phone
from portal.accounts.models import normal_email

PASSWORD_HINT = _("Cel puțin 10 caractere. Bune sunt trei sau patru cuvinte care nu au legătură între ele.")


def control(widget: type[forms.Widget], width: str = "middle", **attrs: str) -> forms.Widget:
    """A box of a width, with what browsers need to know about it."""
    return widget(attrs={"class": width, **attrs})


class NameField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {"label": _("Numele și prenumele"), "max_length": 150, "widget": control(forms.TextInput, autocomplete="name")}
        super().__init__(error_messages={"required": _("Scrieți numele și prenumele.")}, **given | kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        name = normal_name(text) if text else ""
        if name is None:
            raise ValidationError(_("Scrieți numele numai cu litere, spații, cratimă, punct sau apostrof."), code="invalid")
        return name


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        given: dict[str, Any] = {
            "label": _("Telefonul"),
            "max_length": 30,
            "help_text": _("De exemplu 0722 123 456. Îl văd numai cei cu care lucrați."),
            "widget": control(forms.TextInput, "short", type="tel", autocomplete="tel", inputmode="tel"),
        }
        super().__init__(error_messages={"required": _("Scrieți numărul de telefon.")}, **given | kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        phone = normal_phone(text) if text else ""
        if phone is None:
            raise ValidationError(
                _("Scrieți un număr de telefon complet: zece cifre care încep cu 02, 03 sau 07, ori cu prefixul altei țări."), code="invalid"
            )
        return phone


class AddressField(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        widget = control(forms.EmailInput, autocomplete="off", autocapitalize="none", spellcheck="false")
        messages: dict[str, Any] = {
            "required": _("Scrieți adresa de e-mail."),
            "invalid": _("Scrieți o adresă de e-mail completă, de exemplu nume@scoala.ro."),
        }
        super().__init__(label=_("Adresa de e-mail"), max_length=254, widget=widget, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> str:
        return normal_email(super().clean(value))
