"""What allauth asks of the product: closed sign-up, where sign-in leads, its sentences in formal Romanian."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Adresa de e-mail sau parola nu este corectă. Verificați-le și încercați din nou."),
        "enter_current_password": _("Parola de acum nu este corectă. Scrieți parola cu care intrați în cont."),
        "too_many_login_attempts": _("Prea multe încercări nereușite. Așteptați cinci minute și încercați din nou sau alegeți „Ați uitat parola?”."),
        "rate_limited": _("Prea multe încercări. Așteptați un minut și încercați din nou."),
        "account_inactive": _("Contul este închis. Scrieți celui care vă ajută."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts begin with an invitation only."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer with pages: no second form of every answer to keep safe."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")
