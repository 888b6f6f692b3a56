"""What every request passes through: the chosen language, refusals turned into pages."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from portal.ui import errors

log = logging.getLogger(__name__)


class ChosenLanguage:
    """The language chosen with the switch, else Romanian. What the browser prefers is no choice: the law's text is Romanian."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class Refusals:
    """Answers ``errors.ErrorPage`` with that page, and failures of the moment with 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, errors.ErrorPage):
            return errors.page(request, exception.status, exception.lead, exception.address, exception.act)
        if errors.is_passing(exception):
            log.exception("A request failed for the moment: %s", request.path)
            return errors.page(request, 503)
        return None
