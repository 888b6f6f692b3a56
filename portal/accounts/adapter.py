"""What allauth asks of the product: closed sign-up, where sign-in leads, its sentences in formal Romanian, how second factors are kept."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.accounts import languages, sealing, second_factor, sessions
from portal.accounts.models import User
from portal.ui import qr

WAYS: dict[str, str | Promise] = {"reauthenticate": _("Scrieți parola"), "mfa_reauthenticate": _("Scrieți un cod din aplicație")}
"""The ways to confirm that it is still oneself."""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Adresa de e-mail sau parola nu este corectă. Verificați-le și încercați din nou."),
        "enter_current_password": _("Parola de acum nu este corectă. Scrieți parola cu care intrați în cont."),
        "too_many_login_attempts": _("Prea multe încercări nereușite. Așteptați cinci minute și încercați din nou sau alegeți „Ați uitat parola?”."),
        "rate_limited": _("Prea multe încercări. Așteptați un minut și încercați din nou."),
        "account_inactive": _("Contul este închis. Scrieți celui care vă ajută."),
        "incorrect_password": _("Parola nu este corectă. Scrieți parola cu care intrați în cont."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with an invitation only."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer with pages: no second form of every answer to keep safe."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **more)
        languages.start_with(answer, user)
        return answer

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        return [way | {"description": WAYS[way["id"]]} for way in super().get_reauthentication_methods(user)]

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever signed in a moment ago has just shown who they are."""
        return super().is_reauthentication_required(app=app, **more) and not sessions.just_signed_in(context.request.session)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Codul nu este corect. Scrieți codul pe care îl arată aplicația acum sau un cod de rezervă nefolosit."),
        "cannot_delete_authenticator": _("Rolul dumneavoastră cere al doilea factor, așa că nu se poate opri."),
        "cannot_generate_recovery_codes": _("Codurile de rezervă se fac după ce porniți al doilea factor."),
    }

    def build_totp_svg(self, url: str) -> str:
        return qr.svg(url, str(_("Cod QR pentru aplicația de coduri")))

    def encrypt(self, text: str) -> str:
        return sealing.sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.opened(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not second_factor.is_compulsory_for(authenticator.user)
