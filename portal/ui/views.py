"""Error pages, and the pages that explain the site itself."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.ui import errors


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    lead = _("Pagina a stat deschisă prea mult sau browserul nu păstrează cookie-uri. Întoarceți-vă, reîncărcați pagina și încercați din nou.")
    return errors.page(request, 403, lead)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return errors.page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the failure is being handled, also for those outside of views."""
    return errors.page(request, 503 if errors.is_passing(sys.exception()) else 500)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


@login_not_required
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/privacy.html")
