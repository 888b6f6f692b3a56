"""The forms of sign-in and of the second factor: allauth's, in the words of the product and without text inside the boxes."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django import forms
from django.conf import settings
from django.core.cache import cache
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
    "code": (_("Codul"), _("Scrieți codul din aplicație.")),
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
            if name == "code":
                field.widget.attrs |= {"class": "short", "inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}


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


class ConfirmForm(InOurWords, allauth.ReauthenticateForm):  # type: ignore[misc]
    pass


class ActivateFactorForm(InOurWords, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The secret stays the same while the page is looked at again, so that a code scanned a moment ago still fits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        shown_before = context.request.session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if shown_before:
            self.secret = context.request.session[SECRET_SESSION_KEY] = shown_before

    @property
    def spoken_secret(self) -> str:
        """The secret as people type it: in groups of four."""
        return " ".join(self.secret[place : place + 4] for place in range(0, len(self.secret), 4))


class OnlyOnce(forms.Form):
    """A code from the telephone opens once, for as long as it would be accepted."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP:  # type: ignore[attr-defined]
            lives = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
            digits = "".join(sign for sign in code if sign.isdigit())
            if not cache.add(f"used-code:{self.user.pk}:{digits}", True, lives):  # type: ignore[attr-defined]
                raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(InOurWords, OnlyOnce, mfa.AuthenticateForm):  # type: ignore[misc]
    pass


class ConfirmByCodeForm(InOurWords, OnlyOnce, mfa.ReauthenticateForm):  # type: ignore[misc]
    pass
