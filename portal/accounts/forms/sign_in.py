"""The forms of sign-in: allauth's, in the words of the product and without text inside the boxes."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, str | Promise] = {
    "login": _("Adresa de e-mail"),
    "email": _("Adresa de e-mail"),
    "password": _("Parola"),
    "oldpassword": _("Parola de acum"),
    "password1": _("Parola nouă"),
    "password2": _("Parola nouă, încă o dată"),
}
MISSING: dict[str, str | Promise] = {
    "login": _("Scrieți adresa de e-mail."),
    "email": _("Scrieți adresa de e-mail."),
    "password": _("Scrieți parola."),
    "oldpassword": _("Scrieți parola de acum."),
    "password1": _("Scrieți parola nouă."),
    "password2": _("Scrieți parola nouă încă o dată."),
}
PASSWORD_HINT = _("Cel puțin 10 caractere. Bune sunt trei sau patru cuvinte care nu au legătură între ele.")


def in_our_words(fields: dict[str, forms.Field]) -> None:
    for name, field in fields.items():
        field.label = LABELS.get(name, field.label)
        field.help_text = PASSWORD_HINT if name == "password1" else ""
        field.error_messages["required"] = MISSING.get(name, field.error_messages["required"])
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "middle"


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)


class NewPasswordForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)


class ForgottenPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self.fields)
