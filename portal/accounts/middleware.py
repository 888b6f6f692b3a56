"""The doors of the product, in one place: every page asks for an account unless it says that it does not (``login_not_required``), sessions end
by themselves, and whoever works for the commission or an inspectorate sets up a second factor before anything else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import interruptions, second_factor, sessions
from portal.ui import errors
from portal.ui.responses import see_other

Answer = Callable[[HttpRequest], HttpResponse]
ASKS_ONLY = "account_session"
"""The address that tells how long a session lasts: asking does not prolong it."""
OPEN_WITHOUT_SECOND_FACTOR = frozenset({
    "account_logout", "account_reauthenticate", "account_session", "mfa_reauthenticate", "mfa_activate_totp", "set_language",
    "help", "ui:accessibility", "ui:privacy", "contact:ask", "contact:find",
})  # fmt: skip


class SessionEnds:
    """Ends a session whose time has come; every page that is asked for in time moves the end."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and sessions.is_over(request.session):
            interruptions.end_session(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Answer, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        if not request.user.is_authenticated:
            return
        interruptions.forget_what_arrives(request)
        if sessions.is_due(request.session) and _name_of(request) != ASKS_ONLY:
            sessions.prolong(request.session)


class AccountFirst(LoginRequiredMiddleware):
    """Leads to sign-in; a form that arrives too late is kept meanwhile. The script of a page is told instead."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:  # type: ignore[override]
        if errors.asks_for_json(request):
            return errors.page(request, 401)
        if not interruptions.keep(request, request.session.get(interruptions.ENDED_OF)):
            return super().handle_no_permission(request, view_func)
        messages.info(request, _("Sesiunea s-a încheiat. Ce ați scris s-a păstrat: intrați din nou în cont ca să îl trimiteți."))
        return redirect_to_login(reverse("account_interrupted"))


class SecondFactorFirst:
    """Whoever must have a second factor and has none yet is led to set it up."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Answer, arguments: tuple[Any, ...], named: dict[str, Any]) -> HttpResponse | None:
        if _name_of(request) in OPEN_WITHOUT_SECOND_FACTOR or not second_factor.is_missing(request):
            return None
        return see_other("mfa_activate_totp")


def _name_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match is not None else ""
