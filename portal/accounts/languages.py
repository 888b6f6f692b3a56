"""The language a person has chosen: kept with the account, so that mails speak it and another browser starts with it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.i18n import set_language

from portal.accounts.models import User


@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The switch of the frame: the language for this browser, and for whoever is signed in; back to the page one was on."""
    answer = set_language(request)
    chosen = request.POST.get("language", "")
    if request.method == "POST" and request.user.is_authenticated and is_ours(chosen):
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return answer


def is_ours(language: str) -> bool:
    return language in dict(settings.LANGUAGES)


def start_with(answer: HttpResponse, user: User) -> None:
    """Whoever has chosen a language once finds it in the browser in which they sign in."""
    if is_ours(user.language):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )


def spoken_to(user: User | None) -> AbstractContextManager[None]:
    """``with spoken_to(user):`` the language of a mail to somebody: the one they chose, Romanian where that is not known."""
    return translation.override(user.language if user is not None and is_ours(user.language) else settings.LANGUAGE_CODE)
