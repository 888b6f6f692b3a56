"""Pages of allauth that change what protects an account: each writes the account's history in the transaction of the change."""

from __future__ import annotations

from typing import Any

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.accounts.models import AccountEvent, User
from portal.accounts.services import events, factors


class Recorded:
    """What happens once the form is valid, and its event. ``whose``: the account that changes."""

    action: AccountEvent.Action
    request: HttpRequest

    @property
    def whose(self) -> User:
        return self.request.user  # type: ignore[return-value]

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            events.record(self.whose, self.action, by=self.whose)
        return response


class ActivateFactor(Recorded, ActivateTOTPView):  # type: ignore[misc]
    """Sessions that were opened elsewhere with the password alone end."""

    action = AccountEvent.Action.FACTOR_ON

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        factors.end_sessions(self.whose, but=self.request.session.session_key or "")
        return response


class DeactivateFactor(Recorded, DeactivateTOTPView):  # type: ignore[misc]
    action = AccountEvent.Action.FACTOR_OFF


class RenewCodes(Recorded, GenerateRecoveryCodesView):  # type: ignore[misc]
    action = AccountEvent.Action.CODES_RENEWED


class ChangePassword(Recorded, PasswordChangeView):  # type: ignore[misc]
    action = AccountEvent.Action.PASSWORD_CHANGED


class SetNewPassword(Recorded, PasswordResetFromKeyView):  # type: ignore[misc]
    action = AccountEvent.Action.PASSWORD_CHANGED

    @property
    def whose(self) -> User:
        return self.reset_user  # type: ignore[no-any-return]


activate_factor = ActivateFactor.as_view()
deactivate_factor = DeactivateFactor.as_view()
renew_codes = RenewCodes.as_view()
change_password = ChangePassword.as_view()
set_new_password = SetNewPassword.as_view()
