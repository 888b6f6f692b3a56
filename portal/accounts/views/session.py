"""How long the session lasts, and what became of a form that arrived after its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.accounts import interruptions, sessions
from portal.ui import views as ui
from portal.ui.responses import see_other


@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """GET tells how many seconds are left, POST prolongs: for the page's script, or for a button that leads back to its page."""
    if request.method == "POST":
        sessions.prolong(request.session)
        if "next" in request.POST:
            messages.success(request, _("Sesiunea continuă."))
            back = request.POST["next"]
            return see_other(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "home")
    return JsonResponse({"seconds": sessions.seconds_left(request.session)})


@never_cache
def interrupted(request: HttpRequest) -> HttpResponse:
    """What was typed before the session ended, to be sent now or to be given up."""
    kept = interruptions.kept_for(request)
    if kept is None:
        messages.info(request, _("Nu mai este nimic de trimis: ce ați scris s-a trimis deja sau nu s-a putut păstra."))
        return see_other("home")
    if request.method == "POST":
        interruptions.forget(request)
        return see_other(kept.path)
    return render(request, "accounts/interrupted.html", {"kept": kept})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page from before signing in again, in another tab, brings a form with an old token: it is offered once more, with a new one.

    Only when the browser itself says that the form comes from a page of ours; a form from elsewhere is refused.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if ours and request.user.is_authenticated and interruptions.keep(request, request.user.pk):
        return see_other("account_interrupted")
    return ui.csrf_failure(request, reason)
