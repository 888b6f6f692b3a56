"""The forms of sign-in: allauth's, in the words of the product and without text inside the boxes."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import services
from portal.accounts.forms.fields import PASSWORD_HINT

WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "login": (_("Adresa de e-mail"), _("Scrieți adresa de e-mail.")),
    "email": (_("Adresa de e-mail"), _("Scrieți adresa de e-mail.")),
    "password": (_("Parola"), _("Scrieți parola.")),
    "oldpassword": (_("Parola de acum"), _("Scrieți parola de acum.")),
    "password1": (_("Parola nouă"), _("Scrieți parola nouă.")),
    "password2": (_("Parola nouă, încă o dată"), _("Scrieți parola nouă încă o dată.")),
}
"""Name of a field → its label, what is said when it is empty."""


class InOurWords(forms.Form):
    """Gives the fields of a form of allauth their labels and errors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label, missing = WORDS[name]
            field.label = label  # type: ignore[assignment]
            field.error_messages["required"] = missing  # type: ignore[assignment]
            field.help_text = PASSWORD_HINT if name == "password1" else ""
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "middle"


class LoginForm(InOurWords, allauth.LoginForm):  # type: ignore[misc]
    pass


class ChangePasswordForm(InOurWords, allauth.ChangePasswordForm):  # type: ignore[misc]
    pass


class NewPasswordForm(InOurWords, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ForgottenPasswordForm(InOurWords, allauth.ResetPasswordForm):  # type: ignore[misc]
    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        services.ask_for_new_password(self.users)
        return str(self.cleaned_data["email"])
